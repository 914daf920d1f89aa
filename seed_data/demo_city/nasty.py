"""The nasty set: few rows, each of which breaks a system that is careless in one particular way.

Positions are chosen by hand; tests prove that each row is what it claims to be, and README.md says what it proves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from geo.crs import Datum, from_cgcs2000
from seed_data.demo_city import places
from seed_data.demo_city.assessments import Assessment
from seed_data.demo_city.cell_touch import cell_of, touched_cells
from seed_data.demo_city.credit_codes import credit_code
from seed_data.demo_city.expected import Counted, anchor_of
from seed_data.demo_city.grades import Grade, Inputs
from seed_data.demo_city.names import phone
from seed_data.demo_city.places import Position
from seed_data.demo_city.sheets import Row, assessment_cells, geometry_cells

ASSESSED_ON, NEXT_REVIEW = date(2026, 9, 1), date(2027, 9, 1)
GCJ02_DIGITS = 7  # a centimetre: fewer would hide the difference between a right and a one-step inverse

_INPUTS: Mapping[Grade, Inputs] = {
    Grade.LARGE: (("l", "3"), ("e", "6"), ("c", "15")),
    Grade.GENERAL: (("l", "1"), ("e", "6"), ("c", "15")),
    Grade.LOW: (("l", "1"), ("e", "6"), ("c", "7")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NastyFirm:
    """An enterprise with one site. position None: it has none yet."""

    uscc: str
    name: str
    industry: str
    district: str
    position: Position | None

    def row(self, serial: int) -> Row:
        """Its row in the sheet."""
        return {
            "uscc": self.uscc,
            "name": self.name,
            "industries": self.industry,
            "employees": "20",
            "site_name": "厂区",
            "address": f"演示路{serial}号",
            "territory": self.district,
            "contact": "演示联系人",
            "phone": phone(90_000 + serial),
            **geometry_cells(self.position),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NastyPoint:
    """A risk point of the nasty set.

    geometry: own position, CGCS2000. written: cells that replace the usual ones. grade None: not assessed.
    located: code of the district where it must be counted. managed: key where it is not the zone or the district that
    the position gives.
    """

    number: str
    name: str
    located: str
    firm: NastyFirm | None = None
    geometry: Position | BaseGeometry | None = None
    grade: Grade | None = Grade.LOW
    direct_rule: str = ""
    managed: str = ""
    written: Row = field(default_factory=dict)

    @property
    def anchor(self) -> Position | None:
        """Where it is counted: its own position or its site's."""
        if self.geometry is not None:
            return anchor_of(self.geometry)
        return self.firm.position if self.firm else None

    def row(self) -> Row:
        """Its row in the sheet."""
        row = {
            "number": self.number,
            "name": self.name,
            "industries": "" if self.firm else "市政公用",
            "event": "巡检不到位，隐患未及时发现",
            "accident_categories": "火灾；其他",
            "consequence": "设施损坏、人员受伤",
            "measures": "【现场管理】每日巡检并记录；【制度管理】发现异常立即上报",
            "responsible_unit": "演示责任单位",
            "responsible_person": "演示责任人",
            "exposed_workers": "2",
            **geometry_cells(self.geometry),
        }
        if self.firm:
            row |= {"uscc": self.firm.uscc, "enterprise": self.firm.name}
        return row | assessment_cells(self._assessment()) | self.written if self.grade else row | self.written

    def _assessment(self) -> Assessment:
        assert self.grade is not None
        return Assessment(
            method="直接判定" if self.direct_rule else "LEC",
            inputs=() if self.direct_rule else _INPUTS[self.grade],
            direct_rule=self.direct_rule,
            computed=self.grade,
            grade=self.grade,
            inherent=self.grade,
            assessor="演示评价人",
            assessed_on=ASSESSED_ON,
            next_review=NEXT_REVIEW,
        )

    def counted(self) -> Counted:
        """Where and as what it must be counted."""
        zone = places.zone_of(self.anchor) if self.anchor else None
        position = "own" if self.geometry is not None else "inherited" if self.anchor else "none"
        return Counted(
            located=self.located,
            managed=self.managed or (zone.key if zone else self.located),
            position=position,
            assessed=self.grade,
            inherent=self.grade,
            next_review=NEXT_REVIEW if self.grade else None,
        )

    def case(self) -> dict[str, object]:
        """What the map must show of it: anchor and its level-5 cell, and every cell it touches."""
        counted, anchor = self.counted(), self.anchor
        return {
            "name": self.name,
            "grade": self.grade.word if self.grade else "unassessed",
            "located": counted.located,
            "managed": counted.managed,
            "position": counted.position,
            "anchor": [round(degrees, 12) for degrees in anchor] if anchor else None,
            "cell": cell_of(anchor) if anchor else None,
            "touches": touched_cells(self.geometry) if isinstance(self.geometry, BaseGeometry) else [],
        }


def _firm(
    serial: int, name: str, district: str, position: Position | None, *, authority: str = "91"
) -> NastyFirm:
    return NastyFirm(
        uscc=credit_code(90_000 + serial, region=district, authority=authority) if authority else "",
        name=f"{name}（演示）",
        industry="机械",
        district=district,
        position=position,
    )


