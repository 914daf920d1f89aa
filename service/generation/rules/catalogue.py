"""What an invented city is made of, read from the catalogue of the demonstration (`seed_data/demo_city/catalogue`).

Every text that ends up in the register stands there; the generator only chooses and joins.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

COMMON, REGION = "common", "region"
# How much readier a firm is to have what belongs to its trade than what many trades share.
OWN_WEIGHT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One thing that may happen at a sort of place.

    severity: the worst plausible C of LEC. industries: the supervising ones by name; beside the firm's own where it
    has one. measures: (name of the measure's kind or '', text). length_km: of a line.
    """

    name: str
    place: str
    event: str
    accidents: tuple[str, ...]
    consequence: str
    measures: tuple[tuple[str, str], ...]
    severity: str
    workers: tuple[int, int]
    industries: tuple[str, ...]
    shape: str
    setting: str
    length_km: tuple[float, float]
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """What a firm does, and where. weight: its share of all firms. size: points of one, on average; kinds: by place in
    the catalogue, oftener what it has oftener."""

    word: str
    form: str
    economy: str
    industry: str
    site_name: str
    setting: str
    weight: float
    size: float
    employees: tuple[int, int]
    kinds: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All kinds, the trades that have them, and which kinds belong to a region."""

    kinds: tuple[Kind, ...]
    trades: tuple[Trade, ...]
    regional: Mapping[int, float]


@dataclass
class _Numbered:
    kinds: list[Kind] = field(default_factory=list)

    def add(self, raw: Mapping[str, Any]) -> range:
        """Number a kind's events and causes one by one."""
        begin = len(self.kinds)
        self.kinds += _events(raw)
        return range(begin, len(self.kinds))


def parse_catalogue(documents: Mapping[str, str]) -> Catalogue:
    """The catalogue from its TOML documents by name. KeyError where one lacks what a kind or a trade must say."""
    numbered = _Numbered()
    sectors: dict[str, list[tuple[dict[str, Any], range]]] = {}
    firms: list[tuple[str, dict[str, Any]]] = []
    regional: dict[int, float] = {}
    for name, text in sorted(documents.items()):
        document = tomllib.loads(text)
        sector = name if name in (COMMON, REGION) else document["sector"]
        for raw in document["kinds"]:
            numbers = numbered.add(raw)
            sectors.setdefault(sector, []).append((raw, numbers))
            if name == REGION:
                regional |= dict.fromkeys(numbers, raw["region"] / len(numbers))
        firms += [(sector, raw) for raw in document.get("firms", [])]
    trades = [
        trade
        for sector, raw in firms
        for trade in _trades(raw, own=sectors[sector], common=_shared(sectors[COMMON], sector))
    ]
    return Catalogue(tuple(numbered.kinds), tuple(trades), regional)


def _events(raw: Mapping[str, Any]) -> Iterator[Kind]:
    places = cycle(raw["places"])
    workers = [int(number) for number in raw["workers"]]
    length = [float(number) for number in raw.get("length_km", (0, 0))]
    for event in raw["events"]:
        for cause in event["causes"]:
            place = next(places)
            yield Kind(
                name=raw["name"].replace("{place}", place),
                place=place,
                event=f"{cause}，{event['event']}",
                accidents=tuple(event["accidents"]),
                consequence=event["harm"],
                measures=tuple(_measure(text) for text in raw["measures"]),
                severity=str(raw["severity"][0]),
                workers=(workers[0], workers[-1]),
                industries=tuple(raw.get("industries", raw.get("also", ()))),
                shape=raw.get("shape", "point"),
                setting=raw.get("setting", ""),
                length_km=(length[0], length[-1]),
                unit=raw.get("unit", ""),
            )


def _measure(text: str) -> tuple[str, str]:
    """A measure may begin with its kind: 【工程技术】…"""
    kind, closed, rest = text.removeprefix("【").partition("】")
    return (kind, rest) if closed else ("", text)


def _shared(
    common: Sequence[tuple[dict[str, Any], range]], sector: str
) -> list[tuple[dict[str, Any], range]]:
    return [one for one in common if sector in one[0].get("sectors", [sector])]


def _trades(
    raw: Mapping[str, Any],
    *,
    own: Sequence[tuple[dict[str, Any], range]],
    common: Sequence[tuple[dict[str, Any], range]],
) -> Iterator[Trade]:
    """Each trade of a sort of firm at each setting where it may stand."""
    whole = sum(raw["settings"].values())
    points = raw["points"]
    for index, trade in enumerate(raw["trades"]):
        kinds = [
            number
            for kind, numbers in own
            if raw["key"] in kind.get("firms", [raw["key"]])
            and trade["name"] in kind.get("only", [trade["name"]])
            for number in numbers
        ]
        for setting, weight in raw["settings"].items():
            yield Trade(
                word=trade["name"],
                form=raw["forms"][index % len(raw["forms"])],
                economy=trade["economy"],
                industry=trade["industry"],
                site_name=raw["site_names"][0],
                setting=setting,
                weight=raw["count"] * weight / whole / len(raw["trades"]),
                size=(points[0] + points[-1]) / 2,
                employees=(int(raw["employees"][0]), int(raw["employees"][-1])),
                kinds=(*kinds * OWN_WEIGHT, *(number for _, numbers in common for number in numbers)),
            )
