"""The accounts of the demonstration: one of each role, with a password that everybody may know.

Only a deployment with RISKMAP_DEMO has them, and its sign-in page shows them.
"""

from dataclasses import dataclass

from service.accounts.rules.roles import Role

DEMO_PASSWORD = "four-colours-2026"  # noqa: S105 - it is published on the sign-in page
# An enterprise of the demonstration city with two sites (seed_data/enterprises.csv).
DEMO_ENTERPRISE = "91220113DEM0000149"


@dataclass(frozen=True)
class DemoAccount:
    """An account of the demonstration. area: a territory's key; enterprise: a credit code."""

    login: str
    name: str
    role: Role
    area: str | None = None
    industry: str | None = None
    enterprise: str | None = None
    password: str = DEMO_PASSWORD


DEMO_ACCOUNTS = (
    DemoAccount("city", "长春市应急管理局（演示）", "regulator", area="220100"),
    DemoAccount("erdao", "二道区应急管理局（演示）", "regulator", area="220105"),
    DemoAccount("jingkai", "经开区安监局（演示）", "regulator", area="z_jk"),
    DemoAccount("gas", "燃气主管部门（演示）", "department", area="220100", industry="gas"),
    DemoAccount("grid", "兴隆山镇网格员（演示）", "inspector", area="z_jk_xls"),
    DemoAccount("officer", "企业安全管理员（演示）", "officer", enterprise=DEMO_ENTERPRISE),
    DemoAccount("worker", "企业岗位员工（演示）", "worker", enterprise=DEMO_ENTERPRISE),
    DemoAccount("analyst", "数据分析员（演示）", "analyst", area="220100"),
    DemoAccount("auditor", "审计员（演示）", "auditor", area="220100"),
    DemoAccount("admin", "账号管理员（演示）", "administrator", area="220100"),
)
