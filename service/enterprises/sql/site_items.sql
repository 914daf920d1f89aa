-- The sites of enterprises as features for programs: the drawn area where there is one, else the point.
-- Relies on site_pkey for pages and site_cell within an extent.
SELECT
    site.id, COALESCE(site.area, site.geom) AS shape,
    site.enterprise_id, firm.name AS enterprise, firm.uscc, site.number, site.name, site.address,
    located.key AS territory, located.name AS territory_name,
    managing.key AS managed_by, managing.name AS managed_by_name,
    site.demo, site.version, site.recorded_from
FROM site
JOIN enterprise AS firm ON firm.id = site.enterprise_id
JOIN territory AS located ON located.id = site.located_in_id
JOIN territory AS managing ON managing.id = site.managed_by_id
WHERE %(west)s::int IS NULL
   OR site.x5 BETWEEN %(west)s::int AND %(east)s::int AND site.y5 BETWEEN %(south)s::int AND %(north)s::int
   OR site.area IS NOT NULL
