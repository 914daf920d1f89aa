-- Where risk points of an import wait until they are written: COPY FROM does not work on tables under row security, and
-- what is written as the register's own work (10_settled_by_sets.sql) must come from tables that nobody else may shape.
-- item: the point's number in this writing. id: NULL for a new point. event_id: the first event that stands.
-- settled: it is inserted as it is to stand, without the row triggers of the register. measures: how many there are to
-- be, NULL to leave them. An event without a name removes the one that stands.
-- What stands is looked up into the staging first: an INSERT that looks for it in its own table reads, for every row,
-- all the rows it has just written.
CREATE FUNCTION risk_points_stage() RETURNS void LANGUAGE plpgsql
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
        person text NOT NULL,
        PRIMARY KEY (item, sort)
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
        next_review date,
        PRIMARY KEY (item, basis)
    ) ON COMMIT DROP;
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON staged_risk_point, staged_event, staged_measure, staged_assessment'
                   ' TO %I', session_user);
END $$;

-- After the copying, before the writing: the planner must know that these tables are not empty.
CREATE FUNCTION risk_points_staged() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- A table of this name that somebody else made could run what it likes as the owner.
    IF EXISTS (
        SELECT FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relname IN
            ('staged_risk_point', 'staged_event', 'staged_measure', 'staged_assessment')
        AND (relowner <> current_user::regrole OR relkind <> 'r')) THEN
        RAISE EXCEPTION 'the staging is not its own' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

CREATE FUNCTION risk_points_analyze_staged() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM risk_points_staged();
    ANALYZE staged_risk_point (item, id, enterprise_id, site_id, settled), staged_event (item), staged_measure (item),
        staged_assessment (item, basis);
END $$;

-- Refuses what row security would refuse, for its owner is not bound by it: points in no scope of the viewer's, and
-- points of a firm that the viewer does not see; and, as risk_point_settle does, a site of another enterprise.
CREATE FUNCTION risk_points_refuse_unseen() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM staged_risk_point AS staged JOIN risk_point AS point USING (id)
        WHERE (point.located_in_path <@ ANY ((SELECT viewer_areas())::ltree[])
            OR point.managed_by_path <@ ANY ((SELECT viewer_areas())::ltree[])
            OR point.industry_scopes <@ ANY ((SELECT viewer_pairs())::ltree[])
            OR point.enterprise_id = ANY ((SELECT viewer_enterprises())::bigint[])) IS NOT TRUE
    ) OR EXISTS (
        SELECT FROM enterprise WHERE id IN (SELECT enterprise_id FROM staged_risk_point WHERE settled)
          AND (scope_paths <@ ANY ((SELECT viewer_areas())::ltree[])
            OR industry_scopes <@ ANY ((SELECT viewer_pairs())::ltree[])
            OR id = ANY ((SELECT viewer_enterprises())::bigint[])) IS NOT TRUE
    ) THEN
        RAISE EXCEPTION 'not within the scope of the viewer' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF EXISTS (SELECT FROM staged_risk_point AS staged JOIN site ON site.id = staged.site_id
               WHERE staged.settled AND site.enterprise_id IS DISTINCT FROM staged.enterprise_id) THEN
        RAISE EXCEPTION 'the site belongs to another enterprise' USING ERRCODE = 'RM003';
    END IF;
END $$;

-- Registers the new points as the row triggers of the register would settle them (risk_point_settle, risk_point_words),
-- by sets: firm, site and territories are joined, and the scope of an industry is worked out once for each combination of
-- industries and places. Where the boundaries put an own position the check of the import has asked; the marks are those
-- of the staged assessments.
-- Lines and areas are left to the row triggers: they are few, and their
-- anchors and cells are those triggers' own work.
CREATE FUNCTION risk_points_insert_settled() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM risk_points_staged(), set_config('riskmap.settled', 'on', true);
    UPDATE staged_risk_point SET id = nextval('risk_point_id_seq'), settled = true
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
    LEFT JOIN staged_assessment AS assessed ON assessed.item = placed.item AND assessed.basis = 'assessed'
    ORDER BY placed.item;
    PERFORM risk_points_refuse_unseen(), set_config('riskmap.settled', 'off', true);
