"""Encodings by what a client accepts: the same bytes once they are taken apart."""

import zlib

import brotli
import httpx
import pytest
import zstandard

from tests.service.ogc.asking import RISK_POINTS

pytestmark = pytest.mark.asyncio(loop_scope="module")
TAKEN_APART = {
    "zstd": lambda content: zstandard.ZstdDecompressor().decompressobj().decompress(content),
    "br": brotli.decompress,
    "gzip": lambda content: zlib.decompress(content, 31),
}


@pytest.mark.parametrize("encoding", TAKEN_APART)
@pytest.mark.parametrize(
    "path",
    [
        f"{RISK_POINTS}/items?limit=100&f=json",
        f"{RISK_POINTS}/items?f=ndjson",
        f"{RISK_POINTS}/items?f=geojsonseq",
        f"{RISK_POINTS}/items?f=csv",
        f"{RISK_POINTS}/schema",
        "/ogc/api",
        "/tiles/cells/9/434/186.mvt",
    ],
)
async def test_an_answer_is_the_same_in_every_encoding(
    door: httpx.AsyncClient, path: str, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = await door.get(path, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    # Bytes as they were sent can be read once: the form of the answer was looked at above.
    monkeypatch.setattr(door, "event_hooks", {})
    async with door.stream("GET", path, headers={"Accept-Encoding": encoding}) as answer:
        content = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers["Content-Encoding"] == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    told = TAKEN_APART[encoding](content)
    if path.endswith("f=json"):
        # The moment it was made differs.
        assert len(told) == len(plain.content)
    else:
        assert told == plain.content
    assert len(content) < len(plain.content) * 0.8


@pytest.mark.parametrize("kind", ["parquet", "xlsx", "gpkg"])
async def test_a_file_that_is_compressed_already_stays_as_it_is(door: httpx.AsyncClient, kind: str) -> None:
    answer = await door.get(
        f"{RISK_POINTS}/items", params={"f": kind}, headers={"Accept-Encoding": "zstd, br, gzip"}
    )
    assert answer.headers["Content-Encoding"] == "identity"
    assert int(answer.headers["Content-Length"]) == len(answer.content)
