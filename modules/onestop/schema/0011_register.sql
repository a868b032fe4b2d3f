-- Why a reserved number is void: the register shows every number, used or not, with its reason.
create table onestop_number_void (
    number     bigint not null primary key references onestop_number (id), -- internal
    why        text not null check (why in ('tra_lai', 'khong_dung')), -- internal: approval taken back; no result used it
    by_account bigint,                       -- internal: null the program
    at         bigint not null               -- internal
);
create index onestop_number_by_unit on onestop_number (unit, id);
