"""What a map says of itself: its title, its file's name, its bounds, and how its content is packed."""

import base64
import gzip
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

Bounds = tuple[float, float, float, float]

# Beyond these a file is no longer opened by double click on an office machine: with both whole it is about 2 MB. The worst
# stay, and the file says what it left out.
MOST_POINTS = 5_000
MOST_CELLS = 20_000


class Sentence(NamedTuple):
    """One sentence in both languages."""

    zh: str
    en: str


BOUNDARY_NOTE = Sentence(
    "示意边界，不作为权属和执法依据", "Indicative boundaries, no basis for title or enforcement"
)


def title_of(territory: str) -> Sentence:
    """What a map of a territory is called while nobody called it otherwise."""
    return Sentence(f"{territory}安全风险四色图", f"Four-colour safety-risk map of {territory}")


def file_name(territory: str, day: date) -> str:
    """The name of a map's file; a territory's name holds nothing that a file system refuses."""
    safe = "".join(letter for letter in territory if letter.isalnum())
    return f"{safe}安全风险四色图-{day:%Y%m%d}.html"


def without_twins(
    verdicts: Iterable[Mapping[str, Any] | None],
) -> tuple[list[Mapping[str, Any]], list[int | None]]:
    """Equal values once, and for each place which one it is: most points of a register are graded by few inputs."""
    kept: list[Mapping[str, Any]] = []
    known: dict[str, int] = {}
    places: list[int | None] = []
    for verdict in verdicts:
        if verdict is None:
            places.append(None)
            continue
        text = json.dumps(verdict, ensure_ascii=False, sort_keys=True)
        if text not in known:
            known[text] = len(kept)
            kept.append(verdict)
        places.append(known[text])
    return kept, places


def pack(content: str) -> str:
    """A text as it travels inside a page: compressed and in letters that no markup, script or template language reads."""
    return base64.b64encode(gzip.compress(content.encode(), mtime=0)).decode("ascii")


def data_address(content: bytes, media_type: str) -> str:
    """A file as an address that holds it, so that nothing has to be fetched."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
