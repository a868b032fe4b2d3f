-- What lists and results show of each procedure, so that no record is read for a line. Derived: made
-- again from versions, openings and acts by `tinhso rebuild`.
create table procedure_card (
    procedure  bigint not null primary key references procedure (id), -- public
    code       text not null,                -- public
    name       text not null,                -- public
    sort_key   text not null,                -- public: Vietnamese order of the name
    field_name text not null,                -- public
    publisher  text not null,                -- public
    kind       text not null,                -- public: chuan, dac_thu, noi_bo
    levels     text not null,                -- public: "tinh xa", blanks around each: " tinh xa "
    subjects   text not null,                -- public
    place      text not null,                -- public: the first who executes
    open_from  bigint not null,              -- public: day number; 0: not opened
    level      text not null,                -- public: of the opening
    intake_kind text not null,               -- public: which units take it in
    term_words text not null,                -- public: of the opening, or the only one published
    fee_known  integer not null check (fee_known in (0, 1)), -- public
    fee_dong   bigint not null,              -- public
    free_term  integer not null check (free_term in (0, 1)), -- public: its term is words, and no officer has settled it
    proofread  integer not null check (proofread in (0, 1)), -- public
    ended      integer not null check (ended in (0, 1)) -- public: no longer in the national list
);
create index procedure_card_by_field on procedure_card (field_name, sort_key);
create index procedure_card_by_publisher on procedure_card (publisher, sort_key);
create index procedure_card_by_name on procedure_card (sort_key);
create index procedure_card_by_free_term on procedure_card (free_term, sort_key);
create index procedure_card_by_open on procedure_card (open_from);

-- What the search reads of each candidate: places in lines, the heaviest first: name, aliases with "|"
-- around each, field and code, result and summary; all folded. It takes the place of procedure_search.
drop table procedure_search;
create table procedure_text (
    procedure bigint not null primary key references procedure (id), -- public
    code      text not null,                 -- public
    body      text not null,                 -- public
    open_from bigint not null,               -- public: as on the card
    ended     integer not null check (ended in (0, 1)) -- public
);
