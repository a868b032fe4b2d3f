-- Periods that somebody closed: figures as they stood, of a unit with all below it. Records, not
-- derived; no program changes them afterwards. Public as the figures themselves, but for who closed.
create table statistic_period (
    id             $id,                      -- internal
    unit           bigint not null,          -- public
    unit_code      text not null,            -- public: as it was called on that day
    unit_name      text not null,            -- public
    from_month     bigint not null,          -- public: 202610; both count
    to_month       bigint not null,          -- public
    ends_at        bigint not null,          -- public: what was open is told as of this instant
    counted_at     bigint not null,          -- public: instant that the counts stood for
    closed_at      bigint not null,          -- public
    closed_by      bigint not null,          -- internal: account
    closed_by_name text not null,            -- internal: officer, as signed
    sha256         text not null,            -- public: of the figures as text; the journal has it too
    signed_at      bigint not null,          -- public: 0 not yet
    file_sha256    text not null,            -- public: of the signed file
    unique (unit, from_month, to_month)
);
create table statistic_frozen (
    period     bigint not null references statistic_period (id), -- public
    line       bigint not null,              -- public: 0 is the whole unit
    kind       text not null check (kind in ('tong', 'thu-tuc', 'don-vi')), -- public
    code       text not null,                -- public
    name       text not null,                -- public
    field_code text not null,                -- public: of a procedure
    field_name text not null,                -- public
    carried    bigint not null,              -- public
    online     bigint not null,              -- public
    counter    bigint not null,              -- public
    post       bigint not null,              -- public
    away       bigint not null,              -- public: of these three, received elsewhere
    early      bigint not null,              -- public
    on_time    bigint not null,              -- public
    late       bigint not null,              -- public
    open       bigint not null,              -- public: open at the end: time enough
    soon       bigint not null,              -- public: due soon
    overdue    bigint not null,              -- public: overdue
    paused     bigint not null,              -- public
    refused    bigint not null,              -- public
    withdrawn  bigint not null,              -- public
    to_return  bigint not null,              -- public
    returned   bigint not null,              -- public
    primary key (period, line)
);
create table statistic_period_file (
    period bigint primary key references statistic_period (id), -- public
    pdf    $bytes not null                   -- public: as signed
);
-- Who stood open in a unit at an instant of the past.
create index statistic_case_by_path on statistic_case (path, dossier);
