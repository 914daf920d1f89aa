-- The stored counts learn two things more: the industries of points, so that an industry's department and its filter are
-- drawn from them too, and how many points take their position from their site, so that a territory is summed from them.
--
-- slice: which points a row counts. '' all of them; 'edition:code' those with an accident category, a point once for each
-- that it has; 'industries:a,b' those with exactly these industries (every ancestor named too), each point in one of
-- these, so that they add up whatever is asked for. industry_scopes: of the last kind alone, for the policy.

DROP VIEW cell_stat_live;
DROP TABLE cell_stat, cell_stat_delta;
CREATE TABLE cell_stat (
    x4 integer,
    y4 integer,
    slice text COLLATE "C" NOT NULL,
    basis text NOT NULL CONSTRAINT cell_stat_basis_known CHECK (basis IN ('inherent', 'assessed', 'current')),
    rank smallint NOT NULL CONSTRAINT cell_stat_rank_known CHECK (rank BETWEEN 1 AND 5),
    demo boolean NOT NULL,
    located_in_path ltree NOT NULL,
    managed_by_path ltree NOT NULL,
    industry_scopes ltree[],
    n bigint NOT NULL,
    inherited bigint NOT NULL,
    crossing bigint NOT NULL,
    last_recorded_at timestamptz,
    city_code text,
    CONSTRAINT cell_stat_one_row UNIQUE NULLS NOT DISTINCT (slice, basis, x4, y4, rank, demo, located_in_path, managed_by_path)
        INCLUDE (n, crossing, industry_scopes)
);
CREATE INDEX cell_stat_empty ON cell_stat (x4) WHERE n = 0 AND crossing = 0;
CREATE TABLE cell_stat_delta (LIKE cell_stat);

-- The slices a point is counted in, each with the scopes that its rows carry.
DROP FUNCTION accident_rows(text[]);
CREATE FUNCTION slices_of(accidents text[], scopes ltree[]) RETURNS TABLE (slice text, industry_scopes ltree[])
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 3 AS $$
    SELECT '', NULL::ltree[]
    UNION SELECT accident, NULL FROM unnest(accidents) AS accident
    UNION ALL SELECT 'industries:' || COALESCE(string_agg(DISTINCT subpath(scope, 0, 1)::text, ',' ORDER BY subpath(scope, 0, 1)::text), ''),
        COALESCE(array_agg(scope), '{}') FROM unnest(scopes) AS scope
$$;

-- The industry slices that hold a code, or all of them where none is asked for. There are as many as there are sets of
-- industries that enterprises have: from one to the next by the index. The owner's eyes, as a viewer sees some rows only;
-- it tells which sets of codes exist anywhere, and nothing of whose.
CREATE FUNCTION industry_slices(codes text[]) RETURNS text[] LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE stored(slice) AS (
        (SELECT slice FROM cell_stat WHERE slice >= 'industries:' ORDER BY slice LIMIT 1)
        UNION ALL
        SELECT (SELECT next.slice FROM cell_stat AS next WHERE next.slice > stored.slice ORDER BY next.slice LIMIT 1)
        FROM stored WHERE stored.slice < 'industries;'
    )
    SELECT array_agg(slice) FROM (SELECT slice FROM stored UNION SELECT slice FROM cell_stat_delta) AS known
    WHERE slice >= 'industries:' AND slice < 'industries;'
      AND (codes IS NULL OR string_to_array(substr(slice, 12), ',') && codes)
$$;

