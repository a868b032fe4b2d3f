-- What officers do around a dossier: asking other agencies, notes among themselves, why it is late,
-- lists of what one unit handed over to another.

-- A question to another agency: it sees this row and the papers named here, and nothing else.
create table onestop_consult (
    id          $id,                       -- internal
    code        text not null unique,      -- internal: random, in addresses
    version     bigint not null,           -- internal
    dossier     bigint not null references onestop_dossier (id), -- internal
    subject_key bigint not null,           -- internal: vault subject that seals the words
    procedure_name text not null,          -- public
    asker_unit  bigint not null references org_unit (id), -- internal
    asker_path  text not null,             -- internal
    asked_unit  bigint not null references org_unit (id), -- internal
    asked_path  text not null,             -- internal
    state       integer not null check (state between 1 and 3), -- internal: 1 asked, 2 answered, 3 taken back
    question    $sealed not null,          -- personal
    asked_by    bigint not null,           -- internal: account
    asked_at    bigint not null,           -- internal
    due_at      bigint not null,           -- internal: silence after it does not stop the clock
    opinion     text not null check (opinion in ('', 'dong_y', 'khong_dong_y', 'khac')), -- internal
    answer      $sealed not null,          -- personal: empty until answered
    answered_by bigint,                    -- internal: account
    answered_at bigint not null            -- internal: 0 not yet
);
create index onestop_consult_by_dossier on onestop_consult (dossier);
create index onestop_consult_asked on onestop_consult (asked_unit, state, due_at, id);
create index onestop_consult_asker on onestop_consult (asker_unit, state, due_at, id);
create index onestop_consult_asked_tree on onestop_consult (asked_path);
create index onestop_consult_asker_tree on onestop_consult (asker_path);

create table onestop_consult_paper (
    consult bigint not null references onestop_consult (id), -- internal
    paper   bigint not null references onestop_paper (id), -- internal
    primary key (consult, paper)
);

create table onestop_note (
    id         $id,                        -- internal
    dossier    bigint not null references onestop_dossier (id), -- internal
    words      $sealed not null,           -- personal
    by_account bigint not null,            -- internal
    by_unit    bigint not null,            -- internal
    at         bigint not null             -- internal
);
create index onestop_note_by_dossier on onestop_note (dossier, id);

-- Why it is late; the newest counts.
create table onestop_late (
    dossier    bigint not null primary key references onestop_dossier (id), -- internal
    cause      text not null check (cause in ('khoi_luong', 'phoi_hop', 'phuc_tap', 'he_thong', 'nguoi_nop', 'can_bo', 'khac')), -- internal
    words      $sealed not null,           -- personal
    by_account bigint not null,            -- internal
    at         bigint not null             -- internal
);

create table onestop_batch (
    id          $id,                       -- internal
    no          text not null,             -- internal: "07/BG"
    from_unit   bigint not null references org_unit (id), -- internal
    from_path   text not null,             -- internal
    to_unit     bigint not null references org_unit (id), -- internal
    to_path     text not null,             -- internal
    size        integer not null,          -- internal: how many dossiers
    made_by     bigint not null,           -- internal: account
    made_at     bigint not null,           -- internal
    received_by bigint,                    -- internal: account
    received_at bigint not null            -- internal: 0 not yet
);
create index onestop_batch_from on onestop_batch (from_unit, made_at, id);
create index onestop_batch_to on onestop_batch (to_unit, made_at, id);
create index onestop_batch_from_tree on onestop_batch (from_path);
create index onestop_batch_to_tree on onestop_batch (to_path);

create table onestop_batch_item (
    batch    bigint not null references onestop_batch (id), -- internal
    dossier  bigint not null references onestop_dossier (id), -- internal
    primary key (batch, dossier)
);
create index onestop_batch_of on onestop_batch_item (dossier);
