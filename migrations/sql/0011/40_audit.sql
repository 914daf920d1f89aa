-- Who did what: appended by whoever does it, in the same transaction, and never changed. Writers append plainly; one sealer
-- afterwards puts what was committed into a chain of digests. A chain inside the writers' transactions would make all of
-- them wait for each other.

CREATE TABLE audit_record (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    person text NOT NULL,
    address text,
    request_id text,
    action text NOT NULL CONSTRAINT audit_record_action_given CHECK (action <> ''),
    subject text,
    -- Whom or what it was about; of more than a thousand only how many.
    subject_ids bigint[],
    subject_count integer NOT NULL DEFAULT 0,
    -- The rows before and after, of up to twenty; more are in the history, by their time and person.
    before jsonb,
    after jsonb,
    details jsonb,
    -- Where it belongs: its auditors are those of these areas.
    areas ltree[] NOT NULL CONSTRAINT audit_record_somewhere CHECK (cardinality(areas) > 0)
);
CREATE INDEX audit_record_at ON audit_record (at, id);
CREATE INDEX audit_record_person ON audit_record (person, id);
CREATE INDEX audit_record_subject ON audit_record (subject, id);
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON audit_record FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit_record FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The chain: position by position, each digest over the one before and the record. And what waits for it.
CREATE TABLE audit_chain (
    position bigint PRIMARY KEY,
    record_id bigint NOT NULL UNIQUE,
    digest bytea NOT NULL CONSTRAINT audit_chain_sha256 CHECK (length(digest) = 32),
    sealed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON audit_chain FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TABLE audit_unsealed (record_id bigint PRIMARY KEY);

CREATE FUNCTION audit_wait_for_seal() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_unsealed SELECT id FROM come;
    RETURN NULL;
END $$;
CREATE TRIGGER wait_for_seal AFTER INSERT ON audit_record
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION audit_wait_for_seal();

-- What a digest is taken over: every column, in a form that does not depend on a session's settings.
CREATE FUNCTION audit_text(record audit_record) RETURNS text LANGUAGE sql STABLE
SET timezone = 'UTC' SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_array(record.id, record.at, record.person, record.address, record.request_id, record.action,
        record.subject, to_jsonb(record.subject_ids), record.subject_count, record.before, record.after, record.details,
        record.areas::text)::text
$$;

-- Seals what was committed, one sealer at a time; the others go home. Gives how many.
CREATE FUNCTION audit_seal(most integer) RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last audit_chain;
    sealed integer := 0;
    one audit_record;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('audit_seal')) THEN RETURN 0; END IF;
    SELECT * INTO last FROM audit_chain ORDER BY position DESC LIMIT 1;
    FOR one IN SELECT record.* FROM audit_unsealed JOIN audit_record AS record ON record.id = record_id
               ORDER BY record.id LIMIT most LOOP
        last.position := COALESCE(last.position, 0) + 1;
        last.digest := sha256(COALESCE(last.digest, '') || convert_to(audit_text(one), 'UTF8'));
        INSERT INTO audit_chain (position, record_id, digest) VALUES (last.position, one.id, last.digest);
        DELETE FROM audit_unsealed WHERE record_id = one.id;
        sealed := sealed + 1;
    END LOOP;
    RETURN sealed;
END $$;

