feature AS MATERIALIZED (
    -- Materialised, or the geometry would be made twice: to ask whether it is there, and to draw it.
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
