"""How many features there are."""

from dataclasses import dataclass

from service.base.statements import Connection, named
from service.ogc.queries.composing import first_row, parameters_of, rows_of, where_of
from service.ogc.rules.asking import Asked

# Above so many rows the number matched is an estimate, and said to be one: counting more of them takes longer than the page
# that it is told with (100,000 took 60 ms, a page of 100 takes 10).
MOST_COUNTED = 25_000
# Of so many ids it is looked up whether they match. Of a quarter that does, two standard errors are 8 % (binomial).
SAMPLE = 2000
# Steps between them differ, lest they keep time with something in the data. Prime.
_JITTER = 7919


@dataclass(frozen=True, slots=True)
class Matched:
    """How many rows a question is about."""

    number: int
    estimated: bool


async def count(connection: Connection, asked: Asked, *, most: int | None = None) -> Matched:
    """How many features there are: counted up to so many (MOST_COUNTED), beyond that estimated.

    The estimate is of a sample of ids, the same one each time. The planner's would be of no use: it does not know what row
    security leaves, nor how columns hang together (of 674,000 points of low risk it expected 25,000).
    """
    rows, where, parameters = rows_of(asked), where_of(asked), parameters_of(asked)
    counting = (
        f"SELECT count(*) FROM (SELECT FROM {rows} AS item WHERE {where} LIMIT %(most)s::bigint + 1) AS found"
    )
    if not asked.collection.numbered:
        # Territories and cells: their ids cannot be guessed, and there are no more of them than can be counted.
        whole = await first_row(connection, named("ogc/count", counting), parameters | {"most": None})
        assert whole
        return Matched(whole[0], estimated=False)
    most = MOST_COUNTED if most is None else most
    counted = await first_row(connection, named("ogc/count", counting), parameters | {"most": most})
    assert counted
    if counted[0] <= most:
        return Matched(counted[0], estimated=False)
    highest = await first_row(
        connection, named("ogc/highest", f"SELECT max(item.id) FROM {rows} AS item"), parameters
    )
    assert highest
    step = -(-highest[0] // SAMPLE)
    ids = [at + n * _JITTER % step for n, at in enumerate(range(1, highest[0] + 1, step))]
    sampling = f"SELECT count(*) FROM {rows} AS item WHERE item.id = ANY(%(ids)s::bigint[]) AND {where}"
    hits = await first_row(connection, named("ogc/sample", sampling), parameters | {"ids": ids})
    assert hits
    return Matched(max(most + 1, hits[0] * step), estimated=True)
