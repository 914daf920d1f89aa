"""The private cluster: what it holds, and that it starts again after everything that can happen to it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from service.base import local_postgis, postgres_server
from service.base.local_postgis import LocalCluster

ROOT = Path(__file__).resolve().parents[2]
PROVISIONED = """
    SELECT array(SELECT (rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole,
                         rolreplication)::text
                 FROM pg_roles WHERE rolname LIKE 'riskmap%' ORDER BY rolname),
           array(SELECT extname::text FROM pg_extension ORDER BY extname),
           array(SELECT (pg_get_userbyid(datdba), datcollate, datctype, pg_encoding_to_char(encoding))::text
                 FROM pg_database WHERE datname = current_database()),
           array(SELECT (pg_get_userbyid(grantee), privilege_type)::text
                 FROM pg_database, aclexplode(datacl) WHERE datname = current_database() ORDER BY 1)
"""


def quiet(_: str) -> None:
    """Nobody watches the progress of a test."""


def start(data_dir: Path) -> LocalCluster:
    return local_postgis.start(data_dir, progress=quiet, durable=False)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the system user postgres may pass through; pytest's own, when root runs it, is closed."""
    folder = Path(tempfile.mkdtemp(prefix="riskmap-test-"))
    folder.chmod(0o711)
    yield folder
    for cluster_dir in folder.rglob("cluster"):
        postgres_server.halt(cluster_dir)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def deep_folder() -> Iterator[Path]:
    """Too deep for a socket, and its name full of what shells and libpq take amiss."""
    folder = Path(tempfile.mkdtemp(prefix="riskmap-test-"))
    folder.chmod(0o711)
    data_dir = folder / "四色图 it's $HOME & more" / "/".join(["deep"] * 30)
    yield data_dir
    postgres_server.halt(data_dir / "cluster")
    shutil.rmtree(folder)


@pytest.fixture
def cluster(deep_folder: Path) -> LocalCluster:
    """One cluster for the tests of this file, running again whatever the one before did to it."""
    return start(deep_folder)


def ask(address: str, question: str) -> object:
    with psycopg.connect(address, autocommit=True) as session:
        row = session.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def postmaster_of(data_dir: Path) -> int:
    postmaster = postgres_server.find_postmaster(data_dir / "cluster")
    assert postmaster is not None
    return postmaster.pid


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def kill(*pids: int) -> None:
    """kill -9, and wait until the last of them is gone or a zombie."""
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}/cwd").exists() for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_roles_have_the_right_attributes(cluster: LocalCluster) -> None:
    with psycopg.connect(cluster.superuser_url) as session:
        rows = session.execute(
            "SELECT rolname, rolcanlogin,"
            " rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication FROM pg_roles"
            " WHERE rolname LIKE 'riskmap%' ORDER BY rolname"
        ).fetchall()
    assert rows == [("riskmap_app", True, False), ("riskmap_owner", True, False)]
    assert ask(cluster.app_url, "SELECT session_user") == "riskmap_app"
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'riskmap'"
    assert ask(cluster.owner_url, owner) == "riskmap_owner"


