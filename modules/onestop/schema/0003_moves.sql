-- What the moves of payment, of correction and of a step of confirmation leave.

-- A financial obligation asked for while the dossier is processed: the amount, its basis, and how it was met.
create table onestop_obligation (
    id           $id,                         -- internal
    dossier      bigint not null references onestop_dossier (id), -- internal
    state        text not null check (state in ('cho', 'da_nop', 'thay')), -- internal: open, met, replaced by a later one
    no           text not null,               -- internal: "03/NVTC"
    reason       $sealed not null,            -- personal: what is to be paid
    basis        text not null,               -- internal
    amount       bigint not null check (amount > 0), -- internal: đồng
    asked_at     bigint not null,             -- internal
    asked_by     bigint not null,             -- internal: account
    asked_unit   bigint not null references org_unit (id), -- internal
    paid_at      bigint not null,             -- internal: 0 not yet
    evidence     $sealed not null,            -- personal: the paper of whoever else took the money; empty when we did
    receipt_unit bigint references org_unit (id), -- internal: the counter that took cash; null none
    receipt_year integer not null,            -- internal: 0 none
    receipt_n    bigint not null,             -- internal: of the same book as onestop_receipt; 0 none
    taken_by     bigint                       -- internal: account
);
create index onestop_obligation_by_dossier on onestop_obligation (dossier);
create unique index onestop_obligation_receipt on onestop_obligation (receipt_unit, receipt_year, receipt_n) where receipt_n > 0;

-- A returned result that is mended by a new one: the old one is never edited.
create table onestop_correction (
    id              $id,                      -- internal
    dossier         bigint not null references onestop_dossier (id), -- internal
    old_result      bigint not null references onestop_result (id), -- internal
    new_result      bigint references onestop_result (id), -- internal: null until it is signed
    reason          $sealed not null,         -- personal
    asked_by        bigint not null,          -- internal: account
    asked_unit      bigint not null references org_unit (id), -- internal
    asked_at        bigint not null,          -- internal
    done_at         bigint not null,          -- internal: 0 not yet
    was_due_at      bigint not null,          -- internal: the clock of the first time: on-time is judged by it
    was_released_at bigint not null,          -- internal
    was_returned_at bigint not null           -- internal
);
create index onestop_correction_by_dossier on onestop_correction (dossier);
create index onestop_correction_by_old on onestop_correction (old_result);

-- What whoever confirmed a step said to those after them.
create table onestop_opinion (
    id         $id,                           -- internal
    dossier    bigint not null references onestop_dossier (id), -- internal
    step       text not null,                 -- public: key of the step
    words      $sealed not null,              -- personal
    by_account bigint not null,               -- internal
    by_unit    bigint not null references org_unit (id), -- internal
    at         bigint not null                -- internal
);
create index onestop_opinion_by_dossier on onestop_opinion (dossier);
