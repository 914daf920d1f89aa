"""Reads of enterprises and sites. Row security shows only the viewer's rows: nothing is filtered here."""

from collections.abc import Collection
from typing import Any

from service.base.statements import Connection, read, statement
from service.enterprises.rules import ContactRecord, EnterpriseRecord, SiteRecord

Row = dict[str, Any]


async def find_enterprises(
    connection: Connection, *, usccs: Collection[str], names: Collection[str], lock: bool = False
) -> list[tuple[str, EnterpriseRecord]]:
    """Enterprises by credit code or by name (`rules.name_key`), each with the key of its name, the oldest first.

    lock: keep them from changing until the transaction ends.
    """
    text = statement("enterprises", "find_enterprises")
    rows = await read(
        connection,
        text + " FOR UPDATE OF enterprise" if lock else text,
        {"usccs": list(usccs), "names": list(names)},
    )
    return [(row["name_key"], _enterprise(row)) for row in rows]


async def enterprise_of(connection: Connection, enterprise_id: int) -> EnterpriseRecord | None:
    """One enterprise by its id; None where there is none, or it is not the viewer's to see."""
    rows = await read(connection, statement("enterprises", "find_enterprise"), {"id": enterprise_id})
    return _enterprise(rows[0]) if rows else None


async def find_sites(
    connection: Connection, enterprise_ids: Collection[int], *, lock: bool = False
) -> list[tuple[SiteRecord, ContactRecord, str]]:
    """The sites of enterprises with their contact and their position as a person reads it."""
    text = statement("enterprises", "find_sites")
    rows = await read(
        connection, text + " FOR UPDATE OF site" if lock else text, {"enterprise_ids": list(enterprise_ids)}
    )
    return [
        (_site(row), ContactRecord(row["contact_name"], row["contact_phone"]), _shown(row)) for row in rows
    ]


async def find_neighbours(connection: Connection, geoms: Collection[str]) -> dict[str, list[tuple[int, str]]]:
    """The enterprises (id, name) with a site exactly on a position (hexadecimal EWKB), by position."""
    found: dict[str, list[tuple[int, str]]] = {}
    for row in await read(connection, statement("enterprises", "find_neighbours"), {"geoms": list(geoms)}):
        found.setdefault(row["geom"], []).append((row["id"], row["name"]))
    return found


def _enterprise(row: Row) -> EnterpriseRecord:
    return EnterpriseRecord(
        id=row["id"],
        uscc=row["uscc"],
        name=row["name"],
        industries=tuple(row["industries"]),
        economy_code=row["economy_code"],
        employees=row["employees"],
        home_territory_id=row["home_territory_id"],
        demo=row["demo"],
    )


def _site(row: Row) -> SiteRecord:
    return SiteRecord(
        id=row["id"],
        enterprise_id=row["enterprise_id"],
        number=row["number"],
        name=row["name"],
        address=row["address"],
        geom=row["geom"],
        source_datum=row["source_datum"],
        source_x=row["source_x"],
        source_y=row["source_y"],
        located_in_id=row["located_in_id"],
        located_stated=row["located_stated"],
        managed_by_id=row["managed_by_id"],
        managed_reason=row["managed_reason"],
        demo=row["demo"],
    )


def _shown(row: Row) -> str:
    return "" if row["geom"] is None else f"{row['lon']:.7f}, {row['lat']:.7f}"
