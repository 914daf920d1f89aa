"""The map as one file, written once somebody asks for one."""

from service.documents.rules import Bounds


def write_map(content: str, *, title: str, bounds: Bounds) -> str:
    """The file's text. content: MapContent as JSON. Raises Unavailable while the web build is missing."""
    # folium brings pandas: 90 MB and a second of every process, also of those that never write a map.
    from service.documents import workbook  # allow: import - it is heavy

    return workbook.write_map(content, title=title, bounds=bounds)
