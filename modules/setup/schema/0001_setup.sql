-- Spreadsheets of units and officers that an administrator brings in.
create table setup_import (
    id       $id,                                -- internal
    version  bigint not null,                    -- internal
    kind     text not null check (kind in ('don-vi', 'can-bo')), -- internal
    file     bigint not null,                    -- internal: the spreadsheet, sealed under its bringer's key
    made_at  bigint not null,                    -- internal: UTC, milliseconds
    made_by  bigint not null,                    -- internal: account
    unit     bigint not null,                    -- internal: where the bringer acted; rows lie at or below it
    state    text not null check (state in ('cho', 'dang-nhap', 'xong')), -- internal
    wanted   bigint not null default 0,          -- internal: rows to bring in, once that began
    applied  bigint not null default 0           -- internal: rows that are in
);
create index setup_import_by_maker on setup_import (made_by, id);
