"""Writing enterprises and sites: in bulk, copied beside the tables, then a few set-based statements; or one by one."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from service.base.statements import Connection, read, statement
from service.enterprises.rules import ContactRecord, EnterpriseRecord, SiteRecord, initials_of

_COPY_ENTERPRISES = """
    COPY staged_enterprise (firm, id, uscc, name, initials, industries, economy_code, employees, home_territory_id,
        demo)
    FROM STDIN
"""
_COPY_SITES = """
    COPY staged_site (firm, id, number, name, address, geom, source_datum, source_x, source_y, located_in_id,
        located_stated, managed_by_id, managed_reason, demo, contact_name, contact_phone)
    FROM STDIN
"""
_STEPS = (
    "find_contacts",
    "update_enterprises",
    "insert_enterprises",
    "update_sites",
    "insert_sites",
    "remove_contacts",
    "update_contacts",
    "insert_contacts",
)


async def begin_staging(connection: Connection) -> None:
    """Make room for what is to be written; it ends with the transaction."""
    await connection.execute(statement("enterprises", "staged/stage"))


async def stage_sites(
    connection: Connection, sites: Iterable[tuple[int, SiteRecord, ContactRecord | None]]
) -> None:
    """Put sites aside, each with the number of its enterprise in this writing. A contact of None stays as it is."""
    async with connection.cursor() as cursor, cursor.copy(_COPY_SITES) as copy:
        for firm, site, contact in sites:
            await copy.write_row(
                (
                    firm,
                    site.id,
                    site.number,
                    site.name,
                    site.address,
                    site.geom,
                    site.source_datum,
                    site.source_x,
                    site.source_y,
                    site.located_in_id,
                    site.located_stated,
                    site.managed_by_id,
                    site.managed_reason,
                    site.demo,
                    None if contact is None else contact.name,
                    None if contact is None else contact.phone,
                )
            )


async def stage_enterprises(
    connection: Connection, enterprises: Iterable[tuple[int, EnterpriseRecord]]
) -> None:
    """Put enterprises aside, each with its number in this writing."""
    async with connection.cursor() as cursor, cursor.copy(_COPY_ENTERPRISES) as copy:
        for firm, enterprise in enterprises:
            await copy.write_row(
                (
                    firm,
                    enterprise.id,
                    enterprise.uscc,
                    enterprise.name,
                    initials_of(enterprise.name),
                    list(enterprise.industries),
                    enterprise.economy_code,
                    enterprise.employees,
                    enterprise.home_territory_id,
                    enterprise.demo,
                )
            )


async def write_staged(
    connection: Connection, *, after_step: Callable[[int, int], None] | None = None
) -> None:
    """Write what was put aside: what is registered is changed where it differs, the rest is added.

    after_step hears how many of how many statements are done.
    """
    await connection.execute("ANALYZE staged_enterprise, staged_site")
    for done, step in enumerate(_STEPS, 1):
        await connection.execute(statement("enterprises", f"staged/{step}"))
        if after_step is not None:
            after_step(done, len(_STEPS))


async def write_enterprise(connection: Connection, record: EnterpriseRecord) -> int:
    """Register one enterprise, or bring a registered one to what it is to be; give its id."""
    name = "write_enterprise" if record.id is None else "change_enterprise"
    parameters = _parameters(record) | {"initials": initials_of(record.name)}
    rows = await read(connection, statement("enterprises", name), parameters)
    return int(rows[0]["id"])


async def write_site(connection: Connection, record: SiteRecord, *, area: str | None, reshaped: bool) -> int:
    """Register one site, or bring a registered one to what it is to be; give its id.

    area: hexadecimal EWKB of a polygon, SRID 4490; of a registered site it is looked at only where reshaped says so.
    """
    name = "write_site" if record.id is None else "change_site"
    parameters = _parameters(record) | {"area": area, "reshaped": reshaped}
    rows = await read(connection, statement("enterprises", name), parameters)
    return int(rows[0]["id"])


async def remove_enterprise(connection: Connection, enterprise_id: int) -> bool:
    """Take one enterprise out of the register with its sites, unless it is not the viewer's to write; both stay in the history."""
    return bool(await read(connection, statement("enterprises", "remove_enterprise"), {"id": enterprise_id}))


async def write_contact(connection: Connection, site_id: int, contact: ContactRecord) -> None:
    """Make this the person to call at a site; nobody, where both its texts are empty."""
    await connection.execute(statement("enterprises", "remove_contact"), {"site_id": site_id})
    if contact.name or contact.phone:
        parameters = {"site_id": site_id, "name": contact.name, "phone": contact.phone}
        await connection.execute(statement("enterprises", "write_contact"), parameters)


async def fill_initials(connection: Connection) -> int:
    """Spell the names that nobody has spelled yet, and say how many. Names without a letter stay blank."""
    found = await read(connection, statement("enterprises", "find_without_initials"), {})
    spelled = {row["id"]: initials for row in found if (initials := initials_of(row["name"]))}
    if spelled:
        parameters = {"ids": list(spelled), "initials": list(spelled.values())}
        await connection.execute(statement("enterprises", "fill_initials"), parameters)
    return len(spelled)


def _parameters(record: EnterpriseRecord | SiteRecord) -> dict[str, Any]:
    """The fields of a record as bound parameters."""
    values = ((one.name, getattr(record, one.name)) for one in fields(record))
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values}
