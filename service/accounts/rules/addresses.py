"""The addresses of this service that a link may be good for."""

import re
from urllib.parse import urlsplit

from service.base.errors import Rejected

# Of the path, as the table has it (migration 0012).
LONGEST = 300
_ROWS = re.compile(r"^/(api|tiles|ogc)/[^?#]*[^/?#]$")
_TEMPLATE = re.compile(r"/\{[^/]*\}.*$")


def opened_by(address: str) -> str:
    """The part of an address that a link opens, with all below it: its path, up to what a client fills in.

    address: with or without a host, `/tiles/cells/{z}/{x}/{y}.mvt?grade=major`. Raises Rejected for one without rows behind.
    """
    try:
        path = urlsplit(address).path
    except ValueError:
        path = ""
    opened = _TEMPLATE.sub("", path)
    if not _ROWS.match(opened) or len(opened) > LONGEST or "/../" in f"{opened}/" or "//" in opened:
        raise Rejected(
            "链接只能指向本服务的数据地址：/tiles/…、/ogc/…或 /api/… 下的某一个。",
            "A link is for one of this service's addresses with data behind: /tiles/…, /ogc/… or /api/….",
            details={"field": "address"},
        )
    return opened


def opens(opened: str, path: str) -> bool:
    """Whether a link that is good for an address is good for a request's path."""
    return path == opened or path.startswith(f"{opened}/")
