-- The sites of enterprises as they were recorded at a moment.
-- Relies on site_pkey and site_history_id_recorded_to_idx for pages.
SELECT
    /* include enterprises/site_described */
FROM (
    SELECT id, enterprise_id, number, name, address, geom, area, located_in_id, managed_by_id, x5, y5, demo, version,
        recorded_from
    FROM site WHERE recorded_from <= %(at)s::timestamptz
    UNION ALL
    SELECT id, enterprise_id, number, name, address, geom, area, located_in_id, managed_by_id, x5, y5, demo, version,
        recorded_from
    FROM site_history WHERE recorded_from <= %(at)s::timestamptz AND recorded_to > %(at)s::timestamptz
) AS site
WHERE %(west)s::int IS NULL
   OR site.x5 BETWEEN %(west)s::int AND %(east)s::int AND site.y5 BETWEEN %(south)s::int AND %(north)s::int
   OR site.area IS NOT NULL
