-- Tables of the tests of core/db and core/lane: every type, both databases.
create table parts_thing ( -- internal
    id         $id,
    version    bigint not null default 1,
    name       text not null unique check (name <> ''),
    amount     bigint,
    ratio      real,
    parent     bigint references parts_thing (id),
    flag       integer not null default 0 check (flag in (0, 1)),
    photo      $bytes,
    phone      $sealed,  -- personal: only to call back
    phone_key  $lookup   -- personal
);
create index parts_thing_by_parent on parts_thing (parent, id);

create table parts_event ( -- internal
    id   $id,
    text text not null
);
$append_only parts_event;

-- For the predicates of scope.
create table parts_scoped ( -- internal
    id        $id,
    owner     bigint,
    person    bigint,
    assignee  bigint,
    unit      bigint,
    unit_path text,
    area_path text,
    open      integer not null default 0
);

-- PostgreSQL: whoever writes here loses the connection in the middle of the commit.
create table parts_doom ( -- internal
    id $id
);
-- if postgresql
create function parts_doom() returns trigger language plpgsql as $$
begin
    perform pg_terminate_backend(pg_backend_pid());
    return null;
end $$;
create constraint trigger parts_doom after insert on parts_doom deferrable initially deferred
    for each row execute function parts_doom();
-- end
