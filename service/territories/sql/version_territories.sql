-- A number and a count that are both equal only while no territory in a tile's window was written, added or retired.
-- Relies on territory_boundary_gist.
SELECT (COALESCE(sum(token), 0) %% 9007199254740992)::bigint AS token, count(*) AS count
FROM territory
WHERE boundary && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490) AND valid_to IS NULL
