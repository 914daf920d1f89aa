-- What was recorded when. A closed version of a row is appended here with the moment it stopped being the record and who
-- ended it; the open version is the row itself. Scope columns come along, so a past row is as protected as a present one.
-- New columns of a table must be added at the end of its history too: rows are copied by position.

CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- A version born and replaced inside one transaction was never the record.
    EXECUTE format('INSERT INTO %I SELECT recorded_after(gone.recorded_from), %L, current_writer(), gone.*'
                   ' FROM gone WHERE gone.recorded_from <> now()', TG_TABLE_NAME || '_history', lower(TG_OP));
    RETURN NULL;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is only added to' USING ERRCODE = 'RM006';
END $$;

CREATE FUNCTION keep_history_of(target regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    history text := target::text || '_history';
BEGIN
    EXECUTE format('CREATE TABLE %I (recorded_to timestamptz NOT NULL, change text NOT NULL, closed_by text NOT NULL, LIKE %s)', history, target);
    EXECUTE format('CREATE INDEX ON %I (id, recorded_to)', history);
    EXECUTE format('CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', history);
    EXECUTE format('CREATE TRIGGER history_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION keep_history()', target);
    EXECUTE format('CREATE TRIGGER history_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION keep_history()', target);
END $$;
REVOKE ALL ON FUNCTION keep_history_of(regclass) FROM PUBLIC;

SELECT keep_history_of('enterprise');
SELECT keep_history_of('site');
SELECT keep_history_of('risk_point');
SELECT keep_history_of('risk_event');
SELECT keep_history_of('measure');
