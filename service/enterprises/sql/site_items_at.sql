-- The sites of enterprises as they were recorded at a moment.
-- Relies on site_pkey and site_history_id_recorded_to_idx for pages.
SELECT
    site.id, COALESCE(site.area, site.geom) AS shape,
    site.enterprise_id,
    (SELECT named.name FROM enterprise AS named WHERE named.id = site.enterprise_id) AS enterprise,
    (SELECT named.uscc FROM enterprise AS named WHERE named.id = site.enterprise_id) AS uscc,
    site.number, site.name, site.address,
    (SELECT named.key FROM territory AS named WHERE named.id = site.located_in_id) AS territory,
    (SELECT named.name FROM territory AS named WHERE named.id = site.located_in_id) AS territory_name,
    (SELECT named.key FROM territory AS named WHERE named.id = site.managed_by_id) AS managed_by,
    (SELECT named.name FROM territory AS named WHERE named.id = site.managed_by_id) AS managed_by_name,
    site.demo, site.version, site.recorded_from
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
