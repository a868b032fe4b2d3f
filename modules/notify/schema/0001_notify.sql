-- notify: what people were told, and what became of each mail.
create table notify_notice (
    id         $id,                          -- internal
    account    bigint not null,              -- internal: whom
    at         bigint not null,              -- internal: UTC, milliseconds
    kind       text not null,                -- internal: "onestop.dossier"
    notice_key text,                         -- internal: the same kind and key is one notice; null none
    title      text not null,                -- internal: a sentence without personal data
    body       text not null,                -- internal: a paragraph without personal data
    link       text not null,                -- internal: path of the page to read
    read_at    bigint not null default 0     -- internal: 0 unread
);
create unique index notify_notice_once on notify_notice (account, kind, notice_key) where notice_key is not null;
create index notify_notice_of on notify_notice (account, id);
create index notify_notice_unread on notify_notice (account) where read_at = 0;

-- One mail a notice. Addresses are not kept here: they are identity's, asked when it is sent.
create table notify_mail (
    notice_id  bigint primary key references notify_notice (id), -- internal
    message_id text not null unique,         -- internal: stable over all attempts
    state      integer not null check (state in (1, 2, 3, 4, 5, 6)), -- internal: enum mail_state
    changed_at bigint not null,              -- internal: UTC, milliseconds
    answer     text not null default ''      -- internal: step and code of the server's last answer
);
create index notify_mail_open on notify_mail (state, changed_at) where state in (1, 2, 4);
