-- People, their accounts, roles as data, roles at units for a time, signing certificates.
create table identity_person (
    id        $id,                                -- internal
    version   bigint not null,                    -- internal
    subject   bigint not null unique,             -- internal: vault subject whose key seals this row
    kind      text not null check (kind in ('cong_dan', 'doanh_nghiep', 'to_chuc', 'co_quan')), -- internal
    id_lookup $lookup unique,                     -- personal: HMAC of the personal number or tax code; null: none
    id_no     $sealed,                            -- personal
    name      $sealed not null,                   -- personal
    details   $sealed,                            -- personal: JSON: born_on, sex, phone, email, address
    made_at   bigint not null                     -- internal: UTC, milliseconds
);

-- The blind index of names: HMACs of folded words and of their prefixes.
create table identity_name_token (
    token     $lookup not null,                   -- personal
    person    bigint not null references identity_person (id), -- internal
    primary key (token, person)
);
create index identity_name_token_of on identity_name_token (person);

create table identity_account (
    id           $id,                             -- internal
    version      bigint not null,                 -- internal
    person       bigint references identity_person (id), -- internal
    subject      bigint not null,                 -- internal: whose key seals login and name
    login_lookup $lookup not null unique,         -- personal: HMAC of the login name
    login        $sealed not null,                -- personal
    name         $sealed not null,                -- personal: as shown
    password     $sealed not null,                -- secret: Argon2id text, under the installation's key
    closed       integer not null default 0 check (closed in (0, 1)), -- internal
    failures     integer not null default 0,      -- internal: wrong passwords in a row
    failed_at    bigint not null default 0,       -- internal: the last of them
    last_unit    bigint not null default 0,       -- internal: where the account acted last
    made_at      bigint not null                  -- internal
);
create index identity_account_of on identity_account (person);

create table identity_role (
    code    text primary key,                     -- public: "chuyen_vien"
    title   text not null,                        -- public
    about   text not null,                        -- public: for whom, one sentence
    sort    integer not null                      -- public
);
create table identity_role_right (
    role       text not null references identity_role (code), -- public
    right_name text not null,                     -- public: of a module's table, "onestop.accept"
    scope      text not null check (scope in ('own', 'assigned', 'unit', 'unit_tree', 'area_tree', 'public')), -- public
    primary key (role, right_name)
);

-- A role at a unit for a time; acting_for and order_no: by delegation (ủy quyền).
create table identity_post (
    id         $id,                               -- internal
    account    bigint not null references identity_account (id), -- internal
    role       text not null references identity_role (code), -- internal
    unit       bigint not null,                   -- internal
    from_day   bigint not null,                   -- internal: day number
    to_day     bigint not null default 0,         -- internal: the last day; 0: until changed
    ended_at   bigint not null default 0,         -- internal: taken back at this instant
    acting_for bigint references identity_account (id), -- internal
    order_no   text,                              -- internal: decision it rests on
    given_by   bigint                             -- internal: account; null: the program
);
create index identity_post_of on identity_post (account, unit);
create index identity_post_at on identity_post (unit, role);

-- The installation's certificate authority and the officers' signing keys.
create table identity_authority (
    id       integer primary key check (id = 1),  -- public
    cert     $bytes not null,                     -- public: DER
    made_at  bigint not null                      -- public
);
create table identity_signer (
    account  bigint primary key references identity_account (id), -- internal
    cert     $bytes not null,                     -- public: DER
    private  $sealed not null,                    -- secret: PKCS#8, under the installation's key
    made_at  bigint not null                      -- internal
);
