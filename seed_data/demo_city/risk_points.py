"""The risk points of the demonstration city before they are assessed: what, whose, where."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from seed_data.demo_city import names, places
from seed_data.demo_city.accidents import endangers_a_crowd
from seed_data.demo_city.catalogue import REGION, Catalogue, Event, Kind
from seed_data.demo_city.chance import Chance
from seed_data.demo_city.enterprises import Enterprise, Site
from seed_data.demo_city.places import District, Position
from seed_data.demo_city.plans import FIRST, Part

# Nine of ten firms fill a form without opening a map; those that do, do so for most points.
SURVEYED_FIRMS = 0.62
SURVEYED_POINTS = 0.88
REACH_OF_A_SITE_M = 170.0
STATED_DISTRICT = 0.55
REGION_WITHOUT_POSITION = 0.02
# What is drawn as an area or a line where somebody draws at all.
DRAWN_POINTS = 0.6
_AREA_WORDS = ("罐区", "车间", "库", "堆场", "基坑", "厂房", "车场", "料场", "作业区", "储罐")
_LINE_WORDS = ("管道", "管廊", "管线", "输送", "皮带", "廊道")
# How a main runs: a step eastwards and northwards.
_NEARLY_STRAIGHT = ((1.0, 0.06), (0.05, 1.0), (-0.04, 1.0), (1.0, -0.05))
_ALONG_STREETS = ((1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (-1.0, 0.0))
MOST_WITHOUT_DIRECT_DECISION = 9  # ten workers in a place that may burn, explode or poison are 重大 at once


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPoint:
    """A risk point as a register knows it before anybody assesses it.

    key: names its stream of chance. geometry: own position, a Point unless the kind is a line or an area.
    """

    key: str
    enterprise: Enterprise | None
    site: Site | None
    number: str
    name: str
    kind: Kind
    event: Event
    cause: str
    place: str
    geometry: Position | BaseGeometry | None
    district: District
    stated: str
    workers: int
    unit: str
    person: str
    industries: str


def found_risk_points(
    catalogue: Catalogue,
    enterprises: Sequence[Enterprise],
    part: Part = FIRST,
    *,
    before: Sequence[RiskPoint] = (),
) -> list[RiskPoint]:
    """The risk points of a part: the firms' in the order of the firms, then the region's. before: those of the parts
    before it, whose numbers go on."""
    region = list(_region_points(catalogue, part, before))
    sizes = _sizes(enterprises, part.total - len(region))
    owned = [
        point
        for enterprise, size in zip(enterprises, sizes, strict=True)
        for point in _enterprise_points(catalogue, enterprise, size, drawn=part.streets)
    ]
    return [*owned, *region]


def _sizes(enterprises: Sequence[Enterprise], wanted: int) -> list[int]:
    """How many points each firm has: its profile's range first, then one more or less in turn until the sum is right."""
    sizes = []
    for enterprise in enterprises:
        least, most = enterprise.profile.points
        sizes.append(Chance("size", f"{enterprise.serial}").between(least, most))
    order = Chance("sizes").shuffled(range(len(sizes)))
    step = 1 if sum(sizes) < wanted else -1
    turn = 0
    while sum(sizes) != wanted:
        sizes[order[turn % len(order)]] += step
        turn += 1
    return sizes


def _enterprise_points(
    catalogue: Catalogue, enterprise: Enterprise, size: int, *, drawn: bool
) -> Iterator[RiskPoint]:
    chance = Chance("points", f"{enterprise.serial}")
    surveyed = chance.happens(SURVEYED_FIRMS)
    uses: dict[str, int] = {}
    for turn, kind in enumerate(_kinds(chance, catalogue, enterprise, size), start=1):
        uses[kind.name] = uses.get(kind.name, 0) + 1
        site = chance.pick(enterprise.sites)
        position = _own_position(chance, kind, site, surveyed=surveyed)
        event = chance.pick(kind.events)
        place, own_place = _place(kind, uses[kind.name], enterprise.serial), position is not None
        yield RiskPoint(
            key=f"{enterprise.serial}/{turn}",
            enterprise=enterprise,
            site=site,
            number=f"FX-{turn:03d}",
            name=_name(kind, uses[kind.name], place),
            kind=kind,
            event=event,
            cause=chance.pick(event.causes),
            place=place,
            geometry=None
            if position is None
            else _drawn(chance, kind, site, position)
            if drawn
            else position[0],
            district=position[1] if position else site.district,
            stated=position[1].name if position and own_place and chance.happens(STATED_DISTRICT) else "",
            workers=_workers(chance, kind, event, enterprise.employees),
            unit=chance.pick(names.units(enterprise.profile.sector)),
            person=chance.pick(enterprise.staff),
            industries="；".join((enterprise.industries, *kind.also)) if kind.also else "",
        )


