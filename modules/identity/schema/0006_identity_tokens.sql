-- A token of a name is its key and nothing else: one tree of them instead of a table and its index.
-- if sqlite
drop index identity_name_token_of;
alter table identity_name_token rename to identity_name_token_was;
create table identity_name_token (
    token     $lookup not null,                   -- personal
    person    bigint not null references identity_person (id), -- internal
    primary key (token, person)
) without rowid;
insert into identity_name_token (token, person) select token, person from identity_name_token_was;
drop table identity_name_token_was;
create index identity_name_token_of on identity_name_token (person);
-- end
