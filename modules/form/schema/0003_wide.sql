-- A paper whose long side lies: registers.
alter table form_template add column wide integer not null default 0; -- public: 1 it lies
