"""The service as a process of its own, started by its own command, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import pytest
from playwright._impl._api_structures import SetCookieParam

from service.accounts.routes.door import COOKIE
from tests.accounts import Role, add_person, session_of
from tests.conftest import ROOT, Database
from tests.world import CITY_PATH

START_SECONDS = 90.0
BETWEEN_LOOKS = 0.05
# The session of whoever looks: the same in every database of the tests, as browsers do not tell ports apart.
TOKEN = "browser-tests-session"
SIGNED_IN: SetCookieParam = {
    "name": COOKIE,
    "value": TOKEN,
    "domain": "127.0.0.1",
    "path": "/",
    "httpOnly": True,
    "sameSite": "Lax",
}


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Server:
    """A service on a database; it can be stopped and started again at the same address."""

    database: Database
    log: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the page, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def signed_in(self, *, timeout: float) -> httpx.AsyncClient:
        """A client of somebody who may write the whole city."""
        person = add_person(self.database, "client", Role("regulator", area=CITY_PATH))
        cookies = {COOKIE: session_of(self.database, person)}
        return httpx.AsyncClient(base_url=self.url, timeout=timeout, cookies=cookies)

    def start(self) -> None:
        """Start it and return when it answers; what it says is kept in its log."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("RISKMAP_")}
        environment |= {
            "RISKMAP_DATABASE_URL": self.database.app_url,
            "RISKMAP_OWNER_DATABASE_URL": self.database.owner_url,
            "RISKMAP_PORT": str(self.port),
            "RISKMAP_DEMO": "true",
            # All tests of a worker are one person, who is faster than any.
            "RISKMAP_REQUESTS_PER_MINUTE": "100000",
            **self.settings,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [Path(sys.executable).with_name("riskmap"), "serve"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the service did not start:\n{self.log.read_text(encoding='utf-8')}")
            time.sleep(BETWEEN_LOOKS)

    def stop(self) -> None:
        """Kill it, as a power cut would: nobody waits for its connections."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = None

    @property
    def process(self) -> int:
        """The id of the process that was started."""
        assert self._process is not None
        return self._process.pid

    def end(self) -> int:
        """Ask it to end, as whatever started it on a server does; what it exits with."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        ended = self._process.wait(timeout=START_SECONDS)
        self._process = None
        return ended

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def _sign_in(database: Database) -> None:
    """The person `browser` and their session; a database that was served before has them."""
    with psycopg.connect(database.owner_url) as connection:
        if connection.execute("SELECT id FROM person WHERE login = 'browser'").fetchone():
            return
    # A Latin name: tests look for Chinese that is left on English pages.
    person = add_person(database, "browser", Role("regulator", area=CITY_PATH), name="browser")
    session_of(database, person, TOKEN)


@contextmanager
def running(database: Database, log: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """The service for a while, with the built page, and with settings of the test's own."""
    page = ROOT / "web" / "dist" / "index.html"
    if not page.exists():
        pytest.fail(
            "The page is not built: web/dist/index.html is missing. scripts/test builds it first.", False
        )
    _sign_in(database)
    server = Server(database, log, settings or {})
    server.start()
    try:
        yield server
    finally:
        server.stop()
