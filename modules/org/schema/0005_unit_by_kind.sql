-- The unit of one kind below another is looked for with each dossier that is sent: found, not sorted.
drop index org_unit_by_parent;
create index org_unit_by_parent on org_unit (parent, kind, name, id);
