"""What a deployment shows to whoever asks: chosen collections with chosen fields, and nothing unless it says so."""

from collections.abc import Mapping
from dataclasses import replace

from service.base.collections import Collection
from service.base.errors import Rejected


def published(text: str | None, known: Mapping[str, Collection]) -> dict[str, Collection]:
    """The collections of a setting such as `cells_4:grade,total; territories:name`, with these fields and no others.

    A field that is not there cannot be filtered or ordered by, and the past is not there at all. Raises Rejected for what
    is not known: a deployment that means to publish something else is not to start.
    """
    found: dict[str, Collection] = {}
    for part in filter(None, (one.strip() for one in (text or "").split(";"))):
        name, _, fields = part.partition(":")
        collection = known.get(name.strip())
        if collection is None or collection.id in found:
            raise Rejected(
                f"RISKMAP_PUBLISH：没有数据集“{name.strip()}”，或重复；可用：{'、'.join(known)}。",
                f"RISKMAP_PUBLISH: {name.strip()!r} is no collection, or stands twice; known: {', '.join(known)}.",
            )
        found[collection.id] = _narrowed(
            collection, [one.strip() for one in fields.split(",") if one.strip()]
        )
    return found


def _narrowed(collection: Collection, fields: list[str]) -> Collection:
    names = {column.name for column in collection.columns}
    for field in fields:
        if field not in names:
            raise Rejected(
                f"RISKMAP_PUBLISH：{collection.id} 没有字段“{field}”。",
                f"RISKMAP_PUBLISH: {collection.id} has no field {field!r}.",
            )
    columns = tuple(column for column in collection.columns if column.name in fields)
    layer = None if collection.layer is None else replace(collection.layer, id=collection.id, fields=columns)
    return replace(collection, columns=columns, layer=layer, rows_at=None)
