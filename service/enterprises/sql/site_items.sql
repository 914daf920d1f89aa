-- The sites of enterprises as features for programs: the drawn area where there is one, else the point.
-- Relies on site_pkey for pages and site_cell within an extent.
SELECT
    /* include enterprises/site_described */
FROM site
WHERE %(west)s::int IS NULL
   OR site.x5 BETWEEN %(west)s::int AND %(east)s::int AND site.y5 BETWEEN %(south)s::int AND %(north)s::int
   OR site.area IS NOT NULL
