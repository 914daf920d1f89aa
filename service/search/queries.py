"""What a text finds. Row security shows only the viewer's rows; territories are those the viewer may see."""

import unicodedata
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from service.base.statements import Connection, read, statement
from service.base.viewer import Viewer
from service.risk_points.queries import Row
from service.territories import queries as territory_queries
from service.territories.queries import Bounds, LonLat, Seen
from service.territories.rules.names import normalise, short_name

# One letter, or one digit of a credit code, says too little.
_SHORTEST_INITIALS = 2
_SHORTEST_CODE = 3


def _pattern(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\0", "").strip()


async def find_enterprises(
    connection: Connection, text: str, words: Sequence[str], *, limit: int
) -> list[Row]:
    """Enterprises by words, credit code (also its beginning) or pinyin initials."""
    plain = _plain(text)
    bare = "".join(plain.split())
    code = bare.isascii() and bare.isalnum() and len(bare) >= _SHORTEST_CODE
    initials = bare.isascii() and bare.isalpha() and len(bare) >= _SHORTEST_INITIALS
    parameters = {
        "words": list(words),
        "beginning": f"{_pattern(plain.lower())}%",
        "code": f"{bare.upper()}%" if code else None,
        "initials": f"%{bare.lower()}%" if initials else None,
        "limit": limit,
    }
    return await read(connection, statement("search", "find_enterprises"), parameters)


async def find_points(connection: Connection, text: str, words: Sequence[str], *, limit: int) -> list[Row]:
    """Risk points by the beginning of their number, then by words of their own."""
    by_number = await read(
        connection,
        statement("search", "find_points_by_number"),
        {"number": _plain(text), "limit": limit},
    )
    if len(by_number) >= limit:
        return by_number
    by_words = await read(
        connection, statement("search", "find_points_by_words"), {"words": list(words), "limit": limit}
    )
    known = {row["id"] for row in by_number}
    return [*by_number, *(row for row in by_words if row["id"] not in known)][:limit]


async def find_territories(session: AsyncSession, viewer: Viewer, text: str, *, limit: int) -> list[Seen]:
    """Territories by name or part of it, key or code; whole names first, then the higher level."""
    wanted = normalise(text)
    if not wanted:
        return []
    near: list[tuple[int, int, Seen]] = []
    for depth, node in enumerate(await territory_queries.tree(session, viewer)):
        name = normalise(node.name)
        if wanted in {name, short_name(name), node.key, node.code}:
            near.append((0, depth, node))
        elif name.startswith(wanted):
            near.append((1, depth, node))
        elif wanted in name:
            near.append((2, depth, node))
    return [node for _, _, node in sorted(near, key=lambda one: one[:2])[:limit]]


async def outline(session: AsyncSession, territory_id: int) -> tuple[Bounds | None, LonLat | None]:
    """The rectangle of a territory and where its name belongs; None without a boundary."""
    return (
        await territory_queries.bounds(session, territory_id),
        await territory_queries.label(session, territory_id),
    )


async def find_home(connection: Connection, lon: float, lat: float) -> Row:
    """The names of the statutory territory and of the functional zone that cover a position."""
    return (await read(connection, statement("search", "find_home"), {"lon": lon, "lat": lat}))[0]
