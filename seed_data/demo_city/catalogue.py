"""The catalogue: kinds of firm and of risk point, read from the TOML files beside this module.

Every text that ends up in the register stands there; the generator only chooses and joins.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "catalogue"
COMMON, REGION = "common", "region"


@dataclass(frozen=True, slots=True)
class Event:
    """What may happen: one of the causes leads to it. accidents: names of GB 6441-2025."""

    causes: tuple[str, ...]
    event: str
    accidents: tuple[str, ...]
    harm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of risk point.

    severity: plausible C values of LEC, the worst first; exposure: plausible E values; workers: fewest and most people.
    firms, only, sectors: the firms, trades and sectors that have it, all where empty. also: industries it is supervised
    by beside the firm's own. spread_km: lies out in a network, this far from the site at most.
    region (how many), shape, setting, industries, unit: for region-owned points only.
    """

    name: str
    places: tuple[str, ...]
    severity: tuple[str, ...]
    exposure: tuple[str, ...]
    workers: tuple[int, ...]
    events: tuple[Event, ...]
    measures: tuple[str, ...]
    firms: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    boiler: bool = False
    spread_km: float = 0.0
    region: int = 0
    shape: str = "point"
    setting: str = ""
    industries: tuple[str, ...] = ()
    unit: str = ""
    length_km: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Trade:
    """What a firm does: the word in its name, GB/T 4754-2017 class ('' where doubtful), supervising industry."""

    name: str
    economy: str
    industry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A sort of firm: how many there are, how big, where they stand (setting -> weight) and how their sites are called.

    group: so many groups of many sites in the rest of the city, beside the firms that are counted.
    """

    sector: str
    key: str
    count: int
    trades: tuple[Trade, ...]
    forms: tuple[str, ...]
    employees: tuple[int, ...]
    points: tuple[int, ...]
    settings: Mapping[str, float]
    site_names: tuple[str, ...]
    sites: tuple[int, ...] = (1, 1)
    group: int = 0


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All profiles, and the kinds by sector."""

    profiles: tuple[Profile, ...]
    kinds: Mapping[str, tuple[Kind, ...]]

    def own_kinds(self, profile: Profile, trade: Trade) -> list[Kind]:
        """The kinds that belong to the firm's own sector."""
        return [
            kind
            for kind in self.kinds[profile.sector]
            if (not kind.firms or profile.key in kind.firms) and (not kind.only or trade.name in kind.only)
        ]

    def common_kinds(self, profile: Profile) -> list[Kind]:
        """The kinds that many sectors share."""
        return [kind for kind in self.kinds[COMMON] if not kind.sectors or profile.sector in kind.sectors]


@cache
def read_catalogue() -> Catalogue:
    """Read all files of the folder; KeyError or TypeError where one is not as the classes above say."""
    profiles: list[Profile] = []
    kinds: dict[str, tuple[Kind, ...]] = {}
    for name, document in _documents():
        sector = document.get("sector", name)
        kinds[REGION if name == REGION else sector] = tuple(_kind(raw) for raw in document["kinds"])
        profiles += [_profile(sector, raw) for raw in document.get("firms", [])]
    return Catalogue(tuple(profiles), kinds)


def _documents() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(FOLDER.glob("*.toml")):
        yield path.stem, tomllib.loads(path.read_text(encoding="utf-8"))


def _profile(sector: str, raw: Mapping[str, Any]) -> Profile:
    trades = tuple(Trade(**trade) for trade in raw["trades"])
    return Profile(
        sector=sector, **_frozen({key: value for key, value in raw.items() if key != "trades"}), trades=trades
    )


def _kind(raw: Mapping[str, Any]) -> Kind:
    plain = {key: value for key, value in raw.items() if key not in ("events", "severity", "exposure")}
    return Kind(
        **_frozen(plain),
        severity=tuple(str(value) for value in raw["severity"]),
        exposure=tuple(str(value) for value in raw["exposure"]),
        events=tuple(Event(**_frozen(event)) for event in raw["events"]),
    )


def _frozen(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
