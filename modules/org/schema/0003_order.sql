-- Decisions that merge, split, rename or dissolve agencies and areas; and what units became.
create table org_order (
    id         $id,                        -- public
    version    bigint not null,            -- public
    at         bigint not null,            -- internal: when it was entered
    by_account bigint,                     -- internal
    by_unit    bigint,                     -- internal: where that account acted
    unit_path  text not null,              -- internal: of the first unit concerned, of areas: where it was entered; for whom it is listed
    act        text not null check (act in ('nhap', 'chia', 'doi_ten', 'giai_the')), -- public
    of_areas   integer not null check (of_areas in (0, 1)), -- public
    on_day     bigint not null,            -- public: day number, the first day of the new order
    basis      text not null,              -- public: the act of law
    detail     text not null,              -- public: JSON: codes and names
    state      text not null check (state in ('cho', 'xong', 'huy')), -- public: waits for its day, done, cancelled
    done_at    bigint not null,            -- internal: 0 not yet
    note       text not null               -- internal: why it was cancelled
);
create index org_order_by_path on org_order (unit_path, id);

create table org_unit_change (
    id         $id,                        -- public
    on_day     bigint not null,            -- public
    kind       text not null check (kind in ('nhap', 'chia', 'doi_ten', 'giai_the')), -- public
    from_unit  bigint not null references org_unit (id), -- public
    to_unit    bigint references org_unit (id), -- public
    takes_over integer not null check (takes_over in (0, 1)), -- public: running work goes there
    was_name   text not null,              -- public: doi_ten: until then; else empty
    was_short  text not null,              -- public
    basis      text not null,              -- public
    by_order   bigint references org_order (id) -- public
);
create index org_unit_change_from on org_unit_change (from_unit, on_day);
create index org_unit_change_to on org_unit_change (to_unit, from_unit);
create index org_unit_by_area on org_unit (area);
create index org_unit_by_path on org_unit (path);
