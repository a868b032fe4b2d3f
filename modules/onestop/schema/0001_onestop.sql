-- Dossiers at the counter and online. Numbers, states and units are open inside the administration;
-- what is about a person is sealed under that person's key.
create table onestop_dossier (
    id                $id,                   -- internal
    version           bigint not null,       -- internal
    request_code      text not null unique,  -- internal: random, what the person keeps before acceptance
    code              text unique,           -- public: dossier code; null before acceptance
    track_token       text not null unique,  -- internal: random, of the QR
    procedure_version bigint not null references procedure_version (id), -- public
    opening           bigint not null references procedure_opening (id), -- public
    form_version      bigint not null references form_version (id), -- public
    procedure_code    text not null,         -- public
    procedure_name    text not null,         -- public
    state             integer not null check (state between 1 and 12), -- internal
    channel           integer not null check (channel between 1 and 3), -- internal
    account           bigint,                -- internal: null for a walk-in without one
    submitter         bigint not null,       -- internal: person
    subject           bigint not null,       -- internal: person
    acts              integer not null check (acts between 1 and 3), -- internal
    acts_words        text not null,         -- internal: "Cha", "Mẹ"
    subject_key       bigint not null,       -- internal: vault subject that seals the form
    owner_key         bigint not null,       -- internal: vault subject that seals name and files
    submitter_name    $sealed not null,      -- personal
    subject_name      $sealed not null,      -- personal
    unit              bigint not null references org_unit (id), -- internal: in whose hands it is
    unit_path         text not null,         -- internal
    area_path         text not null,         -- internal
    receiving_path    text not null,         -- internal
    competent_path    text not null,         -- internal
    helping_unit      bigint not null references org_unit (id), -- internal
    receiving_unit    bigint not null references org_unit (id), -- internal
    competent_unit    bigint not null references org_unit (id), -- internal
    returning_unit    bigint not null references org_unit (id), -- internal
    sent_at           bigint not null,       -- internal
    accepted_at       bigint not null,       -- internal: 0 not yet
    clock_from        bigint not null,       -- internal: 0 not yet
    due_at            bigint not null,       -- internal: 0 none; what "quá hạn" is judged by
    due_shown_at      bigint not null,       -- internal: the appointment people see
    original_due_at   bigint not null,       -- internal
    released_at       bigint not null,       -- internal
    returned_at       bigint not null,       -- internal
    step              integer not null,      -- internal: index into the steps of the procedure
    assignee          bigint,                -- internal: account
    delivery          text not null check (delivery in ('quay', 'dien_tu', 'buu_chinh')), -- internal
    fee_dong          bigint not null,       -- internal
    apologised_at     bigint not null        -- internal: 0 no
);
create index onestop_dossier_in_hand on onestop_dossier (unit, state, due_at);
create index onestop_dossier_by_path on onestop_dossier (unit_path, state, due_at);
create index onestop_dossier_by_account on onestop_dossier (account, sent_at);
create index onestop_dossier_by_person on onestop_dossier (submitter);
create index onestop_dossier_by_subject on onestop_dossier (subject);

create table onestop_form (
    dossier bigint not null primary key references onestop_dossier (id), -- internal
    data    $sealed not null                 -- personal: canonical JSON of the form
);

create table onestop_paper (
    id         $id,                          -- internal
    dossier    bigint not null references onestop_dossier (id), -- internal
    component  text not null,                -- public: code of the component
    name       text not null,                -- public
    file       bigint,                       -- internal: file/file.h; null: shown at the counter only
    originals  integer not null,             -- internal
    copies     integer not null,             -- internal
    added_at   bigint not null,              -- internal
    supplement bigint                        -- internal: the request it answers
);
create index onestop_paper_by_dossier on onestop_paper (dossier);

create table onestop_supplement (
    id          $id,                         -- internal
    dossier     bigint not null references onestop_dossier (id), -- internal
    no          text not null,               -- internal: "15/HDHS"
    reason      $sealed not null,            -- personal
    items       $sealed not null,            -- personal: JSON
    asked_at    bigint not null,             -- internal
    asked_by    bigint not null,             -- internal: account
    asked_unit  bigint not null references org_unit (id), -- internal
    answer_by   bigint not null,             -- internal: instant
    answered_at bigint not null              -- internal: 0 open
);
create index onestop_supplement_by_dossier on onestop_supplement (dossier);

