"""One PostgreSQL server in one folder: finds its programs, creates, starts, recognises and ends it.

Knows nothing of the roles and the database inside; `local_postgis` does. The server listens on a Unix socket
in a folder that only its owner may enter and on no TCP port, and tells its callers apart by their operating
system account (`peer`), so there is no password to keep, print or lose. As root it runs as the system user
`postgres`, because PostgreSQL refuses to run as root. Linux only: it reads /proc.
"""

import hashlib
import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SUPERUSER = "postgres"
OLDEST_VERSION = 15  # security_invoker views came with PostgreSQL 15
PORT = 5432  # no TCP port: only a part of the socket's name
SOCKET = f".s.PGSQL.{PORT}"
LONGEST_SOCKET_PATH = 99  # bytes; the kernel's sockaddr_un.sun_path holds 108, other systems' clients fewer
LARGEST_LOG = 10_000_000  # bytes; a longer server.log makes room at the next start
START_SECONDS = 300  # crash recovery after a power cut replays at most max_wal_size (4 GB)
STOP_SECONDS = 60
ORPHAN_SECONDS = 5


class LocalPostgisError(Exception):
    """The private server cannot serve; `zh` and `en` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh = zh
        self.en = en


class ServerMissing(LocalPostgisError):
    """No installed PostgreSQL of the wanted version has PostGIS."""


class AccountMissing(LocalPostgisError):
    """There is no system account that the server could run as."""


class FolderUnusable(LocalPostgisError):
    """A folder cannot be made or entered, or strangers may enter it."""


class ForeignServer(LocalPostgisError):
    """Another server listens where this one's socket belongs."""


class ServerFailed(LocalPostgisError):
    """One of PostgreSQL's own programs failed; its last words are in the message."""


@dataclass(frozen=True)
class Postmaster:
    """A live server's first process, as its postmaster.pid tells."""

    pid: int
    socket_dir: Path
    ready: bool


# ---- programs ----------------------------------------------------------------------------------------------


def server_account() -> pwd.struct_passwd:
    """The account that the server runs as and that owns its files. Raises AccountMissing."""
    try:
        return pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    except KeyError as error:
        raise AccountMissing(
            "找不到可运行数据库的系统账户（root 需要系统用户 postgres）。",
            "There is no system account to run the database as (root needs the system user postgres).",
        ) from error


def _run(command: Sequence[str | Path], *, cwd: Path = Path("/")) -> subprocess.CompletedProcess[str]:
    """Run a program as the server's account, out of reach of the terminal's Ctrl-C and of PG* variables."""
    account = server_account()
    as_root = os.geteuid() == 0
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": "/"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        start_new_session=True,
        user=account.pw_uid if as_root else None,
        group=account.pw_gid if as_root else None,
        extra_groups=[] if as_root else None,
        check=False,
    )


def find_programs(version: int | None = None) -> Path:
    """The folder of `initdb` and `pg_ctl`: of `version` if given, else of the newest server that has PostGIS.

    Looks in Debian's /usr/lib/postgresql, then at `pg_config` and `postgres` on PATH. Raises ServerMissing.
    """
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    folders += [Path(path).resolve().parent for path in map(shutil.which, ("pg_config", "postgres")) if path]
    programs: dict[int, Path] = {}
    for folder in folders:
        if not all((folder / name).exists() for name in ("postgres", "initdb", "pg_ctl", "pg_config")):
            continue
        answer = _run([folder / "pg_config", "--version", "--sharedir"]).stdout.splitlines()
        number = re.search(r"\d+", answer[0]) if len(answer) == 2 else None
        if number and Path(answer[1], "extension", "postgis.control").exists():
            programs.setdefault(int(number[0]), folder)
    wanted = version or max(programs, default=0)
    if wanted >= OLDEST_VERSION and wanted in programs:
        return programs[wanted]
    asked = version or f">= {OLDEST_VERSION}"
    raise ServerMissing(
        f"没有安装带 PostGIS 的 PostgreSQL {asked}。请运行 scripts/run，或安装 postgresql-postgis。",
        f"No PostgreSQL {asked} with PostGIS is installed. Run scripts/run, or install postgresql-postgis.",
    )


def _programs_of(cluster_dir: Path) -> Path:
    try:
        version = int((cluster_dir / "PG_VERSION").read_text())
    except (OSError, ValueError) as error:
        raise FolderUnusable(
            f"{cluster_dir} 不是数据库目录（没有 PG_VERSION）。",
            f"{cluster_dir} is no database cluster (it has no PG_VERSION).",
        ) from error
    return find_programs(version)


