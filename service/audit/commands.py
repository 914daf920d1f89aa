"""riskmap audit …: the proof that nothing was changed, taken out or put in."""

from typing import Annotated

import typer

from service.audit import queries
from service.audit.rules import Fault
from service.base.commands import Addresses, as_owner, on_database, say
from service.base.errors import Conflict
from service.base.settings import Settings

audit = typer.Typer(no_args_is_help=True, help="审计 · the audit")

_WORDS: dict[Fault, str] = {
    "changed": "记录被修改 · record changed",
    "removed": "记录被删除 · record removed",
    "gap": "链条缺失位置 · position of the chain missing",
    "inserted": "链条之外的记录 · record outside the chain",
    "cut": "链条被截短 · chain cut short",
}


class BrokenAudit(Conflict):
    """The audit is not what was sealed."""

    code = "broken_audit"


@audit.command()
def verify(
    expect: Annotated[
        str | None,
        typer.Option(
            help="position:digest of an earlier verification, kept elsewhere: proves that no end was cut off."
        ),
    ] = None,
) -> None:
    """Walk the chain from its beginning; exit code 1 where a record was changed, removed or put in."""

    async def prove(settings: Settings, addresses: Addresses) -> None:
        async with as_owner(settings, addresses) as session:
            proof = await queries.prove(session)
            if expect is not None and not await queries.holds(session, *_read(expect)):
                proof.faults.append(("cut", int(expect.partition(":")[0])))
        say(f"已封存 · sealed: {proof.sealed}    待封存 · unsealed: {proof.unsealed}")
        say(f"链尾 · head: {proof.sealed}:{proof.head.hex()}")
        for fault, number in proof.faults[:100]:
            say(f"  {_WORDS[fault]}: {number}")
        if proof.faults:
            raise BrokenAudit(
                f"审计链有 {len(proof.faults)} 处不符。",
                f"The audit differs from its chain in {len(proof.faults)} places.",
            )

    on_database(prove)


def _read(expected: str) -> tuple[int, bytes]:
    position, _, digest = expected.partition(":")
    try:
        return int(position), bytes.fromhex(digest)
    except ValueError as error:
        raise typer.BadParameter("position:digest", param_hint="--expect") from error
