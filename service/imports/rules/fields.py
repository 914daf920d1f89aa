"""The fields of both registers: what they are called, what must be there, what may be erased, how long it may be."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Which register a workbook holds."""

    ENTERPRISES = "enterprises"
    RISK_POINTS = "risk_points"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a register. synonyms: other headings people give it, beside key, zh and en."""

    key: str
    zh: str
    en: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    erasable: bool = False
    longest: int = 200

    def to_wire(self) -> dict[str, object]:
        """The field as the page offers it."""
        return {"key": self.key, "title": {"zh": self.zh, "en": self.en}, "required": self.required}


def _field(key: str, names: str, synonyms: str = "", *, traits: str = "", longest: int = 200) -> Field:
    """A field from `中文/English`, its synonyms separated by blanks (_ is a blank), and `required` or `erasable`."""
    zh, en = names.split("/", 1)
    others = tuple(word.replace("_", " ") for word in synonyms.split())
    return Field(key, zh, en, others, traits == "required", traits == "erasable", longest)


_USCC = _field(
    "uscc", "统一社会信用代码/unified social credit code", "社会信用代码 信用代码 统一信用代码 credit_code"
)
_SITE_NUMBER = _field(
    "site_number", "场所编号/site number", "厂区编号 门店编号 工地编号 场所序号 site_no", longest=40
)
_TERRITORY = _field(
    "territory",
    "所在区划/territory",
    "区划 行政区划 所属区划 所在区县 所属区县 区县 县区 县(市、区) 所在区域 所属区域 属地 district region",
)
_LON = _field("lon", "经度/longitude", "东经 经度坐标 lng long", traits="erasable", longest=40)
_LAT = _field("lat", "纬度/latitude", "北纬 纬度坐标", traits="erasable", longest=40)
_INDUSTRIES = _field(
    "industries",
    "行业监管分类/regulatory industry",
    "监管行业 行业分类 行业类别 行业 监管分类 行业监管大类 industry industries",
    traits="erasable",
)

ENTERPRISE_FIELDS = (
    _USCC,
    _field(
        "name",
        "企业名称/enterprise",
        "单位名称 公司名称 名称 企业 单位 生产经营单位 生产经营单位名称 enterprise_name company name_of_enterprise",
        traits="required",
        longest=120,
    ),
    _INDUSTRIES,
    _field(
        "economy_code",
        "国民经济行业/economic activity (GB/T 4754)",
        "国民经济行业代码 国民经济行业分类 国标行业 行业代码 economy",
        traits="erasable",
        longest=60,
    ),
    _field(
        "employees",
        "从业人数/employees",
        "从业人员 从业人员数 员工人数 职工人数 职工总数 从业人员数量 staff",
        traits="erasable",
        longest=20,
    ),
    _SITE_NUMBER,
    _field("site_name", "场所名称/site", "厂区名称 门店名称 工地名称 厂区", traits="erasable", longest=120),
    _field(
        "address",
        "地址/address",
        "企业地址 单位地址 场所地址 生产经营地址 经营地址 详细地址 生产地址",
        traits="erasable",
    ),
    _TERRITORY,
    _LON,
    _LAT,
    _field("contact", "联系人/contact", "安全联系人 负责人 contact_person", traits="erasable", longest=60),
    _field(
        "phone",
        "联系电话/phone",
        "电话 手机 手机号 手机号码 联系方式 电话号码 tel telephone mobile",
        traits="erasable",
        longest=60,
    ),
)

RISK_POINT_FIELDS = (
    _USCC,
    _field(
        "enterprise",
        "企业名称/enterprise",
        "单位名称 公司名称 企业 所属企业 所属单位 enterprise_name",
        longest=120,
    ),
    _SITE_NUMBER,
    _field(
        "number",
        "风险点编号/number",
        "编号 风险点编码 风险点代码 风险编号 风险单元编号 risk_point_number no.",
        traits="required",
        longest=64,
    ),
    _field(
        "name",
        "风险点名称/name",
        "风险点 名称 风险单元 风险单元名称 风险源名称 风险点(单元)名称 risk_point risk_point_name",
        traits="required",
        longest=120,
    ),
    _field(
        "place", "位置/place", "所在位置 部位 场所位置 具体位置 风险点位置 地点 location", traits="erasable"
    ),
    _LON,
    _LAT,
    _field(
        "geometry",
        "几何(WKT)/geometry (WKT)",
        "几何 wkt geometry geom 范围 线路 空间范围",
        traits="erasable",
        longest=1_300_000,
    ),
    _TERRITORY,
    _INDUSTRIES,
    _field(
        "event",
        "风险事件/event",
        "危险事件 可能发生的事件 危险源或潜在事件 潜在事件 risk_event",
        traits="erasable",
    ),
    _field(
        "accident_categories",
        "事故类别/accident categories",
        "事故类型 可能发生的事故类型 可能导致的事故类型 易发生的事故类型 accident_category accident_type",
        traits="erasable",
    ),
    _field(
        "consequence",
        "可能后果/consequence",
        "后果 危害后果 主要后果 事故后果",
        traits="erasable",
        longest=1000,
    ),
    _field(
        "measures",
        "管控措施/measures",
        "控制措施 现有控制措施 防控措施 风险管控措施 措施 control_measures",
        traits="erasable",
        longest=8000,
    ),
    _field(
        "control_level", "管控层级/control level", "管控级别 管控层次 控制层级", traits="erasable", longest=40
    ),
    _field(
        "responsible_unit",
        "责任单位/responsible unit",
        "责任部门 管控单位 管控部门 责任科室",
        traits="erasable",
        longest=120,
    ),
    _field(
        "responsible_person",
        "责任人/responsible person",
        "管控责任人 负责人 责任人员",
        traits="erasable",
        longest=60,
    ),
    _field(
        "exposed_workers",
        "暴露人数/exposed workers",
        "暴露人员 作业人数 现场人数 涉及人数",
        traits="erasable",
        longest=20,
    ),
    _field("method", "评价方法/method", "评估方法 风险评价方法 辨识方法 assessment_method", longest=80),
    _field("l", "L值(可能性)/L (likelihood)", "L L值 可能性 可能性L 可能性(L) likelihood", longest=40),
    _field(
        "e",
        "E值(暴露频率)/E (exposure)",
        "E E值 暴露频率 频繁程度 频率 暴露频率E 暴露频率(E) exposure",
        longest=40,
    ),
    _field("c", "C值(后果)/C (consequence)", "C C值 后果C 后果(C) 后果严重程度", longest=40),
    _field("s", "S值(严重性)/S (severity)", "S S值 严重性 严重程度 严重性S 严重性(S) severity", longest=40),
    _field("inputs", "其他评价输入/other inputs", "评价输入 其他输入 other_inputs"),
    _field("direct_rule", "直接判定/direct decision", "直接判定规则 直接判定依据 直接判定条款"),
    _field("inherent_grade", "固有风险等级/inherent grade", "固有风险 初始风险等级 固有等级", longest=20),
    _field(
        "grade",
        "评定风险等级/assessed grade",
        "风险等级 评定等级 风险级别 评估等级 控制风险等级 风险分级 现状风险等级",
        longest=20,
    ),
    _field(
        "override_reason",
        "人工调整理由/reason of override",
        "调整理由 人工调整原因 等级调整理由",
        longest=1000,
    ),
    _field("assessor", "评价人/assessor", "评估人 评定人 评价人员", longest=60),
    _field(
        "assessed_on",
        "评价日期/assessed on",
        "评定日期 评估日期 评价时间 评估时间 assessment_date",
        longest=40,
    ),
    _field(
        "next_review", "复评日期/next review", "下次评价日期 下次评估日期 复评时间 review_date", longest=40
    ),
    _field(
        "managed_by", "管理单位区划/managed by", "管理区划 管理单位 managed_by_territory", traits="erasable"
    ),
    _field(
        "managed_reason", "管理变更理由/reason for managing node", "管理变更原因 管辖变更理由", longest=500
    ),
)

FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.ENTERPRISES: ENTERPRISE_FIELDS,
    Kind.RISK_POINTS: RISK_POINT_FIELDS,
}
FIELD_BY_KEY: dict[Kind, dict[str, Field]] = {
    kind: {field.key: field for field in fields} for kind, fields in FIELDS.items()
}
# Where any of these is filled, the datum of the numbers must be stated.
POSITION_KEYS = ("lon", "lat", "geometry")
