-- Memory for one large load, and the faster compression for its reasons where this PostgreSQL has it. Whoever waits is let
-- in as soon as the loading program is gone, not when its statement has come to an end.
SELECT set_config('statement_timeout', '0', true), set_config('work_mem', '256MB', true),
    set_config('maintenance_work_mem', '512MB', true), set_config('client_connection_check_interval', '1s', true),
    (SELECT set_config(name, 'lz4', true) FROM pg_settings
     WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals))
