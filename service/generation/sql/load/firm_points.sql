-- The points of firms: what their trade has, three fifths where they stand, the others left to their site. A few are
-- drawn as the area of a workshop or as a pipe.
WITH drawn AS (
    SELECT point, firm, first_site + point %% sites AS site_id,
        kinds[1 + floor(pg_temp.chance(%(seed)s, 'kind', point) * cardinality(kinds))::integer] AS kind,
        pg_temp.chance(%(seed)s, 'own', point) AS own,
        20 + 12 * sqrt(points::double precision / sites) AS reach_m -- a works of 100 points is about 300 m across
    FROM made_firm JOIN given_trade ON given_trade.number = trade,
        generate_series(first_point, first_point + points - 1) AS point
), placed AS (
    SELECT point, drawn.firm, site_id, kind, site.place, own, CASE WHEN own < 0.6 THEN pg_temp.spot(
            ST_X(spot) + reach_m / %(lon_metres)s * pg_temp.bell(%(seed)s, 'point east', point),
            ST_Y(spot) + reach_m / %(lat_metres)s * pg_temp.bell(%(seed)s, 'point north', point)) END AS spot,
        (10 + 50 * pg_temp.chance(%(seed)s, 'width', point)) / %(lon_metres)s AS width,
        (10 + 40 * pg_temp.chance(%(seed)s, 'height', point)) / %(lat_metres)s AS height
    FROM drawn JOIN made_site AS site ON site.id = site_id
), shaped AS (
    SELECT point, firm, site_id, kind, place, CASE
        WHEN own < 0.02 THEN ST_MakeEnvelope(ST_X(spot) - width, ST_Y(spot) - height, ST_X(spot) + width,
            ST_Y(spot) + height, 4490)
        WHEN own < 0.023 THEN ST_MakeLine(ARRAY[spot, pg_temp.spot(ST_X(spot) + 3 * width, ST_Y(spot)),
            pg_temp.spot(ST_X(spot) + 3 * width, ST_Y(spot) + 3 * height)])
        ELSE spot END AS geom
    FROM placed
)
INSERT INTO made_draft (point, firm, site_id, kind, place, geom, spot)
SELECT point, firm, site_id, kind, place, geom,
    CASE WHEN GeometryType(geom) = 'POINT' THEN geom ELSE ST_PointOnSurface(geom) END
FROM shaped
