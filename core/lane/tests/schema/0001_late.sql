-- A second root for the tests of migrations.
create table parts_late ( -- internal
    id $id
);
insert into parts_late (id) values (1);
