-- How far the heads of the journal went to the witness outside of the administrator's reach.
create table setup_witness (
    id      integer primary key check (id = 1),  -- public
    sent_at bigint not null                      -- public: when the last head that went was signed
);
