-- People, what they are appointed to, how they prove who they are. Secrets stand in tables that the app role cannot read:
-- it asks functions, each of which answers for the one secret it is given.

-- A login is never given to a second person: changed_by and the audit name people by it. An account that ended is closed.
CREATE TABLE person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text COLLATE "C" NOT NULL UNIQUE CONSTRAINT person_login_shape CHECK (login ~ '^[a-z0-9][a-z0-9._-]{1,39}$'),
    name text NOT NULL CONSTRAINT person_name_given CHECK (name <> ''),
    phone text,
    -- The node whose administrators keep the account.
    unit_path ltree NOT NULL,
    demo boolean NOT NULL DEFAULT false,
    closed_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL DEFAULT current_writer(),
    version integer NOT NULL DEFAULT 1
);
CREATE INDEX person_unit ON person USING gist (unit_path);

-- One thing a person is appointed to do in one place: (area, industry) is a pair and never two lists. Ended, not deleted.
CREATE TABLE appointment (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person,
    role text NOT NULL CONSTRAINT appointment_role_known CHECK (role IN ('regulator', 'department', 'inspector', 'officer',
        'worker', 'analyst', 'auditor', 'administrator')),
    area ltree CONSTRAINT appointment_area_given CHECK (nlevel(area) > 0),
    industry text,
    enterprise_id bigint REFERENCES enterprise,
    granted_at timestamptz NOT NULL DEFAULT now(),
    granted_by text NOT NULL DEFAULT current_writer(),
    ended_at timestamptz,
    ended_by text,
    CONSTRAINT appointment_whole CHECK (
        CASE WHEN role IN ('officer', 'worker') THEN enterprise_id IS NOT NULL AND area IS NULL AND industry IS NULL
             ELSE enterprise_id IS NULL AND area IS NOT NULL AND (industry IS NOT NULL) <= (role IN ('department', 'analyst')) END
        AND (role <> 'department' OR industry IS NOT NULL)),
    CONSTRAINT appointment_end_whole CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE UNIQUE INDEX appointment_once ON appointment (person_id, role, area, industry, enterprise_id) NULLS NOT DISTINCT
    WHERE ended_at IS NULL;

CREATE TABLE credential (
    person_id bigint PRIMARY KEY REFERENCES person,
    password_hash text NOT NULL,
    must_change boolean NOT NULL DEFAULT true,
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- A session is known by the digest of its token: who reads the table cannot sign in with what it holds.
CREATE TABLE sign_in_session (
    token_digest bytea PRIMARY KEY CONSTRAINT sign_in_session_sha256 CHECK (length(token_digest) = 32),
    person_id bigint NOT NULL REFERENCES person,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ends_at timestamptz NOT NULL,
    address text,
    agent text
);
CREATE INDEX sign_in_session_person ON sign_in_session (person_id);

-- A key reads, and nothing else; with an area of its own it sees no more than lies in it.
CREATE TABLE api_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id bigint NOT NULL REFERENCES person,
    name text NOT NULL CONSTRAINT api_key_name_given CHECK (name <> ''),
    prefix text NOT NULL,
    key_digest bytea NOT NULL UNIQUE CONSTRAINT api_key_sha256 CHECK (length(key_digest) = 32),
    area ltree CONSTRAINT api_key_area_given CHECK (nlevel(area) > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX api_key_person ON api_key (person_id);
-- Apart, because using a key is no change of it.
CREATE TABLE api_key_use (
    key_id bigint PRIMARY KEY REFERENCES api_key ON DELETE CASCADE,
    used_at timestamptz NOT NULL DEFAULT now()
);

-- Failed sign-ins, by name and by address: who guesses waits, and nobody else (service/accounts/rules.py).
CREATE TABLE sign_in_failure (
    login_digest bytea NOT NULL,
    address text NOT NULL,
    failed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_in_failure_pair ON sign_in_failure (login_digest, address, failed_at);
CREATE INDEX sign_in_failure_address ON sign_in_failure (address, failed_at);

-- What a person may do today, as the service puts it into a Viewer.
CREATE FUNCTION appointments_of(person bigint) RETURNS jsonb LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT COALESCE(jsonb_agg(jsonb_build_object('role', role, 'area', area::text, 'industry', industry,
        'enterprise', enterprise_id, 'homes', COALESCE(firm.scope_paths, '{}')::text[]) ORDER BY appointment.id), '[]')
    FROM appointment LEFT JOIN enterprise AS firm ON firm.id = enterprise_id
    WHERE person_id = person AND ended_at IS NULL
$$;

-- Who a session's token belongs to, once it was found neither ended nor idle; its last use is noted to the minute.
CREATE FUNCTION resolve_session(digest bytea, idle interval)
RETURNS TABLE (person_id bigint, login text, name text, must_change boolean, started_at timestamptz, appointments jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    found sign_in_session;
BEGIN
    SELECT * INTO found FROM sign_in_session WHERE token_digest = digest;
    IF found.person_id IS NULL OR found.ends_at <= now() OR found.seen_at + idle <= now() THEN RETURN; END IF;
    IF found.seen_at < now() - interval '1 minute' THEN
        UPDATE sign_in_session SET seen_at = now() WHERE token_digest = digest;
    END IF;
    RETURN QUERY SELECT person.id, person.login, person.name, COALESCE(credential.must_change, false), found.started_at,
        appointments_of(person.id)
    FROM person LEFT JOIN credential ON credential.person_id = person.id
    WHERE person.id = found.person_id AND person.closed_at IS NULL;
END $$;

CREATE FUNCTION resolve_key(digest bytea)
RETURNS TABLE (person_id bigint, login text, name text, key_id bigint, area text, appointments jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    found api_key;
BEGIN
    SELECT * INTO found FROM api_key WHERE key_digest = digest;
    IF found.id IS NULL OR found.revoked_at IS NOT NULL OR found.expires_at <= now() THEN RETURN; END IF;
    INSERT INTO api_key_use (key_id) VALUES (found.id)
    ON CONFLICT (key_id) DO UPDATE SET used_at = now() WHERE api_key_use.used_at < now() - interval '1 minute';
    RETURN QUERY SELECT person.id, person.login, person.name, found.id, found.area::text, appointments_of(person.id)
    FROM person WHERE person.id = found.person_id AND person.closed_at IS NULL;
END $$;

-- The one secret of the one login; nobody's where there is no such login, or it was closed.
CREATE FUNCTION credential_of(wanted text) RETURNS TABLE (person_id bigint, password_hash text, must_change boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT person.id, credential.password_hash, credential.must_change
    FROM person JOIN credential ON credential.person_id = person.id WHERE login = wanted AND closed_at IS NULL
$$;

CREATE FUNCTION open_session(person bigint, digest bytea, ends timestamptz, address text, agent text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM sign_in_session WHERE ends_at <= now();
    INSERT INTO sign_in_session (token_digest, person_id, ends_at, address, agent)
    VALUES (digest, person, ends, left(address, 60), left(agent, 200));
$$;

-- Ends one session, or all of a person's but one.
CREATE FUNCTION close_session(digest bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM sign_in_session WHERE token_digest = digest
$$;
CREATE FUNCTION close_sessions_of(person bigint, but bytea) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH closed AS (
        DELETE FROM sign_in_session WHERE person_id = person AND token_digest IS DISTINCT FROM but RETURNING 1)
    SELECT count(*) FROM closed
$$;

-- How many guesses came lately, and when the last: of this login from this address, and from this address at all.
CREATE FUNCTION sign_in_failures(digest bytea, from_address text, since timestamptz)
RETURNS TABLE (of_pair bigint, pair_last timestamptz, of_address bigint, address_last timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FILTER (WHERE login_digest = digest), max(failed_at) FILTER (WHERE login_digest = digest),
        count(*), max(failed_at)
    FROM sign_in_failure WHERE address = from_address AND failed_at > since
$$;
CREATE FUNCTION note_sign_in_failure(digest bytea, from_address text, since timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM sign_in_failure WHERE failed_at <= since;
    INSERT INTO sign_in_failure (login_digest, address) VALUES (digest, from_address);
$$;
CREATE FUNCTION forget_sign_in_failures(digest bytea, from_address text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM sign_in_failure WHERE login_digest = digest AND address = from_address
$$;
