-- Where what came of the work is read, when it is more than a file.
alter table work_item add column link text not null default ''; -- internal
