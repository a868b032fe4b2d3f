-- Appointments counted anew after a calendar was changed: an order with its legal basis, what it would
-- move, and what it moved. Nothing moves without one (procedures reference 8.2).
create table onestop_redate (
    id         $id,                        -- internal
    code       text not null unique,       -- internal: random, in addresses
    version    bigint not null,            -- internal
    state      integer not null check (state between 1 and 5), -- internal: 1 trying, 2 tried, 3 moving, 4 done, 5 dropped
    unit       bigint not null references org_unit (id), -- internal: it and, with tree, all below it decide
    unit_path  text not null,              -- internal
    tree       integer not null check (tree in (0, 1)), -- internal
    from_day   bigint not null,            -- internal: terms that run through these days
    to_day     bigint not null,            -- internal
    earlier    integer not null check (earlier in (0, 1)), -- internal: an appointment may become earlier
    basis_no   text not null,              -- public: "12/QĐ-UBND"
    basis_on   bigint not null,            -- public: day number
    basis_by   text not null,              -- public: who issued it
    asked_by   bigint not null,            -- internal: account
    asked_unit bigint not null,            -- internal
    asked_at   bigint not null,            -- internal
    done_at    bigint not null,            -- internal: 0 not yet
    work       text not null,              -- internal: where the long work is followed
    at_state   integer not null,           -- internal: how far it has come: keys of onestop_desk,
    at_sent    bigint not null,            -- internal
    at_dossier bigint not null,            -- internal: of onestop_redate_item while it moves
    seen       bigint not null,            -- internal: dossiers looked at
    later      bigint not null,            -- internal: would be later
    sooner     bigint not null,            -- internal: would be earlier, and may
    kept       bigint not null,            -- internal: would be earlier, and may not
    unlate     bigint not null,            -- internal: of those later, late now and not any more
    moved      bigint not null,            -- internal
    left_out   bigint not null             -- internal: changed since it was tried, not moved
);
create index onestop_redate_by_unit on onestop_redate (unit_path, id);

create table onestop_redate_item (
    redate    bigint not null references onestop_redate (id), -- internal
    dossier   bigint not null references onestop_dossier (id), -- internal
    way       integer not null check (way between 1 and 3), -- internal: 1 later, 2 earlier, 3 kept as it is
    state     integer not null check (state between 1 and 3), -- internal: 1 tried, 2 moved, 3 left out
    old_due   bigint not null,             -- internal
    new_due   bigint not null,             -- internal
    old_shown bigint not null,             -- internal
    new_shown bigint not null,             -- internal
    primary key (redate, dossier)
);
create index onestop_redate_item_by_day on onestop_redate_item (redate, new_shown, dossier);
