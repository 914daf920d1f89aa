"""Several processes that serve: the same answers, one of them may die, and all end together."""

import os
import signal
import time
from pathlib import Path

import httpx

from service.accounts.routes.door import COOKIE
from tests.accounts import Role, add_person, session_of
from tests.browser.server import Server
from tests.conftest import Database
from tests.world import CITY_PATH

SECONDS = 60.0


def workers(server: Server) -> set[int]:
    """The processes of a service that listen; beside them Python keeps one that tidies up."""
    children = (
        Path(f"/proc/{server.process}/task/{server.process}/children").read_text(encoding="ascii").split()
    )
    return {pid for pid in map(int, children) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def test_one_of_several_may_die_and_all_end_together(database: Database, tmp_path: Path) -> None:
    person = add_person(database, "client", Role("regulator", area=CITY_PATH))
    server = Server(database, tmp_path / "log", {"RISKMAP_WORKERS": "2"})
    server.start()
    try:
        until = time.monotonic() + SECONDS
        while len(before := workers(server)) < 2 and time.monotonic() < until:
            time.sleep(0.1)
        assert len(before) == 2
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        while (victim in workers(server) or len(workers(server)) < 2) and time.monotonic() < until:
            time.sleep(0.1)
        after = workers(server)
        assert len(after) == 2
        assert victim not in after
        cookies = {COOKIE: session_of(database, person)}
        for _ in range(8):
            # Each on a connection of its own: whichever process takes it.
            answer = httpx.get(f"{server.url}/api/session", cookies=cookies, timeout=SECONDS)
            assert answer.status_code == 200, answer.text
    finally:
        left = workers(server)
        server.end()
    assert [pid for pid in left if Path(f"/proc/{pid}").exists()] == []
