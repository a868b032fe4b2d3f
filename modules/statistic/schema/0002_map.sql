-- Boundaries as packs bring them: one picture a province, one path a commune. Records, not derived.
create table statistic_map (
    province text primary key,               -- public: code of the area
    width    bigint not null,                -- public: of the view box
    height   bigint not null,                -- public
    source   text not null,                  -- public
    sha256   text not null                   -- public: of the file it came from
);
create table statistic_map_area (
    province text not null references statistic_map (province), -- public
    area     text not null,                  -- public: code of the commune
    path     text not null,                  -- public: SVG path
    primary key (province, area)
);
