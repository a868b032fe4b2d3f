-- The day book of a counter is closed: what comes later stands in the book of the next day. Opened
-- again only with a reason; every closing stays to be read.
create table onestop_day_close (
    id          $id,                         -- internal
    unit        bigint not null references org_unit (id), -- internal: the counter
    day         bigint not null,             -- internal: day number
    closed_at   bigint not null,             -- internal
    closed_by   bigint not null,             -- internal: account
    accepted    bigint not null,             -- internal: the figures as they were closed
    returned    bigint not null,             -- internal
    receipts    bigint not null,             -- internal
    dong        bigint not null,             -- internal
    reopened_at bigint not null default 0,   -- internal: 0 it is closed
    reopened_by bigint,                      -- internal: account
    reason      text not null default ''     -- internal: why it was opened again; people are asked to name nobody
);
create unique index onestop_day_closed on onestop_day_close (unit, day) where reopened_at = 0;
create index onestop_day_close_of on onestop_day_close (unit, day, id);