def _kinds(chance: Chance, catalogue: Catalogue, enterprise: Enterprise, size: int) -> list[Kind]:
    """First every kind of the trade, then what many firms have, then the trade's kinds again."""
    own = chance.shuffled(catalogue.own_kinds(enterprise.profile, enterprise.trade))
    common = chance.shuffled(catalogue.common_kinds(enterprise.profile))
    chosen = [*own, *common[: max(2, size // 3)]]
    while len(chosen) < size:
        chosen += chance.shuffled(own)
    return chosen[:size]


def _own_position(
    chance: Chance, kind: Kind, site: Site, *, surveyed: bool
) -> tuple[Position, District] | None:
    """A network's points always have a position of their own, a plant's only where somebody took it."""
    if site.position is None:
        return None
    if kind.spread_km:
        return places.place_near(chance, site.position, reach_m=kind.spread_km * 1000, inside=None)
    if surveyed and chance.happens(SURVEYED_POINTS):
        return places.place_near(chance, site.position, reach_m=REACH_OF_A_SITE_M, inside=site.district)
    return None


def _drawn(
    chance: Chance, kind: Kind, site: Site, position: tuple[Position, District]
) -> Position | BaseGeometry:
    """A workshop, store or tank farm as the area that somebody drew on the map, a pipe as a line; mostly a point."""
    spot, district = position
    if district is not site.district or not chance.happens(DRAWN_POINTS):
        return spot
    shape: BaseGeometry
    if any(word in kind.name for word in _AREA_WORDS):
        shape = _ground(chance, spot)
    elif any(word in kind.name for word in _LINE_WORDS):
        corner = places.moved(spot, 60 + 240 * chance.unit(), 0)
        shape = LineString([spot, corner, places.moved(corner, 0, 40 + 160 * chance.unit())])
    else:
        return spot
    return shape if places.whole_inside(shape, district) else spot


def _ground(chance: Chance, middle: Position) -> Polygon:
    """A rectangle of 20 to 120 m, as workshops and tank farms are."""
    half_width, half_depth = 10 + 50 * chance.unit(), 10 + 35 * chance.unit()
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    return Polygon([places.moved(middle, x * half_width, y * half_depth) for x, y in corners])


def _place(kind: Kind, use: int, serial: int) -> str:
    return kind.places[(use + serial) % len(kind.places)]


def _name(kind: Kind, use: int, place: str) -> str:
    if "{n}" in kind.name:
        return kind.name.format(n=use, place=place)
    if use == 1:
        return kind.name
    return f"{kind.name}（{place}）" if use <= len(kind.places) else f"{use}号{kind.name}"


def _workers(chance: Chance, kind: Kind, event: Event, employees: int) -> int:
    least, most = kind.workers
    most = min(most, max(employees // 3, least))
    workers = chance.between(least, most)
    return min(workers, MOST_WITHOUT_DIRECT_DECISION) if endangers_a_crowd(event.accidents) else workers


def _region_points(catalogue: Catalogue, part: Part, before: Sequence[RiskPoint]) -> Iterator[RiskPoint]:
    serials = Counter(point.district.code for point in before if point.enterprise is None)
    used = Counter(point.kind.name for point in before if point.enterprise is None)
    for row, kind in enumerate(catalogue.kinds[REGION]):
        for use in range(used[kind.name] + 1, used[kind.name] + part.grown(kind.region) + 1):
            chance = Chance("region", f"{row}", f"{use}")
            geometry, district = _region_geometry(chance, kind, streets=part.streets)
            serials[district.code] += 1
            event = chance.pick(kind.events)
            place = _place(kind, use, 0)
            located = geometry if not chance.happens(REGION_WITHOUT_POSITION) else None
            yield RiskPoint(
                key=f"region/{row}/{use}",
                enterprise=None,
                site=None,
                number=f"QY-{district.code}-{serials[district.code]:04d}",
                name=_name(kind, use, place),
                kind=kind,
                event=event,
                cause=chance.pick(event.causes),
                place=place,
                geometry=located,
                district=district,
                stated=district.name if located is None or chance.happens(0.85) else "",
                workers=_workers(chance, kind, event, 10_000),
                unit=f"{district.name}{kind.unit}{names.MARK}",
                person=names.person(chance),
                industries="；".join(kind.industries),
            )


def _region_geometry(
    chance: Chance, kind: Kind, *, streets: bool
) -> tuple[Position | BaseGeometry, District]:
    """A point, a street-like line or a block-like area, each in one district and in or out of the zone as a whole."""
    while True:
        position, district = places.place(chance, kind.setting, streets=streets)
        if kind.shape == "point":
            return position, district
        ways = _ALONG_STREETS if streets else _NEARLY_STRAIGHT
        shape = _street(chance, kind, position, ways) if kind.shape == "line" else _block(chance, position)
        if places.whole_inside(shape, district):
            return shape, district


def _street(chance: Chance, kind: Kind, start: Position, ways: Sequence[Position]) -> LineString:
    """Straight on with small bends and one right-angled turn perhaps, as mains lie under streets."""
    least, most = kind.length_km
    steps = chance.between(3, 5)
    step_m = 1000 * (least + (most - least) * chance.unit()) / steps
    ahead = chance.pick(ways)
    turn_at = chance.between(2, steps) if chance.happens(0.5) else 0
    points = [start]
    for step in range(1, steps + 1):
        if step == turn_at:
            ahead = (-ahead[1], ahead[0])
        wobble = 1 + 0.2 * (chance.unit() - 0.5)
        points.append(places.moved(points[-1], step_m * ahead[0] * wobble, step_m * ahead[1] * wobble))
    return LineString(points)


def _block(chance: Chance, corner: Position) -> Polygon:
    """A block of 90 to 260 m, slightly out of square."""
    width, depth, skew = 90 + 170 * chance.unit(), 90 + 170 * chance.unit(), 30 * (chance.unit() - 0.5)
    return Polygon(
        [
            corner,
            places.moved(corner, width, skew),
            places.moved(corner, width - skew, depth + skew),
            places.moved(corner, -skew, depth),
        ]
    )
