-- One page of risk points, the worst first, of a place (a range of level-5 cells, a territory, or named points).
-- Relies on risk_point_cell for ranges; keyset (rank, id), so that page 1,000 costs what page 1 costs.
SELECT
    point.id,
    point.number,
    point.name,
    marked.rank,
    point.enterprise_id,
    enterprise.name AS enterprise_name,
    point.position,
    ST_X(point.anchor) AS lon,
    ST_Y(point.anchor) AS lat,
    point.x5,
    point.y5,
    territory.key AS territory_key,
    territory.name AS territory_name,
    point.demo,
    point.assessed_on,
    point.next_review,
    point.next_review < %(today)s::date AS overdue
FROM risk_point AS point
CROSS JOIN LATERAL (
    SELECT /* include risk_points/rank */ AS rank
) AS marked
JOIN territory ON territory.id = CASE %(view)s::text WHEN 'managed' THEN point.managed_by_id ELSE point.located_in_id END
LEFT JOIN enterprise ON enterprise.id = point.enterprise_id
WHERE (%(x0)s::int IS NULL
       OR point.x5 BETWEEN %(x0)s::int AND %(x1)s::int AND point.y5 BETWEEN %(y0)s::int AND %(y1)s::int)
  AND (%(ids)s::bigint[] IS NULL OR point.id = ANY (%(ids)s::bigint[]))
  AND /* include risk_points/selected */
  AND (%(after_rank)s::int IS NULL OR (marked.rank, point.id) > (%(after_rank)s::int, %(after_id)s::bigint))
ORDER BY marked.rank, point.id
LIMIT %(limit)s::int
