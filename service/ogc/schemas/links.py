"""Links: where a client goes next, under the address by which it came."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from pydantic import BaseModel
from starlette.requests import Request

JSON = "application/json"
GEOJSON = "application/geo+json"
HTML = "text/html"
SCHEMA_JSON = "application/schema+json"
MVT = "application/vnd.mapbox-vector-tile"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


class Link(BaseModel):
    """A link (OGC 17-069r4, link.yaml)."""

    href: str
    rel: str
    type: str
    title: str | None = None
    templated: bool | None = None


def root_of(request: Request) -> str:
    """The address of the door without a slash at its end, with the key that the client showed in the path."""
    prefix: str = request.scope["state"].get("prefix", "")
    return f"{str(request.base_url).rstrip('/')}{prefix}/ogc"


def own_address(request: Request, **changed: str | None) -> str:
    """The address of a request with some query parameters changed, or left out where they are None."""
    query = [(name, value) for name, value in request.query_params.multi_items() if name not in changed]
    query += [(name, value) for name, value in changed.items() if value is not None]
    path = request.url.path.removeprefix("/ogc")
    return root_of(request) + quote(path) + (f"?{urlencode(query)}" if query else "")


def alternates(request: Request, types: Mapping[str, str], own: str) -> list[Link]:
    """A link to the resource itself and to its other representations. types: media type by the value of f; own: which it is."""
    return [
        Link(
            href=own_address(request, f=None if name == own and "f" not in request.query_params else name),
            rel="self" if name == own else "alternate",
            type=media,
            title={"json": "JSON", "html": "HTML"}.get(name, name),
        )
        for name, media in types.items()
    ]