create table onestop_pause (
    id      $id,                             -- internal
    dossier bigint not null references onestop_dossier (id), -- internal
    cause   text not null check (cause in ('bo_sung', 'nghia_vu_tai_chinh', 'dung')), -- internal
    from_at bigint not null,                 -- internal
    to_at   bigint not null,                 -- internal: 0 open
    basis   text not null                    -- internal
);
create index onestop_pause_by_dossier on onestop_pause (dossier);

-- Refusals, rejections, stops, resumptions, extensions, withdrawals: what forms 03 to 05 are made from.
create table onestop_decision (
    id      $id,                             -- internal
    dossier bigint not null references onestop_dossier (id), -- internal
    kind    text not null check (kind in ('tu_choi', 'khong_giai_quyet', 'dung', 'tiep_tuc', 'gia_han', 'rut', 'tra_lai')), -- internal
    no      text not null,                   -- internal
    reason  $sealed not null,                -- personal
    basis   text not null,                   -- internal
    old_due bigint not null,                 -- internal
    new_due bigint not null,                 -- internal
    by_account bigint,                       -- internal
    by_unit bigint,                          -- internal
    at      bigint not null                  -- internal
);
create index onestop_decision_by_dossier on onestop_decision (dossier);

create table onestop_result (
    id          $id,                         -- internal
    version     bigint not null,             -- internal
    dossier     bigint not null references onestop_dossier (id), -- internal
    state       text not null check (state in ('du_thao', 'trinh', 'da_duyet', 'da_ky', 'huy')), -- internal
    negative    integer not null check (negative in (0, 1)), -- internal
    data        $sealed not null,            -- personal: JSON the template is filled from
    proposal    $sealed not null,            -- personal
    sent_back   $sealed not null,            -- personal: reason; empty none
    number      text not null,               -- internal: "07/2026"; empty until reserved
    verify_code text unique,                 -- internal: random, of the QR on the result
    sha256      text not null,               -- internal: of the signed file
    file        bigint,                      -- internal
    signer      bigint,                      -- internal: account
    signed_at   bigint not null              -- internal
);
create index onestop_result_by_dossier on onestop_result (dossier, id);

-- One counter a unit, register and period: codes of the day, receipts and numbers of the year.
create table onestop_counter (
    unit     bigint not null references org_unit (id), -- internal
    register text not null,                  -- internal: "HS", "BL", "HDHS", "KS", ...
    period   text not null,                  -- internal: "261109", "2026"
    last     bigint not null,                -- internal
    primary key (unit, register, period)
);

create table onestop_number (
    id       $id,                            -- internal
    unit     bigint not null references org_unit (id), -- internal
    register text not null,                  -- internal
    year     integer not null,               -- internal
    n        bigint not null,                -- internal
    state    text not null check (state in ('giu', 'dung', 'huy')), -- internal: reserved, used, void
    result   bigint not null references onestop_result (id), -- internal
    at       bigint not null,                -- internal
    unique (unit, register, year, n)
);

create table onestop_receipt (
    id       $id,                            -- internal
    dossier  bigint not null unique references onestop_dossier (id), -- internal
    unit     bigint not null references org_unit (id), -- internal
    year     integer not null,               -- internal
    n        bigint not null,                -- internal
    amount   bigint not null,                -- internal: đồng
    lines    text not null,                  -- internal: JSON of the charges
    taken_by bigint not null,                -- internal: account
    taken_at bigint not null,                -- internal
    unique (unit, year, n)
);

create table onestop_delivery (
    id       $id,                            -- internal
    dossier  bigint not null references onestop_dossier (id), -- internal
    way      text not null,                  -- internal: quay, dien_tu
    to_name  $sealed not null,               -- personal
    evidence $sealed not null,               -- personal: what was shown
    by_account bigint,                       -- internal
    at       bigint not null                 -- internal
);
create index onestop_delivery_by_dossier on onestop_delivery (dossier);

create table onestop_rating (
    dossier bigint not null primary key references onestop_dossier (id), -- internal
    grade   integer not null check (grade between 1 and 3), -- internal: 3 very satisfied
    words   $sealed not null,                -- personal
    at      bigint not null                  -- internal
);
