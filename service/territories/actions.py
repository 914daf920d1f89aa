"""Writing the tree: loading the country's boundaries, replacing them with better ones, and re-homing the register.

Reference rows are the owner role's: the command line calls these in `owner_session`, which rolls everything back when
they raise. Both hold off other writers of territories, sites and risk points until they are done, so that no position
is given a home by a border that is just being replaced.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.errors import NotFound, Rejected
from service.base.statements import driver_of, read, statement
from service.territories import queries, workbook
from service.territories.rules.replacement import Problem, Replacement, plan_replacement
from service.territories.rules.tree import COUNTRY_KEY, Planned, branch, canonical_code, is_within
from service.territories.workbook import PACKAGE


@dataclass(frozen=True, slots=True)
class Rehomed:
    """How many rows of the register have another home since the borders changed.

    following: risk points without a position of their own, which went with their site. outside: sites and points that
    lie in no loaded territory now and keep the home they had.
    """

    sites: int = 0
    risk_points: int = 0
    following: int = 0
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. Territories by key; `unchanged` counts.

    kept: have a boundary from another source, left alone. vanished: stored from an earlier release of the package and
    not in this one; left as they are, for a person to decide. mended: names whose ring touched itself.
    """

    root: str
    source: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    kept: tuple[str, ...]
    vanished: tuple[str, ...]
    mended: tuple[str, ...]
    rehomed: Rehomed


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a file of boundaries did. Territories by key; `unchanged` counts."""

    source: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    rehomed: Rehomed


async def load(session: AsyncSession, *, root: str) -> Loaded:
    """Load a territory with all above and below it from the boundary package; doing it twice changes nothing.

    root: the code of a province, city or district, or `cn`. All boundaries are coarse and marked indicative (示意).

    Raises NotFound for a root that the package does not have, Rejected where the stored tree has another shape.
    """
    country = await asyncio.to_thread(workbook.read_country)
    key = canonical_code(root) or root
    wanted = branch(country.tree, key)
    if not wanted:
        raise NotFound(
            f"{country.source} 中没有区划“{root}”；可用 6 位省、市、县代码，或 {COUNTRY_KEY}。",
            f"{country.source} has no {root}; give the six digits of a province, city or district, or {COUNTRY_KEY}.",
        )
    path = next(node.path for node in wanted if node.key == key)
    await _hold_writers(session)
    stored = await queries.kept(session)
    _require_same_shape(wanted, stored)
    written = await _save(
        session,
        [_Row(node, country.shape(node.code), indicative=True) for node in wanted],
        source=country.source,
        sparing=True,
    )
    planned = {node.key for node in wanted}
    return Loaded(
        root=key,
        source=country.source,
        added=written.added,
        changed=written.changed,
        unchanged=len(wanted) - len(written.added) - len(written.changed),
        kept=tuple(sorted(key for key in planned & stored.keys() if _is_foreign(stored[key]))),
        vanished=tuple(
            sorted(
                key
                for key in stored.keys() - planned
                if stored[key].current
                and stored[key].source.startswith(PACKAGE)
                and is_within(stored[key].path, path)
            )
        ),
        mended=written.mended,
        rehomed=await _rehome(session, written.reach),
    )


async def replace(session: AsyncSession, file: Path) -> Replaced:
    """Put the boundaries of a GeoJSON file in the place of stored ones, make its new zones, and re-home the register.

    What a file may hold says `workbook.read_drawn`. Rivals (divisions of one parent, zones of one city, towns of one
    zone) may not overlap and a part may not leave its whole, beyond what `rules.borders` tolerates.

    Raises Rejected with every problem in `details["problems"]` (feature, key, code, message), TooLarge, Unreadable.
    """
    drawn, unreadable = await asyncio.to_thread(workbook.read_drawn, file)
    await _hold_writers(session)
    stored = {node.key: node for node in await queries.nodes(session)}
    rows = await queries.kept(session)
    retired = frozenset(key for key, row in rows.items() if not row.current)
    replacements, refused = plan_replacement(drawn, stored=stored, retired=retired)
    problems = [*unreadable, *refused, *await _border_problems(session, replacements)]
    if problems:
        problems.sort(key=lambda problem: problem.feature)
        raise Rejected(
            f"{file.name} 中有 {len(problems)} 处问题，未写入任何内容。",
            f"{file.name} has {len(problems)} problems; nothing was written.",
            details={"problems": [problem.wire() for problem in problems]},
        )
    written = await _save(
        session,
        [_Row(one.planned, one.drawn.shape, indicative=one.drawn.indicative) for one in replacements],
        source=file.name,
        sparing=False,
    )
    return Replaced(
        source=file.name,
        added=written.added,
        changed=written.changed,
        unchanged=len(replacements) - len(written.added) - len(written.changed),
        rehomed=await _rehome(session, written.reach),
    )


async def draw(session: AsyncSession, file: Path) -> Replaced | None:
    """As `replace`, for a file that comes with the product: None, and nothing done, where somebody put a better one.

    It may run at every start: a city's own boundary for one of the file's territories ends the file's say in all.
    """
    drawn, _ = await asyncio.to_thread(workbook.read_drawn, file)
    rows = await queries.kept(session)
    if any(rows[one.key].source != file.name for one in drawn if one.key in rows):
        return None
    return await replace(session, file)


@dataclass(frozen=True, slots=True)
class _Row:
    planned: Planned
    shape: bytes | None
    indicative: bool


@dataclass(frozen=True, slots=True)
class _Written:
    added: tuple[str, ...]
    changed: tuple[str, ...]
    mended: tuple[str, ...]
    reach: tuple[float, float, float, float] | None  # the window in which borders moved


async def _hold_writers(session: AsyncSession) -> None:
    # The limit is for requests; re-homing a city of a million points is a person's command and takes its time.
    await session.execute(text("SET LOCAL statement_timeout = 0"))
    # An import holds rows and would wait for the tables, this holds the tables and would wait for the rows: one at a time.
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('riskmap.import'))"))
    # In the order in which a writer of the register takes them: site before its points.
    await session.execute(text("LOCK TABLE territory, site, risk_point IN SHARE ROW EXCLUSIVE MODE"))


def _require_same_shape(wanted: Iterable[Planned], stored: Mapping[str, queries.Kept]) -> None:
    """A territory that has another place in the stored tree cannot be loaded over: every row below carries its path."""
    moved = [node for node in wanted if node.key in stored and stored[node.key].path != node.path]
    if moved:
        raise Rejected(
            f"有 {len(moved)} 个区划在库中的隶属关系与数据包不同，未写入任何内容。",
            f"{len(moved)} territories stand elsewhere in the stored tree than in the package; nothing was written.",
            details={"moved": [{"stored": stored[node.key].path, "package": node.path} for node in moved]},
        )


def _is_foreign(row: queries.Kept) -> bool:
    return row.source != "" and not row.source.startswith(PACKAGE)


async def _border_problems(session: AsyncSession, replacements: Sequence[Replacement]) -> list[Problem]:
    feature_of = {one.planned.key: one.drawn.feature for one in replacements}
    return [
        Problem(feature_of[wrong.key], wrong.key, wrong.fault.value, *wrong.sentences())
        for wrong in await queries.disagreements(session, replacements)
        if not wrong.tolerable
    ]


async def _save(session: AsyncSession, rows: Sequence[_Row], *, source: str, sparing: bool) -> _Written:
    """Write territories, one statement for each depth of the tree, as a child's row needs its parent's id.

    sparing: leave boundaries of other sources than the package alone.
    """
    connection = await driver_of(session)
    outcomes: list[dict[str, Any]] = []
    for _, group in groupby(sorted(rows, key=_depth), key=_depth):
        depth = list(group)
        outcomes += await read(
            connection,
            statement("territories", "save_territories"),
            {
                "paths": [row.planned.path for row in depth],
                "keys": [row.planned.key for row in depth],
                "parent_keys": [row.planned.parent_key for row in depth],
                "codes": [row.planned.code for row in depth],
                "levels": [row.planned.level for row in depth],
                "names": [row.planned.name for row in depth],
                "indicative": [row.indicative for row in depth],
                "shapes": [row.shape for row in depth],
                "source": source,
                "sparing": sparing,
                "package": PACKAGE,
            },
        )
    reaches = [outcome["reach"] for outcome in outcomes if outcome["reach"]]
    return _Written(
        added=tuple(sorted(key for outcome in outcomes for key in outcome["added"])),
        changed=tuple(sorted(key for outcome in outcomes for key in outcome["changed"])),
        mended=tuple(name for outcome in outcomes for name in outcome["mended"]),
        reach=_union(reaches),
    )


def _depth(row: _Row) -> int:
    return row.planned.path.count(".")


def _union(windows: Sequence[Sequence[float]]) -> tuple[float, float, float, float] | None:
    if not windows:
        return None
    west, south, east, north = zip(*windows, strict=True)
    return min(west), min(south), max(east), max(north)


async def _rehome(session: AsyncSession, reach: tuple[float, float, float, float] | None) -> Rehomed:
    """Give the sites and risk points of a window the territories that now cover them; sites first, points follow."""
    if reach is None:
        return Rehomed()
    connection = await driver_of(session)
    window = dict(zip(("west", "south", "east", "north"), reach, strict=True))
    (sites,) = await read(connection, statement("territories", "rehome_sites"), window)
    (points,) = await read(connection, statement("territories", "rehome_risk_points"), window)
    return Rehomed(
        sites=sites["moved"],
        risk_points=points["moved"],
        following=sites["following"],
        outside=sites["outside"] + points["outside"],
    )
