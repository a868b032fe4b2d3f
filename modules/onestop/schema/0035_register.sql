-- The register of numbers answers by itself: whose tree, which area, which dossier. Until now each of its lists read
-- the dossiers of the whole province. They change with the dossier's (onestop_store_follow).
alter table onestop_number add column unit_path text not null default ''; -- internal: of the deciding unit
alter table onestop_number add column area_path text not null default ''; -- internal
alter table onestop_number add column code text not null default ''; -- internal: of the dossier
update onestop_number set
    unit_path = (select d.competent_path from onestop_result r join onestop_dossier d on d.id = r.dossier
        where r.id = onestop_number.result),
    area_path = (select d.area_path from onestop_result r join onestop_dossier d on d.id = r.dossier
        where r.id = onestop_number.result),
    code = (select coalesce(d.code, '') from onestop_result r join onestop_dossier d on d.id = r.dossier
        where r.id = onestop_number.result);
create index onestop_number_by_code on onestop_number (code);
create index onestop_number_by_n on onestop_number (n, year);
-- if postgresql
-- SQLite, which does not know how many rows a tree has, walks in the order of the list.
create index onestop_number_by_path on onestop_number (unit_path, id);
-- end
