-- The sites around the places of their trade's setting, most of them along a street: streets run every 0.004° of
-- longitude and 0.003° of latitude (about 330 m), and a gate is 20 to 60 m beside one. Every fiftieth has no position.
WITH drawn AS (
    SELECT serial + %(first_site)s::bigint AS id, serial, firm, turn AS number, setting, industries,
        places[1 + width_bucket(pg_temp.chance(%(seed)s, 'place', serial), ends)] AS place
    FROM made_firm JOIN given_trade ON given_trade.number = trade JOIN made_setting USING (setting),
        generate_series(1, sites) AS turn, LATERAL (SELECT first_site + turn - 1 - %(first_site)s::bigint AS serial) AS numbered
), scattered AS (
    SELECT drawn.*, lon + spread_km * 1000 / %(lon_metres)s * pg_temp.bell(%(seed)s, 'east', serial) AS lon,
        lat + spread_km * 1000 / %(lat_metres)s * pg_temp.bell(%(seed)s, 'north', serial) AS lat,
        pg_temp.chance(%(seed)s, 'street', serial) AS street,
        sign(pg_temp.chance(%(seed)s, 'side', serial) - 0.5) * (20 + 40 * pg_temp.chance(%(seed)s, 'gate', serial)) AS beside
    FROM drawn JOIN given_place ON given_place.number = place
)
INSERT INTO made_site (id, firm, number, place, spot, placed, industries)
SELECT id, firm, number, place, CASE
        WHEN setting IN ('rural', 'road') THEN pg_temp.spot(lon, lat)
        WHEN street < 0.5 THEN pg_temp.spot(round(lon / 0.004) * 0.004 + beside / %(lon_metres)s, lat)
        ELSE pg_temp.spot(lon, round(lat / 0.003) * 0.003 + beside / %(lat_metres)s) END,
    pg_temp.chance(%(seed)s, 'no position', serial) >= 0.02, industries
FROM scattered
