-- What became of which area, by which act and from which day; areas are also found by the bare name.
alter table org_area add column bare text not null default ''; -- public: name as a search compares it, without "xã", "phường"
update org_area set bare = case
    when folded like 'thanh pho %' then substr(folded, 11)
    when folded like 'thi tran %' then substr(folded, 10)
    when folded like 'dac khu %' then substr(folded, 9)
    when folded like 'phuong %' then substr(folded, 8)
    when folded like 'tinh %' then substr(folded, 6)
    when folded like 'xa %' then substr(folded, 4)
    else folded end;
create index org_area_by_bare on org_area (bare);
create index org_area_by_path on org_area (path);
create index org_area_unplaced on org_area (id) where path = '';

create table org_area_change (
    id        $id,                         -- public
    on_day    bigint not null,             -- public: day number, the first day of what comes after
    kind      text not null check (kind in ('nhap', 'chia', 'doi_ten', 'doi_ma', 'giai_the')), -- public: chia: only a part went there
    from_area bigint not null references org_area (id), -- public
    to_area   bigint references org_area (id), -- public: null: dissolved; the area itself: another name or code
    was_code  text not null,               -- public: doi_ma: until then; else empty
    was_kind  text not null,               -- public: doi_ten: until then; else empty
    was_name  text not null,               -- public: doi_ten: until then; else empty
    basis     text not null                -- public: the act of law
);
create unique index org_area_change_once on org_area_change (from_area, to_area, on_day, kind);
create index org_area_change_to on org_area_change (to_area, from_area);
create index org_area_change_old_code on org_area_change (was_code) where kind = 'doi_ma';
