-- Counts by grade of every territory node that carries points, as count_territories, from the stored counts and the deltas
-- not yet folded. Only where they can answer (service/cells/queries.py). Reviews fall due by the day: they are counted apart.
WITH stored AS (
    SELECT CASE %(view)s::text WHEN 'managed' THEN managed_by_path ELSE located_in_path END AS path,
        x4 IS NULL AS unplaced, rank, n, inherited, last_recorded_at
    FROM cell_stat AS stat
    WHERE /* include cells/stored */
    UNION ALL
    SELECT CASE %(view)s::text WHEN 'managed' THEN managed_by_path ELSE located_in_path END, x4 IS NULL, rank, n, inherited,
        last_recorded_at
    FROM cell_stat_delta AS stat
    WHERE /* include cells/stored */
)
SELECT
    path::text AS path, sum(n)::bigint AS total,
    COALESCE(sum(n) FILTER (WHERE rank = 1), 0)::bigint AS major,
    COALESCE(sum(n) FILTER (WHERE rank = 2), 0)::bigint AS large,
    COALESCE(sum(n) FILTER (WHERE rank = 3), 0)::bigint AS general,
    COALESCE(sum(n) FILTER (WHERE rank = 4), 0)::bigint AS low,
    COALESCE(sum(n) FILTER (WHERE rank = 5), 0)::bigint AS unassessed,
    COALESCE(sum(n - inherited) FILTER (WHERE NOT unplaced), 0)::bigint AS own,
    sum(inherited)::bigint AS inherited,
    COALESCE(sum(n) FILTER (WHERE unplaced), 0)::bigint AS none,
    max(last_recorded_at) AS last_recorded_at
FROM stored
GROUP BY path
HAVING sum(n) > 0
ORDER BY path