# ---- folders and files -------------------------------------------------------------------------------------


def token_of(path: Path) -> str:
    """Ten characters that tell one path from another."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]


def _socket_dirs(name: str) -> Iterator[Path]:
    uid = os.geteuid()
    runtime = Path("/run") if uid == 0 else Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere"))
    if runtime.is_dir() and runtime.stat().st_uid == uid:
        yield runtime / f"riskmap-{name}"
    yield Path("/tmp") / f"riskmap-{uid}-{name}"


def _make_socket_dir(cluster_dir: Path) -> Path:
    """A short folder that only the server's account may enter; the cluster's own path may be too long.

    Raises FolderUnusable.
    """
    account, uid = server_account(), os.geteuid()
    for folder in _socket_dirs(token_of(cluster_dir)):
        if len(os.fsencode(folder / SOCKET)) + len(".lock") > LONGEST_SOCKET_PATH:
            continue
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError:
            continue
        seen = folder.lstat()
        # In /tmp anybody may have been there first, with a folder or a link of their own.
        if not stat.S_ISDIR(seen.st_mode) or seen.st_uid not in {uid, account.pw_uid} or seen.st_mode & 0o077:
            raise FolderUnusable(
                f"套接字目录 {folder} 属于他人或对他人开放，请删除后重试。",
                f"The socket folder {folder} is somebody else's or open to others; remove it and try again.",
            )
        if uid == 0:
            os.chown(folder, account.pw_uid, account.pw_gid)
        return folder
    raise FolderUnusable("无法创建套接字目录。", "No folder for the socket can be made in /run or /tmp.")


def _clear_socket(socket_dir: Path) -> None:
    """Remove what a killed server left in the socket folder. Raises ForeignServer if one answers there."""
    with socket.socket(socket.AF_UNIX) as knock:
        try:
            knock.connect(str(socket_dir / SOCKET))
        except OSError:
            for name in (SOCKET, f"{SOCKET}.lock"):
                (socket_dir / name).unlink(missing_ok=True)
            return
    raise ForeignServer(
        f"{socket_dir} 中已有另一个数据库在监听，请先停止它。",
        f"Another database listens in {socket_dir}; stop it first.",
    )


def _replace(path: Path, text: str) -> None:
    """Put a file in place whole or not at all, readable by the server only."""
    account = server_account()
    fresh = path.with_name(f"{path.name}.new")
    # The folder is the server's: root must not follow a link that a broken-into server has laid there.
    fresh.unlink(missing_ok=True)
    with fresh.open("x", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        if os.geteuid() == 0:
            os.fchown(file.fileno(), account.pw_uid, account.pw_gid)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)


def _write_settings(cluster_dir: Path, socket_dir: Path, *, roles: Collection[str], durable: bool) -> None:
    """Write our settings at every start, so that a new release or a damaged file needs no repair by hand."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": f'"{socket_dir}"',
        "unix_socket_permissions": "0700",
        "cluster_name": "riskmap",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "shared_buffers": f"{min(4096 if durable else 128, memory // 8)}MB",
        "effective_cache_size": f"{memory // 2}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "random_page_cost": "1.1",  # the data is on a solid disk or in memory
        "jit": "off",  # PostGIS's cost estimates start the compiler for tiles that take a few milliseconds
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    system_user = pwd.getpwuid(os.geteuid()).pw_name
    lines = [f"{name} = '{text.replace(chr(92), chr(92) * 2)}'\n" for name, text in settings.items()]
    # Read after postgresql.conf, which stays as initdb wrote it, and so has the last word.
    _replace(cluster_dir / "postgresql.auto.conf", "".join(lines))
    _replace(cluster_dir / "pg_hba.conf", "local all all peer map=riskmap\n")
    _replace(cluster_dir / "pg_ident.conf", "".join(f'riskmap "{system_user}" {role}\n' for role in roles))


# ---- processes ---------------------------------------------------------------------------------------------


def _works_in(pid: int, cluster_dir: Path) -> bool:
    """Whether a live process is a server of this folder: process ids are reused, folders are not."""
    try:
        comm = Path(f"/proc/{pid}/comm").read_text()
        return comm.startswith("postgres") and Path(f"/proc/{pid}/cwd").samefile(cluster_dir)
    except OSError:
        return False


