"""The one run: makes the databases, installs tipg, measures, compares with the budgets, writes docs/bench-results.md."""

import argparse
import asyncio
import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

from bench import edits, items, published, streets, tiles, tipg
from bench.tiles import Row
from service import cli
from service.base import local_postgis, schema
from service.base.commands import CHECKOUT, Addresses
from service.base.local_postgis import APP_ROLE, EXTENSIONS, OWNER_ROLE, LocalCluster
from service.base.logging import configure_logging
from service.base.settings import Settings
from service.generation.commands import fill

RESULTS = CHECKOUT / "docs" / "bench-results.md"


def main() -> int:
    """Measure; 1 where a budget is missed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--points", type=int, default=1_000_000, help="risk points in the large register")
    asked.add_argument("--small", type=int, default=10_000, help="and in the small one")
    asked.add_argument(
        "--keep", action="store_true", help="use the databases of the run before, and leave them"
    )
    asked.add_argument("--zooms", type=int, nargs="+", default=[9, 10], help="of the city tile")
    wanted = asked.parse_args()
    configure_logging("WARNING")
    usual = local_postgis.default_data_dir(CHECKOUT)
    home = Settings().data_dir or usual.with_name(usual.name + "-bench")
    with local_postgis.running(home, progress=print) as cluster:
        large = _database(cluster, wanted.points, keep=wanted.keep)
        small = _database(cluster, wanted.small, keep=wanted.keep)
        print("measuring tiles", flush=True)
        rows = asyncio.run(_tiles(large, cluster.data_dir / "tipg-env", wanted.zooms))
        print("measuring edits", flush=True)
        rows += edits.measure(large.owner_url, small.owner_url)
        _write(rows, wanted.points, _server_version(large.owner_url))
        if not wanted.keep:
            for address in (large, small):
                _drop(cluster, address.owner_url)
    return 0 if all(row.met for row in rows) else 1


async def _tiles(large: Addresses, environment: Path, zooms: list[int]) -> list[Row]:
    async with tipg.serving(environment, large.owner_url) as theirs:
        rows = await tiles.measure(large, theirs, zooms) + await streets.measure(large, theirs)
        return rows + await published.measure(large) + await items.measure(large, theirs)


def _database(cluster: LocalCluster, count: int, *, keep: bool) -> Addresses:
    """A database of 长春 with so many points."""
    name = f"bench_{count}"
    found = Addresses(cluster.url(OWNER_ROLE, database=name), cluster.url(APP_ROLE, database=name))
    with psycopg.connect(cluster.superuser_url, autocommit=True) as session:
        if session.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            if keep:
                return found
            session.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        session.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER_ROLE))
        )
    with psycopg.connect(cluster.url("postgres", database=name), autocommit=True) as session:
        for extension in EXTENSIONS:
            session.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))
    schema.upgrade(owner_url=found.owner_url, app_role=APP_ROLE)
    asyncio.run(cli.prepare(Settings(), found))
    print(f"generating {count:,} points", flush=True)
    asyncio.run(fill(Settings(), found, risk_points=count))
    return found


def _drop(cluster: LocalCluster, owner_url: str) -> None:
    name = psycopg.conninfo.conninfo_to_dict(owner_url)["dbname"]
    with psycopg.connect(cluster.superuser_url, autocommit=True) as session:
        session.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(name))))


def _server_version(owner_url: str) -> str:
    with psycopg.connect(owner_url) as connection:
        row = connection.execute(
            "SELECT 'PostgreSQL ' || current_setting('server_version') || ', PostGIS ' || postgis_lib_version()"
        ).fetchone()
    return str(row and row[0])


def _machine() -> str:
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return f"{len(models) or os.cpu_count()} × {models[0] if models else platform.machine()}, {memory} GiB, {platform.system()}"


def _write(rows: list[Row], count: int, server: str) -> None:
    """The report, on paper and on the screen."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    lines = [
        "# Results of bench/run",
        "",
        "Written by `bench/run`; [bench.md](bench.md) says what each row is.",
        "",
        f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {count:,} generated risk points",
        f"- {_machine()}; load of the machine while measuring (1, 5, 15 minutes): {load}",
        f"- riskmap {version('riskmap')}, {server}, {', '.join(tipg.PINNED)}, Python {platform.python_version()}",
        "",
        "| work | ours | beside | budget | met |",
        "|---|---|---|---|---|",
        *(
            f"| {row.work} | {row.ours} | {row.theirs} | {row.budget} | {'yes' if row.met else '**no**'} |"
            for row in rows
        ),
        "",
    ]
    RESULTS.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines[4:]))


if __name__ == "__main__":
    sys.exit(main())
