"""The sheets as the import door takes them: Chinese headings, UTF-8 with a byte order mark, WGS 84.

The mark is there for Excel, which shows Chinese in a CSV file only with it.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from seed_data.demo_city.accidents import names_on
from seed_data.demo_city.assessments import Assessment
from seed_data.demo_city.chance import Chance
from seed_data.demo_city.enterprises import Enterprise, Site
from seed_data.demo_city.grades import CONTROL_LEVELS, Grade, consequence
from seed_data.demo_city.names import person, phone
from seed_data.demo_city.places import Position, area_wkt, line_wkt, written
from seed_data.demo_city.risk_points import RiskPoint

Row = dict[str, str]

ENTERPRISE_HEADINGS = {
    "uscc": "统一社会信用代码",
    "name": "企业名称",
    "industries": "行业监管分类",
    "economy_code": "国民经济行业",
    "employees": "从业人数",
    "site_number": "场所编号",
    "site_name": "场所名称",
    "address": "地址",
    "territory": "所在区划",
    "lon": "经度",
    "lat": "纬度",
    "contact": "联系人",
    "phone": "联系电话",
}
RISK_POINT_HEADINGS = {
    "uscc": "统一社会信用代码",
    "enterprise": "企业名称",
    "site_number": "场所编号",
    "number": "风险点编号",
    "name": "风险点名称",
    "place": "位置",
    "lon": "经度",
    "lat": "纬度",
    "geometry": "几何(WKT)",
    "territory": "所在区划",
    "industries": "行业监管分类",
    "event": "风险事件",
    "accident_categories": "事故类别",
    "consequence": "可能后果",
    "measures": "管控措施",
    "control_level": "管控层级",
    "responsible_unit": "责任单位",
    "responsible_person": "责任人",
    "exposed_workers": "暴露人数",
    "method": "评价方法",
    "l": "L值(可能性)",
    "e": "E值(暴露频率)",
    "c": "C值(后果)",
    "s": "S值(严重性)",
    "direct_rule": "直接判定",
    "inherent_grade": "固有风险等级",
    "grade": "评定风险等级",
    "override_reason": "人工调整理由",
    "assessor": "评价人",
    "assessed_on": "评价日期",
    "next_review": "复评日期",
    "managed_by": "管理单位区划",
    "managed_reason": "管理变更理由",
}

_KIND_OF_MEASURE = re.compile("^【[^】]+】")
KINDS_LEFT_OUT = 0.3  # firms whose register does not say what kind of measure it is
CONTACT_LEFT_OUT = 0.1
# Grade -> fewest and most measures
_MEASURES = {Grade.MAJOR: (3, 3), Grade.LARGE: (3, 3), Grade.GENERAL: (2, 3), Grade.LOW: (1, 2)}


def sheet(headings: Mapping[str, str], rows: Sequence[Row]) -> bytes:
    """A CSV file: the headings, then the rows; a field that a row does not have is empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings.values())
    for row in rows:
        assert row.keys() <= headings.keys(), row
        writer.writerow([row.get(key, "") for key in headings])
    return text.getvalue().encode("utf-8-sig")


def enterprise_rows(enterprises: Sequence[Enterprise], *, after: int = 0) -> list[Row]:
    """One row a site. after: how many rows there are in the parts before."""
    rows: list[Row] = []
    for enterprise in enterprises:
        for site in enterprise.sites:
            rows.append(_enterprise_row(enterprise, site, serial=after + len(rows) + 1))
    return rows


def _enterprise_row(enterprise: Enterprise, site: Site, *, serial: int) -> Row:
    chance = Chance("contact", f"{serial}")
    row = {
        "uscc": enterprise.uscc,
        "name": enterprise.name,
        "industries": enterprise.industries,
        "economy_code": enterprise.trade.economy,
        "employees": f"{enterprise.employees}",
        "site_number": site.number,
        "site_name": site.name,
        "address": site.address,
        "territory": site.stated,
    }
    if site.position is not None:
        row |= point_cells(site.position)
    if not chance.happens(CONTACT_LEFT_OUT):
        row |= {"contact": person(chance), "phone": phone(serial)}
    return row


def risk_point_rows(points: Sequence[RiskPoint], assessments: Sequence[Assessment | None]) -> list[Row]:
    """One row a risk point."""
    return [_risk_point_row(point, given) for point, given in zip(points, assessments, strict=True)]


def _risk_point_row(point: RiskPoint, given: Assessment | None) -> Row:
    chance = Chance("wording", point.key)
    row = {
        "number": point.number,
        "name": point.name,
        "place": point.place,
        "territory": point.stated,
        "industries": point.industries,
        "event": f"{point.cause}，{point.event.event}",
        "accident_categories": names_on(
            given.assessed_on if given else None, point.event.accidents, boiler=point.kind.boiler
        ),
        "consequence": consequence(
            point.event.harm, given.inputs if given else (), worst=bool(given and given.direct_rule)
        ),
        "measures": _measures(chance, point, given),
        "responsible_unit": point.unit,
        "responsible_person": point.person,
        "exposed_workers": f"{point.workers}",
        **geometry_cells(point.geometry),
    }
    if point.enterprise is not None and point.site is not None:
        row |= {
            "uscc": point.enterprise.uscc,
            "enterprise": point.enterprise.name,
            "site_number": point.site.number,
        }
    if given is not None:
        row |= assessment_cells(given)
    return row


def geometry_cells(geometry: Position | BaseGeometry | None) -> Row:
    """Longitude and latitude of a point, WKT of a line or an area, nothing where there is no position."""
    if geometry is None:
        return {}
    if isinstance(geometry, tuple):
        return point_cells(geometry)
    if isinstance(geometry, Polygon):
        return {"geometry": area_wkt([(x, y) for x, y in geometry.exterior.coords][:-1])}
    return {"geometry": line_wkt([(x, y) for x, y in geometry.coords])}


def point_cells(position: Position) -> Row:
    """Longitude and latitude in written digits."""
    return {"lon": written(position[0]), "lat": written(position[1])}


def assessment_cells(given: Assessment) -> Row:
    """The cells of an assessment; they are all empty where there is none."""
    row = {
        "method": given.method,
        **dict(given.inputs),
        "direct_rule": given.direct_rule,
        "inherent_grade": given.inherent or "",
        "grade": given.grade if given.grade_written else "",
        "override_reason": given.override_reason,
        "assessor": given.assessor,
        "assessed_on": given.assessed_on.isoformat(),
        "next_review": given.next_review.isoformat() if given.next_review else "",
        "control_level": CONTROL_LEVELS[given.grade],
    }
    if given.workers is not None:
        row["exposed_workers"] = f"{given.workers}"
    return row


def _measures(chance: Chance, point: RiskPoint, given: Assessment | None) -> str:
    least, most = _MEASURES[given.grade if given else Grade.LOW]
    chosen = chance.shuffled(point.kind.measures)[: chance.between(least, most)]
    register = f"{point.enterprise.serial}" if point.enterprise else point.kind.name
    if Chance("measure kinds", register).happens(KINDS_LEFT_OUT):
        chosen = [_KIND_OF_MEASURE.sub("", measure) for measure in chosen]
    return "；".join(chosen)
