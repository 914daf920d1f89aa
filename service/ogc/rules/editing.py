"""What of a feature may be written, and what a sent feature changes of the one that stands (OGC 20-002, Features Part 4)."""

from collections.abc import Mapping
from typing import Any

from service.base.collections import Collection
from service.base.errors import Rejected

# Everything else follows from these, from positions and from gradings, and is read only.
WRITABLE: dict[str, tuple[str, ...]] = {
    "risk_points": (
        "number",
        "name",
        "place",
        "enterprise_id",
        "site_id",
        "industries",
        "control_level",
        "exposed_workers",
    ),
    "enterprises": ("name", "uscc", "industries", "economy_code", "employees"),
}


def changes(
    collection: Collection, sent: Mapping[str, Any], standing: Mapping[str, Any], *, whole: bool
) -> dict[str, Any]:
    """The writable properties that differ from those that stand, as they are to be.

    What was read and sent back says nothing, so clients may send all they have. whole: what is not sent is erased. Raises
    Rejected for a property that there is not, and for a read-only one that was changed.
    """
    writable = WRITABLE[collection.id]
    found: dict[str, Any] = {}
    for name, value in sent.items():
        if name == "id" or collection.column(name) is not None:
            if name in writable and value != standing.get(name):
                found[name] = value
            elif name not in writable and standing and value != standing.get(name, value):
                raise Rejected(
                    f"字段“{name}”不能修改；可写：{'、'.join(writable)}。",
                    f"{name!r} is read only; to be written: {', '.join(writable)}.",
                )
        else:
            raise Rejected(f"没有字段“{name}”。", f"There is no property {name!r}.")
    if whole:
        found |= {name: None for name in writable if name not in sent and standing.get(name) is not None}
    return found
