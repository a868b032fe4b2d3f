-- Whom the step of a dossier asks, so that a leader's inbox begins with what waits for the signature. Derived, as all of
-- onestop_desk: 1 the counter, 2 who checks and drafts, 3 who approves and signs; 10 and the state while none of them is
-- asked (somebody else's turn, or being signed); 0 ended. It says more than the state did, and takes the place of its index.
alter table onestop_desk add column need integer not null default 0; -- internal
update onestop_desk set need = case when turn = 0 then 0 when turn = 2 then state + 10 when state <> 5 then 1
    when dossier in (select dossier from onestop_result where state = 'trinh') then 3
    when dossier in (select dossier from onestop_result where state = 'da_duyet') then 15 else 2 end;
-- A step that confirms by another right than checking is put right by its next move, or by `tinhso rebuild onestop`.
drop index onestop_desk_of_state;
create index onestop_desk_of_need on onestop_desk (reader, reach, need, due_key, dossier) where turn = 1 and hand = 1;
-- As in 0030_desk_plans.sql.
-- if sqlite
delete from sqlite_stat1 where tbl = 'onestop_desk' and idx = 'onestop_desk_of_state';
insert into sqlite_stat1 (tbl, idx, stat) values ('onestop_desk', 'onestop_desk_of_need', '200000 8000 6000 400 2 1');
-- end
