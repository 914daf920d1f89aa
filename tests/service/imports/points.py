"""Rows of a register of risk points, for the tests of what they do."""

from tests.service.imports.register import csv_of

USCC = "91110000600037341L"
FIELDS = {
    "uscc": "统一社会信用代码",
    "enterprise": "企业名称",
    "site": "场所编号",
    "number": "风险点编号",
    "name": "风险点名称",
    "place": "位置",
    "lon": "经度",
    "lat": "纬度",
    "wkt": "几何(WKT)",
    "territory": "所在区划",
    "industries": "行业监管分类",
    "event": "风险事件",
    "accidents": "事故类别",
    "consequence": "可能后果",
    "measures": "管控措施",
    "level": "管控层级",
    "unit": "责任单位",
    "person": "责任人",
    "workers": "暴露人数",
    "method": "评价方法",
    "l": "L值(可能性)",
    "e": "E值(暴露频率)",
    "c": "C值(后果)",
    "rule": "直接判定",
    "inherent": "固有风险等级",
    "grade": "评定风险等级",
    "why": "人工调整理由",
    "assessor": "评价人",
    "on": "评价日期",
    "review": "复评日期",
    "managed": "管理单位区划",
    "managed_why": "管理变更理由",
}
LEC = {"method": "LEC", "l": 3, "e": 6, "c": 40, "on": "2026-10-08"}
LINE = "LINESTRING(125.3100 43.8700, 125.3600 43.8700)"


def point(**cells: object) -> dict[str, object]:
    return {"number": "P-1", "name": "熔炼炉"} | cells


def own(**cells: object) -> dict[str, object]:
    """A row of 演示一厂."""
    return point(enterprise="演示一厂") | cells


def register(*rows: dict[str, object]) -> bytes:
    return csv_of(list(FIELDS.values()), *([row.get(field, "") for field in FIELDS] for row in rows))
