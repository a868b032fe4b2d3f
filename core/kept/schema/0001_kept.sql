-- How often what stands behind a name has changed. `$moves NAME TABLE;` in a schema makes the triggers.
create table kept_moves ( -- internal
    name text primary key,      -- internal
    n    bigint not null        -- internal: grows with every change
);
-- if postgresql
create function kept_moved() returns trigger language plpgsql as $body$
begin
    -- Once a transaction: a bulk load would make a version of the row for each of its statements.
    if current_setting('kept.' || tg_argv[0], true) is distinct from pg_current_xact_id()::text then
        update kept_moves set n = n + 1 where name = tg_argv[0];
        perform set_config('kept.' || tg_argv[0], pg_current_xact_id()::text, true);
    end if;
    return null;
end $body$;
-- end
