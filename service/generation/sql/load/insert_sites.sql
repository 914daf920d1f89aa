-- Registers the sites, with what site_settle would have worked out. Every third is drawn with its ground, as large as
-- the points on it need.
INSERT INTO site (id, enterprise_id, number, name, address, geom, area, source_datum, source_x, source_y, located_in_id,
    managed_by_id, demo, changed_by, located_in_path, managed_by_path, industry_scopes)
OVERRIDING SYSTEM VALUE
SELECT made.id, firm.id, made.number::text, site_name || CASE WHEN sites > 1 THEN '（' || made.number || '）' ELSE '' END,
    territory.name || '演示' || pg_temp.pick(%(roads)s::text[], pg_temp.chance(%(seed)s, 'road', made.id - %(first_site)s::bigint)) || '路'
        || 1 + floor(pg_temp.chance(%(seed)s, 'door', made.id - %(first_site)s::bigint) * 998)::integer || '号',
    CASE WHEN placed THEN spot END,
    CASE WHEN placed AND pg_temp.chance(%(seed)s, 'ground', made.id - %(first_site)s::bigint) < 0.33 THEN ST_Multi(ST_MakeEnvelope(
        ST_X(spot) - reach_m / %(lon_metres)s, ST_Y(spot) - 0.7 * reach_m / %(lat_metres)s,
        ST_X(spot) + reach_m / %(lon_metres)s, ST_Y(spot) + 0.7 * reach_m / %(lat_metres)s, 4490)) END,
    CASE WHEN placed THEN 'CGCS2000' END, CASE WHEN placed THEN ST_X(spot)::text END,
    CASE WHEN placed THEN ST_Y(spot)::text END,
    made.located_in_id, made.managed_by_id, true, current_writer(), located_in_path, managed_by_path, industry_scopes
FROM made_site AS made
JOIN made_firm AS firm ON firm.firm = made.firm
JOIN given_trade AS trade ON trade.number = firm.trade
JOIN territory ON territory.id = made.located_in_id
JOIN made_scope AS scope ON scope.industries = made.industries AND scope.located_in_id = made.located_in_id
    AND scope.managed_by_id = made.managed_by_id,
    LATERAL (SELECT 40 + 24 * sqrt(points::double precision / sites) AS reach_m) AS ground
