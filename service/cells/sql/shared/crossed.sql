touched AS (
    -- A line or area in a cell other than the one that counts it. The few cells touched come first, then their points.
    SELECT DISTINCT touch.x, touch.y, point.id, point.demo, /* include risk_points/rank */ AS rank
    FROM (SELECT DISTINCT risk_point_id, coarser(x5, %(fx)s::int) AS x, coarser(y5, %(fy)s::int) AS y FROM cell_touch
          WHERE x5 BETWEEN %(x0)s::int AND %(x1)s::int AND y5 BETWEEN %(y0)s::int AND %(y1)s::int
            -- Of levels 4 and coarser only what reaches beyond one level-4 cell; an array, so that the few come first.
            AND (%(level)s::int > 4 OR risk_point_id = ANY (ARRAY(SELECT id FROM risk_point WHERE wide)))
            AND (%(firms)s::bigint[] IS NULL
                 OR risk_point_id = ANY (ARRAY(SELECT id FROM risk_point WHERE enterprise_id = ANY (%(firms)s::bigint[]))))
         ) AS touch
    JOIN risk_point AS point ON point.id = touch.risk_point_id
    WHERE (touch.x, touch.y) <> (coarser(point.x5, %(fx)s::int), coarser(point.y5, %(fy)s::int))
      AND /* include risk_points/selected */
)
