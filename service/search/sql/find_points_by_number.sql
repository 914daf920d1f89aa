-- Risk points whose number begins with the text, in the order of their numbers.
-- Relies on risk_point_number; the range is what LIKE says, in operators that row security lets into an index.
SELECT
    point.id, point.number, point.name, point.place, COALESCE(point.grade_assessed, 5) AS rank,
    enterprise.name AS enterprise_name, territory.name AS territory_name,
    ST_X(point.anchor) AS lon, ST_Y(point.anchor) AS lat
FROM risk_point AS point
JOIN territory ON territory.id = point.located_in_id
LEFT JOIN enterprise ON enterprise.id = point.enterprise_id
WHERE point.number >= %(number)s::text AND point.number < %(number)s::text || chr(1114111)
ORDER BY point.number, point.id
LIMIT %(limit)s::int
