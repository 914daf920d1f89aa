-- Gives the sites in a window the territories that now cover them, as site_settle would, and counts what moved.
-- Relies on site_geom_gist. The covering is territory_home's, territory by territory: asked for each site it takes ten
-- times as long.
WITH home AS (
    SELECT
        site.id,
        (array_agg(territory.id ORDER BY nlevel(territory.path) DESC, territory.boundary_indicative, territory.id)
            FILTER (WHERE territory.statutory))[1] AS located_in_id,
        (array_agg(territory.id ORDER BY nlevel(territory.path) DESC, territory.boundary_indicative, territory.id)
            FILTER (WHERE NOT territory.statutory))[1] AS zone_id
    FROM territory
    JOIN site ON site.geom && territory.boundary AND ST_Covers(territory.boundary, site.geom)
    WHERE territory.valid_to IS NULL AND site.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
    GROUP BY site.id
), located AS (
    SELECT
        site.id, site.managed_reason, site.managed_by_id, home.zone_id, home.located_in_id IS NULL AS outside,
        CASE WHEN site.located_stated THEN site.located_in_id
             ELSE COALESCE(home.located_in_id, site.located_in_id) END AS located_in_id
    FROM site
    LEFT JOIN home USING (id)
    WHERE site.geom && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4490)
), due AS (
    SELECT
        id, located_in_id,
        CASE WHEN managed_reason IS NULL THEN COALESCE(zone_id, located_in_id) ELSE managed_by_id END AS managed_by_id
    FROM located
), moved AS (
    UPDATE site SET located_in_id = due.located_in_id, managed_by_id = due.managed_by_id
    FROM due
    WHERE site.id = due.id AND (site.located_in_id, site.managed_by_id) <> (due.located_in_id, due.managed_by_id)
    RETURNING site.id
)
SELECT
    (SELECT count(*) FROM moved) AS moved,
    (SELECT count(*) FROM located WHERE outside) AS outside,
    -- Points without a position of their own go along by trigger.
    (SELECT count(*) FROM risk_point JOIN moved ON moved.id = risk_point.site_id WHERE position = 'inherited') AS following
