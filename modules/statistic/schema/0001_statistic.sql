-- statistic: counts of dossiers, derived from the journal and the dossiers it names; dropped and made
-- again by `tinhso rebuild statistic`. In every table of counts: tree 0 is the unit alone, tree 1 with
-- all below it; procedure '' is all procedures together.
create table statistic_case (
    dossier     bigint primary key,          -- internal: as it was last counted
    path        text not null,               -- internal: of the deciding unit
    procedure   text not null,               -- public
    state       integer not null,            -- internal: enum dossier_state
    channel     integer not null,            -- internal: enum channel
    away        integer not null check (away in (0, 1)), -- internal: received by another house (phi địa giới)
    accepted_at bigint not null,             -- internal
    due_at      bigint not null,             -- internal
    released_at bigint not null,             -- internal
    returned_at bigint not null,             -- internal
    ended_at    bigint not null              -- internal: withdrawn, refused, cancelled; 0 not
);

create table statistic_day (
    unit      bigint not null,               -- public
    tree      integer not null check (tree in (0, 1)), -- public
    day       bigint not null,               -- public: day number
    counter   bigint not null,               -- public: received at the counter
    online    bigint not null,               -- public: received online
    post      bigint not null,               -- public: received by post
    away      bigint not null,               -- public: of these, received elsewhere
    early     bigint not null,               -- public: resolved before the day it was due
    on_time   bigint not null,               -- public: resolved on that day, in time
    late      bigint not null,               -- public: resolved late
    withdrawn bigint not null,               -- public
    refused   bigint not null,               -- public: after acceptance
    returned  bigint not null,               -- public
    primary key (unit, tree, day)
);

create table statistic_month (
    unit      bigint not null,               -- public
    tree      integer not null check (tree in (0, 1)), -- public
    month     bigint not null,               -- public: 202611
    procedure text not null,                 -- public
    counter   bigint not null,               -- public
    online    bigint not null,               -- public
    post      bigint not null,               -- public
    away      bigint not null,               -- public
    early     bigint not null,               -- public
    on_time   bigint not null,               -- public
    late      bigint not null,               -- public
    withdrawn bigint not null,               -- public
    refused   bigint not null,               -- public
    returned  bigint not null,               -- public
    primary key (unit, tree, procedure, month)
);
create index statistic_month_of_all on statistic_month (procedure, tree, month);

-- Where dossiers stand now, and when those whose clock runs are due.
create table statistic_now (
    unit      bigint not null,               -- public
    tree      integer not null check (tree in (0, 1)), -- public
    procedure text not null,                 -- public
    state     integer not null,              -- public: enum dossier_state
    standing  integer not null,              -- public: enum statistic_standing
    n         bigint not null,               -- public
    primary key (unit, tree, procedure, state, standing)
);
create index statistic_now_of_all on statistic_now (procedure, tree);

create table statistic_due (
    unit      bigint not null,               -- public
    tree      integer not null check (tree in (0, 1)), -- public
    procedure text not null,                 -- public
    due_at    bigint not null,               -- public
    n         bigint not null,               -- public
    primary key (unit, tree, procedure, due_at)
);
create index statistic_due_of_all on statistic_due (procedure, tree, due_at);

-- What the pages call a procedure, kept when it is first counted.
create table statistic_procedure (
    code       text primary key,             -- public
    name       text not null,                -- public
    field_code text not null,                -- public
    field_name text not null                 -- public
);

create table statistic_mark (
    id integer primary key check (id = 1),   -- internal
    at bigint not null                       -- internal: time of the last event that was counted
);
