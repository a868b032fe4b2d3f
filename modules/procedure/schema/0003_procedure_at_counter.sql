-- Which opened procedures a kind of unit takes in, in the order its counter shows them.
-- Derived: made again from the openings by `tinhso rebuild`.
create table procedure_at_counter (
    intake_kind text not null,               -- public
    place       integer not null,            -- public: lower first
    procedure   bigint not null unique references procedure (id), -- public
    primary key (intake_kind, place, procedure)
);
