-- The cells that lines and areas cross, and that something changed there.
WITH touched AS (
    INSERT INTO cell_touch (risk_point_id, x5, y5, enterprise_id, located_in_path, managed_by_path, industry_scopes)
    SELECT made.id, touched.x5, touched.y5, %(first_enterprise)s::bigint + firm - 1, located_in_path, managed_by_path,
        industry_scopes
    FROM made_point AS made
    JOIN made_scope AS scope ON scope.industries = made.industries AND scope.located_in_id = made.located_in_id
        AND scope.managed_by_id = made.managed_by_id,
        beidou_cells_touched(geom) AS touched
    WHERE ST_Dimension(geom) > 0
    RETURNING x5, y5
)
INSERT INTO cell_version_delta (x4, y4, token)
SELECT x4, y4, floor(random() * 9007199254740992)
FROM (SELECT DISTINCT coarser(x5, 15) AS x4, coarser(y5, 15) AS y4 FROM touched) AS cell
