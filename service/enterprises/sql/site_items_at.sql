-- The sites of enterprises as they were recorded at a moment.
-- Relies on site_pkey and site_history_id_recorded_to_idx for pages.
SELECT
    site.id, COALESCE(site.area, site.geom) AS shape,
    site.enterprise_id, firm.name AS enterprise, firm.uscc, site.number, site.name, site.address,
    located.key AS territory, located.name AS territory_name,
    managing.key AS managed_by, managing.name AS managed_by_name,
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
LEFT JOIN enterprise AS firm ON firm.id = site.enterprise_id
JOIN territory AS located ON located.id = site.located_in_id
JOIN territory AS managing ON managing.id = site.managed_by_id
WHERE %(west)s::int IS NULL
   OR site.x5 BETWEEN %(west)s::int AND %(east)s::int AND site.y5 BETWEEN %(south)s::int AND %(north)s::int
   OR site.area IS NOT NULL
