"""The drawn zone, and boundary files made up for a test."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
ZONE = ROOT / "seed_data" / "zone_220100.geojson"

Ring = list[tuple[float, float]]


def square(west: float, south: float, edge: float) -> Ring:
    """A closed ring, counter-clockwise, of so many degrees each way."""
    east, north = west + edge, south + edge
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def feature(ring: Ring | dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    """One GeoJSON feature: a polygon of a ring, or a geometry as it is given."""
    geometry = {"type": "Polygon", "coordinates": [ring]} if isinstance(ring, list) else ring
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write(folder: Path, *features: Any, **members: Any) -> Path:
    """A FeatureCollection in a file."""
    file = folder / "borders.geojson"
    collection = {"type": "FeatureCollection", "features": list(features)} | members
    file.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return file
