-- Views of lists that people keep under a name.
create table view_item (
    id      $id,                    -- internal
    code    text not null unique,   -- internal: random, in addresses
    account bigint not null,        -- internal: whose, and nobody else's
    list    text not null,          -- internal: "viec"
    path    text not null,          -- internal: "/viec"
    title   $sealed not null,       -- personal: as they named it
    query   $sealed not null,       -- personal: may hold a name somebody searched for
    at      bigint not null         -- internal
);
create index view_item_of on view_item (account, list, id);
