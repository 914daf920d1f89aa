-- Cells: what crosses where, counts, and what changed where.

-- Column or row of a coarser cell: division that rounds down, as west and south count -1, -2, ...
CREATE FUNCTION coarser(fine integer, factor integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN fine >= 0 THEN fine / factor ELSE (fine + 1) / factor - 1 END;

-- The level-5 cells a line or an area touches, its anchor's cell included. Two steps, 1' cells first, because the
-- bounding box of a long gas main holds millions of 4" cells that it never meets.
CREATE FUNCTION beidou_cells_touched(shape geometry) RETURNS TABLE (x5 integer, y5 integer)
LANGUAGE sql STABLE AS $$
    WITH coarse AS (
        SELECT x, y FROM
            generate_series(coarser(beidou_x5(ST_XMin(shape)), 15), coarser(beidou_x5(ST_XMax(shape)), 15)) AS x,
            generate_series(coarser(beidou_y5(ST_YMin(shape)), 15), coarser(beidou_y5(ST_YMax(shape)), 15)) AS y
        WHERE ST_Intersects(shape, beidou_cell(x, y, 4))
    )
    SELECT fine_x, fine_y FROM coarse,
        generate_series(x * 15, x * 15 + 14) AS fine_x, generate_series(y * 15, y * 15 + 14) AS fine_y
    WHERE ST_Intersects(shape, beidou_cell(fine_x, fine_y, 5))
$$;

CREATE TABLE cell_touch (
    risk_point_id bigint NOT NULL,
    x5 integer NOT NULL,
    y5 integer NOT NULL,
    enterprise_id bigint,
    located_in_path ltree NOT NULL,
    managed_by_path ltree NOT NULL,
    industry_scopes ltree[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (risk_point_id, x5, y5)
);
CREATE INDEX cell_touch_cell ON cell_touch (x5, y5);
CREATE TRIGGER settle BEFORE INSERT OR UPDATE ON cell_touch
    FOR EACH ROW EXECUTE FUNCTION take_scope_of_risk_point('');

-- Counts per level-5 cell and dimension; rows without a position have NULL cells. Writers append deltas and never wait
-- for each other; cell_stat_fold sums them in. A reader adds both.
CREATE TABLE cell_stat (
    x5 integer,
    y5 integer,
    located_in_id bigint NOT NULL,
    managed_by_id bigint NOT NULL,
    industries text[] NOT NULL,
    owner_kind text NOT NULL,
    grade_inherent smallint,
    grade_assessed smallint,
    grade_current smallint,
    city_code text,
    n bigint NOT NULL,
    located_in_path ltree NOT NULL,
    managed_by_path ltree NOT NULL,
    industry_scopes ltree[] NOT NULL,
    enterprise_id bigint GENERATED ALWAYS AS (NULL::bigint) STORED,
    CONSTRAINT cell_stat_one_row UNIQUE NULLS NOT DISTINCT (x5, y5, located_in_id, managed_by_id, industries, owner_kind,
        grade_inherent, grade_assessed, grade_current)
);
CREATE TABLE cell_stat_delta (LIKE cell_stat INCLUDING GENERATED);

-- What changed where, by level-4 cell. A token is random, so the sum of tokens of a place is equal only when nothing
-- there changed, in whatever order transactions commit; max(sequence) would miss a slow one. Sums are kept modulo 2^53:
-- the remainder of a sum is the sum of remainders, so folding leaves every total as it was.
CREATE TABLE cell_version (
    x4 integer NOT NULL,
    y4 integer NOT NULL,
    token bigint NOT NULL,
    PRIMARY KEY (x4, y4)
);
CREATE TABLE cell_version_delta (
    x4 integer NOT NULL,
    y4 integer NOT NULL,
    token bigint NOT NULL
);
CREATE INDEX cell_version_delta_cell ON cell_version_delta (x4, y4);

CREATE FUNCTION cell_count() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    -- An event has no transition table for the side it lacks, and naming one that does not exist is an error.
    change text := CASE TG_OP
        WHEN 'INSERT' THEN 'SELECT 1 AS sign, come.* FROM come'
        WHEN 'DELETE' THEN 'SELECT -1 AS sign, gone.* FROM gone'
        ELSE 'SELECT 1 AS sign, come.* FROM come UNION ALL SELECT -1, gone.* FROM gone' END;
    reshaped bigint[];
BEGIN
    EXECUTE format($sql$
        INSERT INTO cell_stat_delta (x5, y5, located_in_id, managed_by_id, industries, owner_kind, grade_inherent,
            grade_assessed, grade_current, city_code, n, located_in_path, managed_by_path, industry_scopes)
        SELECT x5, y5, located_in_id, managed_by_id, industries, owner_kind, grade_inherent,
            grade_assessed, grade_current, city_code, sum(sign), located_in_path, managed_by_path, industry_scopes
        FROM (%s) AS change
        GROUP BY x5, y5, located_in_id, managed_by_id, industries, owner_kind, grade_inherent,
            grade_assessed, grade_current, city_code, located_in_path, managed_by_path, industry_scopes
        HAVING sum(sign) <> 0$sql$, change);

    EXECUTE format('SELECT array_agg(id) FROM (SELECT id FROM (%s) AS change GROUP BY id, geom HAVING sum(sign) <> 0'
                   ' AND (geom IS NULL OR ST_Dimension(geom) > 0)) AS shape', change) INTO reshaped;
    EXECUTE format($sql$
        INSERT INTO cell_version_delta (x4, y4, token)
        SELECT x4, y4, floor(random() * 9007199254740992) FROM (
            SELECT coarser(x5, 15) AS x4, coarser(y5, 15) AS y4 FROM (%1$s) AS change WHERE x5 IS NOT NULL
            UNION SELECT coarser(x5, 15), coarser(y5, 15) FROM cell_touch
                WHERE risk_point_id IN (SELECT id FROM (%1$s) AS change)
        ) AS cell$sql$, change);
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
    RETURN NULL;
END $$;
CREATE TRIGGER cell_count_insert AFTER INSERT ON risk_point
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION cell_count();
CREATE TRIGGER cell_count_update AFTER UPDATE ON risk_point
    REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION cell_count();
CREATE TRIGGER cell_count_delete AFTER DELETE ON risk_point
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION cell_count();

-- Sums the deltas in; one folder at a time, the others go home. Readers see either state whole.
CREATE FUNCTION cell_stat_fold() RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    folded bigint;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('cell_stat_fold')) THEN RETURN 0; END IF;
    WITH taken AS (DELETE FROM cell_stat_delta RETURNING *)
    INSERT INTO cell_stat (x5, y5, located_in_id, managed_by_id, industries, owner_kind, grade_inherent,
        grade_assessed, grade_current, city_code, n, located_in_path, managed_by_path, industry_scopes)
    SELECT x5, y5, located_in_id, managed_by_id, industries, owner_kind, grade_inherent,
        grade_assessed, grade_current, min(city_code), sum(n), located_in_path, managed_by_path, min(industry_scopes)
    FROM taken
    GROUP BY x5, y5, located_in_id, managed_by_id, industries, owner_kind, grade_inherent,
        grade_assessed, grade_current, located_in_path, managed_by_path
    ON CONFLICT ON CONSTRAINT cell_stat_one_row DO UPDATE SET n = cell_stat.n + excluded.n;
    GET DIAGNOSTICS folded = ROW_COUNT;
    IF folded > 0 THEN DELETE FROM cell_stat WHERE n = 0; END IF;
    WITH taken AS (DELETE FROM cell_version_delta RETURNING *)
    INSERT INTO cell_version (x4, y4, token) SELECT x4, y4, sum(token) % 9007199254740992 FROM taken GROUP BY x4, y4
    ON CONFLICT (x4, y4) DO UPDATE SET token = (cell_version.token + excluded.token) % 9007199254740992;
    RETURN folded;
END $$;