-- The same numbers, counted from the register: what the stored ones are checked against and mended from.
CREATE VIEW cell_stat_live WITH (security_invoker) AS
WITH part AS (
    SELECT coarser(x5, 15) AS x4, coarser(y5, 15) AS y4, grade_inherent, grade_assessed, grade_current, demo,
        located_in_path, managed_by_path, accidents, industry_scopes, count(*) AS n,
        count(*) FILTER (WHERE position = 'inherited') AS inherited, 0 AS crossing,
        max(recorded_from) AS last_recorded_at, min(city_code) AS city_code
    FROM risk_point
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
    UNION ALL
    SELECT x4, y4, grade_inherent, grade_assessed, grade_current, demo, located_in_path, managed_by_path, accidents,
        industry_scopes, 0, 0, 1, NULL, city_code
    FROM (SELECT DISTINCT risk_point_id, coarser(x5, 15) AS x4, coarser(y5, 15) AS y4 FROM cell_touch) AS touch
    JOIN (SELECT id, x5, y5, grade_inherent, grade_assessed, grade_current, demo, located_in_path, managed_by_path, accidents,
            industry_scopes, city_code FROM risk_point) AS point ON point.id = risk_point_id
    WHERE (x4, y4) IS DISTINCT FROM (coarser(x5, 15), coarser(y5, 15))
)
SELECT x4, y4, slice.slice, basis, COALESCE(grade, 5)::smallint AS rank, demo, located_in_path, managed_by_path,
    slice.industry_scopes, sum(n)::bigint AS n, sum(inherited)::bigint AS inherited, sum(crossing)::bigint AS crossing,
    max(last_recorded_at) AS last_recorded_at, min(city_code) AS city_code
FROM part
CROSS JOIN LATERAL slices_of(part.accidents, part.industry_scopes) AS slice
CROSS JOIN LATERAL (VALUES
    ('inherent', grade_inherent), ('assessed', grade_assessed), ('current', grade_current)) AS light (basis, grade)
GROUP BY x4, y4, slice.slice, basis, COALESCE(grade, 5), demo, located_in_path, managed_by_path, slice.industry_scopes;

-- The deltas of one statement; crossings are taken back before the cells touched change, and given after.
CREATE OR REPLACE FUNCTION cell_count() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    -- An event has no transition table for the side it lacks, and naming one that does not exist is an error.
    change text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT 1 AS sign, come.* FROM come'
        WHEN 'DELETE' THEN 'SELECT -1 AS sign, gone.* FROM gone'
        ELSE 'SELECT 1 AS sign, come.* FROM come UNION ALL SELECT -1, gone.* FROM gone' END;
    crossing constant text := $sql$
        INSERT INTO cell_stat_delta (x4, y4, slice, basis, rank, demo, located_in_path, managed_by_path, industry_scopes, n,
            inherited, crossing, city_code)
        SELECT touch.x4, touch.y4, slice.slice, basis, COALESCE(grade, 5), demo, located_in_path, managed_by_path,
            slice.industry_scopes, 0, 0, %2$s * count(*), city_code
        FROM %1$s AS point
        JOIN (SELECT DISTINCT risk_point_id, coarser(x5, 15) AS x4, coarser(y5, 15) AS y4 FROM cell_touch
              WHERE risk_point_id IN (SELECT id FROM %1$s WHERE ST_Dimension(geom) > 0)) AS touch ON touch.risk_point_id = point.id
        CROSS JOIN LATERAL slices_of(point.accidents, point.industry_scopes) AS slice
        CROSS JOIN LATERAL (VALUES
            ('inherent', grade_inherent), ('assessed', grade_assessed), ('current', grade_current)) AS light (basis, grade)
        WHERE (touch.x4, touch.y4) IS DISTINCT FROM (coarser(point.x5, 15), coarser(point.y5, 15))
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, city_code$sql$;
    shaped boolean;
    reshaped bigint[];
