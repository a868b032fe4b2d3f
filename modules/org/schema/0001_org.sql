-- Areas and agencies: dated trees of any depth, with the names they had before.
create table org_area (
    id          $id,                         -- public
    version     bigint not null,             -- public
    parent      bigint references org_area (id), -- public
    path        text not null,               -- public: ids from the root, "/1/7/"
    code        text not null,               -- public: official code of the list, "20", "06187"
    kind        text not null,               -- public: tinh, thanh_pho, phuong, xa, dac_khu, ...
    name        text not null,               -- public
    folded      text not null,               -- public: name as a search compares it
    valid_from  bigint not null,             -- public: day number
    valid_to    bigint not null              -- public: day number; 0: open
);
create unique index org_area_by_code on org_area (code, valid_from);
create index org_area_by_parent on org_area (parent, folded);

create table org_area_alias (
    id      $id,                             -- public
    area    bigint not null references org_area (id), -- public
    name    text not null,                   -- public: a name it had, or of a place now inside it
    folded  text not null                    -- public
);
create unique index org_area_alias_once on org_area_alias (area, folded);

create table org_unit (
    id           $id,                        -- public
    version      bigint not null,            -- public
    parent       bigint references org_unit (id), -- public
    area         bigint references org_area (id), -- public
    path         text not null,              -- public
    code         text not null,              -- public: agency identifier, "H37.114"
    dossier_code text not null,              -- public: what its dossier codes begin with
    kind         text not null,              -- public: ubnd_tinh, ubnd_xa, ttpvhcc_xa, ...
    name         text not null,              -- public
    short_name   text not null,              -- public
    address      text not null,              -- public
    phone        text not null,              -- public
    email        text not null,              -- public
    valid_from   bigint not null,            -- public: day number
    valid_to     bigint not null             -- public: day number; 0: open
);
create unique index org_unit_by_code on org_unit (code, valid_from);
create index org_unit_by_parent on org_unit (parent);
create index org_unit_by_kind on org_unit (kind, area);
