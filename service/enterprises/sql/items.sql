-- The enterprises as features for programs, each at its first site that has a position.
-- Relies on enterprise_pkey for pages, on site_cell within an extent, on site_number_unique for the first site. What is not
-- asked for is not looked up: a count reads no site.
SELECT
    firm.id,
    (SELECT site.geom FROM site WHERE site.enterprise_id = firm.id ORDER BY site.geom IS NULL, site.number LIMIT 1) AS shape,
    /* include enterprises/described */,
    (SELECT site.address FROM site WHERE site.enterprise_id = firm.id ORDER BY site.geom IS NULL, site.number LIMIT 1) AS address,
    (SELECT count(*) FROM site WHERE site.enterprise_id = firm.id) AS sites,
    firm.demo, firm.version, firm.recorded_from
FROM enterprise AS firm
WHERE %(west)s::int IS NULL
   OR firm.id = ANY (ARRAY(
       SELECT enterprise_id FROM site
       WHERE x5 BETWEEN %(west)s::int AND %(east)s::int AND y5 BETWEEN %(south)s::int AND %(north)s::int))
