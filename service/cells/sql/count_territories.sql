-- Counts by grade of every territory node that carries points, under one territory.
-- Relies on risk_point_located_in / risk_point_managed_by. The rows of one answer sum to the territory.
WITH marked AS (
    SELECT
        CASE %(view)s::text WHEN 'managed' THEN managed_by_path ELSE located_in_path END AS path,
        position, recorded_from, /* include risk_points/rank */ AS rank
    FROM risk_point AS point
    WHERE /* include risk_points/selected */
      AND /* include risk_points/narrowed */
)
SELECT
    path::text AS path, count(*) AS total,
    count(*) FILTER (WHERE rank = 1) AS major, count(*) FILTER (WHERE rank = 2) AS large,
    count(*) FILTER (WHERE rank = 3) AS general, count(*) FILTER (WHERE rank = 4) AS low,
    count(*) FILTER (WHERE rank = 5) AS unassessed,
    count(*) FILTER (WHERE position = 'own') AS own,
    count(*) FILTER (WHERE position = 'inherited') AS inherited,
    count(*) FILTER (WHERE position = 'none') AS none,
    max(recorded_from) AS last_recorded_at
FROM marked
GROUP BY path
ORDER BY path
