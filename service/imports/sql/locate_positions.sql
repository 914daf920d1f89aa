-- Which statutory leaf and which functional zone cover each position (hexadecimal EWKB, SRID 4490); a line or an area
-- is where its anchor is. Uses territory_boundary_gist through territory_home.
SELECT given.number AS row, ST_X(place.anchor) AS lon, ST_Y(place.anchor) AS lat, home.located_in_id, home.zone_id
FROM unnest(%(rows)s::integer[], %(geoms)s::text[]) AS given (number, geom)
CROSS JOIN LATERAL (
    SELECT CASE WHEN ST_Dimension(given.geom::geometry) = 0 THEN given.geom::geometry
        ELSE ST_PointOnSurface(given.geom::geometry) END AS anchor
) AS place
CROSS JOIN LATERAL territory_home(place.anchor) AS home
