"""A world of three squares, for tests of the database's own rules: two districts side by side and a zone over both."""

import psycopg

# Degrees. The districts meet at 125.4 E; the zone lies over the border.
WEST = (125.0, 43.0, 125.4, 44.5)
EAST = (125.4, 43.0, 126.0, 44.5)
ZONE = (125.38, 43.80, 125.50, 43.90)
CITY_PATH = "cn.220000.220100"
WEST_PATH = f"{CITY_PATH}.220104"
EAST_PATH = f"{CITY_PATH}.220105"
ZONE_PATH = f"{CITY_PATH}.z_jk"


def lay_out(owner_url: str) -> None:
    """Territories, one grading method, and nothing else."""
    with psycopg.connect(owner_url) as connection:
        parent: int | None = None
        for path, code, level, name, box in (
            ("cn", None, "country", "中国", None),
            ("cn.220000", "220000", "province", "吉林省", None),
            (CITY_PATH, "220100", "city", "长春市", (125.0, 43.0, 126.0, 44.5)),
            (WEST_PATH, "220104", "district", "朝阳区", WEST),
            (EAST_PATH, "220105", "district", "二道区", EAST),
            (ZONE_PATH, None, "functional_zone", "经开区", ZONE),
        ):
            row = connection.execute(
                """INSERT INTO territory (parent_id, path, code, level, name, boundary)
                VALUES (%s, %s, %s, %s, %s, ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 4490))) RETURNING id""",
                (parent, path, code, level, name, *(box or (None,) * 4)),
            ).fetchone()
            assert row
            if level in {"country", "province", "city"}:
                parent = row[0]
        connection.execute(
            "INSERT INTO grading_method (method_id, version, kind, title_zh, title_en, definition, digest, valid_from)"
            " VALUES ('lec', '1', 'product', 'LEC', 'LEC', '{}', 'd', '2016-01-01')"
        )


def enter(connection: psycopg.Connection, *, areas: str = "", pairs: str = "", enterprises: str = "") -> None:
    """Be a viewer who may write all they see, for the rest of the transaction."""
    connection.execute(
        "SELECT set_config('riskmap.person', 'tester', true),"
        " set_config('riskmap.' || part || name, value, true)"
        " FROM (VALUES ('areas', %s), ('pairs', %s), ('enterprises', %s)) AS scope (name, value),"
        " (VALUES (''), ('write_')) AS parts (part)",
        (areas, pairs, enterprises),
    )


def add_region_point(
    connection: psycopg.Connection, number: str, lon: float, lat: float, *, industry: str = "gas"
) -> int:
    """A region-owned point at a position, not assessed."""
    row = connection.execute(
        "INSERT INTO risk_point (owner_kind, number, name, geom, source_datum, own_industries)"
        " VALUES ('region', %s, %s, ST_SetSRID(ST_Point(%s, %s), 4490), 'WGS84', ARRAY[%s]) RETURNING id",
        (number, f"风险点{number}", lon, lat, industry),
    ).fetchone()
    assert row
    return int(row[0])


def assess(
    connection: psycopg.Connection, point: int, grade: int, *, on: str = "2026-01-01", basis: str = "assessed"
) -> None:
    """Give a point a grade on a day."""
    connection.execute(
        "INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, grade, reasons, assessed_on)"
        " VALUES (%s, %s, 'lec', '1', '{}', %s, '[]', %s)",
        (point, basis, grade, on),
    )


def add_firm(connection: psycopg.Connection, name: str, lon: float, lat: float) -> int:
    """A firm of the gas industry with one site at a position; the site's id."""
    firm = connection.execute(
        "INSERT INTO enterprise (name, industries, home_territory_id)"
        " SELECT %s, '{gas}', id FROM territory WHERE key = '220100' RETURNING id",
        (name,),
    ).fetchone()
    assert firm
    site = connection.execute(
        "INSERT INTO site (enterprise_id, geom, source_datum)"
        " VALUES (%s, ST_SetSRID(ST_Point(%s, %s), 4490), 'WGS84') RETURNING id",
        (firm[0], lon, lat),
    ).fetchone()
    assert site
    return int(site[0])
