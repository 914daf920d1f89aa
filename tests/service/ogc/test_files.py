"""Files of collections, read back as an analyst reads them: the same features, shapes and values, with titles and styles."""

import csv
import io
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import httpx
import openpyxl
import pandas
import psycopg
import pyarrow.parquet as pq
import pytest
import shapely

from service.ogc.rules.formats import short_names
from tests.conftest import Database, open_service
from tests.service.ogc.asking import COLLECTIONS, RISK_POINTS, ask

pytestmark = pytest.mark.asyncio(loop_scope="module")
GEO = ("gpkg", "shp", "fgb", "parquet")


async def fetch(door: httpx.AsyncClient, name: str, kind: str, folder: Path, **query: Any) -> Path:
    answer = await door.get(f"/ogc/collections/{name}/items", params={"f": kind, **query})
    assert answer.status_code == 200, answer.text
    named = answer.headers["Content-Disposition"].split('"')[1]
    assert named.startswith(f"{name}.")
    path = folder / named
    path.write_bytes(answer.content)
    return path


def frame(path: Path) -> geopandas.GeoDataFrame:
    """Everything in a file, its layers one after another."""
    if path.suffix == ".parquet":
        return geopandas.read_parquet(path)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as bundle:
            names = [one for one in bundle.namelist() if one.endswith(".shp")]
        parts = [geopandas.read_file(f"zip://{path}!{one}") for one in names]
    else:
        names = [one for one in geopandas.list_layers(path)["name"] if one != "layer_styles"]
        parts = [geopandas.read_file(path, layer=one) for one in names]
    assert {part.crs for part in parts} == {parts[0].crs}
    return geopandas.GeoDataFrame(
        pandas.concat(parts, ignore_index=True), geometry="geometry", crs=parts[0].crs
    )


def plain(value: Any) -> Any:
    """A value of a page as a file without lists has it."""
    return ",".join(value) if isinstance(value, list) else value


def same(read: Any, told: Any) -> bool:
    """Whether a file's value is the page's: nothing is None, a moment is a moment."""
    if told is None:
        return bool(read is None or read != read or read == "" or read is pandas.NaT)
    if isinstance(read, pandas.Timestamp) and read.tz is None:
        return bool(str(read.date()) == told)
    if isinstance(read, pandas.Timestamp):
        # GeoPackage and FlatGeobuf keep milliseconds.
        return bool(abs((read - pandas.Timestamp(told).tz_convert(read.tz)).total_seconds()) < 0.002)
    if hasattr(read, "tolist"):
        return bool(list(read) == (told if isinstance(told, list) else [told]))
    return bool(str(read) == str(told) or read == told or str(read).startswith(str(told)[:19]))


@pytest.mark.parametrize("kind", GEO)
@pytest.mark.parametrize("name", COLLECTIONS)
async def test_a_file_is_the_collection(
    door: httpx.AsyncClient, tmp_path: Path, name: str, kind: str
) -> None:
    page = await ask(door, f"/ogc/collections/{name}/items", limit=10_000)
    read = frame(await fetch(door, name, kind, tmp_path))
    assert read.crs.to_epsg() == 4490
    features = {feature["id"]: feature for feature in page["features"]}
    rows = {row["id"]: row for row in read.to_dict("records")}
    assert set(rows) == set(features)
    columns = list(page["features"][0]["properties"])
    short = short_names(("id", *columns)) if kind == "shp" else {}
    for number, feature in features.items():
        row = rows[number]
        shape = None if feature["geometry"] is None else shapely.geometry.shape(feature["geometry"])
        if shape is None or shape.is_empty:
            assert row["geometry"] is None
        else:
            assert shapely.hausdorff_distance(row["geometry"], shape) < 2e-8
        for column in columns:
            told = feature["properties"][column]
            told = told if kind == "parquet" else plain(told)
            if kind == "shp" and isinstance(told, str):
                told = told.encode()[:254].decode(errors="ignore")
            read_value = row[short.get(column, column)]
            assert same(read_value, told), (column, read_value, told)


