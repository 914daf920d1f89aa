-- Which positions lie outside the territory that the register states for them, and how many metres from its border.
-- Relies on territory_pkey; a territory without boundary contradicts nobody.
SELECT given.number, ST_Distance(territory.boundary::geography, given.place::geography) AS distance_m
FROM (
    SELECT number, territory_id, ST_SetSRID(ST_MakePoint(lon, lat), 4490) AS place
    FROM unnest(%(rows)s::bigint[], %(lons)s::double precision[], %(lats)s::double precision[],
                %(territory_ids)s::bigint[]) AS position (number, lon, lat, territory_id)
    -- One territory after the other: PostGIS keeps the index of a border only until it meets another.
    ORDER BY territory_id
) AS given
JOIN territory ON territory.id = given.territory_id
WHERE NOT ST_Covers(territory.boundary, given.place)
ORDER BY given.number
