-- Working time: sessions by weekday, and days that differ. unit null: the whole country.
create table calendar_session (
    id          $id,                         -- public
    unit        bigint references org_unit (id), -- public
    weekday     integer not null check (weekday between 0 and 6), -- public: 0 Sunday
    from_minute integer not null check (from_minute between 0 and 1440), -- public: of the local day
    to_minute   integer not null check (to_minute between 0 and 1440), -- public
    valid_from  bigint not null,             -- public: day number
    valid_to    bigint not null,             -- public: day number; 0: open
    check (from_minute < to_minute)
);
create index calendar_session_by_unit on calendar_session (unit);

create table calendar_day (
    id     $id,                              -- public
    unit   bigint references org_unit (id),  -- public
    day    bigint not null,                  -- public: day number
    kind   text not null check (kind in ('holiday', 'makeup', 'extra_open')), -- public
    note   text not null,                    -- public: "Giỗ Tổ Hùng Vương"
    basis  text not null                     -- public: the notice that sets it
);
create index calendar_day_by_day on calendar_day (day);
