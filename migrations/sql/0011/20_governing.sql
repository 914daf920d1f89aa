-- Who may see and change accounts: the administrators of an area, those of nodes within it; everybody their own.

CREATE FUNCTION viewer_governs() RETURNS ltree[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_agg(area) FROM unnest(NULLIF(current_setting('riskmap.governs', true), '')::ltree[]) AS area
    WHERE nlevel(area) > 0
$$;

ALTER TABLE person ENABLE ROW LEVEL SECURITY;
CREATE POLICY governed ON person USING (
    unit_path <@ ANY ((SELECT viewer_governs())::ltree[]) OR login = (SELECT viewer_person()));
-- Nobody changes their own account here: what a person may change of it has a function of its own.
CREATE POLICY governed_only_insert ON person AS RESTRICTIVE FOR INSERT
    WITH CHECK (unit_path <@ ANY ((SELECT viewer_governs())::ltree[]));
CREATE POLICY governed_only_update ON person AS RESTRICTIVE FOR UPDATE
    USING (login <> (SELECT viewer_person()) AND unit_path <@ ANY ((SELECT viewer_governs())::ltree[]));

-- A firm lies inside an area when every place it is known at does. The owner's eyes: an administrator sees no firm.
CREATE FUNCTION governs_enterprise(enterprise bigint) RETURNS boolean LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM enterprise AS firm WHERE firm.id = enterprise AND cardinality(firm.scope_paths) > 0
        AND NOT EXISTS (SELECT FROM unnest(firm.scope_paths) AS path
                        WHERE NOT path <@ ANY ((SELECT viewer_governs())::ltree[])))
$$;

ALTER TABLE appointment ENABLE ROW LEVEL SECURITY;
CREATE POLICY governed ON appointment USING (EXISTS (SELECT FROM person WHERE person.id = appointment.person_id));
CREATE POLICY governed_only_insert ON appointment AS RESTRICTIVE FOR INSERT WITH CHECK (
    CASE WHEN enterprise_id IS NULL THEN area <@ ANY ((SELECT viewer_governs())::ltree[])
         ELSE governs_enterprise(enterprise_id) END
    AND EXISTS (SELECT FROM person WHERE person.id = person_id AND login <> (SELECT viewer_person())));
CREATE POLICY governed_only_update ON appointment AS RESTRICTIVE FOR UPDATE USING (
    EXISTS (SELECT FROM person WHERE person.id = person_id AND login <> (SELECT viewer_person())
        AND unit_path <@ ANY ((SELECT viewer_governs())::ltree[])));

ALTER TABLE api_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY governed ON api_key USING (EXISTS (SELECT FROM person WHERE person.id = api_key.person_id));
ALTER TABLE api_key_use ENABLE ROW LEVEL SECURITY;
CREATE POLICY governed ON api_key_use USING (EXISTS (SELECT FROM api_key WHERE api_key.id = key_id));
CREATE POLICY own_only ON api_key AS RESTRICTIVE FOR INSERT WITH CHECK (
    EXISTS (SELECT FROM person WHERE person.id = person_id AND login = (SELECT viewer_person())));

-- Another's first password, set by who governs the account; it has to be changed at the first sign-in. Ends their sessions.
CREATE FUNCTION set_first_password(person bigint, hash text) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM person AS one WHERE one.id = person AND one.login IS DISTINCT FROM viewer_person()
            AND one.unit_path <@ ANY (viewer_governs())) THEN
        RETURN false;
    END IF;
    INSERT INTO credential (person_id, password_hash) VALUES (person, hash)
    ON CONFLICT (person_id) DO UPDATE SET password_hash = excluded.password_hash, must_change = true, changed_at = now();
    PERFORM close_sessions_of(person, NULL);
    RETURN true;
END $$;

-- One's own password; the caller has compared the old one. expected: the hash that was compared, so that two changes at
-- once do not both succeed. renewed: the same password under stronger parameters, which is no change.
CREATE FUNCTION set_own_password(wanted text, expected text, hash text, renewed boolean) RETURNS boolean LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH changed AS (
        UPDATE credential SET password_hash = hash, must_change = must_change AND renewed,
            changed_at = CASE WHEN renewed THEN changed_at ELSE now() END
        FROM person
        WHERE person.id = person_id AND login = wanted AND password_hash = expected
        RETURNING 1)
    SELECT EXISTS (SELECT FROM changed)
$$;

DO $$
DECLARE
    app text := current_setting('riskmap.app_role');
    used text;
BEGIN
    EXECUTE format('GRANT SELECT, INSERT (login, name, phone, unit_path, demo), UPDATE (name, phone, closed_at, version)'
                   ' ON person TO %I', app);
    EXECUTE format('GRANT SELECT, INSERT (person_id, role, area, industry, enterprise_id), UPDATE (ended_at, ended_by)'
                   ' ON appointment TO %I', app);
    EXECUTE format('GRANT SELECT (id, person_id, name, prefix, area, created_at, expires_at, revoked_at),'
                   ' INSERT (person_id, name, prefix, key_digest, area, expires_at), UPDATE (revoked_at) ON api_key TO %I', app);
    EXECUTE format('GRANT SELECT ON api_key_use TO %I', app);
    FOREACH used IN ARRAY ARRAY['appointments_of(bigint)', 'resolve_session(bytea, interval)', 'resolve_key(bytea)',
        'credential_of(text)', 'open_session(bigint, bytea, timestamptz, text, text)', 'close_session(bytea)',
        'close_sessions_of(bigint, bytea)', 'sign_in_failures(bytea, text, timestamptz)',
        'note_sign_in_failure(bytea, text, timestamptz)', 'forget_sign_in_failures(bytea, text)',
        'governs_enterprise(bigint)', 'set_first_password(bigint, text)', 'set_own_password(text, text, text, boolean)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', used);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', used, app);
    END LOOP;
END $$;
