-- What lies on whose desk: one row a dossier and unit that may see it, with the keys that lists
-- are filtered and ordered by. Derived from onestop_dossier in the same transaction.
create table onestop_desk ( -- internal
    dossier        bigint not null references onestop_dossier (id),                  -- internal
    reader         bigint not null references org_unit (id), -- internal: unit
    reach          integer not null check (reach in (1, 2)), -- internal: 1 the unit itself, 2 with all below it
    hand           integer not null check (hand in (0, 1)),  -- internal: it is in those hands now
    turn           integer not null check (turn in (0, 1, 2)), -- internal: 0 ended, 1 to be done, 2 waits for somebody else
    state          integer not null, -- internal
    due_key        bigint not null,       -- internal: order of urgency; a due instant while the clock runs
    sent_at        bigint not null,       -- internal
    code           text not null,         -- public: dossier code, or what it had before
    procedure_code text not null,         -- public
    assignee       bigint not null,       -- internal: account; 0 nobody
    primary key (dossier, reader, reach)
);
create index onestop_desk_by_due on onestop_desk (reader, reach, hand, turn, due_key, dossier);
create index onestop_desk_by_arrival on onestop_desk (reader, reach, hand, turn, sent_at, dossier);
create index onestop_desk_all on onestop_desk (reader, reach, sent_at, dossier);
create index onestop_desk_by_code on onestop_desk (reader, reach, code, dossier);
create index onestop_desk_mine on onestop_desk (assignee, turn) where assignee > 0;

-- Dossiers that were there before this table; from here on the program keeps it.
insert into onestop_desk (dossier, reader, reach, hand, turn, state, due_key, sent_at, code, procedure_code, assignee)
select d.id, u.id, 1, case when u.id = d.unit then 1 else 0 end,
    case when d.state in (1, 4, 5, 10) then 1 when d.state in (2, 6, 7, 8) then 2 else 0 end, d.state,
    case when d.state = 1 then d.sent_at - 1000000000000000
         when d.state in (4, 5) then case when d.due_at > 0 then d.due_at else 900000000000000 end
         when d.state = 10 then d.released_at + 1000000000000000 else d.sent_at end,
    d.sent_at, coalesce(d.code, d.request_code), d.procedure_code, coalesce(d.assignee, 0)
from onestop_dossier d join org_unit u
    on u.id in (d.unit, d.receiving_unit, d.competent_unit, d.returning_unit, d.helping_unit);
insert into onestop_desk (dossier, reader, reach, hand, turn, state, due_key, sent_at, code, procedure_code, assignee)
select d.id, u.id, 2, case when substr(d.unit_path, 1, length(u.path)) = u.path then 1 else 0 end,
    case when d.state in (1, 4, 5, 10) then 1 when d.state in (2, 6, 7, 8) then 2 else 0 end, d.state,
    case when d.state = 1 then d.sent_at - 1000000000000000
         when d.state in (4, 5) then case when d.due_at > 0 then d.due_at else 900000000000000 end
         when d.state = 10 then d.released_at + 1000000000000000 else d.sent_at end,
    d.sent_at, coalesce(d.code, d.request_code), d.procedure_code, coalesce(d.assignee, 0)
from onestop_dossier d join org_unit u
    on substr(d.unit_path, 1, length(u.path)) = u.path
    or substr(d.receiving_path, 1, length(u.path)) = u.path
    or substr(d.competent_path, 1, length(u.path)) = u.path;
