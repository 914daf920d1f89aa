-- An open map asks for news every minute. Such questions read what the session may read, and are no use of it: a screen that
-- nobody touches would else never be signed out (GB/T 22239-2019, 8.1.4.1 b: a connection ends by itself when nobody uses it).
DROP FUNCTION resolve_session(bytea, interval);

CREATE FUNCTION resolve_session(digest bytea, idle interval, used boolean)
RETURNS TABLE (person_id bigint, login text, name text, must_change boolean, started_at timestamptz, appointments jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    found sign_in_session;
BEGIN
    SELECT * INTO found FROM sign_in_session WHERE token_digest = digest;
    IF found.person_id IS NULL OR found.ends_at <= now() OR found.seen_at + idle <= now() THEN RETURN; END IF;
    IF used AND found.seen_at < now() - interval '1 minute' THEN
        UPDATE sign_in_session SET seen_at = now() WHERE token_digest = digest;
    END IF;
    RETURN QUERY SELECT person.id, person.login, person.name, COALESCE(credential.must_change, false), found.started_at,
        appointments_of(person.id)
    FROM person LEFT JOIN credential ON credential.person_id = person.id
    WHERE person.id = found.person_id AND person.closed_at IS NULL;
END $$;

DO $$
DECLARE
    app text := current_setting('riskmap.app_role');
BEGIN
    REVOKE ALL ON FUNCTION resolve_session(bytea, interval, boolean) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION resolve_session(bytea, interval, boolean) TO %I', app);
END $$;
