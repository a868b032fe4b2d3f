-- Who gave what when and on which ground, found by the reach of whoever asks; and what waits for a
-- second administrator.
alter table identity_role add column two_persons integer not null default 0; -- public: 1: one gives it, another approves
alter table identity_post add column unit_path text not null default ''; -- internal: of the unit; follows it
alter table identity_post add column given_at bigint not null default 0; -- internal: UTC, milliseconds; 0: before this was kept
alter table identity_post add column ended_by bigint; -- internal: account; null: the program, or it only ran out
alter table identity_post add column changed_at bigint not null default 0; -- internal: when it was given or taken back
update identity_post set changed_at = ended_at,
    unit_path = coalesce((select u.path from org_unit u where u.id = identity_post.unit), '');
create index identity_post_by_path on identity_post (unit_path, account);
create index identity_post_changed on identity_post (changed_at, id);

-- A role that one administrator wants to give or take back, until another decides.
create table identity_asked (
    id         $id,                                -- internal
    version    bigint not null,                    -- internal
    account    bigint not null references identity_account (id), -- internal
    role       text not null references identity_role (code), -- internal
    unit       bigint not null,                    -- internal
    unit_path  text not null,                      -- internal: who may decide reaches it
    post       bigint not null default 0,          -- internal: the one to take back; 0: to give
    from_day   bigint not null default 0,          -- internal
    to_day     bigint not null default 0,          -- internal
    order_no   text not null,                      -- internal: the ground
    asked_by   bigint not null,                    -- internal: account
    asked_at   bigint not null,                    -- internal
    state      integer not null check (state in (1, 2, 3, 4)), -- internal: waits, approved, refused, withdrawn
    decided_by bigint,                             -- internal: account
    decided_at bigint not null default 0           -- internal
);
create unique index identity_asked_once on identity_asked (account, role, unit, post) where state = 1;
create index identity_asked_by_path on identity_asked (state, unit_path, id);
