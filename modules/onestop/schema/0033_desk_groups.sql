-- The inbox grouped by procedure, by who holds it, by step: each in its own order, the most urgent first. Only what
-- is to be done in one's own hands; what waits for somebody else is little and sorted.
create index onestop_desk_of_procedure on onestop_desk (reader, reach, procedure_code, due_key, dossier)
    where turn = 1 and hand = 1;
create index onestop_desk_of_assignee on onestop_desk (reader, reach, assignee, due_key, dossier)
    where turn = 1 and hand = 1;
create index onestop_desk_of_state on onestop_desk (reader, reach, state, due_key, dossier) where turn = 1 and hand = 1;
-- As in 0030_desk_plans.sql.
-- if sqlite
insert into sqlite_stat1 (tbl, idx, stat) values
    ('onestop_desk', 'onestop_desk_of_procedure', '200000 8000 6000 100 2 1'),
    ('onestop_desk', 'onestop_desk_of_assignee', '200000 8000 6000 500 2 1'),
    ('onestop_desk', 'onestop_desk_of_state', '200000 8000 6000 2000 2 1');
-- end
