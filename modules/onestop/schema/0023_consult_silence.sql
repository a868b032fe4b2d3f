-- When the silence of an asked agency was reported to whoever asked and to the head of the one-stop.
alter table onestop_consult add column silent_at bigint not null default 0; -- internal: 0 not reported
create index onestop_consult_silent on onestop_consult (due_at, id) where state = 1 and silent_at = 0;
