-- One tile of the risk_points layer: points, lines and areas, the worst first when there are more than the limit; named
-- where they are few enough to be told apart.
-- Relies on risk_point_cell and cell_touch_cell: integer cells first, as geometry operators cannot be index conditions
-- under row security. Which points are drawn is told by the index alone; only those are fetched.
WITH met AS (
    SELECT point.id, /* include risk_points/rank */ AS rank
    FROM risk_point AS point
    WHERE x5 BETWEEN %(x0)s::int AND %(x1)s::int AND y5 BETWEEN %(y0)s::int AND %(y1)s::int
      AND /* include risk_points/selected */
    UNION ALL
    SELECT point.id, /* include risk_points/rank */ AS rank
    FROM (SELECT DISTINCT risk_point_id FROM cell_touch
          WHERE x5 BETWEEN %(x0)s::int AND %(x1)s::int AND y5 BETWEEN %(y0)s::int AND %(y1)s::int) AS touch
    JOIN risk_point AS point ON point.id = touch.risk_point_id
    WHERE NOT (point.x5 BETWEEN %(x0)s::int AND %(x1)s::int AND point.y5 BETWEEN %(y0)s::int AND %(y1)s::int)
      AND /* include risk_points/selected */
), chosen AS MATERIALIZED (
    SELECT id, rank, row_number() OVER (ORDER BY rank, id) AS place
    FROM (SELECT id, rank FROM met ORDER BY rank, id LIMIT %(most)s::int + 1) AS worst
), drawn AS (
    SELECT
        point.id,
        ST_AsMVTGeom(ST_Transform(COALESCE(point.geom, point.anchor), 3857),
                     ST_TileEnvelope(%(z)s::int, %(x)s::int, %(y)s::int), 4096, 256) AS geom,
        CASE WHEN %(named)s::boolean THEN point.number END AS number,
        CASE WHEN %(named)s::boolean THEN point.name END AS name,
        (ARRAY['major', 'large', 'general', 'low', 'unassessed'])[rank] AS grade,
        point.position,
        CASE WHEN %(named)s::boolean THEN enterprise.name END AS enterprise,
        CASE ST_Dimension(COALESCE(point.geom, point.anchor)) WHEN 0 THEN 'point' WHEN 1 THEN 'line' ELSE 'area' END AS kind,
        point.demo,
        chosen.place
    FROM chosen
    JOIN risk_point AS point USING (id)
    LEFT JOIN enterprise ON %(named)s::boolean AND enterprise.id = point.enterprise_id
    WHERE chosen.place <= %(most)s::int
)
SELECT
    -- Areas first and the worst last: what is drawn later lies on top.
    (SELECT ST_AsMVT(feature, 'risk_points', 4096, 'geom', 'id')
     FROM (SELECT id, geom, number, name, grade, position, enterprise, kind, demo FROM drawn
           WHERE geom IS NOT NULL ORDER BY kind, place DESC) AS feature) AS tile,
    EXISTS (SELECT FROM chosen WHERE place > %(most)s::int) AS cut
