-- The 4" cells in which the viewer sees a point counted, as features for programs. Relies on risk_point_cell: it gives the
-- groups in the order of pages, so a page reads no more than its own.
SELECT
    counted.x, counted.y, /* include cells/numbered */ AS id, beidou_cell(counted.x, counted.y, 5) AS shape,
    beidou_code_of_index(counted.x, counted.y, 5) AS code, 5 AS level,
    /* include cells/marks */
FROM (
    SELECT point.x5 AS x, point.y5 AS y, /* include cells/tallied */
    FROM risk_point AS point
    WHERE point.x5 IS NOT NULL
      AND (%(west)s::int IS NULL
           OR point.x5 BETWEEN %(west)s::int AND %(east)s::int AND point.y5 BETWEEN %(south)s::int AND %(north)s::int)
    GROUP BY point.x5, point.y5
) AS counted
WHERE %(today)s::date IS NOT NULL
