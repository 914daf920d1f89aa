-- The risk points as they were recorded at a moment, as features for programs; what they are called by, as it is now.
-- Relies on risk_point_pkey and risk_point_history_id_recorded_to_idx for pages.
SELECT
    point.id, COALESCE(point.geom, point.anchor) AS shape,
    /* include risk_points/described */
FROM (
    SELECT /* include risk_points/kept */ FROM risk_point AS point WHERE point.recorded_from <= %(at)s::timestamptz
    UNION ALL
    SELECT /* include risk_points/kept */ FROM risk_point_history AS point
    WHERE point.recorded_from <= %(at)s::timestamptz AND point.recorded_to > %(at)s::timestamptz
) AS point
WHERE %(west)s::int IS NULL
   OR point.wide IS NOT FALSE -- not kept in the first histories
   OR point.x5 BETWEEN %(west)s::int AND %(east)s::int AND point.y5 BETWEEN %(south)s::int AND %(north)s::int
