"""A map's file read back as its own drawing reads it."""

import base64
import gzip
import json
import re
from typing import Any

PACKED = re.compile(r'<script type="text/plain" id="riskmap">([A-Za-z0-9+/=\s]+)</script>')


def unpack(text: str) -> dict[str, Any]:
    """The content of a file."""
    found = PACKED.search(text)
    assert found
    content: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return content
