-- The points of the region: gas and heating mains along streets, school surroundings and blocks as areas, bridges,
-- markets, junctions. One in fifty has no position.
WITH regional AS (
    SELECT array_agg(number ORDER BY number) AS numbers, array_agg(reached ORDER BY number) AS ends FROM (
        SELECT number, sum(regional) OVER (ORDER BY number) / sum(regional) OVER () AS reached
        FROM given_kind WHERE regional > 0) AS kind
), drawn AS (
    SELECT point, numbers[1 + width_bucket(pg_temp.chance(%(seed)s, 'kind', point), ends)] AS kind
    FROM regional, generate_series(%(firm_points)s::bigint + 1, %(points)s::bigint) AS point
), settled AS (
    SELECT point, kind, shape, length_km,
        places[1 + width_bucket(pg_temp.chance(%(seed)s, 'place of', point), made_setting.ends)] AS place
    FROM drawn JOIN given_kind ON given_kind.number = kind JOIN made_setting USING (setting)
), placed AS (
    SELECT point, kind, shape, place, CASE WHEN pg_temp.chance(%(seed)s, 'no position of', point) >= 0.02 THEN
            pg_temp.spot(round((lon + spread_km * 1000 / %(lon_metres)s
                    * pg_temp.bell(%(seed)s, 'point east', point)) / 0.004) * 0.004,
                lat + spread_km * 1000 / %(lat_metres)s * pg_temp.bell(%(seed)s, 'point north', point)) END AS spot,
        1000 * (length_km[1] + (length_km[2] - length_km[1]) * pg_temp.chance(%(seed)s, 'length', point)) AS length_m,
        pg_temp.chance(%(seed)s, 'bend', point) AS bend,
        sign(pg_temp.chance(%(seed)s, 'turn', point) - 0.5) AS turn,
        (60 + 140 * pg_temp.chance(%(seed)s, 'width', point)) / %(lon_metres)s AS width,
        (60 + 120 * pg_temp.chance(%(seed)s, 'height', point)) / %(lat_metres)s AS height
    FROM settled JOIN given_place ON given_place.number = place
), shaped AS (
    SELECT point, kind, place, CASE shape
        WHEN 'line' THEN ST_MakeLine(ARRAY[spot,
            pg_temp.spot(ST_X(spot), ST_Y(spot) + length_m * bend / %(lat_metres)s),
            pg_temp.spot(ST_X(spot) + turn * length_m * (1 - bend) / %(lon_metres)s,
                ST_Y(spot) + length_m * bend / %(lat_metres)s)])
        WHEN 'area' THEN ST_MakeEnvelope(ST_X(spot) - width, ST_Y(spot) - height, ST_X(spot) + width,
            ST_Y(spot) + height, 4490)
        ELSE spot END AS geom
    FROM placed
)
INSERT INTO made_draft (point, kind, place, geom, spot)
SELECT point, kind, place, geom, CASE WHEN GeometryType(geom) = 'POINT' THEN geom ELSE ST_PointOnSurface(geom) END
FROM shaped