BEGIN
    EXECUTE format($sql$
        INSERT INTO cell_stat_delta (x4, y4, slice, basis, rank, demo, located_in_path, managed_by_path, industry_scopes, n,
            inherited, crossing, last_recorded_at, city_code)
        SELECT x4, y4, slice.slice, basis, COALESCE(grade, 5), demo, located_in_path, managed_by_path, slice.industry_scopes,
            sum(n), sum(inherited), 0, max(last_recorded_at), city_code
        -- Few different ones before they are spread over slices and lights: an import writes thousands of like rows.
        FROM (SELECT coarser(x5, 15) AS x4, coarser(y5, 15) AS y4, grade_inherent, grade_assessed, grade_current, demo,
                located_in_path, managed_by_path, accidents, industry_scopes, city_code, sum(sign) AS n,
                COALESCE(sum(sign) FILTER (WHERE position = 'inherited'), 0) AS inherited, max(recorded_from) AS last_recorded_at
              FROM (%s) AS change GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11) AS part
        CROSS JOIN LATERAL slices_of(part.accidents, part.industry_scopes) AS slice
        CROSS JOIN LATERAL (VALUES
            ('inherent', grade_inherent), ('assessed', grade_assessed), ('current', grade_current)) AS light (basis, grade)
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, city_code
        -- Whatever else changed, something here was recorded anew: counts of nought carry that.
        HAVING sum(n) <> 0 OR sum(inherited) <> 0 OR slice.slice = '' OR starts_with(slice.slice, 'industries:')$sql$, change);
    EXECUTE format('SELECT bool_or(ST_Dimension(geom) > 0) FROM (%s) AS change', change) INTO shaped;
    EXECUTE format($sql$
        INSERT INTO cell_version_delta (x4, y4, token)
        SELECT x4, y4, floor(random() * 9007199254740992) FROM (
            SELECT coarser(x5, 15) AS x4, coarser(y5, 15) AS y4 FROM (%1$s) AS change WHERE x5 IS NOT NULL
            -- A firm wears the worst grade of its points wherever its sites are.
            UNION SELECT coarser(x5, 15), coarser(y5, 15) FROM site
                WHERE enterprise_id IN (SELECT enterprise_id FROM (%1$s) AS change) AND x5 IS NOT NULL
        ) AS cell$sql$, change);
    IF NOT COALESCE(shaped, false) THEN RETURN NULL; END IF;

    EXECUTE format($sql$
        INSERT INTO cell_version_delta (x4, y4, token)
        SELECT x4, y4, floor(random() * 9007199254740992) FROM (
            SELECT DISTINCT coarser(x5, 15) AS x4, coarser(y5, 15) AS y4 FROM cell_touch
            WHERE risk_point_id IN (SELECT id FROM (%s) AS change)
        ) AS cell$sql$, change);
    IF TG_OP <> 'INSERT' THEN EXECUTE format(crossing, 'gone', -1); END IF;
    EXECUTE format('SELECT array_agg(id) FROM (SELECT id FROM (%s) AS change GROUP BY id, geom HAVING sum(sign) <> 0'
                   ' AND ST_Dimension(geom) > 0) AS shape', change) INTO reshaped;
    IF reshaped IS NOT NULL THEN
        DELETE FROM cell_touch WHERE risk_point_id = ANY (reshaped);
        WITH touched AS (
            INSERT INTO cell_touch (risk_point_id, x5, y5)
            SELECT id, touched.x5, touched.y5 FROM risk_point, beidou_cells_touched(geom) AS touched
            WHERE id = ANY (reshaped) AND ST_Dimension(geom) > 0
            RETURNING x5, y5
        )
        INSERT INTO cell_version_delta (x4, y4, token)
        SELECT x4, y4, floor(random() * 9007199254740992)
        FROM (SELECT DISTINCT coarser(x5, 15) AS x4, coarser(y5, 15) AS y4 FROM touched) AS cell;
    END IF;
    IF TG_OP <> 'DELETE' THEN EXECUTE format(crossing, 'come', 1); END IF;
    RETURN NULL;
END $$;

