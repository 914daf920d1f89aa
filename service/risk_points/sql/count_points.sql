-- How many points are selected. Relies on risk_point_cell where the filter asks for nothing else than it includes.
SELECT count(*) AS total FROM risk_point AS point WHERE /* include risk_points/selected */
