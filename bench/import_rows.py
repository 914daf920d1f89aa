"""The bench row 'import': a workbook of 100,000 risk points, handed in over HTTP, checked and written.

    python -m bench.import_rows [--rows 100000] [--territory 220100|cn] [--keep]

It makes a private cluster in a temporary folder (or, with --keep, one that the next run finds again), serves on a free
port, registers the enterprises, and takes the time from the first byte of the upload to the answer that all is written.
The memory is the server's highest resident set (VmHWM).
"""

import argparse
import asyncio
import io
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import psycopg
import xlsxwriter

from bench.clocks import Clock
from service import cli
from service.accounts.commands import load_demo_accounts
from service.accounts.rules.demo import DEMO_PASSWORD
from service.base import local_postgis, schema
from service.base.commands import Addresses
from service.base.local_postgis import APP_ROLE, DATABASE, OWNER_ROLE, LocalCluster
from service.base.settings import Settings
from service.enterprises.rules import check_character

ROOT = Path(__file__).resolve().parents[1]
FIRMS = 2000
SEED = 20261125
# A box that lies within 长春 whatever boundaries are loaded.
WEST, SOUTH, EAST, NORTH = 125.22, 43.78, 125.42, 43.96
POINT_HEADINGS = (
    *("统一社会信用代码", "企业名称", "风险点编号", "风险点名称", "位置", "经度", "纬度", "所在区划", "行业监管分类"),
    *("风险事件", "事故类别", "可能后果", "管控措施", "管控层级", "责任单位", "责任人", "暴露人数", "评价方法"),
    *("L值(可能性)", "E值(暴露频率)", "C值(后果)", "固有风险等级", "评价人", "评价日期", "复评日期"),
)  # fmt: skip
FIRM_HEADINGS = ("统一社会信用代码", "企业名称", "行业监管分类", "地址", "经度", "纬度", "联系人", "联系电话")
KINDS = (
    "熔炼炉",
    "冲压机",
    "液氨储罐",
    "配电室",
    "燃气调压箱",
    "喷漆房",
    "叉车通道",
    "脚手架",
    "污水池",
    "氧气瓶间",
)


@dataclass(frozen=True)
class Measured:
    """One run. Seconds by step, on the wall and of the processor (the server and its sessions of the database).

    peak_mb: the server's highest resident set in MiB. load: of the machine over the last minute, at the end.
    """

    rows: int
    upload_s: float
    commit_s: float
    rows_per_s: float
    upload_processor_s: float
    commit_processor_s: float
    load: float
    peak_mb: float
    good: int
    file_mb: float


def code_of(number: int) -> str:
    """A credit code with a right check character: region 999999 is nobody's."""
    first = f"91999999DEM{number:06d}"
    return first + check_character(first)


def firms_sheet() -> bytes:
    """The register of enterprises that the points belong to."""
    chance = random.Random(SEED)
    rows = (
        (code_of(n), f"演示{n}厂", "机械", f"演示路{n}号", *place(chance), "演示人", "0431-00000000")
        for n in range(FIRMS)
    )
    return sheet_of(FIRM_HEADINGS, rows)


def points_sheet(rows: int) -> bytes:
    """A register of risk points as enterprises fill it in: 25 columns, half of the points with a position of their own."""
    chance = random.Random(SEED)
    return sheet_of(POINT_HEADINGS, (point_row(chance, n) for n in range(rows)))


def point_row(chance: random.Random, n: int) -> tuple[object, ...]:
    """One risk point. Every hundredth has a mistake: an L that is in no table."""
    firm = n % FIRMS
    likelihood = 4 if n % 100 == 99 else chance.choice((0.2, 0.5, 1, 3))
    lon, lat = place(chance) if n % 2 else ("", "")
    return (
        *(
            code_of(firm),
            f"演示{firm}厂",
            f"FX-{n:06d}",
            f"{chance.choice(KINDS)}（演示{n}）",
            f"{n % 9 + 1}号车间",
        ),
        *(lon, lat, "", chance.choice(("机械", "", "机械；粉尘涉爆"))),
        *("操作失误，物料外泄", chance.choice(("火灾", "触电", "机械伤害")), "可能造成1至2人死亡"),
        "【工程技术】设置联锁与报警；【培训教育】每季度培训；【个体防护】佩戴防护用品",
        *(chance.choice(("公司", "车间", "班组", "岗位")), "设备部", "演示人", n % 7 + 1),
        *("LEC", likelihood, chance.choice((1, 3, 6)), chance.choice((3, 7, 15)), "较大", "演示员"),
        *("2026-10-08", "2027-10-08"),
    )


def place(chance: random.Random) -> tuple[float, float]:
    """A position in the city, WGS 84."""
    return round(chance.uniform(WEST, EAST), 6), round(chance.uniform(SOUTH, NORTH), 6)


