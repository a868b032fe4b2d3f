-- What officers decide about the catalogue, and what a new crawl would change.
create table procedure_proof (
    id        $id,                           -- public
    procedure bigint not null references procedure (id), -- public
    version   bigint not null references procedure_version (id), -- public: the one that was read
    at        bigint not null,               -- public
    account   bigint,                        -- internal: who
    basis     text not null                  -- public: what it was read against
);
create index procedure_proof_by_version on procedure_proof (version);

-- A term that the source gives in words, settled by an officer; the newest row holds.
create table procedure_term (
    id        $id,                           -- public
    procedure bigint not null references procedure (id), -- public
    at        bigint not null,               -- public
    account   bigint,                        -- internal
    unit      text not null check (unit in ('ngay_lam_viec', 'ngay', 'gio', 'thang', 'nam', 'trong_ngay')), -- public
    n_half    bigint not null check (n_half >= 0), -- public: in halves
    cutoff    text not null,                 -- public: "15:00", or empty
    words     text not null,                 -- public: as people read it
    basis     text not null                  -- public: where it stands
);
create index procedure_term_by_procedure on procedure_term (procedure);

-- Switched off when the national list no longer has it, and on again; the newest row holds.
create table procedure_switch (
    id        $id,                           -- public
    procedure bigint not null references procedure (id), -- public
    day       bigint not null,               -- public: day number
    is_off    integer not null check (is_off in (0, 1)) -- public
);
create index procedure_switch_by_procedure on procedure_switch (procedure);

-- One new crawl, beside the catalogue until an officer takes it over.
create table procedure_import (
    id        $id,                           -- internal
    at        bigint not null,               -- internal
    name      text not null,                 -- internal: of the file
    seen      bigint not null,               -- internal: records read
    same      bigint not null,               -- internal: of them unchanged
    whole     integer not null check (whole in (0, 1)) -- internal: read to its end
);
create table procedure_import_row (
    id        $id,                           -- internal
    import    bigint not null references procedure_import (id), -- internal
    code      text not null,                 -- internal
    name      text not null,                 -- internal
    sort_key  text not null,                 -- internal
    change    text not null check (change in ('moi', 'doi', 'het')), -- internal: new, changed, ended
    record    text not null,                 -- internal: JSON as published; empty: ended
    state     text not null check (state in ('cho', 'nhan', 'bo')), -- internal: waits, taken, left
    at        bigint not null,               -- internal: when it was decided; 0: waits
    account   bigint,                        -- internal: by whom
    unique (import, code)
);
create index procedure_import_row_by_state on procedure_import_row (import, state, change, sort_key);
create index procedure_import_row_by_code on procedure_import_row (code, state);
-- Which codes a crawl has seen, until it is read whole: what is missing then has ended.
create table procedure_import_seen (
    import    bigint not null references procedure_import (id), -- internal
    code      text not null,                 -- internal
    primary key (import, code)
);
