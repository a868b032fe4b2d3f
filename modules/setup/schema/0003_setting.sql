-- Settings that an administrator states on a page; what tinhso.conf, the environment or the command
-- line state wins over them.
create table setup_setting (
    name   text primary key,                     -- public: "smtp.url"
    value  $sealed not null,                     -- secret: under the installation's key
    set_at bigint not null,                      -- internal: UTC, milliseconds
    set_by bigint                                -- internal: account; null: the program
);
