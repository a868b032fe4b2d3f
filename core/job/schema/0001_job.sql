-- job: durable timers and outbox; an ended job has no row.
create table job (
    id            $id,                         -- internal: order within a lane
    kind          text not null,               -- internal
    job_key       text,                        -- internal: unique among the living of a kind; null none
    lane_key      text,                        -- internal: one at a time, in order; null none
    payload       text not null,               -- internal: JSON, ids only
    state         integer not null check (state in (1, 2, 3, 4)), -- internal: enum job_state
    due_at        bigint not null,             -- internal: UTC, milliseconds
    tries         integer not null default 0,  -- internal: attempts begun
    deaths        integer not null default 0,  -- internal: attempts during which the process died
    epoch         bigint not null default 0,   -- internal: grows with each claim; fences out the late
    node          text,                        -- internal: life of the process that runs it
    claimed_until bigint not null default 0,   -- internal: PostgreSQL: when the claim lapses
    made_at       bigint not null,             -- internal
    last_error    text                         -- internal: for operators
);
create unique index job_by_key on job (kind, job_key) where job_key is not null and state <> 3;
create index job_by_due on job (kind, due_at, id) where state = 1;
create index job_running on job (node) where state = 2;
create index job_dead on job (id) where state = 3;
create index job_by_lane on job (lane_key, id) where lane_key is not null;

-- The last slot of each schedule that became a job: one job a slot over all nodes.
create table job_schedule (
    kind text primary key,                     -- internal
    slot bigint not null                       -- internal
);

-- PostgreSQL: which node does a standing task; checked in the task's own transaction.
create table job_lease (
    name  text primary key,                    -- internal
    node  text not null,                       -- internal
    epoch bigint not null,                     -- internal: grows when the holder changes
    until bigint not null                      -- internal: UTC, milliseconds
);
