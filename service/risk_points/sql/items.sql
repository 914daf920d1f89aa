-- The risk points as features for programs.
-- Relies on risk_point_pkey for pages. Within an extent, on risk_point_cell for those that stay in the 1' cell of their anchor,
-- and on cell_touch_cell for the few that reach beyond it.
SELECT
    point.id, COALESCE(point.geom, point.anchor) AS shape,
    /* include risk_points/described */
FROM risk_point AS point
WHERE %(west)s::int IS NULL
   OR point.x5 BETWEEN %(west)s::int AND %(east)s::int AND point.y5 BETWEEN %(south)s::int AND %(north)s::int
   OR point.wide AND point.id = ANY (ARRAY(
       SELECT risk_point_id FROM cell_touch
       WHERE x5 BETWEEN %(west)s::int AND %(east)s::int AND y5 BETWEEN %(south)s::int AND %(north)s::int))
