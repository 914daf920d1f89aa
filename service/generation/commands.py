"""The command that fills a database with an invented city, to measure on and to try things on."""

from functools import partial
from typing import Annotated

import psycopg
import typer
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncSession

from service.base.clock import day_of, now
from service.base.commands import CHECKOUT, Addresses, as_owner, on_database, say
from service.base.settings import Settings
from service.base.statements import driver_of
from service.generation import actions, queries
from service.generation.rules.catalogue import parse_catalogue
from service.generation.rules.places import parse_places, scattered_places
from service.territories import queries as territory_queries

CITY = CHECKOUT / "seed_data" / "demo_city"
# The city whose settlements and roads are described beside the catalogue.
_DESCRIBED = "220100"
# GB 32100: the region of bodies registered with the nation.
_NO_REGION = "100000"


def generate(
    risk_points: Annotated[int, typer.Option(min=10, max=actions.MOST_POINTS, help="How many risk points.")],
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another city.")] = 1,
) -> None:
    """Fill the database with an invented city. Only where every row is a demonstration; writers wait meanwhile."""

    made = on_database(partial(fill, risk_points=risk_points, seed=seed))
    say(
        f"企业 {made.enterprises}，场所 {made.sites}，风险点 {made.risk_points} · enterprises, sites, risk points"
    )


async def fill(
    settings: Settings, addresses: Addresses, *, risk_points: int, seed: int = 1
) -> actions.Generated:
    """Generate and commit, then leave the tables as a register that has stood for a while leaves them.

    Raises Rejected where the database holds rows that are no demonstration.
    """
    async with as_owner(settings, addresses) as session:
        order = await order_for(session, settings.territory, risk_points=risk_points, seed=seed)
        made = await actions.generate(session, order, tell=say)
    say("整理数据表 · vacuuming")
    # Without it counts would look up every row of an index in its table, and autovacuum would start within a minute.
    async with await psycopg.AsyncConnection.connect(addresses.owner_url, autocommit=True) as connection:
        tables = sql.SQL(", ").join(map(sql.Identifier, actions.FILLED))
        await connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(tables))
    return made


async def order_for(session: AsyncSession, territory: str, *, risk_points: int, seed: int) -> actions.Order:
    """What to make in a territory: the described city as it is described, any other around positions within it."""
    area = (await territory_queries.by_key(session, territory)).path
    if territory == _DESCRIBED:
        places = parse_places((CITY / "places.toml").read_text(encoding="utf-8"))
    else:
        places = scattered_places(await queries.leaves(await driver_of(session), area=area, seed=seed))
    documents = {file.stem: file.read_text(encoding="utf-8") for file in (CITY / "catalogue").glob("*.toml")}
    return actions.Order(
        points=risk_points,
        seed=seed,
        area=area,
        region=territory if territory.isdigit() else _NO_REGION,
        as_of=day_of(now()),
        places=places,
        catalogue=parse_catalogue(documents),
    )
