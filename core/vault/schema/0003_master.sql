-- Generations of the master key by which subject keys are wrapped; one that retired has no row.
create table vault_master (
    id         bigint primary key,            -- internal: 1 is keys/master.key, 2 is keys/master-2.key
    print      text not null,                 -- internal: names the key and tells nothing of it
    made_at    bigint not null,               -- internal: UTC, milliseconds
    used_at    bigint not null default 0      -- internal: since when new keys are wrapped by it; 0: not yet
);

alter table vault_subject add column generation bigint; -- internal: of the master key; null: the first, or erased
-- SQLite has one writer. On PostgreSQL the database itself lets none retire by which something is
-- wrapped, on whichever node.
-- if postgresql
alter table vault_subject
    add constraint vault_subject_generation foreign key (generation) references vault_master (id);
-- end

-- PostgreSQL: nodes that live, and up to which generation each has the keys.
create table vault_node (
    node       text primary key,              -- internal: this life of a process
    holds      bigint not null,               -- internal: the newest generation that it has
    seen_at    bigint not null                -- internal: UTC, milliseconds
);
