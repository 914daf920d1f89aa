"""A small city whose every cell is known by heart: what the browser tests look at, built through the app role."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import psycopg

from service.codes.rules.strict_yaml import parse_yaml
from service.grading.rules.definitions import parse_method
from service.grading.rules.verdicts import assess
from tests.world import CITY_PATH, enter

# Cells of level 5 are 4 arc seconds wide and high: 900 to a degree, 15 x 15 of them to a cell of level 4.
PER_DEGREE = 900
PER_LEVEL_4 = 15

# LEC inputs and the product a person can check in the head.
LEC = {
    "major": ("3", "6", "40"),  # 720
    "large": ("3", "6", "15"),  # 270
    "general": ("3", "6", "7"),  # 126
    "low": ("1", "6", "7"),  # 42
}
ASSESSOR = "王工"
FIRM = "演示吉顺化工有限公司"
TANK = "液氨储罐区"
UNASSESSED = "unassessed"


@dataclass(frozen=True)
class Spot:
    """A level-5 cell by its index, the one in the middle of its level-4 cell unless moved."""

    x4: int
    y4: int
    dx: int = 7
    dy: int = 7

    @property
    def x5(self) -> int:
        return self.x4 * PER_LEVEL_4 + self.dx

    @property
    def y5(self) -> int:
        return self.y4 * PER_LEVEL_4 + self.dy

    def at(self, right: float, down: float, *, level: int = 5) -> tuple[float, float]:
        """Longitude and latitude of a share of the cell's width from the left and of its height from the top."""
        side = 1 if level == 5 else PER_LEVEL_4
        x, y = (self.x5, self.y5) if level == 5 else (self.x4, self.y4)
        return (x + right) * side / PER_DEGREE, (y + 1 - down) * side / PER_DEGREE


# All in 九台区, away from its borders and its name.
SPOTS = {
    "major": Spot(7536, 2644),
    "large": Spot(7537, 2644),
    "unassessed": Spot(7538, 2644),
    "major and unassessed": Spot(7539, 2644),
    "inherited": Spot(7540, 2644),
    "general 1": Spot(7536, 2643),
    "general 3": Spot(7537, 2643),
    "general 7": Spot(7538, 2643),
    "handed over": Spot(7540, 2643),
    "low 1": Spot(7536, 2642),
    "low 3": Spot(7537, 2642),
    "low 7": Spot(7538, 2642),
    # Their level-4 cells lie over an edge of a tile at zoom 11, one from left to right, one from top to bottom.
    "across a column": Spot(7551, 2644),
    "across a row": Spot(7545, 2637),
    # And these level-5 cells over an edge of a tile at zoom 14.
    "across a fine column": Spot(7544, 2643, dx=14, dy=10),
    "across a fine row": Spot(7545, 2643, dx=3, dy=5),
}
# A gas main through five level-4 cells, graded red: counted in the middle one, crossing the others.
MAIN_ROW = 2641
MAIN_FIRST, MAIN_LAST = 7536, 7540
# In 二道区 and in the drawn zone at once.
ZONE_SPOT = Spot(7527, 2633)

CONTENT: dict[str, list[str]] = {
    "large": ["large"],
    "unassessed": [UNASSESSED],
    "major and unassessed": ["major", UNASSESSED],
    "general 1": ["general"],
    "general 3": ["general"] * 3 + ["low"],
    "general 7": ["general"] * 7,
    "low 1": ["low"],
    "low 3": ["low"] * 3,
    "low 7": ["low"] * 7,
    "across a column": ["major"],
    "across a row": ["large"],
    "across a fine column": ["major"],
    "across a fine row": ["large"],
}


