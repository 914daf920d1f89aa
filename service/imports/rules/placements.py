"""Which territory a row belongs to: what the register states, held against where the boundaries put its position."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.imports.rules.cells import RowReader
from service.territories.rules.borders import Contradiction, contradiction_of
from service.territories.rules.names import Gazetteer
from service.territories.rules.tree import Node, is_within


@dataclass(frozen=True, slots=True)
class Home:
    """Where the loaded boundaries put a position (degrees, CGCS2000): the statutory leaf and the functional zone.

    near: the nearest of the viewer's territories and the distance to it in metres, for a position outside all of them.
    """

    lon: float
    lat: float
    located_in_id: int | None
    zone_id: int | None
    near: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """The territory a row is located in and the one that manages it, as the register is to keep them."""

    located_in_id: int
    located_stated: bool
    managed_by_id: int
    managed_reason: str | None


class Atlas:
    """The territories of the viewer's areas and what is above them."""

    def __init__(self, nodes: Iterable[Node], *, bounded: Iterable[int], areas: tuple[str, ...]) -> None:
        self.nodes: Mapping[int, Node] = {node.id: node for node in nodes}
        self._by_path = {node.path: node for node in self.nodes.values()}
        self._bounded = frozenset(bounded)
        self._areas = areas
        self._gazetteers = [Gazetteer(self.nodes.values(), area=area) for area in areas]
        self._found: dict[str, tuple[Node, ...]] = {}
        self._allowed = frozenset(
            node.id for node in self.nodes.values() if any(is_within(node.path, area) for area in areas)
        )

    @property
    def whole(self) -> Node:
        """The territory that rows without any place belong to: the first of the viewer's areas."""
        return self._by_path[self._areas[0]]

    def find(self, text: str) -> tuple[Node, ...]:
        """The territories that a text means within the viewer's areas."""
        if text not in self._found:
            found = {node.id: node for gazetteer in self._gazetteers for node in gazetteer.find(text)}
            self._found[text] = tuple(found.values())
        return self._found[text]

    def name(self, node_id: int) -> str:
        """The name of a territory, for a report line; its number where it is not the viewer's to know."""
        node = self.nodes.get(node_id)
        return str(node_id) if node is None else node.name

    def allows(self, node_id: int) -> bool:
        """Whether the viewer may write there."""
        return node_id in self._allowed

    def related(self, one: int, other: int) -> bool:
        """Whether one of two territories lies within the other, by the tree."""
        a, b = self.nodes.get(one), self.nodes.get(other)
        return a is not None and b is not None and (is_within(a.path, b.path) or is_within(b.path, a.path))

    def statutory_above(self, node: Node) -> Node:
        """The nearest statutory division of a zone: the city or district it belongs to."""
        return next(above for above in self._upwards(node) if above.statutory)

    def bounded_above(self, node: Node) -> Node | None:
        """The nearest territory with a boundary, the node itself or one above it."""
        return next((above for above in self._upwards(node) if above.id in self._bounded), None)

    def _upwards(self, node: Node) -> Iterable[Node]:
        labels = node.path.split(".")
        for depth in range(len(labels), 0, -1):
            above = self._by_path.get(".".join(labels[:depth]))
            if above is not None:
                yield above

    def within(self, node_id: int, area: Node) -> bool:
        """Whether a territory is another or lies within it, by the tree."""
        node = self.nodes.get(node_id)
        return node is not None and is_within(node.path, area.path)


def read_territory(row: RowReader, key: str, text: str | None, atlas: Atlas) -> Node | None:
    """The one territory that a cell names; None where it names none, an unknown or an ambiguous one, which is noted."""
    if text is None:
        return None
    found = atlas.find(text)
    if len(found) == 1:
        return found[0]
    if found:
        names = "、".join(f"{node.name}（{node.key}）" for node in found[:6])
        row.error(
            key,
            "ambiguous_territory",
            f"“{text}”可指多个区划，请填代码或写全：{names}",
            f"'{text}' means several territories; write the code or the whole name: {names}",
        )
    else:
        row.error(
            key,
            "unknown_territory",
            f"本部署（{atlas.whole.name}）没有名为“{text}”的区划，请填区县或功能区的名称或代码",
            f"There is no territory '{text}' in this deployment ({atlas.whole.name}); write a name or code",
        )
    return None


