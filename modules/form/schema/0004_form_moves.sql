-- What a form says is read once and kept; which one is in force today is asked for with each dossier that is sent.
$moves form form_version;
create index form_version_in_force on form_version (code, valid_from, id);
