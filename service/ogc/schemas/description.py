"""The description of the door as OpenAPI 3.0, which clients of OGC API read; the service's own document is OpenAPI 3.1."""

import json
import re
from typing import Any

_OURS = "/ogc"
_REFERENCE = re.compile(r'"\$ref": "#/components/(schemas|responses)/([^"]+)"')
# Words of JSON Schema 2020-12 that OpenAPI 3.0 does not know, and that only say more.
_UNKNOWN = {"examples", "contentMediaType", "propertyNames", "$schema", "patternProperties"}


def description_of(document: dict[str, Any], *, root: str) -> dict[str, Any]:
    """The paths under /ogc of an OpenAPI 3.1 document, in the words of 3.0. root: the address of the door."""
    paths = {
        path.removeprefix(_OURS) or "/": older(item)
        for path, item in document["paths"].items()
        if path == _OURS or path.startswith(f"{_OURS}/")
    }
    components: dict[str, dict[str, Any]] = {"schemas": {}, "responses": {}}
    waiting = _named(paths)
    while waiting:
        kind, name = waiting.pop()
        if name not in components[kind]:
            components[kind][name] = older(document["components"][kind][name])
            waiting |= _named(components[kind][name])
    return {
        "openapi": "3.0.3",
        "info": document["info"],
        "servers": [{"url": root}],
        "paths": paths,
        "components": components,
    }


def older(part: Any) -> Any:
    """A part of an OpenAPI 3.1 document in the words of 3.0."""
    if isinstance(part, list):
        return [older(each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {name: older(value) for name, value in part.items() if name not in _UNKNOWN}
    if "const" in found:
        found["enum"] = [found.pop("const")]
    choices = found.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        kept = [each for each in choices if each != {"type": "null"}]
        del found["anyOf"]
        found |= {"nullable": True} | (
            kept[0] if len(kept) == 1 and "$ref" not in kept[0] else {"anyOf": kept}
        )
    if isinstance(found.get("prefixItems"), list):
        found["items"] = {"anyOf": found.pop("prefixItems")}
    for bound in ("exclusiveMinimum", "exclusiveMaximum"):
        if bound in found and not isinstance(found[bound], bool):
            found[bound.replace("exclusiveM", "m")] = found[bound]
            found[bound] = True
    return found


def _named(part: Any) -> set[tuple[str, str]]:
    """The components that a part refers to: schemas or responses, and their names."""
    return set(_REFERENCE.findall(json.dumps(part)))