-- Sums the deltas in; one folder at a time, the others go home. Readers see either state whole.
CREATE OR REPLACE FUNCTION cell_stat_fold() RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    folded bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('cell_stat_fold')) THEN RETURN 0; END IF;
    WITH taken AS (DELETE FROM cell_stat_delta RETURNING *)
    INSERT INTO cell_stat (x4, y4, slice, basis, rank, demo, located_in_path, managed_by_path, industry_scopes, n, inherited,
        crossing, last_recorded_at, city_code)
    SELECT x4, y4, slice, basis, rank, demo, located_in_path, managed_by_path, min(industry_scopes), sum(n), sum(inherited),
        sum(crossing), max(last_recorded_at), min(city_code)
    FROM taken
    GROUP BY x4, y4, slice, basis, rank, demo, located_in_path, managed_by_path
    ON CONFLICT ON CONSTRAINT cell_stat_one_row
        DO UPDATE SET n = cell_stat.n + excluded.n, inherited = cell_stat.inherited + excluded.inherited,
            crossing = cell_stat.crossing + excluded.crossing,
            last_recorded_at = GREATEST(cell_stat.last_recorded_at, excluded.last_recorded_at);
    GET DIAGNOSTICS folded = ROW_COUNT;
    IF folded > 0 THEN DELETE FROM cell_stat WHERE n = 0 AND crossing = 0; END IF;
    WITH taken AS (DELETE FROM cell_version_delta RETURNING *)
    INSERT INTO cell_version (x4, y4, token) SELECT x4, y4, sum(token) % 9007199254740992 FROM taken GROUP BY x4, y4
    ON CONFLICT (x4, y4) DO UPDATE SET token = (cell_version.token + excluded.token) % 9007199254740992;
    RETURN folded;
END $$;

-- Counts the register anew. Writers wait meanwhile: what they add is counted once, here or by their deltas.
CREATE OR REPLACE FUNCTION cell_stat_rebuild() RETURNS bigint LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    counted bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('cell_stat_fold'));
    LOCK TABLE risk_point IN SHARE ROW EXCLUSIVE MODE;
    -- What was drawn from the counts before is no longer to be trusted: validators of every cell change.
    INSERT INTO cell_version_delta (x4, y4, token)
    SELECT x4, y4, floor(random() * 9007199254740992) FROM (
        SELECT x4, y4 FROM cell_stat WHERE x4 IS NOT NULL UNION SELECT x4, y4 FROM cell_stat_delta WHERE x4 IS NOT NULL
        UNION SELECT coarser(x5, 15), coarser(y5, 15) FROM risk_point WHERE x5 IS NOT NULL) AS cell;
    DELETE FROM cell_stat_delta;
    DELETE FROM cell_stat;
    INSERT INTO cell_stat (x4, y4, slice, basis, rank, demo, located_in_path, managed_by_path, industry_scopes, n, inherited,
        crossing, last_recorded_at, city_code)
    SELECT x4, y4, slice, basis, rank, demo, located_in_path, managed_by_path, industry_scopes, n, inherited, crossing,
        last_recorded_at, city_code
    FROM cell_stat_live;
    GET DIAGNOSTICS counted = ROW_COUNT;
    RETURN counted;
END $$;

-- Whole areas, and of the rows by industry also those of an industry of an area. Single firms' points stand among others'
-- in every row: whoever sees a firm alone sees none of them, and has the points counted live.
DO $$
DECLARE
    target text;
BEGIN
    FOREACH target IN ARRAY ARRAY['cell_stat', 'cell_stat_delta'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', target);
        EXECUTE format($policy$
            CREATE POLICY scope ON %I USING (
                located_in_path <@ ANY ((SELECT viewer_areas())::ltree[])
                OR managed_by_path <@ ANY ((SELECT viewer_areas())::ltree[])
                OR industry_scopes <@ ANY ((SELECT viewer_pairs())::ltree[])
            )$policy$, target);
        EXECUTE format('GRANT SELECT ON %I TO %I', target, current_setting('riskmap.app_role'));
        EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %I'
                       ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', target);
    END LOOP;
    EXECUTE format('GRANT SELECT ON cell_stat_live TO %I', current_setting('riskmap.app_role'));
    EXECUTE format('GRANT EXECUTE ON FUNCTION industry_slices(text[]) TO %I', current_setting('riskmap.app_role'));
END $$;

SELECT cell_stat_rebuild();
