"""Reads a workbook from standard input and writes its sheets to standard output as JSON.

A program of its own: a workbook of a few kilobytes can make the parser ask for more memory than there is, which ends
the process. Here that ends nothing else. Arguments: memory in bytes, processor time in seconds, the most rows of a
sheet, the most cells of a row.

Output: {"sheets": [[row, …], …]} of the visible sheets; null in place of a sheet with too many rows. {"error":
"encrypted"} for a workbook with a password. Exit code 1 for one that cannot be read.
"""

from __future__ import annotations

import io
import json
import math
import sys
from itertools import islice
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MOST_SHEETS = 50
LONGEST_TEXT = 1000
#: In bytes. One long text may stand in a million cells.
LARGEST_OUTPUT = 64 * 1024 * 1024
#: Integers above are not exact in a float.
_EXACT = 2.0**53


def main() -> None:
    memory, seconds, rows, width = map(int, sys.argv[1:])
    _limit(memory, seconds)
    try:
        found: dict[str, Any] = {"sheets": _sheets(sys.stdin.buffer.read(), rows, width)}
    except PasswordError:
        found = {"error": "encrypted"}
    except (CalamineError, MemoryError, OSError, ValueError):
        sys.exit(1)
    said = json.dumps(found, ensure_ascii=False).encode()
    if len(said) > LARGEST_OUTPUT:
        sys.exit(1)
    sys.stdout.buffer.write(said)


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource  # noqa: PLC0415 does not exist on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _sheets(data: bytes, rows: int, width: int) -> list[list[list[Any]] | None]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    visible = (
        about.name
        for about in workbook.sheets_metadata
        if about.visible is SheetVisibleEnum.Visible and about.typ is SheetTypeEnum.WorkSheet
    )
    return [_rows(workbook.get_sheet_by_name(name), rows, width) for name in islice(visible, MOST_SHEETS)]


def _rows(sheet: CalamineSheet, most: int, width: int) -> list[list[Any]] | None:
    """The rows from the first of the sheet on, or None when they are too many."""
    if sheet.end is not None and sheet.end[0] >= most:
        return None
    return [[_plain(cell) for cell in row[:width]] for row in sheet.iter_rows()]


def _plain(cell: Any) -> str | int | float:
    if isinstance(cell, float) and math.isfinite(cell):
        return int(cell) if cell.is_integer() and abs(cell) <= _EXACT else cell
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    return str(cell)[:LONGEST_TEXT]


if __name__ == "__main__":
    main()
