"""The sheets of the demonstration city as tests read them: by their headings alone, without the generator."""

import csv
import gzip
import io
from datetime import date
from pathlib import Path

import shapely
from shapely.geometry import Point

from geo.shapes import read_wkt
from seed_data import generate
from seed_data.demo_city import places
from service.codes.rules.lists import CodeList, parse_list
from service.codes.rules.strict_yaml import parse_yaml
from service.grading.rules import grades as service_grades
from service.grading.rules.definitions import parse_method
from service.grading.rules.methods import Axis, DirectMethod, Method, called
from service.grading.rules.verdicts import assess, assess_directly

Row = dict[str, str]

ROOT = Path(generate.__file__).parent
SERVICE = ROOT.parent / "service"
SHEETS = (
    "enterprises.csv",
    "risk_points.csv",
    "rest_enterprises.csv.gz",
    "rest_risk_points.csv.gz",
    "nasty_enterprises.csv",
    "nasty_risk_points.csv",
    "nasty_gcj02.csv",
)
GRADE_OF_TEXT = {grade.text.zh: grade for grade in service_grades.Grade}


def content_of(path: Path) -> bytes:
    """What a file holds; of a compressed one what is in it, for compressors differ."""
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def rows_of(name: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(content_of(ROOT / name).decode("utf-8-sig"))))


def code_list(name: str) -> CodeList:
    return parse_list(parse_yaml((SERVICE / f"codes/definitions/{name}.yaml").read_text(encoding="utf-8")))


def split(cell: str) -> list[str]:
    return [part for part in cell.split("；") if part]


def graded(row: Row, methods: list[Method]) -> service_grades.Grade | None:
    """The grade that method and inputs, or the direct rule, give; None where the register only states one."""
    if not row["评价方法"]:
        return None
    (method,) = called(methods, row["评价方法"], on=date.fromisoformat(row["评价日期"]))
    if isinstance(method, DirectMethod):
        word, _, answer = row["直接判定"].partition("：")
        rule = next(one for one in method.rules if word in (one.code, one.text.zh))
        facts = {
            fact.code: next(one.value for one in fact.values if one.text.zh == answer)
            if isinstance(fact, Axis)
            else row["暴露人数"]
            for fact in rule.facts
        }
        return assess_directly(method, rule.code, facts).grade
    headings = {"L": "L值(可能性)", "E": "E值(暴露频率)", "C": "C值(后果)", "S": "S值(严重性)"}
    return assess(method, {axis: row[heading] for axis, heading in headings.items() if row[heading]}).grade


def shape_of(row: Row) -> shapely.Geometry | None:
    if row.get("几何(WKT)"):
        return read_wkt(row["几何(WKT)"])
    return Point(float(row["经度"]), float(row["纬度"])) if row["经度"] else None


def district_named(text: str) -> places.District:
    return next(one for one in places.districts() if text in (one.name, one.code))


def published_methods() -> list[Method]:
    folder = SERVICE / "grading/definitions"
    return [
        parse_method(parse_yaml(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.yaml"))
    ]