def test_only_the_owner_makes_tables(cluster: LocalCluster) -> None:
    with psycopg.connect(cluster.owner_url) as session:
        session.execute("CREATE TABLE probe (place geometry(Point, 4490), path ltree)")
    with psycopg.connect(cluster.app_url) as session:
        session.execute("CREATE TEMPORARY TABLE landing (line text)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("CREATE TABLE mine (line text)")


def test_chinese_text_is_seen(cluster: LocalCluster) -> None:
    assert ask(cluster.app_url, "SELECT show_trgm('长春')") != []
    assert ask(cluster.app_url, "SELECT '长春'::ltree @> '长春.南关'::ltree") is True
    assert ask(cluster.app_url, "SHOW server_encoding") == "UTF8"


def test_a_locale_without_chinese_is_refused(cluster: LocalCluster) -> None:
    with psycopg.connect(cluster.superuser_url, autocommit=True) as session:
        session.execute("CREATE DATABASE plain TEMPLATE template0 LOCALE 'C' ENCODING 'UTF8'")
    with psycopg.connect(cluster.url("postgres", database="plain"), autocommit=True) as session:
        session.execute("CREATE EXTENSION pg_trgm")
        session.execute("CREATE EXTENSION ltree")
        with pytest.raises(local_postgis.TextUnsupported, match=r"C\.UTF-8"):
            local_postgis.check_text(session)


def test_strangers_stay_outside(cluster: LocalCluster) -> None:
    assert ask(cluster.superuser_url, "SHOW listen_addresses") == ""
    entry = cluster.socket_dir.stat()
    assert (entry.st_mode & 0o777, entry.st_uid) == (0o700, postgres_server.server_account().pw_uid)
    with psycopg.connect(cluster.superuser_url, autocommit=True) as session:
        session.execute("CREATE ROLE stranger LOGIN")
    with pytest.raises(psycopg.OperationalError, match="Peer authentication failed"):
        ask(cluster.url("stranger"), "SELECT 1")


def test_a_second_start_adopts_the_running_cluster(cluster: LocalCluster) -> None:
    before = postmaster_of(cluster.data_dir)
    assert local_postgis.is_running(cluster.data_dir)
    assert start(cluster.data_dir) == cluster
    assert postmaster_of(cluster.data_dir) == before


def test_it_starts_again_after_kill_9_of_the_server(
    cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_server, "ORPHAN_SECONDS", 0.5)
    with psycopg.connect(cluster.owner_url) as session:
        session.execute("SET synchronous_commit = on")  # as a durable cluster has it
        session.execute("CREATE TABLE kept AS SELECT 37 AS number")
    with ThreadPoolExecutor() as pool:
        # A session that computes and never waits does not notice that its postmaster is gone.
        endless = "SET statement_timeout = '20s'; DO 'BEGIN LOOP NULL; END LOOP; END'"
        busy = pool.submit(ask, cluster.app_url, endless)
        while not ask(cluster.superuser_url, "SELECT count(*) FROM pg_stat_activity WHERE query ~ 'LOO[P]'"):
            time.sleep(0.01)
        kill(postmaster_of(cluster.data_dir))
        assert not local_postgis.is_running(cluster.data_dir)
        assert start(cluster.data_dir) == cluster
        with pytest.raises(psycopg.OperationalError):
            busy.result(timeout=10)
    assert ask(cluster.owner_url, "SELECT number FROM kept") == 37


def test_it_starts_again_after_a_power_cut(cluster: LocalCluster) -> None:
    postmaster = postmaster_of(cluster.data_dir)
    kill(postmaster, *children_of(postmaster))
    pid_file = cluster.data_dir / "cluster" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    # The machine came up again and gave the old server's number to somebody else.
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert not local_postgis.is_running(cluster.data_dir)
    assert start(cluster.data_dir) == cluster
    assert ask(cluster.app_url, "SELECT 1") == 1


def test_it_is_restarted_when_its_socket_is_gone(cluster: LocalCluster) -> None:
    (cluster.socket_dir / postgres_server.SOCKET).unlink()
    start(cluster.data_dir)
    assert ask(cluster.app_url, "SELECT 1") == 1


def test_a_foreign_server_in_its_place_is_named(cluster: LocalCluster) -> None:
    local_postgis.stop(cluster)
    cluster.socket_dir.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as foreign:
        foreign.bind(str(cluster.socket_dir / postgres_server.SOCKET))
        foreign.listen()
        with pytest.raises(postgres_server.ForeignServer, match=str(cluster.socket_dir)):
            start(cluster.data_dir)
    assert start(cluster.data_dir) == cluster


def test_a_socket_folder_open_to_others_is_refused(cluster: LocalCluster) -> None:
    local_postgis.stop(cluster)
    cluster.socket_dir.mkdir()
    cluster.socket_dir.chmod(0o777)
    with pytest.raises(postgres_server.FolderUnusable, match=str(cluster.socket_dir)):
        start(cluster.data_dir)
    cluster.socket_dir.rmdir()
    assert start(cluster.data_dir) == cluster


def test_the_last_user_stops_it(cluster: LocalCluster) -> None:
    with local_postgis.running(cluster.data_dir, progress=quiet, durable=False):
        with local_postgis.running(cluster.data_dir, progress=quiet, durable=False) as again:
            assert again == cluster
        assert local_postgis.is_running(cluster.data_dir)
    assert not local_postgis.is_running(cluster.data_dir)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_to_the_last_user_stops_it(cluster: LocalCluster, number: signal.Signals) -> None:
    words = (
        "import sys, pathlib, signal; from service.base import local_postgis\n"
        # What a shell or nohup starts in the background has signals ignored, and children inherit that.
        "signal.signal(signal.SIGINT, signal.default_int_handler); signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
        "with local_postgis.running(pathlib.Path(sys.argv[1]), progress=print):\n"
        "    print('serving', flush=True)\n"
        "    signal.pause()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", words, cluster.data_dir],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as user:
        assert user.stdout is not None
        while user.stdout.readline() != "serving\n":
            assert user.poll() is None
        user.send_signal(number)
        user.wait(timeout=30)
    assert not local_postgis.is_running(cluster.data_dir)


def test_an_interrupted_initdb_is_done_again(home: Path) -> None:
    words = (
        "import sys, pathlib; from service.base import local_postgis;"
        " local_postgis.start(pathlib.Path(sys.argv[1]), progress=print)"
    )
    with subprocess.Popen([sys.executable, "-c", words, home], cwd=ROOT) as starter:
        deadline = time.monotonic() + 30
        while not list(home.glob("cluster.new-*/base")):
            assert time.monotonic() < deadline
            time.sleep(0.005)
        initdb = children_of(starter.pid)
        assert initdb, "initdb was over before it could be killed"
        kill(starter.pid, *initdb)
    assert not (home / "cluster").exists()
    assert list(home.glob("cluster.new-*"))
    assert ask(start(home).app_url, "SELECT 1") == 1
    assert not list(home.glob("cluster.new-*"))


def test_a_start_waits_for_the_last_statement_of_a_killed_one(cluster: LocalCluster) -> None:
    with ThreadPoolExecutor() as pool:
        with psycopg.connect(cluster.superuser_url) as unfinished:
            unfinished.execute(local_postgis.TAKE_TURN)
            second = pool.submit(start, cluster.data_dir)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        assert second.result(timeout=10) == cluster


def test_two_starts_at_once_make_one_cluster(home: Path) -> None:
    with ThreadPoolExecutor() as pool:
        first, second = pool.map(start, [home, home])
    assert first == second
    assert ask(first.app_url, "SELECT 1") == 1


def test_the_container_gets_the_same_roles_and_extensions(cluster: LocalCluster, home: Path) -> None:
    postgres_server.create(home / "cluster", durable=False)
    postgres_server.launch(home / "cluster", roles=(postgres_server.SUPERUSER,), durable=False)
    postmaster = postgres_server.find_postmaster(home / "cluster")
    assert postmaster is not None
    passwords = {"RISKMAP_OWNER_PASSWORD": "it's one", "RISKMAP_APP_PASSWORD": "another"}
    subprocess.run(
        [ROOT / "scripts" / "container-database"],
        env={"PATH": os.environ["PATH"], "PGHOST": str(postmaster.socket_dir), **passwords},
        check=True,
    )
    container = LocalCluster(home, postmaster.socket_dir).url(postgres_server.SUPERUSER)
    with psycopg.connect(container) as theirs, psycopg.connect(cluster.url("postgres")) as ours:
        assert theirs.execute(PROVISIONED).fetchone() == ours.execute(PROVISIONED).fetchone()


def test_an_unusable_data_folder_is_named_in_both_languages(home: Path) -> None:
    (home / "file").touch()
    with pytest.raises(postgres_server.FolderUnusable) as refusal:
        start(home / "file" / "data")
    assert "数据目录" in refusal.value.zh
    assert str(home / "file") in refusal.value.en
