import pytest
from tests.browser.city import SPOTS, Spot, MAIN_FIRST, MAIN_ROW
from tests.browser.picture import View
from tests.browser.test_import_page import workbook
pytestmark = pytest.mark.asyncio(loop_scope="session")
O="/tmp/look/g-"
async def test_gallery(open_visitor, city_server, empty_server, own_server):
    v = await open_visitor(city_server)
    p=v.page
    await v.open(View(44.05,125.65,11)); await v.click_at(*SPOTS["major"].at(.5,.86,level=4)); await p.wait_for_selector("[data-card]"); await v.rest(); await p.screenshot(path=O+"cell.png")
    await p.locator("[data-reason] .name").click(); await p.wait_for_selector("[data-card='risk-point']"); await v.rest(); await p.screenshot(path=O+"point.png")
    await v.open(View(44.056,125.635,14)); await p.screenshot(path=O+"z14.png")
    lon,lat=SPOTS["low 7"].at(.5,.5)
    await v.open(View(round(lat,5),round(lon,5),16)); await p.screenshot(path=O+"z16.png")
    lon,lat=Spot(MAIN_FIRST+2,MAIN_ROW).at(.5,.5)
    await v.open(View(round(lat,5),round(lon,5),15)); await p.screenshot(path=O+"main15.png")
    lon,lat=SPOTS["inherited"].at(.5,.5)
    await v.open(View(round(lat,5),round(lon,5),18)); await v.click_at(lon,lat); await p.wait_for_selector("[data-card]"); await p.screenshot(path=O+"z18stack.png")
    await v.go(path="/imports"); await p.locator("input[type=file]").set_input_files(workbook()); await p.get_by_role("radio",name="GCJ-02").wait_for(); await p.screenshot(path=O+"imp1.png")
    await p.get_by_role("radio",name="GCJ-02").check(); await p.wait_for_selector("[data-figure='good']"); await p.screenshot(path=O+"imp2.png",full_page=True)
    await p.locator("[data-problems]").scroll_into_view_if_needed(); await p.screenshot(path=O+"imp3.png")
    t = await open_visitor(city_server, viewport={"width":1024,"height":768}, has_touch=True)
    await t.page.add_init_script("localStorage.setItem('riskmap.language','en')")
    await t.open(View(44.05,125.65,9), show="territory:220113"); await t.page.wait_for_selector("[data-card]"); await t.rest(); await t.page.screenshot(path=O+"tablet-en.png")
    await t.page.locator(".fold").tap(); await t.rest(); await t.page.screenshot(path=O+"tablet-rail.png")
    e = await open_visitor(empty_server); await e.open(); await e.page.screenshot(path=O+"empty.png")
    s = await open_visitor(own_server); s.forgiven.append("REFUSED")
    await s.open(View(44.05,125.65,11)); own_server.stop(); await s.click_at(*SPOTS["major"].at(.5,.86,level=4)); await s.drawer.get_by_role("alert").wait_for(); await s.page.locator(".panel.zoom button").first.click(); await s.page.locator(".notice.alert").wait_for(); await s.rest(); await s.page.screenshot(path=O+"stopped.png")
    w = await open_visitor(city_server, viewport={"width":1920,"height":1080}); await w.open(View(44.05,125.65,9), view="managed", show="territory:220100"); await w.page.wait_for_selector("[data-card]"); await w.rest(); await w.page.screenshot(path=O+"wide.png")
