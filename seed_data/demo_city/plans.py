"""What the demonstration city should show: how many points of each grade, and the red ones by name."""

from dataclasses import dataclass, replace
from fractions import Fraction

from seed_data.demo_city.grades import Grade, Inputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Red:
    """A red point: the kind of risk point it is, words of its event, and how it came to be 重大.

    in_zone: stands in the functional zone, so that the two views of responsibility differ in red too. firm: how the
    name of its firm begins, where that matters.
    """

    kind: str
    event: str
    method: str
    inputs: Inputs = ()
    computed: Grade = Grade.MAJOR
    direct_rule: str = ""
    override_reason: str = ""
    workers: int | None = None
    in_zone: bool = False
    firm: str = ""


# Ten of 3,000. Plants, kilns and building sites only: never a school, a market, a bridge or a gas main, which a reader
# would take for one he knows. Direct rules are invoked by code and by text, their facts behind a colon.
REDS = (
    Red(
        kind="液氨储罐区",
        event="",
        method="LEC",
        inputs=(("l", "3"), ("e", "6"), ("c", "40")),
        firm="吉顺化工",
    ),
    Red(kind="液化石油气储罐区", event="", method="直接判定", direct_rule="构成危险化学品重大危险源：三级"),
    Red(
        kind="速冻加工间",
        event="氨泄漏",
        method="直接判定",
        direct_rule="具有中毒、爆炸、火灾等危险，且场所内作业人员达到 10 人及以上：中毒",
        workers=14,
    ),
    Red(kind="硝化反应釜", event="", method="LS", inputs=(("l", "4"), ("s", "5"))),
    Red(kind="甲类原料库", event="", method="直接判定", direct_rule="major_hazard_source：四级"),
    Red(
        kind="铝镁抛光除尘系统",
        event="",
        method="直接判定",
        direct_rule="违反法律、法规或国家标准的强制性条款：国家标准的强制性条款",
    ),
    Red(kind="深基坑", event="", method="LEC", inputs=(("l", "6"), ("e", "6"), ("c", "15")), in_zone=True),
    Red(
        kind="淀粉烘干除尘系统",
        event="粉尘爆炸",
        method="直接判定",
        direct_rule="crowded_hazardous_place：爆炸",
        workers=12,
    ),
    Red(kind="钢水包吊运", event="", method="LS", inputs=(("l", "4"), ("s", "5")), in_zone=True),
    Red(
        kind="高支模区域",
        event="",
        method="LEC",
        inputs=(("l", "1"), ("e", "6"), ("c", "40")),
        computed=Grade.LARGE,
        override_reason="超过一定规模的危险性较大工程，浇筑期间现场监测数据接近预警值，专家组建议按重大风险管控",
    ),
)


@dataclass(frozen=True, slots=True)
class Override:
    """A person set `grade` where the method gave `computed`."""

    computed: Grade
    grade: Grade
    reason: str


OVERRIDES = (
    Override(Grade.GENERAL, Grade.LARGE, "近三个月同类岗位发生两起险情，安委会会议决定提高一级管控"),
    Override(Grade.GENERAL, Grade.LARGE, "毗邻人员密集场所，事故后果可能外溢，提高一级管控"),
    Override(Grade.GENERAL, Grade.LARGE, "设备已超设计使用年限，更新完成前提高一级管控"),
    Override(Grade.GENERAL, Grade.LARGE, "行业主管部门专项通知要求按较大风险管控"),
    Override(Grade.LOW, Grade.GENERAL, "外包队伍频繁更换，管理措施落实不稳定"),
    Override(Grade.LOW, Grade.GENERAL, "冬季低温期间故障率升高，供暖期内提高一级"),
    Override(Grade.LOW, Grade.GENERAL, "新工艺投用不足一年，运行数据不足，从严掌握"),
    Override(Grade.LOW, Grade.GENERAL, "夜班只有单人值守，应急力量不足"),
    Override(Grade.LOW, Grade.GENERAL, "上一轮排查同一问题反复出现"),
    Override(Grade.LARGE, Grade.GENERAL, "自动化改造已验收，现场实现无人值守，原取值偏保守"),
    Override(Grade.LARGE, Grade.GENERAL, "危险物料已清空停用，仅保留巡检"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the city. The first is what tests load; the rest makes it as large as a city is.

    growth: how many firms and region-owned points there are for each that the catalogue counts. stated_only: what old
    registers hold only the grade of. streets: whether firms stand along streets and workshops are drawn as areas.
    """

    growth: Fraction
    total: int
    firms_not_assessed: int
    not_assessed: int
    large: int
    general: int
    stated_only: int
    reds: tuple[Red, ...]
    overrides: tuple[Override, ...]
    streets: bool = False

    def grown(self, count: int) -> int:
        """How many there are of what the catalogue counts so many times."""
        return int(count * self.growth + Fraction(1, 2))


FIRST = Part(
    growth=Fraction(1),
    total=3_000,
    firms_not_assessed=3,
    not_assessed=120,  # 4 %
    large=105,  # 3.5 %
    general=750,  # 25 %
    stated_only=45,
    reds=REDS,
    overrides=OVERRIDES,
)
# Together 2,000 firms and 20,000 points; the shares of the grades stay what they are. Each red of the first part comes
# four times more, in other firms.
REST = Part(
    growth=Fraction(17, 3),
    total=17_000,
    firms_not_assessed=34,
    not_assessed=780,
    large=640,
    general=4_250,
    stated_only=255,
    reds=tuple(replace(red, firm="", in_zone=False) for red in REDS) * 4,
    overrides=OVERRIDES * 4,
    streets=True,
)
