-- A procedure as it is read: from its versions, openings and what officers decided beside them.
$moves procedure procedure;
$moves procedure procedure_version;
$moves procedure procedure_opening;
$moves procedure procedure_proof;
$moves procedure procedure_term;
$moves procedure procedure_switch;
