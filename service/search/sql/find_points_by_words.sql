-- Risk points that hold all words in their own number, name or place, the worst first.
-- Relies on risk_point_rank: common words end the walk early, rare ones read the table once.
WITH found AS (
    SELECT point.id, CASE WHEN point.grade_assessed IS NULL THEN 5 ELSE point.grade_assessed::integer END AS rank
    FROM risk_point AS point
    WHERE point.search LIKE ALL (%(words)s::text[]) AND words_of(point.number, point.name, point.place) LIKE ALL (%(words)s::text[])
    ORDER BY rank, point.id
    LIMIT %(limit)s::int
)
SELECT
    point.id, point.number, point.name, point.place, found.rank,
    enterprise.name AS enterprise_name, territory.name AS territory_name,
    ST_X(point.anchor) AS lon, ST_Y(point.anchor) AS lat
FROM found
JOIN risk_point AS point USING (id)
JOIN territory ON territory.id = point.located_in_id
LEFT JOIN enterprise ON enterprise.id = point.enterprise_id
ORDER BY found.rank, point.id
