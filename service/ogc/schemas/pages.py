"""The pages for people that documents are shown on; without scripts, which the content policy would refuse inline."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request

from service.base.collections import Collection
from service.base.viewer import Permission
from service.ogc.rules.words import told
from service.ogc.schemas.links import own_address, root_of

_OWN = {"collection", "collections", "download", "downloads", "item", "items", "landing", "schema"}


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("service.ogc", "html"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page_of(
    request: Request, template: str, document: Mapping[str, Any], *, zh: bool, more: Mapping[str, Any]
) -> str:
    """The page of a document. more: what the page says beyond it."""
    name = template if template in _OWN else "document"
    shown = {"links": document.get("links", []), "columns": (), "collection": None} | dict(more)
    shown["links"] = [
        {"title": None, "templated": False}
        | (link if isinstance(link, dict) else link.model_dump(exclude_none=True))
        for link in shown["links"]
    ]
    collection = shown["collection"]
    title = document.get("title") or (
        (collection.title_zh if zh else collection.title_en)
        if collection
        else _TITLES[template][0 if zh else 1]
    )
    return (
        _environment()
        .get_template(f"{name}.html")
        .render(
            shown,
            document=_Tolerant(document),
            title=title,
            zh=zh,
            root=root_of(request),
            other_language=own_address(request, lang="en" if zh else "zh", f="html"),
            told=lambda value, column: "" if value is None else told(value, column, {}, zh=zh),
            may_export=Permission.EXPORT in request.state.viewer.may,
            ground=_ground(request, collection),
            words={state: pair[0 if zh else 1] for state, pair in _STATES.items()},
        )
    )


def _ground(request: Request, collection: Collection | None) -> str:
    """Where the borders are that a map is drawn on; nothing where they are not known to the viewer, or are the map."""
    public = request.state.viewer.public
    known = not public or "territories" in request.app.state.published
    if not known or collection is None or collection.id == "territories":
        return ""
    return f"{root_of(request)}/collections/territories/items?limit=300"


class _Tolerant(dict[str, Any]):
    """A document whose absent members are nothing."""

    def __missing__(self, _: str) -> None:
        return None


_STATES = {
    "waiting": ("排队中", "Waiting"),
    "working": ("正在生成", "Being made"),
    "done": ("已生成", "Done"),
    "failed": ("未能生成", "Failed"),
    "stopped": ("已取消", "Given up"),
}
_TITLES = {
    "download": ("下载", "Download"),
    "downloads": ("下载", "Downloads"),
    "conformance": ("一致性声明", "Conformance"),
    "collections": ("数据集", "Collections"),
    "tiling": ("瓦片方案", "Tiling"),
    "api": ("接口说明", "API"),
}