def find_postmaster(cluster_dir: Path) -> Postmaster | None:
    """Read postmaster.pid, and believe it only if that process is alive and works in this folder."""
    try:
        lines = (cluster_dir / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not _works_in(pid, cluster_dir):
        return None
    lines += [""] * (8 - len(lines))  # a starting server writes the file line by line
    return Postmaster(pid, Path(lines[4]), ready=lines[7].strip() == "ready")


def _evict_orphans(cluster_dir: Path) -> None:
    """End the sessions that outlived a killed postmaster; a new one may not start beside them."""
    for step in (None, signal.SIGQUIT, signal.SIGKILL):
        deadline = time.monotonic() + ORPHAN_SECONDS
        while time.monotonic() < deadline:
            pids = [int(entry.name) for entry in Path("/proc").glob("[0-9]*")]
            orphans = [pid for pid in pids if _works_in(pid, cluster_dir)]
            if not orphans:
                break
            for pid in orphans if step else ():
                with suppress(ProcessLookupError):
                    os.kill(pid, step or 0)
            time.sleep(0.1)
    (cluster_dir / "postmaster.pid").unlink(missing_ok=True)


def describe_failure(zh: str, en: str, *, cluster_dir: Path) -> ServerFailed:
    """The error for a server that does not do as told, with the last lines of its log."""
    words = ""
    with suppress(OSError):
        words = "\n".join((cluster_dir / "server.log").read_text(errors="replace").splitlines()[-5:])
    return ServerFailed(f"{zh}。", f"{en}. {words}")


def create(cluster_dir: Path, *, durable: bool) -> None:
    """Run initdb beside the place where the cluster belongs and move it there when it is whole.

    Raises ServerMissing, FolderUnusable, ServerFailed.
    """
    account, programs = server_account(), find_programs()
    home = cluster_dir.parent
    for unfinished in home.glob(f"{cluster_dir.name}.new-*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(prefix=f"{cluster_dir.name}.new-", dir=home))
    try:
        if os.geteuid() == 0:
            os.chown(fresh, account.pw_uid, account.pw_gid)
        if _run(["test", "-x", fresh]).returncode:
            raise FolderUnusable(
                f"系统用户 {account.pw_name} 无法进入 {home}，请用 RISKMAP_DATA_DIR 指定别处。",
                f"The system user {account.pw_name} cannot enter {home}; name another by RISKMAP_DATA_DIR.",
            )
        # C.UTF-8 and not C: under C pg_trgm finds no letter in Chinese text and ltree refuses it as a label.
        options = ["--locale=C.UTF-8", "--encoding=UTF8", "--auth=peer", f"--username={SUPERUSER}"]
        made = _run([programs / "initdb", *options, *([] if durable else ["--no-sync"]), "-D", fresh])
        if made.returncode:
            words = "\n".join((made.stdout + made.stderr).splitlines()[-5:])
            raise ServerFailed("数据库目录初始化失败。", f"initdb failed: {words}")
        fresh.rename(cluster_dir)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def launch(cluster_dir: Path, *, roles: Collection[str], durable: bool) -> None:
    """Start the server of a cluster that is not running, and wait until it answers.

    `roles` are those that the caller's account may connect as. Raises LocalPostgisError.
    """
    programs = _programs_of(cluster_dir)
    _evict_orphans(cluster_dir)
    socket_dir = _make_socket_dir(cluster_dir)
    _clear_socket(socket_dir)
    _write_settings(cluster_dir, socket_dir, roles=roles, durable=durable)
    log = cluster_dir / "server.log"
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.rename(cluster_dir / "server.log.1")
    # pg_ctl hands its paths to a shell, so it gets relative ones: a checkout's path may hold any character.
    words = ("start", "--wait", f"--timeout={START_SECONDS}", "--silent", "--log=server.log", "-D", ".")
    try:
        started = _run([programs / "pg_ctl", *words], cwd=cluster_dir)
    except BaseException:  # Ctrl-C or a signal turned into an exception: pg_ctl is dead, the server is not
        halt(cluster_dir)
        raise
    if started.returncode:
        raise describe_failure("数据库启动失败", "The database did not start", cluster_dir=cluster_dir)


def halt(cluster_dir: Path) -> None:
    """Stop the server if it runs; open transactions are rolled back. Raises ServerFailed."""
    postmaster = find_postmaster(cluster_dir)
    if postmaster is None:
        return
    words = ("stop", "--wait", f"--timeout={STOP_SECONDS}", "--silent", "-D", ".")
    for mode in ("fast", "immediate"):
        stopped = _run([_programs_of(cluster_dir) / "pg_ctl", *words, f"--mode={mode}"], cwd=cluster_dir)
        if stopped.returncode == 0 or find_postmaster(cluster_dir) is None:
            break
    else:
        raise describe_failure("数据库无法停止", "The database does not stop", cluster_dir=cluster_dir)
    with suppress(OSError):
        postmaster.socket_dir.rmdir()
