-- The 1' cells in which the viewer sees a point counted, as features for programs. Relies on risk_point_cell.
SELECT
    counted.x, counted.y, /* include cells/numbered */ AS id, beidou_cell(counted.x, counted.y, 4) AS shape,
    beidou_code_of_index(counted.x, counted.y, 4) AS code, 4 AS level,
    /* include cells/marks */
FROM (
    SELECT coarser(point.x5, 15) AS x, coarser(point.y5, 15) AS y, /* include cells/tallied */
    FROM risk_point AS point
    WHERE point.x5 IS NOT NULL
      AND (%(west)s::int IS NULL
           OR point.x5 BETWEEN %(west)s::int AND %(east)s::int AND point.y5 BETWEEN %(south)s::int AND %(north)s::int)
    GROUP BY coarser(point.x5, 15), coarser(point.y5, 15)
) AS counted
WHERE %(today)s::date IS NOT NULL
