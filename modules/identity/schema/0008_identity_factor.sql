-- A second factor: codes of an authenticator app (RFC 6238), and recovery codes for a lost one.
create table identity_factor (
    account   bigint primary key references identity_account (id), -- internal
    version   bigint not null,                    -- internal
    secret    $sealed not null,                   -- secret: 20 bytes, under the key of the account's subject
    made_at   bigint not null,                    -- internal: UTC, milliseconds
    on_at     bigint not null default 0,          -- internal: a code confirmed it; 0: not yet, nothing asks for it
    last_step bigint not null default 0,          -- internal: of the last code taken; it and those before are used up
    failures  integer not null default 0,         -- internal: wrong codes in a row
    failed_at bigint not null default 0           -- internal: the last of them
);
create table identity_recovery (
    account   bigint not null references identity_account (id), -- internal
    slot      integer not null,                   -- internal: the code's first digit
    code_hash $bytes not null,                    -- secret: Argon2id text
    used_at   bigint not null default 0,          -- internal: UTC, milliseconds; 0: still good
    primary key (account, slot)
);
-- Which roles must have one is the province's to say, in its pack of roles.
alter table identity_role add column second_factor integer not null default 0; -- public: 1: nothing can be done before it is on
-- Whether an account still owes one stands in what is kept of its actor.
$moves identity identity_factor on_at;
