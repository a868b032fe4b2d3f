-- A row at a desk is its key and nothing else: one tree instead of a table and its index. It is derived, the program
-- makes and drops it with its dossier, so it refers to nothing: SQLite then adds the rows of a dossier in one statement,
-- without looking each reference up and without keeping copies of its pages. A dossier that has no code yet stands
-- behind those that have one: whoever types what the person was given is led by the dossier itself, and that random
-- word put each row of a new dossier somewhere else in the index.
-- if sqlite
alter table onestop_desk rename to onestop_desk_was;
create table onestop_desk ( -- internal
    dossier        bigint not null,          -- internal
    reader         bigint not null,          -- internal: unit
    reach          integer not null check (reach in (1, 2)), -- internal: 1 the unit itself, 2 with all below it
    hand           integer not null check (hand in (0, 1)),  -- internal: it is in those hands now
    turn           integer not null check (turn = 0 or turn = 1 or turn = 2), -- internal: 0 ended, 1 to be done, 2 waits for somebody else
    state          integer not null,         -- internal
    due_key        bigint not null,          -- internal: order of urgency; a due instant while the clock runs
    sent_at        bigint not null,          -- internal
    code           text not null,            -- public: dossier code; "YC": none yet
    procedure_code text not null,            -- public
    assignee       bigint not null,          -- internal: account; 0 nobody
    need           integer not null,         -- internal: whom the step asks (0036)
    primary key (dossier, reader, reach)
) without rowid;
insert into onestop_desk (dossier, reader, reach, hand, turn, state, due_key, sent_at, code, procedure_code, assignee, need)
    select dossier, reader, reach, hand, turn, state, due_key, sent_at,
        case when code like 'YC-%' then 'YC' else code end, procedure_code, assignee, need
    from onestop_desk_was order by dossier, reader, reach;
drop table onestop_desk_was;
create index onestop_desk_by_due on onestop_desk (reader, reach, hand, turn, due_key, dossier);
create index onestop_desk_by_arrival on onestop_desk (reader, reach, hand, turn, sent_at, dossier) where hand = 1;
create index onestop_desk_all on onestop_desk (reader, reach, sent_at, dossier, code);
create index onestop_desk_by_code on onestop_desk (reader, reach, code, dossier, sent_at);
create index onestop_desk_mine on onestop_desk (assignee, turn) where assignee > 0;
create index onestop_desk_open on onestop_desk (reader, reach, turn, due_key, dossier, sent_at) where turn = 1;
create index onestop_desk_by_state on onestop_desk (reader, reach, state, sent_at, dossier);
create index onestop_desk_of_procedure on onestop_desk (reader, reach, procedure_code, due_key, dossier)
    where turn = 1 and hand = 1;
create index onestop_desk_of_assignee on onestop_desk (reader, reach, assignee, due_key, dossier)
    where turn = 1 and hand = 1;
create index onestop_desk_of_need on onestop_desk (reader, reach, need, due_key, dossier) where turn = 1 and hand = 1;
-- As in 0030_desk_plans.sql.
analyze sqlite_schema;
delete from sqlite_stat1 where tbl = 'onestop_desk';
insert into sqlite_stat1 (tbl, idx, stat) values
    ('onestop_desk', 'onestop_desk', '1000000 5 1 1'),
    ('onestop_desk', 'onestop_desk_by_due', '1000000 8000 6000 2000 500 2 1'),
    ('onestop_desk', 'onestop_desk_by_arrival', '800000 8000 6000 6000 2000 2 1'),
    ('onestop_desk', 'onestop_desk_all', '1000000 8000 6000 2 1 1'),
    ('onestop_desk', 'onestop_desk_by_code', '1000000 8000 6000 1 1 1'),
    ('onestop_desk', 'onestop_desk_mine', '500000 2000 500'),
    ('onestop_desk', 'onestop_desk_open', '400000 16000 12000 12000 2 1 1'),
    ('onestop_desk', 'onestop_desk_by_state', '1000000 8000 6000 800 2 1'),
    ('onestop_desk', 'onestop_desk_of_procedure', '200000 8000 6000 100 2 1'),
    ('onestop_desk', 'onestop_desk_of_assignee', '200000 8000 6000 500 2 1'),
    ('onestop_desk', 'onestop_desk_of_need', '200000 8000 6000 400 2 1');
-- end
-- if postgresql
update onestop_desk set code = 'YC' where code like 'YC-%';
-- end
