-- How many points are selected, and whether any is a demonstration.
-- Relies on risk_point_cell where the filter asks for nothing else than it includes.
SELECT count(*) AS total, COALESCE(bool_or(point.demo), false) AS demo
FROM risk_point AS point
WHERE /* include risk_points/selected */
