"""The map as one file: folium writes the page, the web build's own drawing fills it, and nothing is fetched.

folium takes the text of an element for a template and does not escape a title: whatever a register holds goes in packed,
in letters that mean nothing to HTML, scripts or Jinja, and is unpacked by the drawing.
"""

from functools import cache
from html import escape
from pathlib import Path

import folium
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from service.base.errors import Unavailable
from service.documents.rules import Bounds, data_address, pack

# The drawing as the web build leaves it: Leaflet, the page's painters and their style sheet (web/src/standalone).
DRAWING = Path(__file__).resolve().parents[2] / "web" / "dist"
# What the page allows too (web/src/overview/url-state.ts).
SHALLOWEST, DEEPEST = 5, 18
# Nothing may be fetched, whatever the file holds.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline' data:; img-src data:"
)


class Drawing(MacroElement):
    """Our own drawing on folium's map."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <script type="text/plain" id="riskmap">{{ this.content }}</script>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        riskmap.draw({{ this._parent.get_name() }}, document.getElementById("riskmap").textContent);
        {% endmacro %}
        """
    )

    def __init__(self, content: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Drawing"
        self.content = content


@cache
def _map_class() -> type[folium.Map]:
    """folium's map with what it needs inlined; the lists are the class's, and set before one is made."""
    try:
        script, style = ((DRAWING / f"standalone.{kind}").read_bytes() for kind in ("js", "css"))
    except FileNotFoundError as error:
        raise Unavailable(
            "页面尚未构建，无法生成地图文件。请先运行 scripts/run。",
            "The page is not built, so no map file can be made; run scripts/run first.",
        ) from error

    class OfflineMap(folium.Map):
        default_js = [("drawing", data_address(script, "text/javascript"))]  # noqa: RUF012 - folium's own shape
        default_css = [("drawing_style", data_address(style, "text/css"))]  # noqa: RUF012

    return OfflineMap


def write_map(content: str, *, title: str, bounds: Bounds) -> str:
    """The file's text. content: MapContent as JSON. Raises Unavailable while the web build is missing."""
    west, south, east, north = bounds
    drawn = _map_class()(
        location=((south + north) / 2, (west + east) / 2),
        tiles=None,
        zoom_start=9,
        zoom_control=False,
        attributionControl=False,
        fadeAnimation=False,
        minZoom=SHALLOWEST,
        maxZoom=DEEPEST,
    )
    drawn._id = "sheet"
    drawn.add_child(Drawing(pack(content)))
    page = drawn.get_root()
    assert isinstance(page, Figure)
    page.title = escape(title)
    page.header.add_child(Element(f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'), index=0)
    return str(page.render())
