-- The lines and areas among named points, as GeoJSON in degrees.
SELECT id, ST_AsGeoJSON(geom, 6, 0)::json AS geometry
FROM risk_point
WHERE id = ANY (%(ids)s::bigint[]) AND ST_Dimension(geom) > 0
