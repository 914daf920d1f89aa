"""What stands in the register, as forms hold it, and what a form is read against."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from service.base.errors import NotFound
from service.base.statements import Connection, read, statement
from service.base.viewer import Viewer
from service.imports import queries as import_queries
from service.imports.rules.placements import Atlas, Home, disputed
from service.imports.rules.questions import Question
from service.imports.rules.vocabulary import Vocabulary
from service.territories import queries as territory_queries
from service.territories.queries import Stated

Row = dict[str, Any]
_ONE = 1  # a form asks about one position


@dataclass(frozen=True)
class Desk:
    """What forms are read against: the words, the territories, and whose eyes look."""

    session: AsyncSession
    connection: Connection
    viewer: Viewer
    vocabulary: Vocabulary
    atlas: Atlas
    demo: bool


async def show_point(connection: Connection, risk_point_id: int) -> Row:
    """A point as a form holds it. Raises NotFound."""
    rows = await read(connection, statement("register", "show_point"), {"id": risk_point_id})
    if not rows:
        raise no_point()
    return rows[0]


async def lock_point(connection: Connection, risk_point_id: int) -> Row:
    """Its version, and who made it when; it stays until the transaction ends. Raises NotFound."""
    rows = await read(connection, statement("register", "lock_point"), {"id": risk_point_id})
    if not rows:
        raise no_point()
    return rows[0]


async def show_enterprise(connection: Connection, enterprise_id: int) -> Row:
    """An enterprise with its sites as a form holds it. Raises NotFound."""
    rows = await read(connection, statement("register", "show_enterprise"), {"id": enterprise_id})
    if not rows:
        raise no_enterprise()
    return rows[0]


async def lock_enterprise(connection: Connection, enterprise_id: int) -> Row:
    """Its version, and who made it when; it stays until the transaction ends. Raises NotFound."""
    rows = await read(connection, statement("register", "lock_enterprise"), {"id": enterprise_id})
    if not rows:
        raise no_enterprise()
    return rows[0]


async def count_points(connection: Connection, enterprise_id: int) -> int:
    """How many risk points of an enterprise the viewer sees."""
    rows = await read(connection, statement("register", "count_points"), {"id": enterprise_id})
    return int(rows[0]["points"])


async def lock_site(connection: Connection, enterprise_id: int, site_id: int) -> Row:
    """A site's version, and who made it when; it stays until the transaction ends. Raises NotFound."""
    rows = await read(connection, statement("register", "lock_site"), {"id": site_id})
    if not rows or rows[0]["enterprise_id"] != enterprise_id:
        raise NotFound("没有这个场所，或者它不在您的可见范围内。", "No such site, or it is not yours to see.")
    return rows[0]


async def number_holder(connection: Connection, enterprise_id: int | None, number: str) -> Row | None:
    """The point that has a number at its owner, as far as the viewer sees: id, name, territory."""
    parameters = {"enterprise_id": enterprise_id, "number": number}
    rows = await read(connection, statement("register", "find_number"), parameters)
    return rows[0] if rows else None


async def answer(desk: Desk, question: Question | None) -> tuple[Home | None, float | None]:
    """Where the boundaries put a position, and how far that is outside the territory it states, in metres."""
    if question is None:
        return None, None
    homes = await import_queries.homes(desk.connection, desk.viewer, {_ONE: question.geom})
    home = homes[_ONE]
    territory = disputed(question.stated, home, desk.atlas)
    if territory is None:
        return home, None
    doubtful = [Stated(_ONE, home.lon, home.lat, territory)]
    found = await territory_queries.contradictions(desk.session, doubtful)
    return home, next((outside.distance_m for outside in found), None)


def no_point() -> NotFound:
    """Not there and not yours are one answer."""
    return NotFound(
        "没有这个风险点，或者它不在您的可见范围内。", "No such risk point, or it is not yours to see."
    )


def no_enterprise() -> NotFound:
    """Not there and not yours are one answer."""
    return NotFound(
        "没有这家企业，或者它不在您的可见范围内。", "No such enterprise, or it is not yours to see."
    )
