-- The enterprises as they were recorded at a moment, each at its first site that had a position then.
-- Relies on enterprise_pkey, site_number_unique and the keys of both histories.
SELECT
    firm.id, first.geom AS shape,
    /* include enterprises/described */, first.address,
    (SELECT count(*) FROM site WHERE site.enterprise_id = firm.id AND site.recorded_from <= %(at)s::timestamptz)
        + (SELECT count(*) FROM site_history AS site WHERE site.enterprise_id = firm.id
           AND site.recorded_from <= %(at)s::timestamptz AND site.recorded_to > %(at)s::timestamptz) AS sites,
    firm.demo, firm.version, firm.recorded_from
FROM (
    SELECT id, name, uscc, industries, economy_code, employees, home_territory_id, demo, version, recorded_from
    FROM enterprise WHERE recorded_from <= %(at)s::timestamptz
    UNION ALL
    SELECT id, name, uscc, industries, economy_code, employees, home_territory_id, demo, version, recorded_from
    FROM enterprise_history WHERE recorded_from <= %(at)s::timestamptz AND recorded_to > %(at)s::timestamptz
) AS firm
LEFT JOIN LATERAL (
    SELECT held.geom, held.address
    FROM (
        SELECT geom, address, number FROM site
        WHERE enterprise_id = firm.id AND recorded_from <= %(at)s::timestamptz
        UNION ALL
        SELECT geom, address, number FROM site_history
        WHERE enterprise_id = firm.id AND recorded_from <= %(at)s::timestamptz AND recorded_to > %(at)s::timestamptz
    ) AS held
    ORDER BY held.geom IS NULL, held.number LIMIT 1
) AS first ON true
-- Where a firm was has no cells of its own in the history of enterprises: the extent is held against the shape alone.
WHERE %(west)s::int IS NULL OR (%(west)s::int, %(south)s::int, %(east)s::int, %(north)s::int) IS NOT NULL
