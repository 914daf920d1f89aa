"""An order for a file."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from service.base.viewer import Viewer
from service.ogc.rules.asking import Asked
from service.ogc.rules.words import Words


@dataclass(frozen=True, kw_only=True)
class Order:
    """A file that is to be written, as it travels to another process.

    address: of the database, as the app role. words: what codes are called, by column. about: what the file says of itself.
    gcj02: shapes as basemaps of the internet draw them. most: features; None for all. job: the row of download to keep; None
    where the client waits.
    """

    address: str
    viewer: Viewer
    asked: Asked
    format: str
    path: Path
    zh: bool
    gcj02: bool
    words: Words
    about: list[tuple[str, str]]
    most: int | None
    job: uuid.UUID | None = None


class Stopped(Exception):
    """Nobody wants the file any more."""
