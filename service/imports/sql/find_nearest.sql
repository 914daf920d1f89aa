-- The nearest lowest territory of the viewer's areas to each position (degrees, CGCS2000), and how many metres away.
-- Uses territory_boundary_gist to walk outwards; degrees are good enough to choose by, metres are then measured.
SELECT given.number AS row, near.name, ST_Distance(near.boundary::geography, place.point::geography) AS distance_m
FROM unnest(%(rows)s::integer[], %(lons)s::double precision[], %(lats)s::double precision[])
    AS given (number, lon, lat)
CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(given.lon, given.lat), 4490) AS point) AS place
CROSS JOIN LATERAL (
    SELECT name, boundary FROM territory
    WHERE valid_to IS NULL AND statutory AND boundary IS NOT NULL AND level NOT IN ('country', 'province')
      AND path <@ ANY (%(areas)s::text[]::ltree[])
    ORDER BY boundary <-> place.point, nlevel(path) DESC, id LIMIT 1
) AS near
