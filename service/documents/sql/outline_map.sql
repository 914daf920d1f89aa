-- The boundaries a map is drawn on: the territory and all below it, as GeoJSON in degrees, the highest first.
-- Six decimals are a tenth of a metre. Relies on territory_path_gist.
SELECT key, code, name, level, boundary_indicative AS indicative, ST_AsGeoJSON(boundary, 6, 0)::json AS geometry
FROM territory
WHERE valid_to IS NULL AND boundary IS NOT NULL AND path <@ %(path)s::ltree
ORDER BY nlevel(path), path
