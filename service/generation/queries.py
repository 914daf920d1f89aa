"""What a generator has to know of the database it fills."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from service.base.statements import Connection, read, statement

# So many centres a leaf territory gets where nobody has described the city.
_PLACES_OF_A_LEAF = 7


async def holds_real_rows(connection: Connection) -> bool:
    """Whether the register holds anything that is no demonstration."""
    return bool((await _read(connection, "not_generated"))[0]["real"])


async def editions(connection: Connection, *, day: date) -> dict[str, str]:
    """The edition in force of each code list, by list."""
    found = await _read(connection, "editions", {"day": day})
    return {row["list_id"]: row["edition"] for row in found}


async def born(connection: Connection) -> dict[str, int]:
    """How many enterprises and risk_points the register holds, and how many points it has ever held."""
    return (await _read(connection, "born"))[0]


async def leaves(connection: Connection, *, area: str, seed: int) -> dict[str, list[tuple[float, float]]]:
    """Some positions in each leaf territory of an area, by its key."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row in await _read(connection, "leaves", {"area": area, "seed": seed, "places": _PLACES_OF_A_LEAF}):
        found.setdefault(row["key"], []).append((row["lon"], row["lat"]))
    return found


async def constraints(connection: Connection, tables: Sequence[str]) -> list[dict[str, Any]]:
    """The unique constraints and foreign keys of some tables: table_name, name, definition."""
    return await _read(connection, "constraints", {"tables": list(tables)})


async def indexes(connection: Connection, tables: Sequence[str]) -> list[dict[str, Any]]:
    """The indexes of some tables that no constraint rests on: name, definition."""
    return await _read(connection, "indexes", {"tables": list(tables)})


async def next_ids(connection: Connection, table: str, count: int) -> int:
    """Take `count` ids of a table's identity at a stroke; the first of them."""
    cursor = await connection.execute(
        "SELECT nextval(pg_get_serial_sequence(%(table)s, 'id'))", {"table": table}
    )
    first = await cursor.fetchone()
    assert first
    if count > 1:
        await connection.execute(
            "SELECT setval(pg_get_serial_sequence(%(table)s, 'id'), %(last)s)",
            {"table": table, "last": first[0] + count - 1},
        )
    return int(first[0])


async def made_names(connection: Connection) -> list[str]:
    """What the firms of this generation are called, without their numbers, each once."""
    cursor = await connection.execute("SELECT DISTINCT called FROM made_firm")
    return [row[0] for row in await cursor.fetchall()]


async def made_sites(connection: Connection) -> int:
    """How many sites the firms of this generation have."""
    cursor = await connection.execute("SELECT sum(sites) FROM made_firm")
    row = await cursor.fetchone()
    return int(row[0] or 0) if row else 0


async def _read(
    connection: Connection, name: str, parameters: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    return await read(connection, statement("generation", name), parameters or {})
