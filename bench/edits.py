"""One edit: a point written and committed, with the counts kept and without."""

import statistics
import time

import psycopg

from bench.tiles import Row

EDITS = 150
COPIED = """
    INSERT INTO risk_point (owner_kind, enterprise_id, site_id, number, name, place, geom, anchor, position, source_datum,
        located_in_id, located_stated, managed_by_id, managed_reason, industries, control_level, accident_edition,
        accident_categories, demo, located_in_path, managed_by_path, industry_scopes, search, changed_by)
    SELECT owner_kind, enterprise_id, site_id, %(number)s, name, place, geom, anchor, position, source_datum, located_in_id,
        located_stated, managed_by_id, managed_reason, industries, control_level, accident_edition, accident_categories,
        demo, located_in_path, managed_by_path, industry_scopes, search, changed_by
    FROM risk_point WHERE position = 'own' AND ST_Dimension(geom) = 0 ORDER BY id LIMIT 1
"""
WITHOUT = {
    "with the counts kept": (),
    "without aggregation": ("cell_count_insert",),
    "without any trigger": ("USER",),
}


def measure(owner_url: str, small_owner_url: str) -> list[Row]:
    """One insert in a large and in a small register, and the ratios that have a budget."""
    large, small = _medians(owner_url), _medians(small_owner_url)
    kept, bare, plain = (large[name] for name in WITHOUT)
    growth = kept / small["with the counts kept"]
    return [
        Row(
            "one edit, counted at commit",
            f"{kept:.2f} ms",
            f"{bare:.2f} ms without aggregation, {plain:.2f} ms without any trigger",
            f"{kept / bare:.1f} times (budget 3)",
            kept <= 3 * bare,
        ),
        Row(
            "one edit in the large register and in the small one",
            f"{kept:.2f} ms",
            f"{small['with the counts kept']:.2f} ms",
            f"{growth:.2f} times (the same: 1.3)",
            growth <= 1.3,
        ),
    ]


def _medians(owner_url: str) -> dict[str, float]:
    """Milliseconds of one committed insert; the ways alternate, so that a busy minute hits all of them."""
    times: dict[str, list[float]] = {name: [] for name in WITHOUT}
    serial = 0
    with psycopg.connect(owner_url, autocommit=True) as connection:
        for _ in range(3):
            for name, triggers in WITHOUT.items():
                _switch(connection, triggers, "DISABLE")
                for turn in range(EDITS // 3 + 1):
                    serial += 1
                    started = time.perf_counter()
                    connection.execute(COPIED, {"number": f"edit {serial}"})
                    if turn:
                        times[name].append((time.perf_counter() - started) * 1000)
                _switch(connection, triggers, "ENABLE")
        connection.execute("DELETE FROM risk_point WHERE number LIKE 'edit %'")
        connection.execute("SELECT cell_stat_rebuild()")
    return {name: statistics.median(values) for name, values in times.items()}


def _switch(connection: psycopg.Connection, triggers: tuple[str, ...], verb: str) -> None:
    for trigger in triggers:
        connection.execute(f"ALTER TABLE risk_point {verb} TRIGGER {trigger}")
