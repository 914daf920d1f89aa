"""What the template says about each column, and the one row that shows how it is filled in."""

from collections.abc import Mapping

from service.imports.rules.fields import Kind

# Field -> a line in Chinese and one in English.
HELP: Mapping[str, tuple[str, str]] = {
    "uscc": ("18 位；没有可留空，登记后标为待补", "18 characters; may be empty, marked as to be supplied"),
    "name": ("全称", "full name"),
    "enterprise": (
        "已登记企业的全称；空白表示区域风险点",
        "a registered firm; empty means a point of the region",
    ),
    "industries": ("可填多个，用；分开", "several are separated by ；"),
    "economy_code": ("GB/T 4754 代码，如 C3041", "GB/T 4754 code, such as C3041"),
    "employees": ("整数", "a whole number"),
    "site_number": ("一家企业有几个场所时区分用，如 1、2", "tells the sites of one firm apart"),
    "site_name": ("厂区、门店或工地的名称", "plant, shop or building site"),
    "address": ("生产经营地址", "where the work is done"),
    "territory": ("区县或功能区", "district or functional zone"),
    "lon": ("度，东经；125.3245 或 125°19′28″", "degrees east; decimal or 125°19′28″"),
    "lat": ("度，北纬；坐标系在上传时声明", "degrees north; the datum is stated at upload"),
    "geometry": ("管线、区域用 WKT；与经纬度只填一种", "WKT of a line or area; instead of lon and lat"),
    "contact": ("安全联系人", "who is called"),
    "phone": ("文本", "text"),
    "number": ("企业内唯一", "unique within the firm"),
    "place": ("车间、部位", "workshop, part"),
    "event": ("可能发生什么", "what may happen"),
    "accident_categories": ("可填多个，用；分开", "several are separated by ；"),
    "consequence": ("对人员、财产的后果", "what it would do"),
    "measures": ("每条一行或用；分开，前可加【类别】", "one a line or separated by ；, 【kind】 in front"),
    "control_level": ("公司、车间、班组、岗位", "company, workshop, team, post"),
    "responsible_unit": ("负责管控的部门", "the unit in charge"),
    "responsible_person": ("负责管控的人", "the person in charge"),
    "exposed_workers": ("整数", "a whole number"),
    "method": ("见“评价方法”表", "see the sheet 评价方法"),
    "l": ("可能性，取值见“评价方法”", "likelihood, values in 评价方法"),
    "e": ("暴露频率（LEC）", "exposure (LEC)"),
    "c": ("后果（LEC）", "consequence (LEC)"),
    "s": ("严重性（LS）", "severity (LS)"),
    "inputs": ("方法的其他维度，如 P=3；V=2", "other axes of the method, such as P=3；V=2"),
    "direct_rule": ("符合直接判定时填", "where a direct rule applies"),
    "inherent_grade": ("无管控措施时的等级", "the grade without controls"),
    "grade": ("填了评价输入可不填；不一致时写调整理由", "may be empty where inputs are given"),
    "override_reason": ("等级与计算不一致时必填", "needed where the grade differs from the computed"),
    "assessor": ("评价人姓名", "who assessed"),
    "assessed_on": ("如 2026-10-08", "such as 2026-10-08"),
    "next_review": ("晚于评价日期", "after the assessment"),
    "managed_by": ("由别的区划管理时填", "where another territory manages it"),
    "managed_reason": ("填了管理单位时必填", "needed with a managing node"),
}

# Which list a drop-down shows, and where a cell may hold several of its words.
LISTED: Mapping[str, str] = {
    "territory": "territories",
    "managed_by": "territories",
    "industries": "industries",
    "accident_categories": "accidents",
    "control_level": "control_levels",
    "method": "methods",
    "direct_rule": "direct_rules",
    "inherent_grade": "grades",
    "grade": "grades",
}
SEVERAL = frozenset({"industries", "accident_categories", "territory", "managed_by", "method", "direct_rule"})

_FIRM: Mapping[str, str | float] = {
    "uscc": "91999999MA00000A11",
    "industries": "机械",
    "site_number": "1",
    "lon": 125.3245,
    "lat": 43.8868,
}
EXAMPLES: Mapping[Kind, Mapping[str, str | float]] = {
    Kind.ENTERPRISES: {
        **_FIRM,
        "name": "演示机械有限公司",
        "employees": 120,
        "site_name": "演示厂区",
        "address": "演示路 1 号",
        "contact": "演示人",
        "phone": "0431-00000000",
    },
    Kind.RISK_POINTS: {
        **_FIRM,
        "enterprise": "演示机械有限公司",
        "number": "FX-001",
        "name": "演示熔炼炉",
        "place": "一号车间",
        "event": "炉体破裂，高温熔融物外泄",
        "consequence": "可能造成人员伤亡",
        "measures": "【工程技术】设置联锁；【培训教育】每季度培训",
        "control_level": "车间",
        "responsible_unit": "设备部",
        "responsible_person": "演示人",
        "exposed_workers": 3,
        "method": "lec_fold_a",
        "l": "1",
        "e": "6",
        "c": "15",
        "inherent_grade": "较大",
        "assessor": "演示员",
        "assessed_on": "2026-10-08",
        "next_review": "2027-10-08",
    },
}
