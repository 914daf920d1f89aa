"""The four-colour style for QGIS (.qml): symbols by grade, aliases and value maps in the reader's language."""

from xml.etree.ElementTree import Element, SubElement, tostring

from service.base.collections import Column
from service.lists.workbook import PALETTE

POINTS, LINES, AREAS = 0, 1, 2
# Millimetres on the sheet, and how QGIS names a symbol of each kind of shape (its layerGeometryType).
_POINT_SIZE, _LINE_WIDTH, _OUTLINE = "2.6", "0.9", "0.3"
_SYMBOLS = {POINTS: ("marker", "SimpleMarker"), LINES: ("line", "SimpleLine"), AREAS: ("fill", "SimpleFill")}
_WHITE = "255,255,255,255"
_HEAD = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
# The column that says the colour.
GRADE = "grade"


def qml_of(columns: tuple[Column, ...], dimension: int, *, zh: bool) -> str:
    """The style of a layer of points, lines or areas; a single symbol where it has no grade."""
    root = Element("qgis", version="3.22.0", styleCategories="Symbology|Fields|Forms")
    graded = next((column for column in columns if column.name == GRADE), None)
    if graded is None:
        renderer = SubElement(root, "renderer-v2", type="singleSymbol", symbollevels="0", forceraster="0")
        _symbol(SubElement(renderer, "symbols"), "0", dimension, "#5B6773")
    else:
        renderer = SubElement(
            root, "renderer-v2", type="categorizedSymbol", attr=GRADE, symbollevels="1", forceraster="0"
        )
        categories, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
        # The worst is drawn last, so that it lies on top.
        for place, choice in enumerate(graded.choices):
            label = choice.zh if zh else choice.en
            SubElement(
                categories, "category", value=choice.value, symbol=str(place), label=label, render="true"
            )
            level = str(len(graded.choices) - place)
            _symbol(symbols, str(place), dimension, PALETTE[choice.value][0], level=level)
    _fields(root, columns, zh=zh)
    SubElement(root, "layerGeometryType").text = str(dimension)
    return _HEAD + tostring(root, encoding="unicode")


def _symbol(parent: Element, name: str, dimension: int, colour: str, *, level: str = "0") -> None:
    kind, symbol_class = _SYMBOLS[dimension]
    symbol = SubElement(parent, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    layer = SubElement(symbol, "layer", {"class": symbol_class, "enabled": "1", "locked": "0", "pass": level})
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    fill = f"{red},{green},{blue},{'255' if dimension != AREAS else '170'}"
    told = {
        POINTS: {
            "name": "circle",
            "color": fill,
            "outline_color": _WHITE,
            "outline_width": _OUTLINE,
            "size": _POINT_SIZE,
        },
        LINES: {"line_color": fill, "line_width": _LINE_WIDTH, "capstyle": "round", "joinstyle": "round"},
        AREAS: {
            "color": fill,
            "style": "solid",
            "outline_color": f"{red},{green},{blue},255",
            "outline_width": _OUTLINE,
        },
    }[dimension]
    option = SubElement(layer, "Option", type="Map")
    for key, value in told.items():
        SubElement(option, "Option", type="QString", name=key, value=value)
        # As versions before 3.20 read it.
        SubElement(layer, "prop", k=key, v=value)


def _fields(root: Element, columns: tuple[Column, ...], *, zh: bool) -> None:
    """What people call the fields, and the words of closed lists."""
    configuration, aliases = SubElement(root, "fieldConfiguration"), SubElement(root, "aliases")
    for place, column in enumerate(columns, 1):
        title = column.title_zh if zh else column.title_en
        SubElement(aliases, "alias", field=column.name, index=str(place), name=title)
        if not column.choices:
            continue
        field = SubElement(configuration, "field", name=column.name)
        widget = SubElement(SubElement(field, "editWidget", type="ValueMap"), "config")
        pairs = SubElement(SubElement(widget, "Option", type="Map"), "Option", name="map", type="List")
        for choice in column.choices:
            pair = SubElement(pairs, "Option", type="Map")
            SubElement(
                pair, "Option", name=choice.zh if zh else choice.en, type="QString", value=choice.value
            )
