-- What a million new rows cost, row by row.

-- As in 0004, and the same pairs: a character is taken from an array, not counted off from the beginning of the words for each
-- pair. A pair that comes twice is named twice: the index keeps it once anyway, and looking for doubles took a third of the time.
CREATE OR REPLACE FUNCTION bigrams(words text) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(hashtext(former || latter)), '{}')
    FROM (SELECT unnest(string_to_array(words, NULL)) AS former, unnest((string_to_array(words, NULL))[2:]) AS latter) AS pair
    WHERE latter IS NOT NULL
$$;

-- A measure belongs to the point of its event: one key says both, where two were checked for each measure and neither
-- said that they agree.
ALTER TABLE risk_event ADD CONSTRAINT risk_event_of_point UNIQUE (id, risk_point_id);
ALTER TABLE measure ADD CONSTRAINT measure_of_event FOREIGN KEY (risk_event_id, risk_point_id)
    REFERENCES risk_event (id, risk_point_id) ON DELETE CASCADE;
ALTER TABLE measure DROP CONSTRAINT measure_risk_point_id_fkey, DROP CONSTRAINT measure_risk_event_id_fkey;

-- The functions of 0006, with two differences: measures and assessments are staged without an index, which nothing looks
-- them up by, and rows are written in the order in which they are joined: sorting them by their place in the file went
-- over the disk.
CREATE OR REPLACE FUNCTION risk_points_stage() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    CREATE TEMPORARY TABLE staged_risk_point (
        item integer PRIMARY KEY,
        id bigint,
        event_id bigint,
        changed boolean NOT NULL,
        settled boolean NOT NULL DEFAULT false,
        measures integer,
        enterprise_id bigint,
        site_id bigint,
        number text NOT NULL,
        name text NOT NULL,
        place text NOT NULL,
        geom geometry(Geometry, 4490),
        source_datum text,
        source_x text,
        source_y text,
        located_in_id bigint NOT NULL,
        located_stated boolean NOT NULL,
        managed_by_id bigint NOT NULL,
        managed_reason text,
        own_industries text[],
        control_level text,
        accident_edition text,
        accident_categories text[] NOT NULL,
        exposed_workers integer,
        demo boolean NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE staged_event (
        item integer PRIMARY KEY,
        name text,
        accident_edition text,
        accident_categories text[] NOT NULL,
        consequence text NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE staged_measure (
        item integer NOT NULL,
        sort integer NOT NULL,
        id bigint,
        kind text,
        description text NOT NULL,
        control_level text,
        unit text NOT NULL,
        person text NOT NULL
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE staged_assessment (
        item integer NOT NULL,
        basis text NOT NULL,
        method_id text NOT NULL,
        method_version text NOT NULL,
        inputs jsonb NOT NULL,
        score numeric,
        grade smallint NOT NULL,
        reasons jsonb NOT NULL,
        override_from smallint,
        override_reason text,
        assessor text NOT NULL,
        assessed_on date NOT NULL,
        next_review date
    ) ON COMMIT DROP;
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON staged_risk_point, staged_event, staged_measure, staged_assessment'
                   ' TO %I', session_user);
END $$;

-- What hangs on a point is written by its owner, whom row security does not bind: each row is held against the viewer's
-- scope while it is written, where the points were looked at anew before each table.
CREATE FUNCTION refuse_unseen_point() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'not within the scope of the viewer' USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION refuse_unseen_point() FROM PUBLIC;

-- A new point is given its event's id together with its own: the staging is changed once, not twice.
CREATE OR REPLACE FUNCTION risk_points_insert_settled() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM risk_points_staged(), set_config('riskmap.settled', 'on', true);
    UPDATE staged_risk_point AS staged SET id = nextval('risk_point_id_seq'), settled = true, event_id = (
        SELECT nextval('risk_event_id_seq') FROM staged_event AS event WHERE event.item = staged.item AND event.name IS NOT NULL)
    WHERE id IS NULL AND (geom IS NULL OR GeometryType(geom) = 'POINT');
    WITH placed AS MATERIALIZED (
        SELECT staged.*, COALESCE(staged.geom, host.geom) AS anchor,
            CASE WHEN staged.geom IS NOT NULL THEN 'own' WHEN host.geom IS NOT NULL THEN 'inherited' ELSE 'none' END AS position,
            CASE WHEN inherits.yes THEN host.located_in_id ELSE staged.located_in_id END AS lies_in_id,
            CASE WHEN inherits.yes THEN host.located_stated ELSE staged.located_stated END AS is_stated,
            CASE WHEN inherits.yes AND staged.managed_reason IS NULL THEN host.managed_by_id ELSE staged.managed_by_id END
                AS manager_id,
            COALESCE(staged.own_industries, firm.industries, '{}') AS industries, firm.search AS firm_words
        FROM staged_risk_point AS staged
        LEFT JOIN enterprise AS firm ON firm.id = staged.enterprise_id
        LEFT JOIN site AS host ON host.id = staged.site_id
        CROSS JOIN LATERAL (SELECT staged.geom IS NULL AND host.geom IS NOT NULL AS yes) AS inherits
        WHERE staged.settled
    ),
    scope AS MATERIALIZED (
        SELECT combined.*, located.path AS located_in_path, managed.path AS managed_by_path, located.city_code,
            industry_scopes_of(combined.industries, located.path, managed.path) AS industry_scopes
        FROM (SELECT DISTINCT industries, lies_in_id, manager_id FROM placed) AS combined
        JOIN territory AS located ON located.id = combined.lies_in_id
        JOIN territory AS managed ON managed.id = combined.manager_id
    )
    INSERT INTO risk_point (id, owner_kind, enterprise_id, site_id, number, name, place, geom, anchor, position, source_datum,
        source_x, source_y, located_in_id, located_stated, managed_by_id, managed_reason, own_industries, industries,
        control_level, accident_edition, accident_categories, exposed_workers, grade_inherent, grade_assessed, grade_current,
        assessed_on, next_review, city_code, demo, changed_by, located_in_path, managed_by_path, industry_scopes, search)
    OVERRIDING SYSTEM VALUE
    SELECT placed.id, CASE WHEN placed.enterprise_id IS NULL THEN 'region' ELSE 'enterprise' END, placed.enterprise_id,
        placed.site_id, placed.number, placed.name, placed.place, placed.geom, placed.anchor, placed.position,
        placed.source_datum, placed.source_x, placed.source_y, placed.lies_in_id, placed.is_stated, placed.manager_id,
        placed.managed_reason, placed.own_industries, placed.industries, placed.control_level, placed.accident_edition,
        placed.accident_categories, placed.exposed_workers, inherent.grade, assessed.grade, assessed.grade,
        assessed.assessed_on, assessed.next_review, scope.city_code, placed.demo, current_writer(),
        scope.located_in_path, scope.managed_by_path, scope.industry_scopes,
        words_of(placed.number, placed.name, placed.place, placed.firm_words)
    FROM placed
    JOIN scope USING (industries, lies_in_id, manager_id)
    LEFT JOIN staged_assessment AS inherent ON inherent.item = placed.item AND inherent.basis = 'inherent'
    LEFT JOIN staged_assessment AS assessed ON assessed.item = placed.item AND assessed.basis = 'assessed';
    PERFORM risk_points_refuse_unseen(), set_config('riskmap.settled', 'off', true);
END $$;

-- Events of new points bring the ids that they were given: only ids that were drawn, so that none is taken in advance.
-- Those of points that stand, and of lines and areas, are told to the staging as before.
CREATE OR REPLACE FUNCTION risk_events_insert_staged() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM risk_points_staged(), set_config('riskmap.settled', 'on', true);
    INSERT INTO risk_event (id, risk_point_id, sort, name, accident_edition, accident_categories, consequence, changed_by,
        enterprise_id, located_in_path, managed_by_path, industry_scopes)
    OVERRIDING SYSTEM VALUE
    SELECT owner.event_id, CASE WHEN point.located_in_path <@ ANY ((SELECT viewer_areas())::ltree[])
            OR point.managed_by_path <@ ANY ((SELECT viewer_areas())::ltree[])
            OR point.industry_scopes <@ ANY ((SELECT viewer_pairs())::ltree[])
            OR point.enterprise_id = ANY ((SELECT viewer_enterprises())::bigint[])
        THEN point.id ELSE refuse_unseen_point() END, 1, staged.name, staged.accident_edition, staged.accident_categories,
        staged.consequence, (SELECT current_writer()), point.enterprise_id, point.located_in_path, point.managed_by_path,
        point.industry_scopes
    FROM staged_event AS staged
    JOIN staged_risk_point AS owner USING (item)
    JOIN risk_point AS point ON point.id = owner.id
    WHERE owner.settled AND staged.name IS NOT NULL AND owner.event_id <= (SELECT last_value FROM risk_event_id_seq);
    WITH added AS (
        INSERT INTO risk_event (risk_point_id, sort, name, accident_edition, accident_categories, consequence, changed_by,
            enterprise_id, located_in_path, managed_by_path, industry_scopes)
        SELECT CASE WHEN point.located_in_path <@ ANY ((SELECT viewer_areas())::ltree[])
            OR point.managed_by_path <@ ANY ((SELECT viewer_areas())::ltree[])
            OR point.industry_scopes <@ ANY ((SELECT viewer_pairs())::ltree[])
            OR point.enterprise_id = ANY ((SELECT viewer_enterprises())::bigint[])
        THEN point.id ELSE refuse_unseen_point() END, 1, staged.name, staged.accident_edition, staged.accident_categories, staged.consequence,
            (SELECT current_writer()), point.enterprise_id, point.located_in_path, point.managed_by_path,
            point.industry_scopes
        FROM staged_event AS staged
        JOIN staged_risk_point AS owner USING (item)
        JOIN risk_point AS point ON point.id = owner.id
        WHERE NOT owner.settled AND staged.name IS NOT NULL AND owner.event_id IS NULL
        RETURNING id, risk_point_id
    )
    UPDATE staged_risk_point AS point SET event_id = added.id FROM added WHERE point.id = added.risk_point_id;
    PERFORM set_config('riskmap.settled', 'off', true);
END $$;

CREATE OR REPLACE FUNCTION measures_insert_staged() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM risk_points_staged(), set_config('riskmap.settled', 'on', true);
    INSERT INTO measure (risk_point_id, risk_event_id, sort, kind, description, control_level, unit, person, changed_by,
        enterprise_id, located_in_path, managed_by_path, industry_scopes)
    SELECT CASE WHEN point.located_in_path <@ ANY ((SELECT viewer_areas())::ltree[])
            OR point.managed_by_path <@ ANY ((SELECT viewer_areas())::ltree[])
            OR point.industry_scopes <@ ANY ((SELECT viewer_pairs())::ltree[])
            OR point.enterprise_id = ANY ((SELECT viewer_enterprises())::bigint[])
        THEN point.id ELSE refuse_unseen_point() END,
        owner.event_id, staged.sort, staged.kind, staged.description, staged.control_level, staged.unit,
        staged.person, (SELECT current_writer()), point.enterprise_id, point.located_in_path, point.managed_by_path,
        point.industry_scopes
    FROM staged_measure AS staged
    JOIN staged_risk_point AS owner USING (item)
    JOIN risk_point AS point ON point.id = owner.id
    WHERE staged.id IS NULL;
    PERFORM set_config('riskmap.settled', 'off', true);
END $$;

CREATE OR REPLACE FUNCTION assessments_insert_staged() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM risk_points_staged(), set_config('riskmap.settled', 'on', true);
    INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, score, grade, reasons, override_from,
        override_reason, assessor, assessed_on, next_review, recorded_by, enterprise_id, located_in_path, managed_by_path,
        industry_scopes)
    SELECT CASE WHEN point.located_in_path <@ ANY ((SELECT viewer_areas())::ltree[])
            OR point.managed_by_path <@ ANY ((SELECT viewer_areas())::ltree[])
            OR point.industry_scopes <@ ANY ((SELECT viewer_pairs())::ltree[])
            OR point.enterprise_id = ANY ((SELECT viewer_enterprises())::bigint[])
        THEN point.id ELSE refuse_unseen_point() END,
        staged.basis, staged.method_id, staged.method_version, staged.inputs, staged.score, staged.grade,
        staged.reasons, staged.override_from, staged.override_reason, staged.assessor, staged.assessed_on,
        staged.next_review, (SELECT current_writer()), point.enterprise_id, point.located_in_path, point.managed_by_path,
        point.industry_scopes
    FROM staged_assessment AS staged
    JOIN staged_risk_point AS owner USING (item)
    JOIN risk_point AS point ON point.id = owner.id;
    PERFORM set_config('riskmap.settled', 'off', true);
END $$;

-- As in 0006, but a point that this transaction has written with the mark that an added assessment gives it is not looked
-- at again: nobody else can have added another one meanwhile. Of an import that is every new point.
CREATE OR REPLACE FUNCTION risk_point_mark() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    touched bigint[] := ARRAY(
        SELECT DISTINCT added.risk_point_id FROM added JOIN risk_point AS point ON point.id = added.risk_point_id
        WHERE point.xmin <> pg_current_xact_id()::xid
           OR CASE added.basis WHEN 'inherent' THEN point.grade_inherent IS DISTINCT FROM added.grade
              ELSE (point.grade_assessed, point.assessed_on, point.next_review) IS DISTINCT FROM
                   (added.grade, added.assessed_on, added.next_review) END
        ORDER BY 1);
    outdated bigint[];
BEGIN
    IF touched = '{}' THEN RETURN NULL; END IF;
    PERFORM FROM risk_point WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
    outdated := ARRAY(
        SELECT point.id FROM risk_point AS point
        LEFT JOIN LATERAL (
            SELECT grade FROM assessment WHERE risk_point_id = point.id AND basis = 'inherent'
            ORDER BY assessed_on DESC, id DESC LIMIT 1) AS inherent ON true
        LEFT JOIN LATERAL (
            SELECT grade, assessed_on, next_review FROM assessment WHERE risk_point_id = point.id AND basis = 'assessed'
            ORDER BY assessed_on DESC, id DESC LIMIT 1) AS assessed ON true
        WHERE point.id = ANY (touched)
          AND (point.grade_inherent, point.grade_assessed, point.assessed_on, point.next_review) IS DISTINCT FROM
              (inherent.grade, assessed.grade, assessed.assessed_on, assessed.next_review));
    IF outdated = '{}' THEN RETURN NULL; END IF;
    UPDATE risk_point AS point SET
        grade_inherent = (
            SELECT grade FROM assessment WHERE risk_point_id = point.id AND basis = 'inherent'
            ORDER BY assessed_on DESC, id DESC LIMIT 1),
        (grade_assessed, assessed_on, next_review) = (
            SELECT grade, assessed_on, next_review FROM assessment WHERE risk_point_id = point.id AND basis = 'assessed'
            ORDER BY assessed_on DESC, id DESC LIMIT 1)
    WHERE point.id = ANY (outdated);
    RETURN NULL;
END $$;
