-- Shared lists of codes: versions with their day, codes with the days they hold, what became of them.
create table codelist_list (
    id       $id,                          -- public
    code     text not null unique,         -- public: "dan-toc"
    title    text not null,                -- public
    title_en text not null,                -- public
    folded   text not null,                -- public: title as a search compares it
    uri      text not null,                -- public
    owner    text not null,                -- public: who decides on it
    about    text not null                 -- public
);

create table codelist_version (
    id         $id,                        -- public
    list       bigint not null references codelist_list (id), -- public
    name       text not null,              -- public: "2025"
    valid_from bigint not null,            -- public: day number
    state      text not null check (state in ('du_thao', 'dang_nap', 'hieu_luc', 'bac')), -- public: draft, being applied, published, rejected
    basis      text not null,              -- public
    source     text not null,              -- public
    body       text not null,              -- public: JSON of a draft; empty once it is published
    at         bigint not null,            -- internal: entered
    decided_by bigint,                     -- internal: account
    decided_at bigint not null,            -- internal: 0 not yet
    added      bigint not null,            -- public: against the version before
    changed    bigint not null,            -- public
    ended      bigint not null             -- public
);
create unique index codelist_version_once on codelist_version (list, name);
create index codelist_version_drafts on codelist_version (id) where state = 'du_thao';

create table codelist_code (
    id         $id,                        -- public
    list       bigint not null references codelist_list (id), -- public
    code       text not null,              -- public
    parent     text not null,              -- public: code above; empty none
    name       text not null,              -- public
    name_en    text not null,              -- public
    folded     text not null,              -- public
    sort       bigint not null,            -- public: as the list has it
    attrs      text not null,              -- public: JSON object
    valid_from bigint not null,            -- public: day number
    valid_to   bigint not null             -- public: day number; 0: open
);
create unique index codelist_code_once on codelist_code (list, code, valid_from);
create index codelist_code_in_order on codelist_code (list, sort, valid_from);
create index codelist_code_below on codelist_code (list, parent, sort);

create table codelist_change (
    id        $id,                         -- public
    list      bigint not null references codelist_list (id), -- public
    on_day    bigint not null,             -- public
    kind      text not null check (kind in ('new', 'retire', 'rename', 'move', 'merge', 'split')), -- public
    from_code text not null,               -- public: empty: new
    to_code   text not null,               -- public: empty: retire
    basis     text not null                -- public
);
create unique index codelist_change_once on codelist_change (list, from_code, to_code, on_day, kind);
create index codelist_change_on on codelist_change (list, on_day);
create index codelist_change_to on codelist_change (list, to_code);

create table codelist_subscription (
    list    bigint not null references codelist_list (id), -- internal
    account bigint not null,               -- internal
    since   bigint not null,               -- internal
    primary key (list, account)
);
