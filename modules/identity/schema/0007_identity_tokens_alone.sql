-- A name says its tokens: who changes it takes the old ones away by them, and no index by person is written for each.
-- SQLite adds rows that refer to nothing else many at once without keeping copies of its pages.
drop index identity_name_token_of;
-- if sqlite
alter table identity_name_token rename to identity_name_token_was;
create table identity_name_token (
    token     $lookup not null,                   -- personal
    person    bigint not null,                    -- internal
    primary key (token, person)
) without rowid;
insert into identity_name_token (token, person) select token, person from identity_name_token_was;
drop table identity_name_token_was;
-- end
