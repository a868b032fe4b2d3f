-- Which code of one list stands for which of another.
create table codelist_crosswalk (
    id       $id,                          -- public
    list_a   bigint not null references codelist_list (id), -- public
    code_a   text not null,                -- public
    list_b   bigint not null references codelist_list (id), -- public
    code_b   text not null,                -- public
    relation text not null check (relation in ('exact', 'broader', 'narrower', 'related')), -- public: what b is to a
    basis    text not null                 -- public
);
create unique index codelist_crosswalk_once on codelist_crosswalk (list_a, code_a, list_b, code_b);
create index codelist_crosswalk_back on codelist_crosswalk (list_b, code_b);
