"""A private PostgreSQL cluster with PostGIS, for those who bring no database of their own.

It runs before the service and its asynchronous engine exist, so it is synchronous: PostgreSQL's own programs
through `postgres_server`, and psycopg for the roles.

The data folder holds:
    cluster/         the cluster; it appears by one rename, so what exists is whole
    cluster.new-*    an initdb that did not finish; the next start throws it away
    start.lock       held while somebody starts or stops the cluster
    users.lock       held, shared, by every process that uses the cluster; the last one stops it
"""

import fcntl
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import quote

import psycopg
from psycopg import sql

from service.base import postgres_server
from service.base.postgres_server import PORT, START_SECONDS, SUPERUSER, FolderUnusable, LocalPostgisError

Progress = Callable[[str], None]

OWNER_ROLE, APP_ROLE, DATABASE = "riskmap_owner", "riskmap_app", "riskmap"
EXTENSIONS = ("postgis", "ltree", "pg_trgm", "btree_gist")
MOST_LAUNCHES = 3
# A killed start's last statement goes on in the server until it is done; this waits for it.
TAKE_TURN = "SELECT pg_advisory_lock(hashtext('riskmap provision'))"
PATIENCE_SECONDS = 5  # how long a server that calls itself ready may refuse us: it may just be stopping


class TextUnsupported(LocalPostgisError):
    """Encoding or locale make Chinese text invisible to the search indexes."""


@dataclass(frozen=True)
class LocalCluster:
    """A running private cluster; its addresses are libpq URIs without a password (peer authentication)."""

    data_dir: Path
    socket_dir: Path
    port: int = PORT

    def url(self, role: str, *, database: str = DATABASE) -> str:
        """The address of a database as a role sees it."""
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_dir))}&port={self.port}"

    @property
    def owner_url(self) -> str:
        """For migrations."""
        return self.url(OWNER_ROLE)

    @property
    def app_url(self) -> str:
        """For the service."""
        return self.url(APP_ROLE)

    @property
    def superuser_url(self) -> str:
        """For what neither role may do: extensions, and the databases of the tests."""
        return self.url(SUPERUSER, database="postgres")


def default_data_dir(checkout: Path) -> Path:
    """Where a checkout's cluster lives: its `.data/`; for root /var/lib, as postgres cannot enter /root."""
    checkout = checkout.resolve()
    if os.geteuid() != 0:
        return checkout / ".data"
    name = re.sub(r"[^A-Za-z0-9]+", "-", checkout.name).strip("-") or "checkout"
    return Path("/var/lib/riskmap") / f"{name}-{postgres_server.token_of(checkout)}"


def start(data_dir: Path, *, progress: Progress, durable: bool = True) -> LocalCluster:
    """Create the cluster where there is none, adopt it where it runs, start it where it does not.

    It goes on running when this process ends. `durable=False` trades crash safety for speed, for tests.
    Raises LocalPostgisError.
    """
    data_dir = _make_data_dir(data_dir)
    with _locked(data_dir, progress=progress):
        return _ensure(data_dir, progress=progress, durable=durable)


def stop(cluster: LocalCluster) -> None:
    """Stop the cluster, whoever uses it; a stopped one is left as it is. Raises LocalPostgisError."""
    with _locked(cluster.data_dir):
        postgres_server.halt(cluster.data_dir / "cluster")


def is_running(data_dir: Path) -> bool:
    """Whether the cluster's server is alive, ready or not."""
    return postgres_server.find_postmaster(data_dir.expanduser().resolve() / "cluster") is not None


@contextmanager
def running(data_dir: Path, *, progress: Progress, durable: bool = True) -> Iterator[LocalCluster]:
    """Use the cluster for a while: as `start` on entry; on exit it is stopped unless another process uses it.

    Inside, SIGTERM and SIGHUP raise SystemExit, unless the caller handles them. Raises LocalPostgisError.
    """
    data_dir = _make_data_dir(data_dir)
    with _leaving_in_order(), (data_dir / "users.lock").open("a") as users:
        try:
            with _locked(data_dir, progress=progress):
                fcntl.flock(users, fcntl.LOCK_SH)
                cluster = _ensure(data_dir, progress=progress, durable=durable)
            yield cluster
        finally:
            with _locked(data_dir), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails while anybody else holds it
                postgres_server.halt(data_dir / "cluster")


