-- The bounds of territories in degrees, and the middle of the largest circle that fits in: where a label belongs.
-- Relies on territory_pkey.
SELECT
    id, ST_XMin(boundary) AS west, ST_YMin(boundary) AS south, ST_XMax(boundary) AS east, ST_YMax(boundary) AS north,
    ST_X(middle) AS lon, ST_Y(middle) AS lat
FROM territory
-- A hundredth of a degree is a pixel on a map of the city; the exact middle takes ten times as long.
CROSS JOIN LATERAL (SELECT (ST_MaximumInscribedCircle(boundary)).center AS middle) AS circle
WHERE id = ANY (%(ids)s::bigint[]) AND boundary IS NOT NULL
