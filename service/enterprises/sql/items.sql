-- The enterprises as features for programs, each at its first site that has a position.
-- Relies on enterprise_pkey for pages, on site_cell within an extent, on site_number_unique for the first site.
SELECT
    firm.id, first.geom AS shape,
    /* include enterprises/described */,
    (SELECT count(*) FROM site WHERE site.enterprise_id = firm.id) AS sites,
    firm.demo, firm.version, firm.recorded_from
FROM enterprise AS firm
LEFT JOIN LATERAL (
    SELECT site.geom, site.address FROM site WHERE site.enterprise_id = firm.id
    ORDER BY site.geom IS NULL, site.number LIMIT 1
) AS first ON true
WHERE %(west)s::int IS NULL
   OR firm.id = ANY (ARRAY(
       SELECT enterprise_id FROM site
       WHERE x5 BETWEEN %(west)s::int AND %(east)s::int AND y5 BETWEEN %(south)s::int AND %(north)s::int))
