"""The tripwires themselves: without them the other tests would prove nothing about an intranet without internet."""

import pytest

from tests.browser.city import SPOTS
from tests.browser.picture import View
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_another_host_is_out_of_reach_and_the_attempt_is_noticed(visitor: Visitor) -> None:
    # Our own pages would not even try, as their content policy forbids it.
    await visitor.page.goto("about:blank")
    for host in ("tiles.example.org", "192.0.2.1", "localhost"):
        answer = await visitor.page.evaluate(
            "(url) => fetch(url, { mode: 'no-cors' }).then(() => 'reached', () => 'blocked')",
            f"http://{host}/x",
        )
        assert answer == "blocked"
        assert f"request to another host: http://{host}/x" in visitor.misdeeds()
        visitor.forgiven.append(host)
    visitor.forgiven.append("ERR_NAME_NOT_RESOLVED")


async def test_errors_of_the_page_are_noticed(visitor: Visitor) -> None:
    await visitor.open(View(44.05, 125.65, 11))
    assert visitor.misdeeds() == []
    async with visitor.page.expect_event("pageerror"):
        await visitor.page.evaluate(
            "() => { console.error('one'); setTimeout(() => { throw new Error('two') }) }"
        )
    assert visitor.misdeeds() == ["console error: one", "page error: two"]
    visitor.forgiven += ["one", "two"]


async def test_the_browser_has_no_webgl(visitor: Visitor) -> None:
    """The map must be seen on a desktop without a GPU."""
    await visitor.open(View(44.05, 125.65, 11))
    kinds = "() => ['webgl', 'webgl2'].map((kind) => document.createElement('canvas').getContext(kind))"
    assert await visitor.page.evaluate(kinds) == [None, None]
    picture = await visitor.look()
    assert picture.fill(SPOTS["major"], 4) == (0xD3, 0x30, 0x2F)
