-- Which pack files were loaded, so that `tinhso pack diff` can tell what is new.
create table module_pack (
    pack      text not null,                 -- public
    file      text not null,                 -- public
    kind      text not null,                 -- public
    sha256    text not null,                 -- public: of the file as loaded last
    pack_date text not null,                 -- public: of the pack's manifest
    loaded_at bigint not null,               -- public: UTC, milliseconds
    added     bigint not null,               -- public
    changed   bigint not null,               -- public
    same      bigint not null,               -- public
    refused   bigint not null,               -- public
    primary key (pack, file)
);
