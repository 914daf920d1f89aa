"""Downloads over HTTP."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from service.ogc.schemas.links import JSON, Link


class DownloadOut(BaseModel):
    """A file that is being made, or was. done, total: features; no total where nobody counted. problem: why there will be none."""

    id: uuid.UUID
    collection: str
    format: str
    state: Literal["waiting", "working", "done", "failed", "stopped"]
    total: int | None = None
    done: int
    size: int | None = None
    problem: dict[str, Any] | None = None
    created_at: datetime
    links: list[Link]

    @classmethod
    def of(cls, row: Mapping[str, Any], root: str, media: str) -> "DownloadOut":
        """A row of the table. media: of its format."""
        address = f"{root}/downloads/{row['id']}"
        links = [Link(href=address, rel="self", type=JSON)]
        if row["state"] == "done":
            links.append(Link(href=f"{address}/file", rel="enclosure", type=media))
        return cls.model_validate(dict(row) | {"links": links})


class Downloads(BaseModel):
    """One's own downloads, the latest first."""

    items: list[DownloadOut]
