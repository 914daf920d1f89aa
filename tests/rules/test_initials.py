"""First letters of names, as people type them."""

import pytest

from service.enterprises.rules import initials_of


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("长春一汽2厂", "ccyq2c"),
        ("演示重庆路（市场）有限公司", "yscqlscyxgs"),
        ("Ａ演示银行", "aysyh"),
        ("演示 行云流水 厂", "ysxylsc"),
        ("——", ""),
    ],
)
def test_initials(name: str, initials: str) -> None:
    assert initials_of(name) == initials
