-- Long work that somebody asked for: what it is, how far it is, what came of it. Kept some days.
create table work_item (
    id        $id,                     -- internal
    code      text not null unique,    -- internal: random, in addresses
    account   bigint not null,         -- internal: who asked, and alone may see it
    unit      bigint not null,         -- internal: in which unit; 0 none
    job       text not null,           -- internal: kind of the job that does it
    title     text not null,           -- internal: "Xuất danh sách việc"
    ask       text not null,           -- internal: JSON of what is wanted; no personal data
    lang      text not null,           -- internal
    state     integer not null check (state between 1 and 5), -- internal
    done      bigint not null,         -- internal
    total     bigint not null,         -- internal: 0 not known
    stop      integer not null check (stop in (0, 1)), -- internal: somebody wants it to end
    why       text not null,           -- internal: a sentence, when it failed
    file      bigint,                  -- internal: what came of it
    file_name text not null,           -- internal
    file_type text not null,           -- internal
    asked_at  bigint not null,         -- internal
    ended_at  bigint not null          -- internal: 0 not yet
);
create index work_item_by_account on work_item (account, id);
create index work_item_ended on work_item (ended_at) where ended_at > 0;
