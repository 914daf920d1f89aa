-- One enterprise with its counts of selected points, positions, freshness and the rectangle that holds all of it.
WITH point AS (
    SELECT
        position, recorded_from, next_review, exposed_workers, COALESCE(geom, anchor) AS shape,
        /* include risk_points/rank */ AS rank
    FROM risk_point AS point
    WHERE point.enterprise_id = %(id)s::bigint AND /* include risk_points/selected */
), counted AS (
    SELECT
        count(*) AS total,
        count(*) FILTER (WHERE rank = 1) AS major, count(*) FILTER (WHERE rank = 2) AS large,
        count(*) FILTER (WHERE rank = 3) AS general, count(*) FILTER (WHERE rank = 4) AS low,
        count(*) FILTER (WHERE rank = 5) AS unassessed,
        count(*) FILTER (WHERE position = 'own') AS own, count(*) FILTER (WHERE position = 'inherited') AS inherited,
        count(*) FILTER (WHERE position = 'none') AS none,
        count(*) FILTER (WHERE next_review < %(today)s::date) AS overdue,
        max(recorded_from) AS last_recorded_at, ST_Extent(shape) AS extent
    FROM point
), ground AS (
    SELECT ST_Extent(ST_Collect(geom, area)) AS extent FROM site WHERE enterprise_id = %(id)s::bigint
), whole AS (
    SELECT ST_Extent(extent::geometry) AS extent
    FROM (SELECT extent FROM counted UNION ALL SELECT extent FROM ground) AS part
)
SELECT
    enterprise.id, enterprise.uscc, enterprise.name, enterprise.industries, enterprise.economy_code, enterprise.employees,
    enterprise.demo, enterprise.version, enterprise.recorded_from,
    territory.key AS territory_key, territory.name AS territory_name,
    counted.total, counted.major, counted.large, counted.general, counted.low, counted.unassessed,
    counted.own, counted.inherited, counted.none, counted.overdue, counted.last_recorded_at,
    ST_XMin(whole.extent) AS west, ST_YMin(whole.extent) AS south, ST_XMax(whole.extent) AS east,
    ST_YMax(whole.extent) AS north
FROM enterprise
JOIN territory ON territory.id = enterprise.home_territory_id
CROSS JOIN counted
CROSS JOIN whole
WHERE enterprise.id = %(id)s::bigint
