"""What the check of a register of risk points worked out, kept until it is written: the workbook is read once.

It is written as it was kept only where all that it was worked out from is as it was: the reference rows, the viewer's
scope and the day by one digest, the enterprises, sites and points of the rows by a digest a slice, looked up again
under the locks of the writing. Else the file is read again.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from service.base.clock import day_of
from service.base.statements import Connection
from service.base.viewer import Viewer
from service.imports import queries
from service.imports.models import ImportUpload
from service.imports.rules.kept import Part, digest_of, pack_names, pack_rows, unpack_names, unpack_rows
from service.imports.rules.progress import Progress
from service.imports.rules.risk_point_register import RiskPointRegister
from service.imports.rules.risk_point_rows import Named
from service.risk_points import actions as risk_point_actions
from service.risk_points.actions import COPIES, Lot


async def ground_of(connection: Connection, viewer: Viewer, *, now: datetime) -> str:
    """A digest of all beside the file and the register that the outcome of a check depends on."""
    stamp = await queries.stamp_ground(connection)
    parts = (stamp, sorted(viewer.settings().items()), day_of(now).isoformat(), *COPIES.values())
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def part_of(names: Sequence[Named], register: RiskPointRegister, lot: Lot) -> Part:
    """One slice as it is kept."""
    rows = {name: pack_rows(content) for name, content in asdict(lot).items()}
    return Part(pack_names(names), digest_of(register), rows)


async def drop(connection: Connection, upload: ImportUpload) -> None:
    """Let go of what was kept."""
    if upload.ground is not None:
        await queries.drop_parts(connection, upload)
        upload.ground = None


async def stage(
    connection: Connection, viewer: Viewer, upload: ImportUpload, *, now: datetime, progress: Progress
) -> bool:
    """Put aside what was kept, to be written; False, with nothing put aside, where it may no longer be true.

    Registered points are locked until the transaction ends.
    """
    if upload.ground is None or upload.ground != await ground_of(connection, viewer, now=now):
        return False
    parts = await queries.parts_of(connection, upload)
    rows_kept = 0
    for part in parts:
        names = await asyncio.to_thread(unpack_names, part["asked"])
        register = await queries.risk_point_register(connection, names, lock=True)
        if await asyncio.to_thread(digest_of, register) != part["seen"]:
            return False
        rows_kept += len(names)
        progress.go_on()
    if rows_kept != upload.result["preview"]["rows"]:
        return False
    await risk_point_actions.begin_staging(connection)
    for part in parts:
        rows = await queries.rows_of_part(connection, upload, part["part"])
        contents = {name: await asyncio.to_thread(unpack_rows, packed) for name, packed in rows.items()}
        await risk_point_actions.stage(connection, Lot(**contents))
        progress.go_on()
    progress.row_count = progress.read = progress.checked = rows_kept
    return True