SAME_SPOT = (125.22, 43.815)
TWIN_A = _firm(1, "同址甲机械有限公司", "220104", SAME_SPOT)
TWIN_B = _firm(2, "同址乙机械有限公司", "220104", SAME_SPOT)
HOST = _firm(3, "承继点位机械有限公司", "220103", (125.342, 43.971))
NOWHERE = _firm(4, "待定位机械有限公司", "220122", None)
COLLECTIVE = _firm(5, "村集体经济合作社", "220113", (125.8352, 44.1417), authority="N2")
UNKNOWN_CODE = _firm(6, "待补代码机械有限公司", "220105", (125.5312, 43.8713), authority="")
FIRMS = (TWIN_A, TWIN_B, HOST, NOWHERE, COLLECTIVE, UNKNOWN_CODE)

# Along the middle of a row of level-5 cells for six cells, then up the middle of a column for three more: the border of
# 绿园区 and 宽城区 lies at 125.3041 E between the second and the third vertex, the anchor is the second.
NINE_CELLS = LineString(
    [(125.299444, 43.918333), (125.302778, 43.918333), (125.305, 43.918333), (125.305, 43.921667)]
)
# From the middle of one cell to the middle of the second next, both ways: nine cells, the anchor in the middle one.
BLOCK = Polygon(
    [(125.300556, 43.850556), (125.302778, 43.850556), (125.302778, 43.852778), (125.300556, 43.852778)]
)
# A vertex that the boundaries of 宽城区 and 绿园区 share, digit for digit.
BORDER = (125.303841, 43.91207)
ZONE = "长春经济技术开发区"

POINTS = (
    NastyPoint(
        number="NST-01",
        name="跨区九格燃气管（演示）",
        located="220106",
        geometry=NINE_CELLS,
        grade=Grade.GENERAL,
    ),
    NastyPoint(number="NST-02", name="九格片区（演示）", located="220104", geometry=BLOCK, grade=Grade.LARGE),
    NastyPoint(number="NST-03", name="承继位置的配电室", located="220103", firm=HOST, grade=Grade.LARGE),
    NastyPoint(
        number="NST-04",
        name="无位置的储罐",
        located="220122",
        firm=NOWHERE,
        grade=Grade.MAJOR,
        direct_rule="major_hazard_source：三级",
    ),
    NastyPoint(
        number="NST-05",
        name="整秒格角上的点（演示）",
        located="220105",
        geometry=(125.395555555556, 43.858888888889),  # 125°23′44″ 43°51′32″, in decimals a hair too large
        grade=Grade.GENERAL,
        written={"lon": "125.395555555556", "lat": "43.858888888889"},
    ),
    NastyPoint(
        number="NST-06",
        name="整秒格角上偏小的点（演示）",
        located="220105",
        geometry=(125.394444444444, 43.853333333333),  # 125°23′40″ 43°51′12″, in decimals a hair too small
        written={"lon": "125.394444444444", "lat": "43.853333333333"},
    ),
    NastyPoint(
        number="NST-07",
        name="功能区内的点（演示）",
        located="220105",
        geometry=(125.4521, 43.8756),
        grade=Grade.LARGE,
    ),
    NastyPoint(number="NST-08", name="甲厂冲压机", located="220104", firm=TWIN_A, grade=Grade.GENERAL),
    NastyPoint(number="NST-09", name="乙厂冲压机", located="220104", firm=TWIN_B),
    NastyPoint(
        number="NST-10", name="区界上的点（演示）", located="220103", geometry=BORDER, grade=Grade.GENERAL
    ),
    NastyPoint(
        number="NST-11",
        name="独占一格的未评价点（演示）",
        located="220182",
        geometry=(126.7003, 44.9505),
        grade=None,
    ),
    NastyPoint(
        number="NST-12",
        name="申报区与位置不符的点（演示）",
        located="220103",
        geometry=(125.2985, 43.915),
        written={"territory": "宽城区"},
    ),
    NastyPoint(
        number="NST-13",
        name="托管给功能区的点（演示）",
        located="220105",
        geometry=(125.5213, 43.8912),
        managed="z_jk",
        written={"managed_by": ZONE, "managed_reason": "管委会托管协议（演示）"},
    ),
    NastyPoint(number="NST-14", name="集体经济组织的粮仓", located="220113", firm=COLLECTIVE),
    NastyPoint(number="NST-15", name="待补代码企业的空压机", located="220105", firm=UNKNOWN_CODE),
)

# The sheet gives these in GCJ-02; the geometry here is where they really are.
GCJ02_POINTS = (
    NastyPoint(
        number="NST-16",
        name="火星坐标点一（演示）",
        located="220105",
        geometry=(125.396, 43.859),
        grade=Grade.GENERAL,
    ),
    NastyPoint(number="NST-17", name="火星坐标点二（演示）", located="220106", geometry=(125.2105, 43.8405)),
)


def enterprise_rows() -> list[Row]:
    """The sheet of the nasty enterprises."""
    return [firm.row(serial) for serial, firm in enumerate(FIRMS, start=1)]


def risk_point_rows() -> list[Row]:
    """The sheet of the nasty risk points, WGS 84."""
    return [point.row() for point in POINTS]


def gcj02_rows() -> list[Row]:
    """The sheet of the points whose source is GCJ-02."""
    rows = []
    for point in GCJ02_POINTS:
        assert isinstance(point.geometry, tuple)
        lon, lat = from_cgcs2000(*point.geometry, Datum.GCJ02)
        rows.append(point.row() | {"lon": f"{lon:.{GCJ02_DIGITS}f}", "lat": f"{lat:.{GCJ02_DIGITS}f}"})
    return rows
