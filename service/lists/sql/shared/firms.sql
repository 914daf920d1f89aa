-- The enterprises that a list shows, each with what it may be sorted by. register: `some` have selected points, `none`
-- belong to the selection and have no point at all, `any` both, and those whose points the filter leaves out unless it
-- asks for something of the points. by_points: whether that order or that choice depends on the points; where it does
-- not, they are not counted here, but only for the page that is shown.
counted AS MATERIALIZED (
    /* include lists/counted */
), firm AS MATERIALIZED (
    SELECT
        enterprise.id, enterprise.name AS text_key,
        CASE %(sort)s::text
            WHEN 'worst' THEN COALESCE(counted.rank, 6)::float8
            WHEN 'total' THEN COALESCE(counted.total, 0)::float8
            WHEN 'overdue' THEN COALESCE(counted.overdue, 0)::float8
            -- Without a drawn area there is no density: such firms stand beyond the thinnest.
            WHEN 'density' THEN COALESCE(counted.weighted / ground.area_km2, -1)
            ELSE 0 END AS number_key,
        ground.area_km2, enterprise.demo
    FROM enterprise
    LEFT JOIN counted ON %(by_points)s::boolean AND counted.id = enterprise.id
    LEFT JOIN (
        SELECT enterprise_id AS id, NULLIF(sum(ST_Area(area::geography)) / 1e6, 0) AS area_km2 FROM site
        WHERE area IS NOT NULL GROUP BY enterprise_id
    ) AS ground ON ground.id = enterprise.id
    WHERE CASE %(register)s::text
        WHEN 'some' THEN counted.total IS NOT NULL
        WHEN 'none' THEN /* include lists/belongs */
            AND NOT EXISTS (SELECT FROM risk_point AS any_point WHERE any_point.enterprise_id = enterprise.id)
        ELSE counted.total IS NOT NULL OR (NOT %(of_points)s::boolean AND /* include lists/belongs */) END
)
