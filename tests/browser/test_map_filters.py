"""The one filter: the rail sets it, chips show it, and map, counts and address obey it."""

import pytest
from playwright.async_api import expect

from tests.browser import city
from tests.browser.city import SPOTS
from tests.browser.picture import FULL, LAND, View, is_near
from tests.browser.register import counted
from tests.browser.visitor import Visitor
from tests.conftest import Database
from tests.world import CITY_PATH

pytestmark = pytest.mark.asyncio(loop_scope="session")

OVERVIEW = View(44.05, 125.65, 11)
# Those of the firm of chemicals; all others are a region's and of no industry.
OF_THE_FIRM = {"major", "inherited"}


async def open_section(visitor: Visitor, name: str) -> None:
    await visitor.page.locator(f"[data-section='{name}'] summary").click()


async def chips(visitor: Visitor) -> set[str | None]:
    found = await visitor.page.locator("[data-chip]").all()
    return {await chip.get_attribute("data-chip") for chip in found}


async def test_an_industry_leaves_exactly_its_cells(visitor: Visitor, city_database: Database) -> None:
    await visitor.open(OVERVIEW)
    before = await visitor.look()
    assert before.fill(SPOTS["large"], 4) == FULL["large"]
    await open_section(visitor, "industries")
    await visitor.page.locator("[data-choice='chemicals']").check()
    await visitor.page.wait_for_url("**industry=chemicals**")
    await visitor.rest()
    after = await visitor.look()
    for name, spot in SPOTS.items():
        if "fine" in name or "across" in name:
            continue
        expected = before.fill(spot, 4) if name in OF_THE_FIRM else LAND
        assert is_near(after.fill(spot, 4), expected, 24 if expected == LAND else 1), name
    stored = counted(city_database, "industries && '{chemicals}'")
    assert sum(stored.values()) == 4
    for grade, number in stored.items():
        await expect(visitor.page.locator(f".row[data-grade='{grade}'] .number")).to_have_text(str(number))
    await expect(visitor.page.locator("[data-total]")).to_have_text("4 个风险点")


async def test_what_is_chosen_above_covers_what_is_below(visitor: Visitor) -> None:
    """A tree: the industry above is what the address says; those below it are chosen and cannot be taken out singly."""
    await visitor.open(OVERVIEW)
    await open_section(visitor, "industries")
    boxes = visitor.page.locator("[data-section='industries'] input")
    below = visitor.page.locator("[data-section='industries'] li:has(label[style*='16px']) input").first
    await expect(below, "the industries are no tree").to_be_visible()
    code = await below.get_attribute("data-choice")
    above = await boxes.evaluate_all(
        "(all, code) => { let top = null; for (const one of all) {"
        " if (one.dataset.choice === code) return top;"
        " if (one.closest('label').style.paddingLeft === '0px') top = one.dataset.choice } }",
        code,
    )
    await visitor.page.locator(f"[data-choice='{above}']").check()
    await visitor.page.wait_for_url(f"**industry={above}**")
    await expect(below).to_be_checked()
    await expect(below).to_be_disabled()


