-- One tile of the enterprises layer: sites, each with the worst grade and the number of its firm's points selected; the
-- worst first when there are more than the limit. A filter that only points can answer leaves firms without such a point
-- out; without one (whole) every firm is shown, those that have no register too.
-- Relies on site_cell and risk_point_number_unique_in_enterprise.
WITH located AS (
    SELECT id, enterprise_id, name, geom, demo FROM site
    WHERE x5 BETWEEN %(x0)s::int AND %(x1)s::int AND y5 BETWEEN %(y0)s::int AND %(y1)s::int
      AND (%(area)s::ltree IS NULL
           OR CASE %(view)s::text WHEN 'managed' THEN managed_by_path ELSE located_in_path END <@ %(area)s::ltree)
      AND (%(managing)s::ltree IS NULL OR managed_by_path <@ %(managing)s::ltree)
      AND (%(enterprise)s::bigint IS NULL OR enterprise_id = %(enterprise)s::bigint)
), counted AS (
    SELECT point.enterprise_id, count(*) AS points, min(/* include risk_points/rank */) AS rank
    FROM risk_point AS point
    WHERE point.enterprise_id IN (SELECT enterprise_id FROM located) AND /* include risk_points/selected */
    GROUP BY point.enterprise_id
), chosen AS (
    SELECT located.*, COALESCE(points, 0) AS points, rank,
        row_number() OVER (ORDER BY rank NULLS LAST, located.id) AS place
    FROM located LEFT JOIN counted USING (enterprise_id)
    WHERE %(whole)s::boolean OR points > 0
    ORDER BY rank NULLS LAST, located.id
    LIMIT %(most)s::int + 1
), drawn AS (
    SELECT
        chosen.id,
        ST_AsMVTGeom(ST_Transform(chosen.geom, 3857), ST_TileEnvelope(%(z)s::int, %(x)s::int, %(y)s::int), 4096, 256) AS geom,
        chosen.enterprise_id AS enterprise,
        CASE WHEN %(named)s::boolean THEN enterprise.name END AS name,
        CASE WHEN %(named)s::boolean THEN NULLIF(chosen.name, '') END AS site,
        (ARRAY['major', 'large', 'general', 'low', 'unassessed'])[rank] AS grade,
        points,
        points = 0 AND NOT EXISTS (SELECT FROM risk_point WHERE enterprise_id = chosen.enterprise_id) AS no_register,
        chosen.demo,
        place
    FROM chosen
    JOIN enterprise ON enterprise.id = chosen.enterprise_id
    WHERE place <= %(most)s::int
)
SELECT
    -- The worst last: what is drawn later lies on top.
    (SELECT ST_AsMVT(feature, 'enterprises', 4096, 'geom', 'id')
     FROM (SELECT id, geom, enterprise, name, site, grade, points, no_register, demo FROM drawn
           WHERE geom IS NOT NULL ORDER BY place DESC) AS feature) AS tile,
    EXISTS (SELECT FROM chosen WHERE place > %(most)s::int) AS cut