def sheet_of(headings: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> bytes:
    """An xlsx workbook of one sheet."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("台账")
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
    return content.getvalue()


@contextmanager
def cluster(*, keep: bool) -> Iterator[LocalCluster]:
    """A private cluster that syncs like a real one."""
    kept = Path(tempfile.gettempdir()) / "riskmap-bench"
    folder = kept if keep else Path(tempfile.mkdtemp(prefix="riskmap-bench-")) / "data"
    folder.parent.chmod(folder.parent.stat().st_mode | 0o011)  # the system user postgres passes through it
    try:
        with local_postgis.running(folder, progress=lambda _: None) as found:
            yield found
    finally:
        if not keep:
            shutil.rmtree(folder.parent, ignore_errors=True)


@contextmanager
def fresh_copy(running: LocalCluster) -> Iterator[Addresses]:
    """A copy of the prepared database, so that a kept cluster is measured empty too."""
    with psycopg.connect(running.superuser_url, autocommit=True) as session:
        session.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
        session.execute(f"CREATE DATABASE bench OWNER {OWNER_ROLE} TEMPLATE {DATABASE}")
        try:
            yield Addresses(
                running.url(OWNER_ROLE, database="bench"), running.url(APP_ROLE, database="bench")
            )
        finally:
            session.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")


@contextmanager
def serving(addresses: Addresses, territory: str) -> Iterator[tuple[str, int]]:
    """The service as a process of its own; its address and process id."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    environment = os.environ | {
        "RISKMAP_DATABASE_URL": addresses.app_url,
        "RISKMAP_OWNER_DATABASE_URL": addresses.owner_url,
        "RISKMAP_PORT": str(port),
        "RISKMAP_TERRITORY": territory,
        "RISKMAP_DEMO": "true",
        "RISKMAP_LOG_LEVEL": "WARNING",
    }
    process = subprocess.Popen(
        [Path(sys.executable).with_name("riskmap"), "serve"], cwd=ROOT, env=environment
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{url}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait()


def peak_mb(pid: int) -> float:
    """The highest resident set of a process so far, MiB."""
    line = next(
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return int(line.split()[1]) / 1024


def import_file(client: httpx.Client, content: bytes, clock: Clock) -> tuple[list[float], list[float], int]:
    """Hand a workbook in, wait for its preview, write it; seconds of both steps, of the processor too, good rows."""
    walls, processors = [time.monotonic()], [clock.spent()]
    files = {"file": ("台账.xlsx", content)}
    seen = client.post("/api/imports", files=files, data={"datum": "WGS84"}).raise_for_status().json()
    seen = settled(client, seen)
    walls.append(time.monotonic())
    processors.append(clock.spent())
    if not seen["preview"]["good"]:
        raise SystemExit(f"nothing is good: {seen['problem_counts']}")
    wish = {"digest": seen["preview"]["digest"]}
    done = client.post(f"/api/imports/{seen['id']}/commit", json=wish).raise_for_status().json()
    done = settled(client, done)
    if done["state"] != "committed":
        raise SystemExit(f"not written: {done['state']}")
    walls.append(time.monotonic())
    processors.append(clock.spent())
    steps = [[end - begin for begin, end in pairwise(times)] for times in (walls, processors)]
    return steps[0], [step / 1000 for step in steps[1]], seen["preview"]["good"]


def settled(client: httpx.Client, seen: dict[str, Any]) -> dict[str, Any]:
    """An import that works in the background, as it is when it has come to rest."""
    while seen["state"] in ("waiting", "checking", "writing"):
        time.sleep(0.2)
        seen = client.get(f"/api/imports/{seen['id']}").raise_for_status().json()
    return seen


def measure(addresses: Addresses, *, rows: int, territory: str) -> Measured:
    """One run on a database without risk points."""
    content = points_sheet(rows)
    with (
        serving(addresses, territory) as (url, pid),
        httpx.Client(base_url=url, timeout=1200) as client,
        psycopg.connect(addresses.app_url, autocommit=True) as watch,
    ):
        clock = Clock(watch, pid)
        client.post("/api/sign-in", json={"login": "city", "password": DEMO_PASSWORD}).raise_for_status()
        import_file(client, firms_sheet(), clock)
        walls, processors, good = import_file(client, content, clock)
        return Measured(
            rows,
            *(round(step, 2) for step in walls),
            round(rows / sum(walls), 1),
            *(round(step, 2) for step in processors),
            round(os.getloadavg()[0], 1),
            round(peak_mb(pid), 1),
            good,
            round(len(content) / 2**20, 1),
        )


def main() -> None:
    """Print the row as one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--territory", default="220100")
    parser.add_argument("--keep", action="store_true", help="keep the cluster for the next run")
    arguments = parser.parse_args()
    with cluster(keep=arguments.keep) as running:
        schema.upgrade(owner_url=running.owner_url, app_role=APP_ROLE)
        prepared = Addresses(running.owner_url, running.app_url)
        settings = Settings(territory=arguments.territory)
        asyncio.run(cli.prepare(settings, prepared))
        asyncio.run(load_demo_accounts(settings, prepared))
        with fresh_copy(running) as addresses:
            measured = measure(addresses, rows=arguments.rows, territory=arguments.territory)
    print(json.dumps({"row": "import", "territory": arguments.territory, **asdict(measured)}))


if __name__ == "__main__":
    main()
