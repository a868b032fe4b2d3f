-- journal: every change once, its place in the Merkle log, the heads we signed.
-- journal_cursor is derived; everything else is record and only grows.
create table journal_event (
    id              $id,                          -- internal: order of writing, not of the log
    at              bigint not null,              -- internal: UTC, milliseconds
    tx              bigint not null,              -- internal: transaction on PostgreSQL, 0 on SQLite
    kind            text not null,                -- internal: what happened, "onestop.dossier.accepted"
    subject_kind    text not null,                -- internal: kind of record
    subject_id      bigint not null,              -- internal: record
    subject_code    text not null,                -- internal: its public code
    unit            bigint not null,              -- internal: unit that has it in hand; 0 none
    from_state      text not null,                -- internal
    to_state        text not null,                -- internal
    actor_account   bigint not null,              -- internal: 0 nobody signed in, or the program
    actor_unit      bigint not null,              -- internal
    actor_system    integer not null check (actor_system in (0, 1)), -- internal: the program itself
    purpose         text not null,                -- internal: stated purpose of the request
    request_id      text not null,                -- internal: incident number people are shown
    note_public     text not null,                -- internal: a sentence for the person concerned
    payload_subject bigint not null,              -- internal: vault subject of the payload; 0 none
    commitment      $bytes                        -- internal: HMAC of the payload; null without one
);
create index journal_event_by_tx on journal_event (tx, id);
create index journal_event_by_subject on journal_event (subject_kind, subject_id, id);
create index journal_event_by_person on journal_event (payload_subject, id) where payload_subject > 0;
$append_only journal_event;

-- What the events carried. A body about a person is sealed under that person's key, its salt with
-- it: without the key the commitment tells nothing, not even to somebody who guesses.
create table journal_payload (
    event_id bigint primary key references journal_event (id), -- internal
    subject  bigint not null,                     -- internal: vault subject; 0: open
    sealed   $sealed,                             -- sensitive: 16 bytes of salt, then JSON
    salt     $bytes,                              -- internal: of an open body
    body     text,                                -- internal: open JSON, free of personal data
    check ((subject > 0) = (sealed is not null)),
    check ((subject = 0) = (body is not null and salt is not null))
);
create index journal_payload_by_subject on journal_payload (subject) where subject > 0;
-- A body goes only when its subject was erased by an order that stands in the log.
-- if sqlite
create trigger journal_payload_no_update before update on journal_payload
begin
    select raise(abort, 'journal_payload only grows');
end;
create trigger journal_payload_no_delete before delete on journal_payload
when old.subject = 0 or not exists (select 1 from journal_event where subject_kind = 'vault.subject'
    and subject_id = old.subject and kind = 'journal.subject.erased')
begin
    select raise(abort, 'journal_payload: only bodies of erased subjects may go');
end;
-- end
-- if postgresql
create function journal_payload_kept() returns trigger language plpgsql as $body$
begin
    if tg_op = 'DELETE' and old.subject > 0 and exists (select 1 from journal_event
        where subject_kind = 'vault.subject' and subject_id = old.subject and kind = 'journal.subject.erased') then
        return old;
    end if;
    raise exception 'journal_payload only grows';
end $body$;
create trigger journal_payload_kept before update or delete on journal_payload
    for each row execute function journal_payload_kept();
create trigger journal_payload_not_emptied before truncate on journal_payload
    for each statement execute function journal_payload_kept();
-- end

-- The log: position p is leaf p - 1; nodes are complete subtrees from level 1 on (RFC 9162).
create table journal_position (
    position bigint primary key,                  -- internal: from 1, no gaps
    event_id bigint not null unique references journal_event (id), -- internal
    leaf     $bytes not null                      -- internal: SHA-256
);
$append_only journal_position;

create table journal_node (
    level integer not null,                       -- internal: covers 2^level leaves
    idx   bigint not null,                        -- internal: from leaf idx * 2^level
    hash  $bytes not null,                        -- internal: SHA-256
    primary key (level, idx)
);
$append_only journal_node;

create table journal_head (
    size      bigint primary key,                 -- public: number of events
    root      $bytes not null,                    -- public: root of the tree of that size
    at        bigint not null,                    -- public: UTC, milliseconds
    key_id    text not null,                      -- public: SHA-256 of the public key
    signature $bytes not null                     -- public: ECDSA P-256 over the head's text
);
$append_only journal_head;

-- Readers that keep derived tables: how far each has read.
create table journal_cursor (
    name     text primary key,                    -- internal
    position bigint not null                      -- internal
);
