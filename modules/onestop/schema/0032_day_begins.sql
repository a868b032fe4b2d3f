-- From when a closed book of a day holds what was done: after a day of rest it begins where the last working day's
-- ended. Books that were closed before began where the day before ended, and stay so.
alter table onestop_day_close add column begins_at bigint not null default 0; -- internal: UTC, milliseconds
update onestop_day_close set begins_at = coalesce((select min(before.closed_at) from onestop_day_close before
    where before.unit = onestop_day_close.unit and before.day = onestop_day_close.day - 1 and before.reopened_at = 0
    and before.closed_at < onestop_day_close.day * 86400000 - 25200000), day * 86400000 - 25200000);