async def test_every_condition_is_a_chip_that_can_be_taken_back(visitor: Visitor) -> None:
    query = {
        "grade": "major,general",
        "territory": "220113",
        "managing": "220113",
        "industry": "chemicals",
        "control": "company",
        "owner": "enterprise",
        "position": "own,inherited",
        "overdue": "false",
        "text": "吉顺",
    }
    await visitor.open(OVERVIEW, **query)
    expected = {
        "grades", "territory", "managing", "industries", "controls", "owner", "positions", "overdue", "text",
    }  # fmt: skip
    assert await chips(visitor) == expected
    await expect(visitor.page.locator("[data-chip='territory'] .value")).to_have_text("九台区")
    await expect(visitor.page.locator("[data-chip='industries'] .value")).to_have_text("危险化学品")
    for condition in ("industries", "grades"):
        await visitor.page.locator(f"[data-chip='{condition}'] button").click()
        await expect(visitor.page.locator(f"[data-chip='{condition}']")).to_have_count(0)
    assert "industry" not in visitor.query
    assert "grade" not in visitor.query
    assert visitor.query["territory"] == "220113"
    await visitor.page.locator("[data-clear]").click()
    await expect(visitor.page.locator("[data-chip]")).to_have_count(0)
    assert set(visitor.query) == {"at"}
    await visitor.page.go_back()
    await expect(visitor.page.locator("[data-chip]")).to_have_count(len(expected) - 2)


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ({"overdue": "true"}, "next_review < current_date"),
        ({"overdue": "false"}, "next_review IS NULL OR next_review >= current_date"),
        ({"position": "inherited,none"}, "position <> 'own'"),
        ({"owner": "region"}, "owner_kind = 'region'"),
        ({"control": "company"}, "control_level = 'company'"),
        ({"territory": "220105"}, f"located_in_path <@ '{CITY_PATH}.220105'"),
        ({"territory": "220105", "view": "managed"}, f"managed_by_path <@ '{CITY_PATH}.220105'"),
        ({"managing": "z_jk"}, f"managed_by_path <@ '{CITY_PATH}.z_jk'"),
        ({"text": "general 3"}, "name LIKE '%general%' AND name LIKE '%3%'"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_the_rail_counts_what_the_table_holds(
    visitor: Visitor, city_database: Database, query: dict[str, str], where: str
) -> None:
    stored = counted(city_database, where)
    assert 0 < sum(stored.values()) < sum(counted(city_database, "true").values())
    await visitor.open(OVERVIEW, **query)
    for grade, number in stored.items():
        await expect(visitor.page.locator(f".row[data-grade='{grade}'] .number")).to_have_text(str(number))


async def test_words_filter_while_they_are_typed_and_an_address_brings_them_back(visitor: Visitor) -> None:
    await visitor.open(OVERVIEW)
    field = visitor.page.locator("[data-filter='text']")
    await field.press_sequentially(city.TANK)
    await visitor.page.wait_for_url("**text=**")
    await expect(visitor.page.locator("[data-total]")).to_have_text("1 个风险点")
    await visitor.rest()
    picture = await visitor.look()
    assert picture.fill(SPOTS["major"], 4) == FULL["major"]
    assert is_near(picture.fill(SPOTS["large"], 4), LAND, 24)
    await visitor.page.reload()
    await expect(field).to_have_value(city.TANK)
    await expect(visitor.page.locator("[data-total]")).to_have_text("1 个风险点")
    await visitor.page.locator("[data-chip='text'] button").click()
    await expect(field).to_have_value("")


async def test_a_district_is_entered_and_left(visitor: Visitor, city_database: Database) -> None:
    """Entering frames it and limits every count; the way back is one step of the browser."""
    await visitor.open(View(44.05, 125.65, 9), show="territory:220105")
    await visitor.card("territory").locator("[data-enter]").click()
    await visitor.page.wait_for_url("**territory=220105**")
    await visitor.eventually(lambda: zoomed(visitor, 9), "the map has come nearer")
    inside = counted(city_database, f"located_in_path <@ '{CITY_PATH}.220105'")
    await expect(visitor.page.locator("[data-total]")).to_have_text(f"{sum(inside.values())} 个风险点")
    await expect(visitor.page.locator("[data-chip='territory'] .value")).to_have_text("二道区")
    await visitor.card("territory").locator("[data-leave]").click()
    await expect(visitor.page.locator("[data-chip]")).to_have_count(0)
    whole = counted(city_database, "true")
    await expect(visitor.page.locator("[data-total]")).to_have_text(f"{sum(whole.values())} 个风险点")


async def zoomed(visitor: Visitor, beyond: int) -> bool:
    return visitor.view.zoom > beyond


async def test_a_code_that_is_not_there_is_said_and_not_drawn(visitor: Visitor) -> None:
    visitor.forgiven.append("422")
    await visitor.go(OVERVIEW, industry="no_such")
    refusal = visitor.page.locator("[data-refusal]")
    await expect(refusal).to_contain_text("没有“no_such”这个监管行业")
    await expect(visitor.page.locator("[data-chip='industries'] .value")).to_have_text("no_such")
    await refusal.get_by_role("button").click()
    await expect(refusal).to_have_count(0)
    await visitor.rest()
