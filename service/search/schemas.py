"""Wire shapes of what a search finds."""

from typing import Literal

from pydantic import BaseModel

from service.cells.schemas import Bounds
from service.codes.schemas import CodeText
from service.risk_points.queries import Row
from service.risk_points.schemas.points import WORD_OF_RANK, GradeWord
from service.search.rules import FoundCell
from service.territories.queries import LonLat, Seen
from service.territories.rules.tree import LEVEL_TITLES


class Found(BaseModel):
    """One thing found. at: longitude and latitude, CGCS2000. grade: the assessed one, of an enterprise its worst point's.

    code: of an enterprise its credit code, of a territory GB/T 2260, of a cell or position the BeiDou code.
    """

    kind: Literal["enterprise", "risk_point", "territory", "cell", "position"]
    id: int | None = None
    key: str | None = None
    code: str | None = None
    title: str
    subtitle: CodeText
    at: tuple[float, float] | None
    bounds: Bounds | None = None
    grade: GradeWord | None = None


class FoundList(BaseModel):
    """What a text finds, the surest first."""

    items: list[Found]


def found_enterprise(row: Row) -> Found:
    """An enterprise on the wire."""
    code = row["uscc"] or ""
    return Found(
        kind="enterprise",
        id=row["id"],
        code=row["uscc"],
        title=row["name"],
        subtitle=CodeText(
            zh=f"{row['territory_name']} · {code or '信用代码待补'}",
            en=f"{row['territory_name']} · {code or 'credit code to be supplied'}",
        ),
        at=None if row["lon"] is None else (row["lon"], row["lat"]),
        bounds=None if row["west"] is None else (row["west"], row["south"], row["east"], row["north"]),
        grade=None if row["rank"] is None else WORD_OF_RANK[row["rank"]],
    )


def found_point(row: Row) -> Found:
    """A risk point on the wire."""
    whose = row["enterprise_name"]
    return Found(
        kind="risk_point",
        id=row["id"],
        title=row["name"],
        subtitle=CodeText(
            zh=f"{row['number']} · {whose or '区域风险点'} · {row['territory_name']}",
            en=f"{row['number']} · {whose or 'of the region'} · {row['territory_name']}",
        ),
        at=None if row["lon"] is None else (row["lon"], row["lat"]),
        grade=WORD_OF_RANK[row["rank"]],
    )


def found_territory(node: Seen, bounds: Bounds | None, label: LonLat | None) -> Found:
    """A territory on the wire."""
    zh, en = LEVEL_TITLES[node.level]
    named = f" · {node.code}" if node.code else ""
    return Found(
        kind="territory",
        key=node.key,
        code=node.code,
        title=node.name,
        subtitle=CodeText(zh=f"{zh}{named}", en=f"{en}{named}"),
        at=label,
        bounds=bounds,
    )


def found_cell(cell: FoundCell, grade: GradeWord | None) -> Found:
    """A cell on the wire."""
    return Found(
        kind="cell",
        code=cell.code,
        title=cell.code,
        subtitle=CodeText(
            zh=f"北斗网格第 {cell.level} 级 · {cell.size}",
            en=f"BeiDou cell, level {cell.level} · {cell.size}",
        ),
        at=cell.at,
        bounds=cell.bounds,
        grade=grade,
    )


def found_position(at: tuple[float, float], cell: FoundCell | None, home: Row) -> Found:
    """A position on the wire, with its cell and who it lies in."""
    lon, lat = at
    places = [name for name in (home["located_name"], home["zone_name"]) if name]
    code = cell.code if cell else ""
    return Found(
        kind="position",
        code=code or None,
        title=f"{lon:.6f}, {lat:.6f}",
        subtitle=CodeText(
            zh=" · ".join(filter(None, [code, "、".join(places) or "不在已载入的区划内"])),
            en=" · ".join(filter(None, [code, ", ".join(places) or "outside every loaded territory"])),
        ),
        at=at,
        bounds=cell.bounds if cell else None,
    )
