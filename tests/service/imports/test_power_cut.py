"""The database server itself is killed while an import is written: nothing is lost, nothing is half, it goes on by itself."""

import asyncio
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service import cli
from service.base import local_postgis, postgres_server, schema
from service.base.commands import Addresses
from service.base.local_postgis import APP_ROLE, DATABASE, LocalCluster
from service.base.settings import Settings
from tests.browser.server import Server
from tests.conftest import Database
from tests.service.imports.points import own, register
from tests.service.imports.register import NANGUAN, csv_of, rows_of
from tests.service.imports.test_background import PATIENCE_SECONDS, held_up, settled, wish

ROWS = 2500
FIRM = csv_of(("企业名称", "经度", "纬度"), ("演示一厂", *NANGUAN))


def large() -> bytes:
    """A register of risk points of more than 1 MiB, with one bad row."""
    words = {"place": "演示车间" * 15, "event": "烫伤" * 40, "measures": "定期检查" * 20}
    content = register(*(own(number=f"P-{n}", **words) for n in range(ROWS)), own(number=""))
    assert len(content) > 1 << 20
    return content


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """A server of one's own that writes through to the disk; the suite's own does not, and others use it."""
    folder = Path(tempfile.mkdtemp(prefix="riskmap-test-"))
    folder.chmod(0o711)
    try:
        yield local_postgis.start(folder / "data", progress=lambda _: None)
    finally:
        postgres_server.halt(folder / "data" / "cluster")
        shutil.rmtree(folder)


def cut_the_power(cluster: LocalCluster) -> None:
    """kill -9 of the server and of everything that works for it, at once."""
    postmaster = postgres_server.find_postmaster(cluster.data_dir / "cluster")
    assert postmaster is not None
    children = Path(f"/proc/{postmaster.pid}/task/{postmaster.pid}/children").read_text().split()
    killed = [postmaster.pid, *map(int, children)]
    os.kill(postmaster.pid, signal.SIGSTOP)  # or it would tidy up after its first child
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(Path(f"/proc/{pid}/cwd").exists() for pid in killed):
        assert time.monotonic() < deadline
        time.sleep(0.01)


async def test_a_killed_database_server_leaves_nothing_half_and_loses_nothing(
    cluster: LocalCluster, tmp_path: Path
) -> None:
    schema.upgrade(owner_url=cluster.owner_url, app_role=APP_ROLE)
    addresses = Addresses(cluster.owner_url, cluster.app_url)
    await cli.prepare(Settings(), addresses)
    database = Database(DATABASE, cluster.owner_url, cluster.app_url, cluster.url("postgres"))
    office = Server(database, tmp_path / "server.log")
    await asyncio.to_thread(office.start)
    try:
        async with office.signed_in(timeout=PATIENCE_SECONDS) as client:
            files = {"file": ("企业.csv", FIRM)}
            firm = (await client.post("/api/imports", files=files, data={"datum": "WGS84"})).json()
            assert (await wish(client, firm)).json()["state"] == "committed"
            answer = await client.post("/api/imports", files={"file": ("台账.csv", large())})
            ready = await settled(client, answer.json())
            assert (ready["state"], ready["preview"]["good"]) == ("previewed", ROWS), ready
            with held_up(database, "measure") as waiting:
                assert (await wish(client, ready)).json()["state"] == "writing"
                await waiting()  # the points and their events stand already, in a transaction that never ends
                cut_the_power(cluster)
            assert local_postgis.start(cluster.data_dir, progress=lambda _: None) == cluster
            nothing = [(0, 0, 0, 1)]
            counts = (
                "SELECT (SELECT count(*) FROM risk_point), (SELECT count(*) FROM risk_event),"
                " (SELECT count(*) FROM cell_stat_delta WHERE basis = 'assessed' AND n > 0), (SELECT count(*) FROM site)"
            )
            assert rows_of(database, counts) == nothing
            # What was handed in and wished for stands; whoever looks at it next sets it going again.
            assert (await settled(client, ready))["state"] == "committed"
            assert (await wish(client, ready)).json()["state"] == "committed"
        stands = "SELECT count(*), count(DISTINCT number) FROM risk_point"
        assert rows_of(database, stands) == [(ROWS, ROWS)]
        assert rows_of(database, "SELECT count(*) FROM measure") == [(ROWS,)]
        counted = "SELECT sum(n) FROM (SELECT * FROM cell_stat UNION ALL SELECT * FROM cell_stat_delta) AS c"
        assert rows_of(database, counted + " WHERE basis = 'assessed' AND slice = ''") == [(ROWS,)]
    finally:
        office.stop()
