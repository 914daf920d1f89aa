-- Gives the risk points with a position of their own in a window the territories that now cover them, as
-- risk_point_settle would, and counts what moved. Relies on risk_point_geom_gist: the anchor lies on the geometry, so
-- what meets a window by its anchor meets it by its geometry. The covering is territory_home's, territory by territory.
WITH home AS (
    SELECT
        point.id,
        (array_agg(territory.id ORDER BY nlevel(territory.path) DESC, territory.boundary_indicative, territory.id)
            FILTER (WHERE territory.statutory))[1] AS located_in_id,
        (array_agg(territory.id ORDER BY nlevel(territory.path) DESC, territory.boundary_indicative, territory.id)
            FILTER (WHERE NOT territory.statutory))[1] AS zone_id
    FROM territory
    JOIN risk_point AS point ON point.geom && territory.boundary AND ST_Covers(territory.boundary, point.anchor)
    WHERE territory.valid_to IS NULL AND point.position = 'own'
      AND point.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
    GROUP BY point.id
), located AS (
    SELECT
        point.id, point.managed_reason, point.managed_by_id, home.zone_id, home.located_in_id IS NULL AS outside,
        CASE WHEN point.located_stated THEN point.located_in_id
             ELSE COALESCE(home.located_in_id, point.located_in_id) END AS located_in_id
    FROM risk_point AS point
    LEFT JOIN home USING (id)
    WHERE point.position = 'own'
      AND point.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
), due AS (
    SELECT
        id, located_in_id,
        CASE WHEN managed_reason IS NULL THEN COALESCE(zone_id, located_in_id) ELSE managed_by_id END AS managed_by_id
    FROM located
), moved AS (
    UPDATE risk_point AS point SET located_in_id = due.located_in_id, managed_by_id = due.managed_by_id
    FROM due
    WHERE point.id = due.id AND (point.located_in_id, point.managed_by_id) <> (due.located_in_id, due.managed_by_id)
    RETURNING point.id
)
SELECT (SELECT count(*) FROM moved) AS moved, (SELECT count(*) FROM located WHERE outside) AS outside