async def test_a_filter_an_order_and_a_system_hold_for_files(door: httpx.AsyncClient, tmp_path: Path) -> None:
    query = {"grade": "general", "properties": "name", "bbox": "125.2,43.8,125.5,44"}
    page = await ask(door, f"{RISK_POINTS}/items", limit=10_000, **query)
    projected = {"crs": "http://www.opengis.net/def/crs/EPSG/0/4524", "sortby": "-name", "limit": 50}
    read = frame(await fetch(door, "risk_points", "fgb", tmp_path, **query, **projected))
    assert read.crs.to_epsg() == 4524
    assert list(read.columns) == ["id", "name", "geometry"]
    assert len(read) == min(50, page["numberMatched"])
    # Easting before northing, whatever EPSG says of the axes.
    assert read.to_crs(4490).total_bounds[0] == pytest.approx(125.35, abs=0.16)


@pytest.mark.parametrize("kind", GEO)
async def test_a_limit_is_of_all_kinds_of_shapes_together(
    door: httpx.AsyncClient, tmp_path: Path, kind: str
) -> None:
    page = await ask(door, f"{RISK_POINTS}/items", limit=40, sortby="-grade,name")
    read = frame(await fetch(door, "risk_points", kind, tmp_path, limit=40, sortby="-grade,name"))
    assert set(read["id"]) == {feature["id"] for feature in page["features"]}


async def test_a_geopackage_tells_titles_words_and_colours(door: httpx.AsyncClient, tmp_path: Path) -> None:
    path = await fetch(door, "risk_points", "gpkg", tmp_path, lang="zh")
    with sqlite3.connect(path) as connection:
        titles = dict(
            connection.execute(
                "SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'risk_points'"
            )
        )
        words = dict(
            connection.execute(
                "SELECT value, description FROM gpkg_data_column_constraints WHERE constraint_name = 'risk_points_grade'"
            )
        )
        styles = connection.execute(
            "SELECT f_table_name, styleQML, useAsDefault FROM layer_styles"
        ).fetchall()
        layers = {
            row[0]
            for row in connection.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")
        }
    connection.close()
    assert titles["grade"] == "风险等级"
    assert words["major"] == "重大风险"
    assert {row[0] for row in styles} == layers >= {"risk_points", "risk_points_areas"}
    assert all(row[2] for row in styles)
    assert "211,48,47,255" in styles[0][1]
    assert "未评价" in styles[0][1]


async def test_a_shapefile_is_utf8_with_a_legend_and_a_style(door: httpx.AsyncClient, tmp_path: Path) -> None:
    path = await fetch(door, "risk_points", "shp", tmp_path)
    with zipfile.ZipFile(path) as bundle:
        names = set(bundle.namelist())
        legend = list(csv.DictReader(io.StringIO(bundle.read("fields.csv").decode("utf-8-sig"))))
        assert bundle.read("risk_points.cpg").decode().strip().upper() == "UTF-8"
        style = bundle.read("risk_points.qml").decode()
    assert names >= {"risk_points.shp", "risk_points.prj", "risk_points_areas.shp", "risk_points_areas.qml"}
    assert {row["name"]: row["field"] for row in legend}["accident_categories"] == "accident_c"
    assert len({row["field"] for row in legend}) == len(legend)
    assert 'attr="grade"' in style


async def test_geoparquet_says_what_its_column_means(door: httpx.AsyncClient, tmp_path: Path) -> None:
    path = await fetch(door, "risk_points", "parquet", tmp_path, lang="en")
    schema = pq.read_schema(path)
    meaning = json.loads(schema.metadata[b"geo"])
    assert (meaning["version"], meaning["primary_column"]) == ("1.1.0", "geometry")
    assert meaning["columns"]["geometry"]["crs"]["id"] == {"authority": "EPSG", "code": 4490}
    assert schema.field("grade").metadata[b"title"] == b"Grade"


