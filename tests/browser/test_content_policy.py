"""Nothing inline: the policy is in force, and no page breaks it. Every other test of pages fails on a violation too."""

import pytest
from playwright.async_api import expect

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")

INLINE = """() => {
  const script = document.createElement('script')
  script.textContent = 'window.isBroken = true'
  const style = document.createElement('style')
  style.textContent = 'body { visibility: hidden }'
  document.head.append(script, style)
  return [window.isBroken === true, getComputedStyle(document.body).visibility]
}"""


async def test_what_is_inline_is_refused(visitor: Visitor) -> None:
    visitor.forgiven.append("Content Security Policy")
    await visitor.open()
    assert await visitor.page.evaluate(INLINE) == [False, "visible"]
    assert len(visitor.complaints) == 2


async def test_the_documentation_of_the_doors_breaks_nothing(visitor: Visitor) -> None:
    await visitor.go(path="/api/docs")
    block = visitor.page.locator(".opblock").first
    await expect(block).to_be_visible()
    await block.click()
    await expect(block.locator(".opblock-body")).to_be_visible()
    await visitor.page.locator(".models-control").first.click()