def disputed(stated: Node | None, home: Home, atlas: Atlas) -> int | None:
    """The territory whose border must be measured from the position; None where nothing contradicts."""
    if stated is None:
        return None
    leaf = home.located_in_id if stated.statutory else home.zone_id
    if leaf is not None and atlas.within(leaf, stated):
        return None
    bounded = atlas.bounded_above(stated)
    return None if bounded is None else bounded.id


def place_by_position(
    row: RowReader, stated: Node | None, home: Home, *, distance_m: float | None, atlas: Atlas
) -> Placement | None:
    """The placement of a row with a position; None where it is contradicted for certain or outside, which is noted.

    distance_m: how far the position lies outside the stated territory, None when it does not.
    """
    if stated is not None and distance_m is not None and not _bearable(row, stated, home, distance_m, atlas):
        return None
    leaf = home.located_in_id
    if stated is not None and stated.statutory and not (leaf is not None and _coarser(stated, leaf, atlas)):
        if leaf is None and distance_m is None:
            _refuse_outside(row, home, atlas)
            return None
        return Placement(stated.id, True, home.zone_id or stated.id, None)
    if leaf is None or not atlas.allows(leaf):
        _refuse_outside(row, home, atlas)
        return None
    if stated is None or stated.statutory:
        return Placement(leaf, False, home.zone_id or leaf, None)
    if home.zone_id is not None and atlas.within(home.zone_id, stated):
        return Placement(leaf, False, home.zone_id, None)
    return Placement(leaf, False, stated.id, _stated_reason(stated))


def place_without_position(stated: Node | None, fallback: Placement, atlas: Atlas) -> Placement:
    """The placement of a row that stands nowhere: what it states, else where its owner is."""
    if stated is None:
        return fallback
    if stated.statutory:
        return Placement(stated.id, True, stated.id, None)
    above = atlas.statutory_above(stated).id
    nearer = fallback.located_in_id if atlas.related(fallback.located_in_id, above) else above
    return Placement(nearer, False, stated.id, _stated_reason(stated))


def _stated_reason(zone: Node) -> str:
    return f"登记表所在区划：{zone.name}"


def _coarser(stated: Node, leaf: int, atlas: Atlas) -> bool:
    """Whether the boundaries know better than the register: it states the city, the position is in a district."""
    return stated.id != leaf and atlas.within(leaf, stated)


def _bearable(row: RowReader, stated: Node, home: Home, distance_m: float, atlas: Atlas) -> bool:
    where = "已载入的区划之外" if home.located_in_id is None else atlas.name(home.located_in_id)
    where_en = "outside the loaded territories" if home.located_in_id is None else f"in {where}"
    far, far_en = _far(distance_m)
    if contradiction_of(distance_m) is Contradiction.DOUBTFUL:
        row.warn(
            "territory",
            "territory_doubtful",
            f"位置按边界在{where}，距登记的“{stated.name}”{far}；边界不够精细，以登记为准",
            f"By the boundaries the position is {where_en}, {far_en} from the stated {stated.name}; "
            "they are coarse, so the statement stands",
        )
        return True
    row.error(
        "territory",
        "territory_contradicted",
        f"位置按边界在{where}，距登记的“{stated.name}”{far}，请核对经纬度、坐标系或所在区划",
        f"By the boundaries the position is {where_en}, {far_en} from the stated {stated.name}; "
        "check the position, the datum or the territory",
    )
    return False


def _refuse_outside(row: RowReader, home: Home, atlas: Atlas) -> None:
    near, near_en = "", ""
    if home.near is not None:
        far, far_en = _far(home.near[1])
        near, near_en = f"，距最近的“{home.near[0]}”{far}", f", {far_en} from {home.near[0]}, the nearest"
    row.error(
        "lon" if row.cell("lon") is not None else "geometry" if row.cell("geometry") is not None else None,
        "outside_territory",
        f"位置 ({home.lon:.6f}, {home.lat:.6f}) 不在“{atlas.whole.name}”范围内{near}；"
        "请核对经纬度和坐标系，若确属本地请填写所在区划",
        f"The position ({home.lon:.6f}, {home.lat:.6f}) is not in {atlas.whole.name}{near_en}; check it and its "
        "datum, or state the territory if it does belong here",
    )


def _far(distance_m: float) -> tuple[str, str]:
    if distance_m < 1000:
        return f"{distance_m:.0f} 米", f"{distance_m:.0f} m"
    return f"{distance_m / 1000:.1f} 公里", f"{distance_m / 1000:.1f} km"
