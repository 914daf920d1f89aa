"""Every operation of the OpenAPI document: how to ask for it about something inside one's area, and outside it."""

from dataclasses import dataclass, field
from typing import Any

from service.base.viewer import Permission

# Names that must never reach whoever does not see the row.
INSIDE, OUTSIDE = "界内标记", "界外标记"


@dataclass(frozen=True)
class World:
    """Ids on both sides of the border of 二道区. point, firm, site: inside and outside."""

    points: tuple[int, int]
    firms: tuple[int, int]
    sites: tuple[int, int]
    people: tuple[int, int]

    def fill(self, text: str, side: int) -> str:
        """A path or body with the ids of one side: 0 inside, 1 outside, 2 of nothing at all."""
        far = 10**12
        ids = {
            "{risk_point_id}": (*self.points, far)[side],
            "{enterprise_id}": (*self.firms, far)[side],
            "{site_id}": (*self.sites, far)[side],
            "{person_id}": (*self.people, far)[side],
            # Level 15 tiles of the two sites, and one of the sea.
            "{tile}": ("15/27806/11923", "15/27784/11936", "15/0/16384")[side],
            # OGC API Tiles names the row before the column.
            "{row_first}": ("15/11923/27806", "15/11936/27784", "15/16384/0")[side],
            "{area}": ("220105", "220104", "999999")[side],
        }
        for name, value in ids.items():
            text = text.replace(name, str(value))
        return text


@dataclass(frozen=True)
class Case:
    """One operation.

    path: with ids to fill in, or of a list. about: whether its path names a row, so that outside is 404. needs: its
    permission. shows: an answer to who sees the row inside holds its name. open: also for who has not signed in. free: the
    same for everybody who has.
    """

    path: str
    about: bool = False
    needs: Permission | None = None
    shows: bool = False
    open: bool = False
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


def row(path: str, **more: Any) -> Case:
    return Case(path, about=True, **more)


NOBODYS = "00000000-0000-4000-8000-000000000000"
MATCH = {"If-Match": '"1"'}
WRITE = Permission.WRITE
POINT, FIRM = "/api/risk-points/{risk_point_id}", "/api/enterprises/{enterprise_id}"
TILE = "/tiles/risk_points,enterprises,cells,territories/{tile}.mvt"

