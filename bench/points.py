"""Fills a database with generated points: as the owner, triggers off, every derived column by one set-based statement."""

import psycopg

# Mean and spread of the built-up area in degrees; one point in ten lies anywhere in the city's box.
CITY_BOX = (124.55, 43.25, 126.95, 45.2)

FIRMS = """
    INSERT INTO enterprise (name, industries, home_territory_id, city_code, demo, search, changed_by)
    SELECT format('%%s%%s%%s有限公司（演示%%s）', (ARRAY['长春', '净月', '汽开', '北湖', '二道'])[1 + n %% 5],
            (ARRAY['恒达', '盛源', '宏泰', '鑫瑞', '金桥', '东岭', '华阳', '兴业'])[1 + n / 5 %% 8],
            (ARRAY['化工', '机械', '食品', '燃气', '商贸', '建材', '物流'])[1 + n / 40 %% 7], n),
        ARRAY[(ARRAY['hazchem', 'machinery', 'light_industry', 'gas', 'commerce', 'building_materials',
                     'transport'])[1 + n / 40 %% 7]],
        (SELECT id FROM territory WHERE key = '220100'), '220100', true, '', 'bench'
    FROM generate_series(1, %(firms)s::int) AS n
"""
PLACES = """
    CREATE TEMPORARY TABLE place AS
    SELECT n, CASE WHEN n %% 10 = 0
        THEN ST_SetSRID(ST_Point(%(west)s + random() * (%(east)s - %(west)s), %(south)s + random() * (%(north)s - %(south)s)), 4490)
        ELSE ST_SetSRID(ST_Point(
            125.32 + 0.09 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()),
            43.88 + 0.06 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())), 4490) END AS geom
    FROM generate_series(1, %(tries)s::int) AS n
"""
HOMES = """
    CREATE TEMPORARY TABLE home AS
    SELECT row_number() OVER () AS n, place.geom, statutory.id AS located_in_id, statutory.path AS located_in_path,
        COALESCE(zone.id, statutory.id) AS managed_by_id, COALESCE(zone.path, statutory.path) AS managed_by_path
    FROM place
    JOIN LATERAL (SELECT id, path FROM territory WHERE statutory AND level = 'district' AND boundary && geom
        AND ST_Covers(boundary, geom) ORDER BY boundary_indicative, id LIMIT 1) AS statutory ON true
    LEFT JOIN LATERAL (SELECT id, path FROM territory WHERE NOT statutory AND boundary && geom
        AND ST_Covers(boundary, geom) ORDER BY nlevel(path) DESC, id LIMIT 1) AS zone ON true
    LIMIT %(firms)s::int
"""
SITES = """
    INSERT INTO site (enterprise_id, geom, source_datum, located_in_id, managed_by_id, located_in_path, managed_by_path,
        industry_scopes, demo, changed_by)
    SELECT enterprise.id, home.geom, 'CGCS2000', located_in_id, managed_by_id, located_in_path, managed_by_path,
        industry_scopes_of(industries, located_in_path, managed_by_path), true, 'bench'
    FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM enterprise) AS enterprise JOIN home USING (n)
"""
FIRM_SCOPES = """
    UPDATE enterprise SET search = words_of(name, uscc),
        scope_paths = ARRAY(SELECT path_of(home_territory_id)
            UNION SELECT located_in_path FROM site WHERE enterprise_id = enterprise.id
            UNION SELECT managed_by_path FROM site WHERE enterprise_id = enterprise.id ORDER BY 1)
"""
FIRM_INDUSTRIES = (
    "UPDATE enterprise SET industry_scopes = industry_scopes_of(industries, VARIADIC scope_paths)"
)
# Fifty points a firm, within some 300 m of its site and written together, as an import writes them. The district is the
# stated one of the site.
POINTS = """
    INSERT INTO risk_point (owner_kind, enterprise_id, site_id, number, name, place, geom, anchor, position, source_datum,
        located_in_id, located_stated, managed_by_id, managed_reason, industries, control_level, accident_edition,
        accident_categories, grade_inherent, grade_assessed, grade_current, assessed_on, next_review, city_code, demo,
        located_in_path, managed_by_path, industry_scopes, search, changed_by)
    SELECT 'enterprise', firm.id, site.id, 'B' || n, thing, spot,
        shape, CASE WHEN ST_Dimension(shape) = 1 THEN ST_PointOnSurface(shape) ELSE COALESCE(shape, site.geom) END,
        CASE WHEN shape IS NULL THEN 'inherited' ELSE 'own' END, CASE WHEN shape IS NOT NULL THEN 'CGCS2000' END,
        site.located_in_id, true, site.managed_by_id, 'bench', firm.industries,
        (ARRAY['company', 'workshop', 'team', 'post'])[1 + n %% 4], 'GB 6441-2025',
        ARRAY[(1 + floor(power(n %% 1000 * 919 %% 1000 / 1000.0, 2) * 20))::int::text],
        mark, LEAST(mark + 1, 4), LEAST(mark + 1, 4), '2026-01-01', date '2026-01-01' + (n %% 900)::int,
        '220100', true, site.located_in_path, site.managed_by_path, site.industry_scopes,
        words_of('B' || n, thing, spot, firm.search), 'bench'
    FROM generate_series(1, %(points)s::int) AS n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) AS nth FROM enterprise) AS firm ON firm.nth = 1 + (n - 1) / 50
    JOIN site ON site.enterprise_id = firm.id
    CROSS JOIN LATERAL (SELECT ST_Translate(site.geom, 0.003 * sin(n), 0.002 * cos(n / 7.0)) AS stand) AS beside
    CROSS JOIN LATERAL (SELECT
        CASE WHEN n %% 4 = 0 THEN NULL WHEN n %% 200 = 1
            THEN ST_MakeLine(stand, ST_Translate(stand, 0.004 * sin(n), 0.003 * cos(n))) ELSE stand END AS shape,
        CASE WHEN n %% 20 = 0 THEN NULL WHEN n %% 100 = 1 THEN 1 WHEN n %% 10 = 1 THEN 2 WHEN n %% 3 = 0 THEN 3 ELSE 4 END AS mark,
        (ARRAY['锅炉房', '储罐区', '配电室', '叉车作业', '粉尘车间', '冷库制冷', '有限空间', '起重机械', '涂装线', '危化品仓库',
               '电梯', '充电桩', '脚手架', '燃气调压箱', '液氨管道'])[1 + n %% 1000 * 7 %% 15] || n %% 97 AS thing,
        (ARRAY['一号厂房', '二号厂房', '东区', '西区', '北门', ''])[1 + n %% 6] AS spot
    ) AS made
    ORDER BY n
"""
TOUCHES = """
    INSERT INTO cell_touch (risk_point_id, x5, y5, enterprise_id, located_in_path, managed_by_path, industry_scopes)
    SELECT id, touched.x5, touched.y5, enterprise_id, located_in_path, managed_by_path, industry_scopes
    FROM risk_point, beidou_cells_touched(geom) AS touched WHERE ST_Dimension(geom) > 0
"""
FILLED = ("enterprise", "site", "risk_point", "cell_touch")


def fill(owner_url: str, points: int) -> None:
    """Generate points in an empty database of 长春 that has its reference rows."""
    west, south, east, north = CITY_BOX
    values: dict[str, float] = {"points": points, "firms": points // 50 + 1, "tries": points // 30 + 100}
    values |= {"west": west, "south": south, "east": east, "north": north}
    with psycopg.connect(owner_url) as connection:
        connection.execute("SELECT setseed(0.5)")
        for table in FILLED:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in (FIRMS, PLACES, HOMES, SITES, FIRM_SCOPES, FIRM_INDUSTRIES, POINTS, TOUCHES):
            connection.execute(statement, values)
            connection.execute("ANALYZE enterprise, site")
        for table in FILLED:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        connection.execute("SELECT cell_stat_rebuild()")
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) risk_point, cell_touch, cell_stat, enterprise, site")
