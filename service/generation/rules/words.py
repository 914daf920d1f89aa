"""Invented names of firms, people and roads."""

from itertools import product

# A firm's two syllables; a person's family name and given name. Every firm also carries 演示 and its number.
FIRST_SYLLABLES = tuple(
    "吉恒瑞盛鼎宏昌源泰丰嘉启辰安禾旭凯诚润博远达腾奥凌卓朗佳德信天北松辽云岭春黎晨溪柏林海星耀沃科新"
)
SECOND_SYLLABLES = tuple("顺丰达祥和泰隆盛通源康宇峰华越腾川岳林禾原润泽辉朗诚兴业宁远立航驰鑫茂合悦来安邦捷")
_FAMILIES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高罗郑梁谢宋唐许邓韩冯曹曾"
_GIVEN = (
    "伟",
    "芳",
    "敏",
    "静",
    "强",
    "磊",
    "洋",
    "艳",
    "杰",
    "秀兰",
    "建国",
    "立新",
    "海波",
    "晓光",
    "雪梅",
    "志远",
)
PEOPLE = tuple(family + given for family, given in product(_FAMILIES, _GIVEN))
ROADS = ("东一", "东二", "西一", "西三", "南二", "北一", "北四", "中心", "新城", "创业", "振兴", "丰收")
