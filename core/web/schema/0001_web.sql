-- Sessions: only the hash of the token is kept, so that a copy of this table opens nothing.
create table web_session (
    id          $id,                             -- internal
    token_hash  $lookup not null unique,         -- secret: SHA-256 of the cookie
    prev_hash   $lookup unique,                  -- secret: the token before the last rotation, until prev_until
    prev_until  bigint not null default 0,       -- internal: UTC, milliseconds
    account     bigint not null,                 -- internal
    unit        bigint not null default 0,       -- internal: where the account acts; 0: a citizen
    assurance   integer not null,                -- internal: 1 password, 2 stepped up
    created_at  bigint not null,                 -- internal
    seen_at     bigint not null,                 -- internal: written at most once a minute
    password_at bigint not null,                 -- internal: when the password was last asked
    ends_at     bigint not null,                 -- internal
    locked      integer not null default 0 check (locked in (0, 1)) -- internal: by the person; idleness locks too
);
create index web_session_of_account on web_session (account);
create index web_session_ends on web_session (ends_at);

-- The answer to each POST by its form token: whoever sends the same form again gets it again.
create table web_answer (
    token_hash $lookup primary key,              -- secret: SHA-256 of the form token
    route      text not null,                    -- internal: path pattern
    kept_at    bigint not null,                  -- internal: UTC, milliseconds
    status     integer not null,                 -- internal: 0 while the transaction that answers runs
    session    bigint not null default 0,        -- internal: the session this answer began; 0: none
    answer     $sealed                           -- personal: address, toast and body, under the installation's key
);
create index web_answer_kept on web_answer (kept_at);

-- What a person typed and has not sent yet; survives an idle lock and the end of a session.
create table web_draft (
    account    bigint not null,                  -- internal
    form_key   text not null,                    -- internal: which form, as its module names it
    changed_at bigint not null,                  -- internal: UTC, milliseconds
    subject    bigint not null default 0,        -- internal: vault subject whose key seals it; 0: the installation
    content    $sealed not null,                 -- personal: JSON
    primary key (account, form_key)
);
create index web_draft_changed on web_draft (changed_at);
