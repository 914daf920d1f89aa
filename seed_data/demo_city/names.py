"""Invented names. Every firm and every region-owned object carries 演示, so that nobody takes it for a real one."""

from seed_data.demo_city.chance import Chance

MARK = "（演示）"

_FIRST = "吉恒瑞盛鼎宏昌源泰丰嘉启辰安禾旭凯诚润博远达腾奥凌卓朗佳德信天北松辽云岭春黎晨溪柏林海星耀沃科新"
_SECOND = "顺丰达祥和泰隆盛通源康宇峰华越腾川岳林禾原润泽辉朗诚兴业宁远立航驰鑫茂合悦来安邦捷"
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高罗郑梁谢宋唐许邓韩冯曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
)
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲飞鹏辉斌宇浩凯健俊帆雪梅琳丹莹博文志远思佳晨阳建国立新海波东升晓光"

_UNITS = {
    "建筑施工": ("项目经理部", "工程部", "安全部", "机电班", "木工班"),
    "教育": ("总务处", "安全保卫处", "教务处", "后勤服务中心"),
    "医疗卫生": ("后勤保障部", "护理部", "保卫科", "设备科"),
    "商贸": ("运营管理部", "工程部", "安全保卫部", "物业部"),
    "文化旅游": ("运营部", "设备维护部", "安全保卫部", "场务部"),
    "道路交通": ("安全技术科", "车队", "机务科", "站务科"),
    "轨道交通": ("客运部", "车辆部", "供电工务部", "安全监察部"),
    "城镇燃气": ("输配运行部", "管网巡线班", "安全技术部", "客户服务部"),
    "特种设备使用": ("工程维修部", "项目服务中心", "安全品质部"),
    "农业": ("生产部", "仓储部", "设备组"),
    "仓储物流": ("仓储部", "运输部", "设备安全部", "分拨中心"),
}
_FACTORY_UNITS = ("生产技术部", "设备动力部", "安全环保部", "仓储物流部", "一车间", "二车间")

_ROAD_WORDS = ("东一", "东二", "西一", "西三", "南二", "北一", "北四", "中心", "新城", "创业", "振兴", "丰收")


def firm_style(chance: Chance, taken: set[str], *, trade: str = "") -> str:
    """The two characters that tell a firm from others (字号), each pair used once, or once in a trade."""
    while True:
        style = chance.pick(_FIRST) + chance.pick(_SECOND)
        if style[0] != style[1] and style + trade not in taken:
            taken.add(style + trade)
            return style


def person(chance: Chance) -> str:
    """An invented name of two or three characters."""
    given = chance.pick(_GIVEN)
    if chance.happens(0.7):
        given += chance.pick(_GIVEN)
    return chance.pick(_SURNAMES) + given


def units(sector: str) -> tuple[str, ...]:
    """The departments that answer for risk points in a sector."""
    return _UNITS.get(sector, _FACTORY_UNITS)


def address(chance: Chance, district: str) -> str:
    """An invented address on an invented road."""
    city = "" if district.endswith("市") else "长春市"
    return f"{city}{district}演示{chance.pick(_ROAD_WORDS)}路{chance.between(1, 998)}号"


def phone(serial: int) -> str:
    """A number that cannot exist: no Chinese landline begins with 0 after the area code."""
    return f"0431-{serial:08d}"
