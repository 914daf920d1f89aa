"""The command that fills a database with an invented city, to measure on and to try things on."""

from typing import Annotated

import typer
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

    async def fill(settings: Settings, addresses: Addresses) -> actions.Generated:
        async with as_owner(settings, addresses) as session:
            order = await order_for(session, settings.territory, risk_points=risk_points, seed=seed)
            return await actions.generate(session, order, tell=say)

    made = on_database(fill)
    say(
        f"企业 {made.enterprises}，场所 {made.sites}，风险点 {made.risk_points} · enterprises, sites, risk points"
    )


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
