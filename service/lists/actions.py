"""Making the file of a list: rows are streamed from the register into a workbook in a temporary folder."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any, BinaryIO

from service.codes.rules.documents import Text
from service.lists.workbook import MOST_ROWS, ListWorkbook, Sheet

Row = dict[str, Any]
About = Sequence[tuple[Text, Sequence[str]]]


async def write_file(sheet: Sheet, parts: AsyncGenerator[list[Row], None], about: About) -> BinaryIO:
    """The file of a list, open at its beginning and without a name: what is not read to the end leaves nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="riskmap-list-"))
    try:
        path = folder / "list.xlsx"
        await _write(path, sheet, parts, about)
        return await asyncio.to_thread(path.open, "rb")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _write(path: Path, sheet: Sheet, parts: AsyncGenerator[list[Row], None], about: About) -> None:
    methods: dict[tuple[str, str], Text] = {}
    book = await asyncio.to_thread(ListWorkbook, path, sheet)
    try:
        async with aclosing(parts):
            async for part in parts:
                rows = part[: MOST_ROWS - sheet.written]
                for row in rows:
                    if row.get("method_id") is not None:
                        method = row["method_id"], row["method_version"]
                        methods[method] = Text(row["title_zh"], row["title_en"])
                # Writing is work for a processor: in a thread, so that maps are drawn meanwhile.
                await asyncio.to_thread(book.write, rows)
        await asyncio.to_thread(book.finish, [*about, *_afterwards(sheet, methods)])
    finally:
        await asyncio.to_thread(book.close)


def _afterwards(sheet: Sheet, methods: dict[tuple[str, str], Text]) -> About:
    """What is known only when all rows are written."""
    used = [
        f"{name} {version} · {title.zh} · {title.en}" for (name, version), title in sorted(methods.items())
    ]
    return [
        (Text("评价方法及版本", "Methods and versions"), used),
        (
            Text("登记中没有内容的列", "Columns that the register leaves empty"),
            [f"{title.zh} {title.en}" for title in sheet.empty] if sheet.written else [],
        ),
    ]
