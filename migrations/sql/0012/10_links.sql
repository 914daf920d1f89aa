-- A link is a key for one address and what lies below it. It names its person, whose scope is looked up at each use.
ALTER TABLE api_key ADD COLUMN address text
    CONSTRAINT api_key_address_of_rows CHECK (address ~ '^/(api|tiles|ogc)/[^?#]*[^/?#]$' AND length(address) <= 300);
-- Most keys read, and nothing else; one of somebody who writes may write where they do, if it was made so.
ALTER TABLE api_key ADD COLUMN writes boolean NOT NULL DEFAULT false
    CONSTRAINT api_key_link_reads CHECK (NOT (writes AND address IS NOT NULL));

DROP FUNCTION resolve_key(bytea);
CREATE FUNCTION resolve_key(digest bytea)
RETURNS TABLE (person_id bigint, login text, name text, key_id bigint, area text, address text, writes boolean,
    appointments jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    found api_key;
BEGIN
    SELECT * INTO found FROM api_key WHERE key_digest = digest;
    IF found.id IS NULL OR found.revoked_at IS NOT NULL OR found.expires_at <= now() THEN RETURN; END IF;
    INSERT INTO api_key_use (key_id) VALUES (found.id)
    ON CONFLICT (key_id) DO UPDATE SET used_at = now() WHERE api_key_use.used_at < now() - interval '1 minute';
    RETURN QUERY SELECT person.id, person.login, person.name, found.id, found.area::text, found.address, found.writes,
        appointments_of(person.id)
    FROM person WHERE person.id = found.person_id AND person.closed_at IS NULL;
END $$;

DO $$
DECLARE
    app text := current_setting('riskmap.app_role');
BEGIN
    EXECUTE format('GRANT SELECT (address, writes), INSERT (address, writes) ON api_key TO %I', app);
    REVOKE ALL ON FUNCTION resolve_key(bytea) FROM PUBLIC;
    EXECUTE format('GRANT EXECUTE ON FUNCTION resolve_key(bytea) TO %I', app);
END $$;
