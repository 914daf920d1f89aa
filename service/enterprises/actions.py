"""Writing enterprises and sites in bulk: copied beside the tables, then a few set-based statements."""

from collections.abc import Callable, Iterable

from service.base.statements import Connection, statement
from service.enterprises.rules import ContactRecord, EnterpriseRecord, SiteRecord

_COPY_ENTERPRISES = """
    COPY staged_enterprise (firm, id, uscc, name, industries, economy_code, employees, home_territory_id, demo)
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
