-- file: rows of stored files; the bytes lie sealed in the data folder, named by `blob`.
create table file_stored (
    id         $id,                          -- internal
    owner      bigint not null references vault_subject (id), -- internal: whose key seals it
    blob       text not null,                -- internal: keyed hash of the content; empty once erased
    name       $sealed not null,             -- personal: as the person named it, cleaned
    digest     $sealed not null,             -- personal: SHA-256 of the content
    mime       text not null,                -- internal: found by content
    size_bytes bigint not null,              -- internal
    stored_at  bigint not null,              -- internal: UTC, milliseconds
    state      integer not null check (state in (1, 2, 3, 4)), -- internal: enum file_state
    scanned_at bigint not null default 0,    -- internal: 0 never
    finding    text                          -- internal: what the scanner called it
);
create index file_stored_blob on file_stored (blob);
create index file_stored_owner on file_stored (owner);
create index file_stored_waiting on file_stored (stored_at) where state = 2;