def lay_out(app_url: str) -> None:
    """Fill a database that has territories, codes and methods."""
    with psycopg.connect(app_url) as connection:
        enter(connection, areas="{" + CITY_PATH + "}")
        for name, grades in CONTENT.items():
            for i, grade in enumerate(grades):
                place = SPOTS[name].at(0.2 + 0.2 * (i % 4), 0.3 + 0.2 * (i // 4))
                add_point(connection, f"{name} {i + 1}", f"POINT({place[0]} {place[1]})", grade)
        _add_firm(connection)
        _add_zone(connection)
        middle = Spot(0, MAIN_ROW).at(0.5, 0.5)[1]
        # The anchor of a line is its vertex nearest the middle.
        ends = [(MAIN_FIRST + 0.4) / 60, (MAIN_FIRST + MAIN_LAST + 1) / 120, (MAIN_LAST + 0.6) / 60]
        line = f"LINESTRING({', '.join(f'{lon} {middle}' for lon in ends)})"
        add_point(connection, "gas main", line, "major")


def _add_firm(connection: psycopg.Connection) -> None:
    """A firm with a site: a point of its own, two that stand at the site, one without any position."""
    home = connection.execute("SELECT id FROM territory WHERE key = '220113'").fetchone()
    assert home
    firm = connection.execute(
        "INSERT INTO enterprise (uscc, name, industries, home_territory_id, demo)"
        " VALUES ('91220101MA0DEM0001', %s, '{chemicals}', %s, true) RETURNING id",
        (FIRM, home[0]),
    ).fetchone()
    assert firm
    site_at, tank_at = SPOTS["inherited"].at(0.5, 0.5), SPOTS["major"].at(0.5, 0.5)
    site = connection.execute(
        "INSERT INTO site (enterprise_id, name, geom, area, source_datum, demo) VALUES"
        " (%s, '厂区', ST_SetSRID(ST_Point(%s, %s), 4490),"
        " ST_Multi(ST_MakeEnvelope(%s, %s, %s, %s, 4490)), 'CGCS2000', true) RETURNING id",
        (firm[0], *site_at, *SPOTS["inherited"].at(0.1, 0.9), *SPOTS["inherited"].at(0.9, 0.1)),
    ).fetchone()
    assert site
    owner = (firm[0], site[0])
    tank = add_point(connection, TANK, f"POINT({tank_at[0]} {tank_at[1]})", "major", owner=owner)
    connection.execute("UPDATE risk_point SET control_level = 'company' WHERE id = %s", (tank,))
    connection.execute(
        "WITH event AS (INSERT INTO risk_event (risk_point_id, name, consequence)"
        " VALUES (%s, '液氨泄漏', '人员中毒') RETURNING id)"
        " INSERT INTO measure (risk_point_id, risk_event_id, description, control_level, person)"
        " SELECT %s, id, '每班巡检阀门', 'company', '李敏' FROM event",
        (tank, tank),
    )
    add_point(connection, "办公楼", None, "general", owner=owner, overdue=True)
    add_point(connection, "食堂", None, "low", owner=owner)
    add_point(connection, "流动作业", None, "low", owner=(firm[0], None))


def _add_zone(connection: psycopg.Connection) -> None:
    """Points that 二道区 holds and the zone answers for; one that 九台区 holds and 二道区 was handed."""
    for i, grade in enumerate(("large", "low", "low")):
        place = ZONE_SPOT.at(0.2 + 0.2 * i, 0.4)
        add_point(connection, f"zone {i + 1}", f"POINT({place[0]} {place[1]})", grade)
    place = SPOTS["handed over"].at(0.5, 0.4)
    point = add_point(connection, "handed over", f"POINT({place[0]} {place[1]})", "low")
    connection.execute(
        "UPDATE risk_point SET managed_reason = '市级移交', managed_by_id ="
        " (SELECT id FROM territory WHERE key = '220105') WHERE id = %s",
        (point,),
    )


def add_point(
    connection: psycopg.Connection,
    name: str,
    shape: str | None,
    grade: str,
    *,
    owner: tuple[int, int | None] | None = None,
    overdue: bool = False,
) -> int:
    """A demonstration risk point by WKT; a grade of the four is really assessed by LEC, 30 or 400 days ago."""
    enterprise, site = owner or (None, None)
    row = connection.execute(
        """INSERT INTO risk_point (owner_kind, enterprise_id, site_id, number, name, geom, source_datum, demo)
        VALUES (%(kind)s, %(enterprise)s, %(site)s, %(number)s, %(name)s,
                ST_SetSRID(ST_GeomFromText(%(shape)s), 4490), %(datum)s, true) RETURNING id""",
        {
            "kind": "enterprise" if enterprise else "region",
            "enterprise": enterprise,
            "site": site,
            "number": f"N-{name}",
            "name": name,
            "shape": shape,
            "datum": "CGCS2000" if shape else None,
        },
    ).fetchone()
    assert row
    if grade != UNASSESSED:
        _assess(connection, row[0], LEC[grade], overdue=overdue)
    return int(row[0])


def assessed_on(*, overdue: bool = False) -> date:
    """The day the points were assessed: long enough ago for the overdue ones to be so."""
    return datetime.now(UTC).date() - timedelta(days=400 if overdue else 30)


def next_review(*, overdue: bool = False) -> date:
    """A year after the assessment."""
    return assessed_on(overdue=overdue) + timedelta(days=365)


def _assess(
    connection: psycopg.Connection, point: int, inputs: tuple[str, str, str], *, overdue: bool
) -> None:
    definition = files("service.grading") / "definitions" / "lec_fold_a.yaml"
    method = parse_method(parse_yaml(definition.read_text(encoding="utf-8")))
    verdict = assess(method, dict(zip("LEC", inputs, strict=True)))
    connection.execute(
        "INSERT INTO assessment (risk_point_id, basis, method_id, method_version, inputs, score, grade, reasons,"
        " assessor, assessed_on, next_review) VALUES (%s, 'assessed', %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            point,
            verdict.method.id,
            verdict.method.version,
            json.dumps(dict(verdict.inputs)),
            verdict.score,
            int(verdict.grade),
            json.dumps(verdict.reasons_to_wire(), ensure_ascii=False),
            ASSESSOR,
            assessed_on(overdue=overdue),
            next_review(overdue=overdue),
        ),
    )
