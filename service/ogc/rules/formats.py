"""The file formats that a collection comes in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileFormat:
    """name: as f and file names have it. parts: whether points, lines and areas lie in layers or files of their own."""

    name: str
    media: str
    extension: str
    title: str
    parts: bool = False


# What ArcGIS Pro and many other programs read has one kind of shape in a layer.
FILES = {
    one.name: one
    for one in (
        FileFormat("gpkg", "application/geopackage+sqlite3", "gpkg", "GeoPackage", parts=True),
        FileFormat("shp", "application/zip", "shp.zip", "Shapefile", parts=True),
        FileFormat("fgb", "application/flatgeobuf", "fgb", "FlatGeobuf"),
        FileFormat("parquet", "application/vnd.apache.parquet", "parquet", "GeoParquet"),
        FileFormat(
            "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "Excel"
        ),
    )
}
CSV = "text/csv"


def short_names(names: tuple[str, ...]) -> dict[str, str]:
    """Names of at most ten letters for the columns of a dBASE table, each once, by the names they stand for."""
    found: dict[str, str] = {}
    for name in names:
        short, number = name[:10], 1
        while short in found.values():
            number += 1
            short = f"{name[: 10 - len(str(number)) - 1]}_{number}"
        found[name] = short
    return found
