-- Lines and areas whose cells differ from those that their shape meets.
WITH shape AS (
    SELECT id, number, touched.x5, touched.y5 FROM risk_point, beidou_cells_touched(geom) AS touched
    WHERE ST_Dimension(geom) > 0
), different AS (
    SELECT COALESCE(shape.id, touch.risk_point_id) AS id
    FROM shape
    FULL JOIN cell_touch AS touch ON touch.risk_point_id = shape.id AND touch.x5 = shape.x5 AND touch.y5 = shape.y5
    WHERE shape.id IS NULL OR touch.risk_point_id IS NULL
    UNION
    SELECT touch.risk_point_id FROM cell_touch AS touch JOIN risk_point AS point ON point.id = touch.risk_point_id
    WHERE (touch.located_in_path, touch.managed_by_path, touch.industry_scopes, touch.enterprise_id)
        IS DISTINCT FROM (point.located_in_path, point.managed_by_path, point.industry_scopes, point.enterprise_id)
)
SELECT 'touches' AS part, count(*) AS differences,
    (array_agg(COALESCE(point.number, different.id::text) ORDER BY different.id))[1:5] AS examples
FROM different
LEFT JOIN risk_point AS point USING (id)
HAVING count(*) > 0
