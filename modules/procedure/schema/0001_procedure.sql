-- The catalogue: each published version whole; what the province opened; words for the search.
create table procedure (
    id      $id,                             -- public
    version bigint not null,                 -- public
    code    text not null unique             -- public: "1.001193"
);

create table procedure_version (
    id         $id,                          -- public
    procedure  bigint not null references procedure (id), -- public
    valid_from bigint not null,              -- public: day number
    name       text not null,                -- public
    field_code text not null,                -- public
    field_name text not null,                -- public
    record     text not null,                -- public: JSON as published
    sha256     text not null                 -- public
);
create index procedure_version_by_procedure on procedure_version (procedure, valid_from);

create table procedure_opening (
    id         $id,                          -- public
    procedure  bigint not null references procedure (id), -- public
    valid_from bigint not null,              -- public: day number
    settings   text not null,                -- public: JSON: level, form, units, term, fees, steps ...
    sha256     text not null                 -- public
);
create index procedure_opening_by_procedure on procedure_opening (procedure, valid_from);

-- Derived: made again from the versions by `tinhso rebuild`.
create table procedure_word (
    word      text not null,                 -- public: folded
    procedure bigint not null references procedure (id), -- public
    weight    integer not null,              -- public: 4 name, 3 alias, 2 field, 1 rest
    primary key (word, procedure)
);
create table procedure_search (
    procedure bigint not null primary key references procedure (id), -- public
    name      text not null,                 -- public: folded name
    aliases   text not null                  -- public: folded, "|" between and around
);
