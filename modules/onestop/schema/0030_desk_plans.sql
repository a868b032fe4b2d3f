-- A walk in the order of arrival meets the beginning of a code without looking at each row; what is found by
-- its code or by when it is due is put into the order of arrival without looking at each row.
drop index onestop_desk_all;
create index onestop_desk_all on onestop_desk (reader, reach, sent_at, dossier, code);
drop index onestop_desk_by_code;
create index onestop_desk_by_code on onestop_desk (reader, reach, code, dossier, sent_at);
drop index onestop_desk_open;
create index onestop_desk_open on onestop_desk (reader, reach, turn, due_key, dossier, sent_at) where turn = 1;
-- What SQLite would believe without counting: that one reader has ten rows. These are the proportions of a
-- province; fixed, so that the plans of lists are the same in every installation. (PostgreSQL counts by itself.)
-- if sqlite
analyze sqlite_schema;
delete from sqlite_stat1 where tbl = 'onestop_desk';
insert into sqlite_stat1 (tbl, idx, stat) values
    ('onestop_desk', 'sqlite_autoindex_onestop_desk_1', '1000000 5 1 1'),
    ('onestop_desk', 'onestop_desk_by_due', '1000000 8000 6000 2000 500 2 1'),
    ('onestop_desk', 'onestop_desk_by_arrival', '1000000 8000 6000 2000 500 2 1'),
    ('onestop_desk', 'onestop_desk_all', '1000000 8000 6000 2 1 1'),
    ('onestop_desk', 'onestop_desk_by_code', '1000000 8000 6000 1 1 1'),
    ('onestop_desk', 'onestop_desk_mine', '500000 2000 500'),
    ('onestop_desk', 'onestop_desk_open', '400000 16000 12000 12000 2 1 1'),
    ('onestop_desk', 'onestop_desk_by_state', '1000000 8000 6000 800 2 1');
-- end
