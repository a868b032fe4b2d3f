-- One-time links with which a person sets a password; the link itself is never kept, only its hash.
create table identity_invite (
    id         $id,                                -- internal
    account    bigint not null references identity_account (id), -- internal
    token_hash $bytes not null unique,             -- secret: SHA-256 of the link's token
    made_at    bigint not null,                    -- internal: UTC, milliseconds
    made_by    bigint,                             -- internal: account; null: the program
    expires_at bigint not null,                    -- internal
    used_at    bigint not null default 0           -- internal: 0: still good; replaced ones count as used
);
create index identity_invite_of on identity_invite (account, used_at);
