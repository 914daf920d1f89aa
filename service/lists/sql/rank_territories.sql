-- The nodes directly below a territory by their highest grade, then by weighted exposure a square kilometre.
-- Statutory children always; functional zones where responsibility is the view, or where points stand.
WITH counted AS MATERIALIZED (
    -- By id, which is hashed; paths would be sorted, all of them.
    SELECT
        node, count(*) AS total, min(rank) AS rank,
        count(*) FILTER (WHERE rank = 1) AS major, count(*) FILTER (WHERE rank = 2) AS large,
        count(*) FILTER (WHERE rank = 3) AS general, count(*) FILTER (WHERE rank = 4) AS low,
        count(*) FILTER (WHERE rank = 5) AS unassessed,
        COALESCE(sum(exposed_workers), 0) AS exposed_workers,
        sum((%(weights)s::float8[])[rank] * GREATEST(exposed_workers, %(workers_at_least)s::int)) AS weighted
    FROM (
        SELECT
            CASE %(view)s::text WHEN 'managed' THEN managed_by_id ELSE located_in_id END AS node,
            exposed_workers, /* include risk_points/rank */ AS rank
        FROM risk_point AS point
        WHERE /* include risk_points/selected */
    ) AS marked
    GROUP BY node
), part AS (
    SELECT
        child.key, child.name, child.statutory,
        NULLIF(ST_Area(child.boundary::geography) / 1e6, 0) AS area_km2,
        COALESCE(sum(counted.total), 0)::bigint AS total, min(counted.rank) AS rank,
        COALESCE(sum(counted.major), 0)::bigint AS major, COALESCE(sum(counted.large), 0)::bigint AS large,
        COALESCE(sum(counted.general), 0)::bigint AS general, COALESCE(sum(counted.low), 0)::bigint AS low,
        COALESCE(sum(counted.unassessed), 0)::bigint AS unassessed,
        COALESCE(sum(counted.exposed_workers), 0)::bigint AS exposed_workers,
        COALESCE(sum(counted.weighted), 0) AS weighted
    FROM territory AS child
    LEFT JOIN (counted JOIN territory AS leaf ON leaf.id = counted.node) ON leaf.path <@ child.path
    WHERE child.parent_id = %(parent)s::bigint AND child.valid_to IS NULL
    GROUP BY child.id
)
SELECT *, weighted / area_km2 AS density,
    rank() OVER (ORDER BY rank NULLS LAST, weighted / area_km2 DESC NULLS LAST, weighted DESC) AS place
FROM part
WHERE statutory OR total > 0 OR %(view)s::text = 'managed'
ORDER BY place, key
LIMIT %(limit)s::int
