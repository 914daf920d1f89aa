"""Make the demonstration city's files anew: `python -m seed_data.generate`. The same bytes come out every time."""

import argparse
import gzip
import json
from pathlib import Path

from seed_data.demo_city import nasty
from seed_data.demo_city.assessments import assess_all
from seed_data.demo_city.catalogue import read_catalogue
from seed_data.demo_city.enterprises import found_enterprises
from seed_data.demo_city.expected import AS_OF, count_points, site_count, summarise
from seed_data.demo_city.plans import REST
from seed_data.demo_city.risk_points import found_risk_points
from seed_data.demo_city.sheets import (
    ENTERPRISE_HEADINGS,
    RISK_POINT_HEADINGS,
    enterprise_rows,
    risk_point_rows,
    sheet,
)

FOLDER = Path(__file__).parent


def make_files() -> dict[str, bytes]:
    """Every generated file by its name."""
    catalogue = read_catalogue()
    enterprises = found_enterprises(catalogue)
    points = found_risk_points(catalogue, enterprises)
    assessments = assess_all(points)
    more_enterprises = found_enterprises(catalogue, REST, before=enterprises)
    more_points = found_risk_points(catalogue, more_enterprises, REST, before=points)
    more_assessments = assess_all(more_points, REST)
    everything = [*nasty.POINTS, *nasty.GCJ02_POINTS]
    expected = {
        "as_of": AS_OF.isoformat(),
        "main": summarise(
            count_points(points, assessments), enterprises=len(enterprises), sites=site_count(enterprises)
        ),
        "whole": summarise(
            [*count_points(points, assessments), *count_points(more_points, more_assessments)],
            enterprises=len(enterprises) + len(more_enterprises),
            sites=site_count(enterprises) + site_count(more_enterprises),
        ),
        "nasty": summarise(
            [point.counted() for point in everything], enterprises=len(nasty.FIRMS), sites=len(nasty.FIRMS)
        ),
        "nasty_cases": {point.number: point.case() for point in everything},
    }
    return {
        "enterprises.csv": sheet(ENTERPRISE_HEADINGS, enterprise_rows(enterprises)),
        "risk_points.csv": sheet(RISK_POINT_HEADINGS, risk_point_rows(points, assessments)),
        "rest_enterprises.csv.gz": packed(
            sheet(ENTERPRISE_HEADINGS, enterprise_rows(more_enterprises, after=site_count(enterprises)))
        ),
        "rest_risk_points.csv.gz": packed(
            sheet(RISK_POINT_HEADINGS, risk_point_rows(more_points, more_assessments))
        ),
        "nasty_enterprises.csv": sheet(ENTERPRISE_HEADINGS, nasty.enterprise_rows()),
        "nasty_risk_points.csv": sheet(RISK_POINT_HEADINGS, nasty.risk_point_rows()),
        "nasty_gcj02.csv": sheet(RISK_POINT_HEADINGS, nasty.gcj02_rows()),
        "expected.json": (json.dumps(expected, ensure_ascii=False, indent=1) + "\n").encode(),
    }


def packed(content: bytes) -> bytes:
    """A large sheet as it is kept: compressed, and without the time of day. Other compressors give other bytes."""
    return gzip.compress(content, mtime=0)


def main() -> None:
    """Write the files beside this module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=FOLDER, help="folder to write to")
    folder: Path = parser.parse_args().into
    for name, content in make_files().items():
        (folder / name).write_bytes(content)
        print(f"{folder / name}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