-- A record of something that is no change of a row: a sign-in, an export, a look at protected fields.
CREATE FUNCTION audit_note(action text, subject text, ids bigint[], details jsonb, areas ltree[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO audit_record (person, address, request_id, action, subject, subject_ids, subject_count, details, areas)
    SELECT COALESCE(viewer_person(), ''), NULLIF(current_setting('riskmap.address', true), ''),
        NULLIF(current_setting('riskmap.request_id', true), ''), action, subject,
        CASE WHEN cardinality(ids) <= 1000 THEN ids END, COALESCE(cardinality(ids), 0), details,
        CASE WHEN cardinality(areas) > 0 THEN areas
             ELSE COALESCE((SELECT ARRAY[unit_path] FROM person WHERE login = viewer_person()), '{cn}') END
$$;

-- What is shown of a row: no search words, no digests, and of a telephone its last two digits.
CREATE FUNCTION audit_view(stored jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT (stored - ARRAY['search', 'industry_scopes', 'scope_paths', 'key_digest', 'password_hash', 'x5', 'y5', 'accidents',
                        'initials'])
        || CASE WHEN stored ->> 'phone' IS NULL THEN '{}' ELSE jsonb_build_object('phone', '…' || right(stored ->> 'phone', 2)) END
        || CASE WHEN stored ? 'enterprise_id' AND stored ? 'phone' AND stored ->> 'name' IS NOT NULL
                THEN jsonb_build_object('name', left(stored ->> 'name', 1) || '…') ELSE '{}' END
$$;

-- One record a statement. Which columns say where a row belongs differs: both paths, a firm's places, a person's unit.
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    change text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT come.* FROM come'
        WHEN 'DELETE' THEN 'SELECT gone.* FROM gone'
        ELSE 'SELECT gone.* FROM gone UNION ALL SELECT come.* FROM come' END;
    side text := CASE TG_OP WHEN 'DELETE' THEN 'gone' ELSE 'come' END;
    found bigint;
    made audit_record;
BEGIN
    EXECUTE format('SELECT count(*) FROM %s', side) INTO found;
    IF found = 0 THEN RETURN NULL; END IF;
    EXECUTE format('SELECT array_agg(DISTINCT path) FROM (%s) AS change, LATERAL (%s) AS place (path) WHERE path IS NOT NULL',
        change, CASE
            WHEN TG_TABLE_NAME = 'enterprise' THEN 'SELECT unnest(change.scope_paths)'
            WHEN TG_TABLE_NAME = 'person' THEN 'SELECT change.unit_path'
            WHEN TG_TABLE_NAME IN ('appointment', 'api_key', 'credential')
                THEN 'SELECT unit_path FROM person WHERE person.id = change.person_id'
            ELSE 'VALUES (change.located_in_path), (change.managed_by_path)' END) INTO made.areas;
    IF found <= 1000 THEN
        EXECUTE format('SELECT array_agg(%1$I ORDER BY %1$I) FROM %2$s', TG_ARGV[0], side) INTO made.subject_ids;
    END IF;
    IF found <= 20 THEN
        IF TG_OP <> 'INSERT' THEN EXECUTE 'SELECT jsonb_agg(audit_view(to_jsonb(gone))) FROM gone' INTO made.before; END IF;
        IF TG_OP <> 'DELETE' THEN EXECUTE 'SELECT jsonb_agg(audit_view(to_jsonb(come))) FROM come' INTO made.after; END IF;
    END IF;
    INSERT INTO audit_record (person, address, request_id, action, subject, subject_ids, subject_count, before, after, areas)
    VALUES (current_writer(), NULLIF(current_setting('riskmap.address', true), ''),
        NULLIF(current_setting('riskmap.request_id', true), ''), lower(TG_OP), TG_TABLE_NAME, made.subject_ids, found,
        made.before, made.after, COALESCE(made.areas, '{cn}'));
    RETURN NULL;
END $$;

CREATE FUNCTION viewer_audits() RETURNS ltree[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT array_agg(area) FROM unnest(NULLIF(current_setting('riskmap.audits', true), '')::ltree[]) AS area
    WHERE nlevel(area) > 0
$$;

ALTER TABLE audit_record ENABLE ROW LEVEL SECURITY;
CREATE POLICY audited ON audit_record FOR SELECT USING (
    areas <@ ANY ((SELECT viewer_audits())::ltree[]));

DO $$
DECLARE
    app text := current_setting('riskmap.app_role');
    target text;
    event text;
BEGIN
    FOREACH target IN ARRAY ARRAY['enterprise', 'site', 'site_contact', 'risk_point', 'risk_event', 'measure', 'assessment',
                                  'aggravation', 'person', 'appointment', 'api_key', 'credential'] LOOP
        FOREACH event IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            EXECUTE format('CREATE TRIGGER audit_%s AFTER %s ON %I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION audit_change(%L)',
                lower(event), event, target,
                CASE event WHEN 'INSERT' THEN 'NEW TABLE AS come' WHEN 'DELETE' THEN 'OLD TABLE AS gone'
                     ELSE 'OLD TABLE AS gone NEW TABLE AS come' END,
                CASE target WHEN 'credential' THEN 'person_id' WHEN 'aggravation' THEN 'risk_point_id' ELSE 'id' END);
        END LOOP;
    END LOOP;
    EXECUTE format('GRANT SELECT ON audit_record, audit_chain TO %I', app);
    EXECUTE format('GRANT EXECUTE ON FUNCTION audit_note(text, text, bigint[], jsonb, ltree[]), audit_seal(integer) TO %I', app);
    REVOKE ALL ON FUNCTION audit_change(), audit_wait_for_seal() FROM PUBLIC;
END $$;