async def test_a_workbook_is_for_people(door: httpx.AsyncClient, tmp_path: Path) -> None:
    page = await ask(door, f"{RISK_POINTS}/items", limit=10_000)
    path = await fetch(door, "risk_points", "xlsx", tmp_path, lang="zh")
    book = openpyxl.load_workbook(path)
    sheet, about = book.worksheets
    rows = list(sheet.iter_rows(values_only=True))
    titles = list(rows[0])
    assert len(rows) - 1 == page["numberMatched"]
    assert titles[:2] == ["标识", "风险点编号"]
    first, told = rows[1], page["features"][0]
    assert first[0] == told["id"]
    grades = {row[titles.index("风险等级")] for row in rows[1:]}
    assert grades <= {"重大风险", "较大风险", "一般风险", "低风险", "未评价"}
    lines = {str(row[0]): row[1] for row in about.iter_rows(values_only=True)}
    assert lines["坐标系"] == "CGCS2000 (EPSG:4490)"
    assert lines["风险等级"] == "grade"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_no_cell_begins_a_formula(database: Database, tmp_path: Path, kind: str) -> None:
    names = ["=1+1", "+1", "-2", "@SUM(A1)", "\tx", '普通,"引号"\n换行']
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(
            "INSERT INTO enterprise (name, home_territory_id) SELECT given, id FROM territory, unnest(%s::text[]) AS given"
            " WHERE key = '220105'",
            (names,),
        )
    async with open_service(database, viewer="operator") as client:
        path = await fetch(client, "enterprises", kind, tmp_path)
    if kind == "csv":
        text = path.read_bytes().decode("utf-8-sig")
        read = [row["name"] for row in csv.DictReader(io.StringIO(text, newline=""))]
        assert read == [name if name.startswith("普") else f"'{name}" for name in names]
    else:
        sheet = openpyxl.load_workbook(path).worksheets[0]
        cells = [row[1] for row in sheet.iter_rows(min_row=2)]
        assert [cell.value for cell in cells] == [name.replace("\t", "\t") for name in names]
        assert {cell.data_type for cell in cells} == {"s"}


async def test_csv_is_all_features_with_their_shapes(door: httpx.AsyncClient, tmp_path: Path) -> None:
    page = await ask(door, f"{RISK_POINTS}/items", limit=10_000)
    path = await fetch(door, "risk_points", "csv", tmp_path)
    read = pandas.read_csv(path, dtype=str, keep_default_na=False)
    assert list(read["id"]) == [str(feature["id"]) for feature in page["features"]]
    for row, feature in zip(read.to_dict("records"), page["features"], strict=True):
        shape = feature["geometry"] and shapely.geometry.shape(feature["geometry"])
        assert (shapely.from_wkt(row["geometry"]) if row["geometry"] else None) == shape
        assert row["name"].removeprefix("'") == feature["properties"]["name"].removeprefix("'")
        assert row["industries"] == ",".join(feature["properties"]["industries"] or [])


async def test_gcj02_comes_on_request_and_says_so(door: httpx.AsyncClient, tmp_path: Path) -> None:
    query = {"bbox": "125.2,43.8,125.5,44", "properties": "name"}
    plainly = frame(await fetch(door, "risk_points", "fgb", tmp_path, **query)).set_index("id")
    path = await fetch(door, "risk_points", "gpkg", tmp_path, **query, datum="gcj02")
    names = list(geopandas.list_layers(path)["name"])
    assert all("GCJ02" in name for name in names if name != "layer_styles")
    moved = frame(path).set_index("id")
    assert moved.crs is None or "4490" not in str(moved.crs)
    here, there = plainly.loc[moved.index[0]].geometry.centroid, moved.iloc[0].geometry.centroid
    # Some hundreds of metres at Changchun.
    assert 0.001 < here.distance(there) < 0.02
    assert (await door.get(f"{RISK_POINTS}/items", params={"datum": "gcj02"})).status_code == 400


@pytest.mark.parametrize(
    "query", [{"offset": 5}, {"cursor": "x"}, {"crs": "EPSG:4525", "datum": "gcj02"}, {"f": "dwg"}]
)
async def test_what_no_file_is_made_of(door: httpx.AsyncClient, query: dict[str, str | int]) -> None:
    answer = await door.get(f"{RISK_POINTS}/items", params={"f": "gpkg", **query})
    assert answer.status_code == 400


@pytest.mark.parametrize("kind", [*GEO, "xlsx", "csv"])
async def test_a_file_of_nothing_is_a_file(door: httpx.AsyncClient, tmp_path: Path, kind: str) -> None:
    path = await fetch(door, "risk_points", kind, tmp_path, filter="name = '没有这样的'")
    if kind in GEO:
        assert len(frame(path)) == 0
