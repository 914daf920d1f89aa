-- The enterprises with selected points by their highest grade, then by weighted exposure a square kilometre of their drawn
-- sites; those without a drawn site follow within their grade, by weighted exposure alone.
WITH counted AS MATERIALIZED (
    /* include lists/counted */
), ground AS (
    SELECT enterprise_id AS id, NULLIF(sum(ST_Area(area::geography)) / 1e6, 0) AS area_km2 FROM site
    WHERE area IS NOT NULL GROUP BY enterprise_id
)
SELECT
    enterprise.id, enterprise.name, counted.total, counted.rank, counted.major, counted.large, counted.general, counted.low,
    counted.unassessed, counted.exposed_workers, counted.weighted, ground.area_km2,
    counted.weighted / ground.area_km2 AS density,
    rank() OVER (ORDER BY counted.rank, counted.weighted / ground.area_km2 DESC NULLS LAST, counted.weighted DESC) AS place
FROM counted
JOIN enterprise USING (id)
LEFT JOIN ground USING (id)
ORDER BY place, enterprise.id
LIMIT %(limit)s::int