CASES: dict[str, Case] = {
    "GET /healthz": Case("/healthz", open=True),
    "GET /readyz": Case("/readyz", open=True),
    "GET /api/sign-in": Case("/api/sign-in", open=True),
    "POST /api/sign-in": Case("/api/sign-in", open=True, body={"login": "nobody", "password": "x"}),
    "POST /api/sign-out": Case("/api/sign-out"),
    "POST /api/account/sessions/end": Case("/api/account/sessions/end"),
    "GET /api/account": Case("/api/account"),
    "POST /api/account/password": Case("/api/account/password", body={"old": "x", "password": "y"}),
    "GET /api/account/keys": Case("/api/account/keys", needs=Permission.KEYS),
    "POST /api/account/keys": Case("/api/account/keys", needs=Permission.KEYS, body={"name": "k"}),
    "DELETE /api/account/keys/{key_id}": Case("/api/account/keys/1000000", needs=Permission.KEYS),
    "GET /api/account/links": Case("/api/account/links", needs=Permission.EXPORT),
    "POST /api/account/links": Case(
        "/api/account/links",
        needs=Permission.EXPORT,
        body={"name": "l", "address": "/tiles/cells/{z}/{x}/{y}.mvt"},
    ),
    "DELETE /api/account/links/{link_id}": Case("/api/account/links/1000000", needs=Permission.EXPORT),
    "GET /ogc/collections/{collection}/style.qml": Case("/ogc/collections/risk_points/style.qml"),
    "POST /ogc/collections/{collection}/items": Case(
        "/ogc/collections/risk_points/items",
        needs=WRITE,
        body={"type": "Feature", "properties": {"name": "x"}},
    ),
    "PUT /ogc/collections/{collection}/items/{item}": row(
        "/ogc/collections/risk_points/items/{risk_point_id}",
        needs=WRITE,
        headers=MATCH,
        body={"properties": {}},
    ),
    "PATCH /ogc/collections/{collection}/items/{item}": row(
        "/ogc/collections/risk_points/items/{risk_point_id}",
        needs=WRITE,
        headers=MATCH,
        body={"properties": {}},
    ),
    "DELETE /ogc/collections/{collection}/items/{item}": row(
        "/ogc/collections/risk_points/items/{risk_point_id}", needs=WRITE, headers=MATCH
    ),
    "GET /ogc/downloads": Case("/ogc/downloads", needs=Permission.EXPORT),
    "GET /ogc/downloads/{download}": Case(f"/ogc/downloads/{NOBODYS}", needs=Permission.EXPORT),
    "GET /ogc/downloads/{download}/file": Case(f"/ogc/downloads/{NOBODYS}/file", needs=Permission.EXPORT),
    "DELETE /ogc/downloads/{download}": Case(f"/ogc/downloads/{NOBODYS}", needs=Permission.EXPORT),
    "POST /ogc/collections/{collection}/downloads": Case(
        "/ogc/collections/territories/downloads?f=parquet", needs=Permission.EXPORT
    ),
    "GET /api/people": Case("/api/people", needs=Permission.PEOPLE),
    "POST /api/people": Case(
        "/api/people",
        needs=Permission.PEOPLE,
        body={"login": "new.one", "name": "新", "unit": "220105", "password": "first-word-2026"},
    ),
    "GET /api/people/enterprises": Case("/api/people/enterprises?q=标记", needs=Permission.PEOPLE),
    "GET /api/people/{person_id}": row("/api/people/{person_id}", needs=Permission.PEOPLE),
    "POST /api/people/{person_id}/password": row(
        "/api/people/{person_id}/password", needs=Permission.PEOPLE, body={"password": "first-word-2026"}
    ),
    "POST /api/people/{person_id}/closing": row(
        "/api/people/{person_id}/closing", needs=Permission.PEOPLE, body={"closed": False}
    ),
    "POST /api/people/{person_id}/appointments": row(
        "/api/people/{person_id}/appointments",
        needs=Permission.PEOPLE,
        body={"role": "analyst", "area": "220105"},
    ),
    "DELETE /api/people/{person_id}/appointments/{appointment_id}": row(
        "/api/people/{person_id}/appointments/1000000", needs=Permission.PEOPLE
    ),
    "GET /api/audit": Case("/api/audit", needs=Permission.AUDIT),
    "GET /tiles/{layers}/{z}/{x}/{y}.mvt": Case(TILE, shows=True),
    "GET /api/session": Case("/api/session"),
    "GET /api/grid/encode": Case("/api/grid/encode?lon=125.45&lat=43.85"),
    "GET /api/cells/{code}": Case("/api/cells/{cell}", shows=True),
    "GET /api/territories/{key}/summary": row("/api/territories/{area}/summary", shows=True),
    "GET /api/territories/{key}/ranking": row("/api/territories/{area}/ranking"),
    "GET /api/territories": Case("/api/territories"),
    "GET /api/grading/methods": Case("/api/grading/methods"),
    "GET /api/grading/methods/{method_id}/{version}": Case("/api/grading/methods/lec/1"),
    "POST /api/grading/assess": Case(
        "/api/grading/assess", body={"method": "lec", "version": "1", "inputs": {}}
    ),
    "POST /api/grading/preview": Case(
        "/api/grading/preview", needs=WRITE, body={"method": "lec", "inputs": {}}
    ),
    "GET /api/codes/{list_id}": Case("/api/codes/accident_category"),
    "GET /api/filters": Case("/api/filters"),
    "GET /api/search": Case("/api/search?q=标记", shows=True),
    "GET /api/search/enterprises": Case("/api/search/enterprises?q=标记", shows=True),
    "GET /api/lists": Case("/api/lists"),
    "GET /api/risk-points": Case("/api/risk-points", shows=True),
    "POST /api/risk-points": Case("/api/risk-points", needs=WRITE, body={"name": "x"}),
    "GET /api/risk-points/{risk_point_id}": row(POINT, shows=True),
    "PATCH /api/risk-points/{risk_point_id}": row(POINT, needs=WRITE, body={"place": "x"}, headers=MATCH),
    "DELETE /api/risk-points/{risk_point_id}": row(POINT, needs=WRITE, headers={"If-Match": '"999"'}),
    "GET /api/risk-points/{risk_point_id}/form": row(f"{POINT}/form", needs=WRITE, shows=True),
    "GET /api/risk-points/{risk_point_id}/history": row(f"{POINT}/history"),
    "PUT /api/risk-points/{risk_point_id}/position": row(
        f"{POINT}/position", needs=WRITE, body={"follow_site": True}, headers=MATCH
    ),
    "PUT /api/risk-points/{risk_point_id}/events": row(
        f"{POINT}/events", needs=WRITE, body={"events": []}, headers=MATCH
    ),
    "POST /api/risk-points/{risk_point_id}/assessments": row(
        f"{POINT}/assessments", needs=WRITE, body={"method": "lec", "inputs": {}}
    ),
    "GET /api/enterprises": Case("/api/enterprises", shows=True),
    "POST /api/enterprises": Case("/api/enterprises", needs=WRITE, body={"name": "x", "sites": []}),
    "GET /api/enterprises/{enterprise_id}": row(FIRM, shows=True),
    "PATCH /api/enterprises/{enterprise_id}": row(FIRM, needs=WRITE, body={"employees": "5"}, headers=MATCH),
    "DELETE /api/enterprises/{enterprise_id}": row(FIRM, needs=WRITE, headers={"If-Match": '"999"'}),
    "GET /api/enterprises/{enterprise_id}/contacts": row(
        f"{FIRM}/contacts", needs=Permission.CONTACTS, shows=True
    ),
    "GET /api/enterprises/{enterprise_id}/form": row(f"{FIRM}/form", needs=WRITE, shows=True),
    "POST /api/enterprises/{enterprise_id}/sites": row(f"{FIRM}/sites", needs=WRITE, body={"name": "x"}),
    "PATCH /api/enterprises/{enterprise_id}/sites/{site_id}": row(
        f"{FIRM}/sites/{{site_id}}", needs=WRITE, body={"name": "x"}, headers=MATCH
    ),
    "POST /api/imports": Case("/api/imports", needs=Permission.IMPORT),
    "GET /api/imports/template.xlsx": Case("/api/imports/template.xlsx", needs=Permission.IMPORT),
    "GET /api/imports/{upload_id}": row(
        "/api/imports/00000000-0000-7000-8000-000000000000", needs=Permission.IMPORT
    ),
    "PATCH /api/imports/{upload_id}": row(
        "/api/imports/00000000-0000-7000-8000-000000000000", needs=Permission.IMPORT, body={}
    ),
    "DELETE /api/imports/{upload_id}": row(
        "/api/imports/00000000-0000-7000-8000-000000000000", needs=Permission.IMPORT
    ),
    "POST /api/imports/{upload_id}/commit": row(
        "/api/imports/00000000-0000-7000-8000-000000000000/commit",
        needs=Permission.IMPORT,
        body={"digest": "0" * 64},
    ),
    "GET /api/imports/{upload_id}/report.xlsx": row(
        "/api/imports/00000000-0000-7000-8000-000000000000/report.xlsx", needs=Permission.IMPORT
    ),
    "GET /api/risk-points.xlsx": Case("/api/risk-points.xlsx", needs=Permission.EXPORT, shows=True),
    "GET /api/lists/major-risks.xlsx": Case(
        "/api/lists/major-risks.xlsx", needs=Permission.EXPORT, shows=True
    ),
    "GET /api/enterprises.xlsx": Case("/api/enterprises.xlsx", needs=Permission.EXPORT, shows=True),
    "GET /api/maps.html": Case("/api/maps.html", needs=Permission.EXPORT, shows=True),
    "GET /api/maps/imprint": Case("/api/maps/imprint"),
    "GET /ogc": Case("/ogc"),
    "GET /ogc/conformance": Case("/ogc/conformance"),
    "GET /ogc/api": Case("/ogc/api"),
    "GET /ogc/collections": Case("/ogc/collections"),
    "GET /ogc/collections/{collection}": Case("/ogc/collections/risk_points"),
    "GET /ogc/collections/{collection}/schema": Case("/ogc/collections/risk_points/schema"),
    "GET /ogc/collections/{collection}/queryables": Case("/ogc/collections/risk_points/queryables"),
    "GET /ogc/collections/{collection}/sortables": Case("/ogc/collections/risk_points/sortables"),
    "GET /ogc/collections/{collection}/items": Case("/ogc/collections/risk_points/items", shows=True),
    "GET /ogc/collections/{collection}/items/{item}": row(
        "/ogc/collections/risk_points/items/{risk_point_id}", shows=True
    ),
    "GET /ogc/tileMatrixSets": Case("/ogc/tileMatrixSets"),
    "GET /ogc/tileMatrixSets/WebMercatorQuad": Case("/ogc/tileMatrixSets/WebMercatorQuad"),
    "GET /ogc/collections/{collection}/tiles": Case("/ogc/collections/risk_points/tiles"),
    "GET /ogc/collections/{collection}/tiles/WebMercatorQuad": Case(
        "/ogc/collections/risk_points/tiles/WebMercatorQuad"
    ),
    "GET /ogc/collections/{collection}/tiles/WebMercatorQuad/{tile_matrix}/{tile_row}/{tile_col}": Case(
        "/ogc/collections/risk_points/tiles/WebMercatorQuad/{row_first}", shows=True
    ),
}
