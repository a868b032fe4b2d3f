/* What a splitter stumbles over; a ; in a comment, "quotes" and 'one''s; own' text. */
insert into parts_event (text) values ('a;b''c -- no comment'); -- the end; or not
-- if sqlite
create trigger parts_thing_touch after update of amount on parts_thing
begin
    update parts_thing set version = case when new.amount is null then old.version else old.version + 1 end
     where id = new.id;
end;
-- end
-- if postgresql
create function parts_thing_touch() returns trigger language plpgsql as $body$
begin
    if new.amount is distinct from old.amount and new.amount is not null then
        new.version := old.version + 1;
    end if;
    return new;
end;
$body$;
create trigger parts_thing_touch before update of amount on parts_thing
    for each row execute function parts_thing_touch();
-- end
insert into parts_thing (name) values ('the last has no semicolon')