@contextmanager
def _leaving_in_order() -> Iterator[None]:
    """Let `kill` and a closed terminal unwind the stack, as Ctrl-C does; else the database would be left behind.

    uvicorn needs it too: once it has shut down it raises the signal again, for whoever was there before.
    """

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    ours = []
    if threading.current_thread() is threading.main_thread():
        ours = [s for s in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(s) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, leave)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _make_data_dir(data_dir: Path) -> Path:
    """Make the folder; as root it stays root's, and strangers may pass through it but not list it."""
    data_dir = data_dir.expanduser().resolve()
    try:
        for folder in (*reversed(data_dir.parents), data_dir):
            if not folder.exists():
                folder.mkdir(exist_ok=True)
                folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        for name in ("start.lock", "users.lock"):
            (data_dir / name).touch(mode=0o600)
    except OSError as error:
        raise FolderUnusable(
            f"数据目录 {data_dir} 不可用（{error.strerror}），可用 RISKMAP_DATA_DIR 指定别处。",
            f"The data folder {data_dir} is not usable ({error.strerror}); name another by RISKMAP_DATA_DIR.",
        ) from error
    return data_dir


@contextmanager
def _locked(data_dir: Path, *, progress: Progress | None = None) -> Iterator[None]:
    """Be the only process that starts or stops this cluster; the kernel frees the lock of a killed one."""
    with (data_dir / "start.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if progress:
                progress("等待另一个进程完成启动或停止 · waiting for another process that starts or stops it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _ensure(data_dir: Path, *, progress: Progress, durable: bool) -> LocalCluster:
    cluster_dir = data_dir / "cluster"
    if not cluster_dir.exists():
        progress("初始化数据库目录（仅一次） · creating the database cluster (once)")
        postgres_server.create(cluster_dir, durable=durable)
    patience = time.monotonic() + START_SECONDS
    launches = 0
    while True:
        postmaster = postgres_server.find_postmaster(cluster_dir)
        if postmaster is None:
            if launches == MOST_LAUNCHES:
                reason = "数据库启动后随即停止", "The database stops right after its start"
                raise postgres_server.describe_failure(*reason, cluster_dir=cluster_dir)
            launches += 1
            progress("启动数据库 · starting the database")
            postgres_server.launch(cluster_dir, roles=(SUPERUSER, OWNER_ROLE, APP_ROLE), durable=durable)
            continue
        cluster = LocalCluster(data_dir, postmaster.socket_dir)
        try:
            _provision(cluster)
        except psycopg.OperationalError as error:
            if postmaster.ready and not (postmaster.socket_dir / postgres_server.SOCKET).exists():
                progress("套接字已丢失，重启数据库 · its socket is gone, restarting the database")
                postgres_server.halt(cluster_dir)
            elif postmaster.ready:
                patience = min(patience, time.monotonic() + PATIENCE_SECONDS)
            if time.monotonic() > patience:
                reason = "数据库拒绝连接", f"The database refuses us ({error})"
                raise postgres_server.describe_failure(*reason, cluster_dir=cluster_dir) from error
            time.sleep(0.1)  # starting up, recovering from a crash or shutting down: each ends by itself
        except psycopg.Error as error:
            reason = "数据库准备失败", f"The database could not be prepared ({error})"
            raise postgres_server.describe_failure(*reason, cluster_dir=cluster_dir) from error
        else:
            return cluster


def _provision(cluster: LocalCluster) -> None:
    """Create what is missing of the two roles, the database and its extensions, and check how it sees text.

    Every statement may be repeated: an earlier start may have been killed between any two of them.
    """
    database, owner, app = (sql.Identifier(name) for name in (DATABASE, OWNER_ROLE, APP_ROLE))
    attributes = sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION")
    with psycopg.connect(cluster.superuser_url, autocommit=True) as session:
        session.execute(TAKE_TURN)
        roles = {row[0] for row in session.execute("SELECT rolname FROM pg_roles")}
        for name, role in ((OWNER_ROLE, owner), (APP_ROLE, app)):
            verb = sql.SQL("ALTER" if name in roles else "CREATE")
            session.execute(sql.SQL("{} ROLE {} {}").format(verb, role, attributes))
        if not session.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchall():
            session.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, owner))
        session.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        # Imports COPY into a temporary table, because COPY FROM does not work under row security.
        session.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(database, app))
    with psycopg.connect(cluster.url(SUPERUSER), autocommit=True) as session:
        session.execute(TAKE_TURN)
        for extension in EXTENSIONS:
            session.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
        check_text(session)


def check_text(session: psycopg.Connection[tuple[object, ...]]) -> None:
    """Raise TextUnsupported unless the database is UTF8 and its locale knows that 长 is a letter."""
    (encoding,) = session.execute("SHOW server_encoding").fetchone() or ("",)
    (trigrams,) = session.execute("SELECT show_trgm('长春')").fetchone() or ((),)
    label = True
    try:
        session.execute("SELECT '长春'::ltree")
    except psycopg.errors.SyntaxError:
        label = False
    if encoding != "UTF8" or not trigrams or not label:
        raise TextUnsupported(
            "数据库的编码或区域设置不识别中文，应以 --encoding=UTF8 --locale=C.UTF-8 创建。",
            "The database's locale knows no Chinese; create it by initdb --encoding=UTF8 --locale=C.UTF-8.",
        )
