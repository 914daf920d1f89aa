-- One tile of the cells layer: each cell that meets the tile, whole, with its counts by grade and what crosses it.
-- Relies on risk_point_cell and cell_touch_cell.
WITH marked AS (
    SELECT
        coarser(x5, %(fx)s::int) AS x, coarser(y5, %(fy)s::int) AS y, demo, /* include risk_points/rank */ AS rank
    FROM risk_point AS point
    WHERE x5 BETWEEN %(x0)s::int AND %(x1)s::int AND y5 BETWEEN %(y0)s::int AND %(y1)s::int
      AND /* include risk_points/selected */
), counted AS (
    SELECT
        x, y, bool_or(demo) AS demo, min(rank) AS rank, count(*) AS total,
        count(*) FILTER (WHERE rank = 1) AS major, count(*) FILTER (WHERE rank = 2) AS large,
        count(*) FILTER (WHERE rank = 3) AS general, count(*) FILTER (WHERE rank = 4) AS low,
        count(*) FILTER (WHERE rank = 5) AS unassessed
    FROM marked
    GROUP BY x, y
), touched AS (
    -- A line or area in a cell other than the one that counts it.
    SELECT DISTINCT coarser(touch.x5, %(fx)s::int) AS x, coarser(touch.y5, %(fy)s::int) AS y, point.id, point.demo,
        /* include risk_points/rank */ AS rank
    FROM cell_touch AS touch
    JOIN risk_point AS point ON point.id = touch.risk_point_id
    WHERE touch.x5 BETWEEN %(x0)s::int AND %(x1)s::int AND touch.y5 BETWEEN %(y0)s::int AND %(y1)s::int
      AND (coarser(touch.x5, %(fx)s::int), coarser(touch.y5, %(fy)s::int))
          <> (coarser(point.x5, %(fx)s::int), coarser(point.y5, %(fy)s::int))
      AND /* include risk_points/selected */
), crossed AS (
    SELECT x, y, bool_or(demo) AS demo, count(*) AS crossing, min(rank) AS rank FROM touched
    GROUP BY x, y
), feature AS (
    SELECT
        (x + 200000)::bigint * 400000 + y + 200000 AS id,
        ST_AsMVTGeom(ST_Transform(beidou_cell(x, y, %(level)s::int), 3857),
                     ST_TileEnvelope(%(z)s::int, %(x)s::int, %(y)s::int), 4096, 0, false) AS geom,
        beidou_code_of_index(x, y, %(level)s::int) AS code,
        %(level)s::int AS level,
        COALESCE(major, 0) AS major, COALESCE(large, 0) AS large, COALESCE(general, 0) AS general,
        COALESCE(low, 0) AS low, COALESCE(unassessed, 0) AS unassessed, COALESCE(total, 0) AS total,
        (ARRAY['major', 'large', 'general', 'low', 'unassessed'])[counted.rank] AS grade,
        COALESCE(crossing, 0) AS crossing,
        (ARRAY['major', 'large', 'general', 'low', 'unassessed'])[crossed.rank] AS crossing_grade,
        COALESCE(counted.demo, crossed.demo) AS demo
    FROM counted
    FULL JOIN crossed USING (x, y)
)
SELECT ST_AsMVT(feature, 'cells', 4096, 'geom', 'id' ORDER BY feature.id) AS tile FROM feature WHERE geom IS NOT NULL
