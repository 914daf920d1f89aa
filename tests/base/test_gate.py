"""A gate: a few at a time, the others in their order, and nobody for ever."""

import asyncio

import pytest

from service.base.errors import Unavailable
from service.base.gate import Gate


async def test_so_many_are_within_and_each_comes_in_turn() -> None:
    gate, within, most, order = Gate(2, waiting=10, seconds=5), 0, 0, []

    async def pass_through(number: int) -> None:
        nonlocal within, most
        async with gate.passed():
            order.append(number)
            within += 1
            most = max(most, within)
            await asyncio.sleep(0.005)
            within -= 1

    await asyncio.gather(*map(pass_through, range(8)))
    assert (most, order) == (2, list(range(8)))


async def test_who_waits_too_long_is_told_to_come_again_and_leaves_no_trace() -> None:
    gate = Gate(1, waiting=1, seconds=0.02)
    async with gate.passed():
        with pytest.raises(Unavailable):
            async with gate.passed():
                raise AssertionError
    async with gate.passed():
        pass


async def test_too_many_may_not_wait() -> None:
    gate, done = Gate(1, waiting=1, seconds=5), asyncio.Event()

    async def hold() -> None:
        async with gate.passed():
            await done.wait()

    holding, waiting = asyncio.create_task(hold()), asyncio.create_task(hold())
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await asyncio.wait_for(hold(), 1)
    done.set()
    await asyncio.gather(holding, waiting)


async def test_a_place_comes_back_whatever_ends_its_use() -> None:
    gate = Gate(1, waiting=1, seconds=0.05)
    with pytest.raises(ZeroDivisionError):
        async with gate.passed():
            raise ZeroDivisionError
    waiting = asyncio.create_task(_given_up(gate))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    async with gate.passed():
        pass


async def _given_up(gate: Gate) -> None:
    async with gate.passed():
        await asyncio.sleep(60)