END $$;

-- Adds the first event of the points that have none, in the scope of its point, and tells the staging their ids.
CREATE FUNCTION risk_events_insert_staged() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM risk_points_staged(), risk_points_refuse_unseen(), set_config('riskmap.settled', 'on', true);
    WITH added AS (
        INSERT INTO risk_event (risk_point_id, sort, name, accident_edition, accident_categories, consequence, changed_by,
            enterprise_id, located_in_path, managed_by_path, industry_scopes)
        SELECT point.id, 1, staged.name, staged.accident_edition, staged.accident_categories, staged.consequence,
            (SELECT current_writer()), point.enterprise_id, point.located_in_path, point.managed_by_path,
            point.industry_scopes
        FROM staged_event AS staged
        JOIN staged_risk_point AS owner USING (item)
        JOIN risk_point AS point ON point.id = owner.id
        WHERE staged.name IS NOT NULL AND owner.event_id IS NULL
        ORDER BY item
        RETURNING id, risk_point_id
    )
    UPDATE staged_risk_point AS point SET event_id = added.id FROM added WHERE point.id = added.risk_point_id;
    PERFORM set_config('riskmap.settled', 'off', true);
END $$;

-- Adds the measures that have no place yet, to the first event of their point and in the point's scope.
CREATE FUNCTION measures_insert_staged() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM risk_points_staged(), risk_points_refuse_unseen(), set_config('riskmap.settled', 'on', true);
    INSERT INTO measure (risk_point_id, risk_event_id, sort, kind, description, control_level, unit, person, changed_by,
        enterprise_id, located_in_path, managed_by_path, industry_scopes)
    SELECT point.id, owner.event_id, staged.sort, staged.kind, staged.description, staged.control_level, staged.unit,
        staged.person, (SELECT current_writer()), point.enterprise_id, point.located_in_path, point.managed_by_path,
        point.industry_scopes
    FROM staged_measure AS staged
    JOIN staged_risk_point AS owner USING (item)
    JOIN risk_point AS point ON point.id = owner.id
    WHERE staged.id IS NULL
    ORDER BY staged.item, staged.sort;
    PERFORM set_config('riskmap.settled', 'off', true);
END $$;

-- Adds the assessments in the scope of their points; the marks of points that do not wear them yet follow by trigger.
CREATE FUNCTION assessments_insert_staged() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM risk_points_staged(), risk_points_refuse_unseen(), set_config('riskmap.settled', 'on', true);
    INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, score, grade, reasons, override_from,
        override_reason, assessor, assessed_on, next_review, recorded_by, enterprise_id, located_in_path, managed_by_path,
        industry_scopes)
    SELECT point.id, staged.basis, staged.method_id, staged.method_version, staged.inputs, staged.score, staged.grade,
        staged.reasons, staged.override_from, staged.override_reason, staged.assessor, staged.assessed_on,
        staged.next_review, (SELECT current_writer()), point.enterprise_id, point.located_in_path, point.managed_by_path,
        point.industry_scopes
    FROM staged_assessment AS staged
    JOIN staged_risk_point AS owner USING (item)
    JOIN risk_point AS point ON point.id = owner.id
    ORDER BY item, basis;
    PERFORM set_config('riskmap.settled', 'off', true);
END $$;

DO $$
DECLARE
    used text;
BEGIN
    FOREACH used IN ARRAY ARRAY['risk_points_stage', 'risk_points_analyze_staged', 'risk_points_insert_settled',
                                'risk_events_insert_staged', 'measures_insert_staged', 'assessments_insert_staged'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %I() FROM PUBLIC', used);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %I() TO %I', used, current_setting('riskmap.app_role'));
    END LOOP;
    REVOKE ALL ON FUNCTION risk_points_staged(), risk_points_refuse_unseen() FROM PUBLIC;
END $$;
