-- The register of dossiers (sổ theo dõi hồ sơ, form 07): one number a dossier, unit of reception and
-- year, without gaps; form 01 names it.
create table onestop_ledger (
    id      $id,                             -- internal
    dossier bigint not null unique references onestop_dossier (id), -- internal
    unit    bigint not null references org_unit (id), -- internal: that received
    year    integer not null,                -- internal
    n       bigint not null,                 -- internal
    at      bigint not null,                 -- internal
    unique (unit, year, n)
);
create index onestop_ledger_by_unit on onestop_ledger (unit, id);
create index onestop_ledger_by_day on onestop_ledger (unit, at);

-- From whose hands into whose: form 06 and the closing of the day are made from it.
create table onestop_handover (
    id         $id,                          -- internal
    dossier    bigint not null references onestop_dossier (id), -- internal
    from_unit  bigint not null references org_unit (id), -- internal
    to_unit    bigint not null references org_unit (id), -- internal
    by_account bigint,                       -- internal: null the program
    at         bigint not null               -- internal
);
create index onestop_handover_by_dossier on onestop_handover (dossier, id);
create index onestop_handover_by_day on onestop_handover (from_unit, at);

-- What a counter did on one day is asked for by unit and time.
create index onestop_receipt_by_day on onestop_receipt (unit, taken_at);
create index onestop_obligation_by_day on onestop_obligation (receipt_unit, paid_at) where receipt_n > 0;
create index onestop_dossier_returned on onestop_dossier (returning_unit, returned_at) where returned_at > 0;
create index onestop_decision_by_day on onestop_decision (by_unit, at);
create index onestop_supplement_by_day on onestop_supplement (asked_unit, asked_at);
