-- Its second statement fails: nothing of the first may stay.
create table parts_half ( -- internal
    id $id
);
insert into parts_half (nothing) values (1);
