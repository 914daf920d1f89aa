-- The firms with their trades, and how the points of firms fall to them: some have hundreds, many a few, some none yet.
WITH trades AS (
    SELECT array_agg(number ORDER BY number) AS numbers, array_agg(reached ORDER BY number) AS ends FROM (
        SELECT number, sum(weight) OVER (ORDER BY number) / sum(weight) OVER () AS reached FROM given_trade) AS trade
), drawn AS (
    SELECT firm, numbers[1 + width_bucket(pg_temp.chance(%(seed)s, 'trade', firm), ends)] AS trade
    FROM trades, generate_series(1, %(firms)s::bigint) AS firm
), weighed AS (
    SELECT firm, trade, sum(size * exp(0.8 * pg_temp.bell(%(seed)s, 'size', firm))) OVER (ORDER BY firm) AS reached
    FROM drawn JOIN given_trade ON number = trade
), shared AS (
    SELECT firm, trade, floor(%(firm_points)s::bigint * reached / max(reached) OVER ())::bigint AS last FROM weighed
), counted AS (
    SELECT firm, trade, last - COALESCE(lag(last) OVER (ORDER BY firm), 0) AS points, last FROM shared
), sited AS (
    -- A chain has a shop or a building site more for every dozen points or so.
    SELECT firm, trade, points, last,
        CASE WHEN pg_temp.chance(%(seed)s, 'chain', firm) < 0.06 THEN 2 + (points / 12)::integer ELSE 1 END AS sites
    FROM counted
), called AS (
    SELECT sited.*, given_trade.industry,
        pg_temp.pick(%(first_syllables)s::text[], pg_temp.chance(%(seed)s, 'name', firm))
            || pg_temp.pick(%(second_syllables)s::text[], pg_temp.chance(%(seed)s, 'name of', firm)) || word || form AS called
    FROM sited JOIN given_trade ON given_trade.number = trade
)
INSERT INTO made_firm (firm, id, trade, first_point, points, first_site, sites, industries, called,
    name, uscc)
SELECT firm, %(first_enterprise)s::bigint + firm - 1, trade, last - points + 1, points,
    %(first_site)s::bigint + sum(sites) OVER (ORDER BY firm) - sites, sites,
    ARRAY(SELECT code FROM code_entry
        WHERE list_id = 'regulatory_industry' AND valid_to IS NULL AND name_zh = called.industry),
    called, called || '（演示' || %(born_enterprises)s::bigint + firm || '）',
    CASE WHEN pg_temp.chance(%(seed)s, 'no code', firm) >= 0.07
        THEN pg_temp.credit_code(%(region)s, %(born_enterprises)s::bigint + firm) END
FROM called
