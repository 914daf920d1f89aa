-- One tile of the risk_points layer: points, lines and areas, the worst first when there are more than the limit; named
-- where they are few enough to be told apart.
-- Relies on risk_point_cell and cell_touch_cell: integer cells first, as geometry operators cannot be index conditions
-- under row security.
WITH met AS (
    SELECT id FROM risk_point
    WHERE x5 BETWEEN %(x0)s::int AND %(x1)s::int AND y5 BETWEEN %(y0)s::int AND %(y1)s::int
    UNION
    SELECT risk_point_id FROM cell_touch
    WHERE x5 BETWEEN %(x0)s::int AND %(x1)s::int AND y5 BETWEEN %(y0)s::int AND %(y1)s::int
), chosen AS (
    SELECT
        point.id, point.number, point.name, marked.rank, point.position, point.demo, point.enterprise_id,
        COALESCE(point.geom, point.anchor) AS geom,
        row_number() OVER (ORDER BY marked.rank, point.id) AS place
    FROM met
    JOIN risk_point AS point USING (id)
    CROSS JOIN LATERAL (
        SELECT /* include risk_points/rank */ AS rank
    ) AS marked
    WHERE /* include risk_points/selected */
    ORDER BY marked.rank, point.id
    LIMIT %(most)s::int + 1
), drawn AS (
    SELECT
        chosen.id,
        ST_AsMVTGeom(ST_Transform(chosen.geom, 3857), ST_TileEnvelope(%(z)s::int, %(x)s::int, %(y)s::int), 4096, 256) AS geom,
        CASE WHEN %(named)s::boolean THEN number END AS number,
        CASE WHEN %(named)s::boolean THEN chosen.name END AS name,
        (ARRAY['major', 'large', 'general', 'low', 'unassessed'])[rank] AS grade,
        position,
        CASE WHEN %(named)s::boolean THEN enterprise.name END AS enterprise,
        CASE ST_Dimension(chosen.geom) WHEN 0 THEN 'point' WHEN 1 THEN 'line' ELSE 'area' END AS kind,
        chosen.demo,
        place
    FROM chosen
    LEFT JOIN enterprise ON %(named)s::boolean AND enterprise.id = chosen.enterprise_id
    WHERE place <= %(most)s::int
)
SELECT
    -- Areas first and the worst last: what is drawn later lies on top.
    (SELECT ST_AsMVT(feature, 'risk_points', 4096, 'geom', 'id')
     FROM (SELECT id, geom, number, name, grade, position, enterprise, kind, demo FROM drawn
           WHERE geom IS NOT NULL ORDER BY kind, place DESC) AS feature) AS tile,
    EXISTS (SELECT FROM chosen WHERE place > %(most)s::int) AS cut
