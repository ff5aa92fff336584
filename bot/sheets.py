"""Spreadsheets that people send: XLSX and CSV into plain rows. What is in a file counts, not what it is called.

The work takes up to seconds: call it off the event loop. Writing: ``bot.sheets_write``.
"""

from __future__ import annotations

import csv
import json
import re
import struct
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path

from knowledge.headers import has_columns
from knowledge.intake_model import Cell, Refusal, Sheet, SheetError

Rows = Sequence[Sequence[Cell]]

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The stream that an encrypted OOXML file is wrapped in ([MS-OFFCRYPTO] 2.3.4.4).
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MACRO_NAMES = (".xlsm", ".xltm", ".xlam")
_MACRO_PARTS = ("vbaproject.bin", "/macrosheets/")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_OTHER_TEXT = ("<", "%pdf", "{\\rtf", "{", "[")
_SEPARATORS = (",", ";", "\t")
_EMPTY = ' \r\n"' + "".join(_SEPARATORS)
_PROGRAM = str(Path(__file__).with_name("sheet_process.py"))
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of the file and of what is packed in it, how many times larger that may be, and what a table may hold.
    ``memory`` (bytes) and ``seconds`` are for the process that reads a workbook."""

    size: int = 5 * 1024 * 1024
    unpacked: int = 60 * 1024 * 1024
    ratio: int = 200
    #: Below this size unpacked, no ratio is suspicious.
    harmless: int = 1024 * 1024
    parts: int = 1000
    rows: int = 20_000
    width: int = 60
    memory: int = 384 * 1024 * 1024
    seconds: int = 20


def read_sheet(
    data: bytes, filename: str, limits: Limits | None = None, fits: Callable[[Rows], bool] = has_columns
) -> Sheet:
    """The first visible sheet of ``data`` whose rows ``fits`` accepts, or else the first with anything in it. Raises
    SheetError."""
    limits = limits or Limits()
    if len(data) > limits.size:
        raise SheetError(Refusal.TOO_BIG)
    if data.startswith(_OLE):
        raise SheetError(Refusal.ENCRYPTED if _ENCRYPTED in data else Refusal.OTHER_FORMAT)
    if data.startswith(b"PK"):
        _check_package(data, filename, limits)
        tables = _workbook(data, limits)
    else:
        tables = _texts(data, limits)
    return _chosen(tables, fits)


def _chosen(tables: Sequence[Rows | None], fits: Callable[[Rows], bool]) -> Sheet:
    """None stands for a table with too many rows: it counts only when no other will do."""
    filled = [table for table in tables if table and any(cell != "" for row in table for cell in row)]
    best = next(filter(fits, filled), None)
    if best is None and None in tables:
        raise SheetError(Refusal.TOO_MANY_ROWS)
    if best is None and not filled:
        raise SheetError(Refusal.EMPTY)
    return Sheet(tuple(map(tuple, filled[0] if best is None else best)))


def _check_package(data: bytes, filename: str, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
            _check_contents(parts, filename, limits)
            _check_size(package, parts, len(data), limits)
    except _ZIP_FAULTS as error:
        raise SheetError(Refusal.BROKEN) from error


def _check_contents(parts: list[zipfile.ZipInfo], filename: str, limits: Limits) -> None:
    names = [part.filename.lower().replace("\\", "/") for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise SheetError(Refusal.ENCRYPTED)
    if "mimetype" in names or "xl/workbook.bin" in names:  # OpenDocument, binary workbook
        raise SheetError(Refusal.OTHER_FORMAT)
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise SheetError(Refusal.NOT_A_SPREADSHEET)
    if filename.lower().endswith(_MACRO_NAMES) or any(macro in f"/{name}" for name in names for macro in _MACRO_PARTS):
        raise SheetError(Refusal.MACROS)
    if len(parts) > limits.parts:
        raise SheetError(Refusal.BOMB)


def _check_size(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    most = min(limits.unpacked, max(limits.harmless, packed * limits.ratio))
    if sum(part.file_size for part in parts) > most:
        raise SheetError(Refusal.BOMB)
    for part in parts:
        honest = copy(part)
        honest.file_size = sys.maxsize  # what is declared may be a lie: read on to the end
        with package.open(honest) as stream:
            for piece in iter(lambda stream=stream: stream.read(1 << 16), b""):  # type: ignore[misc]
                most -= len(piece)
                if most < 0:
                    raise SheetError(Refusal.BOMB)
                _check_piece(part.filename, piece)


def _check_piece(name: str, piece: bytes) -> None:
    """A content type tells of macros, however their part is called."""
    if name.lower() == "[content_types].xml" and b"macroenabled" in piece.lower():
        raise SheetError(Refusal.MACROS)


def _workbook(data: bytes, limits: Limits) -> list[Rows | None]:
    """The visible sheets, read by a process of its own; see ``sheet_process``."""
    command = [sys.executable, "-I", _PROGRAM, *map(str, (limits.memory, limits.seconds, limits.rows, limits.width))]
    try:
        done = subprocess.run(  # noqa: S603 our own program, numbers for arguments
            command, input=data, capture_output=True, timeout=2 * limits.seconds, check=True
        )
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise SheetError(Refusal.BROKEN) from error
    if "error" in found:
        raise SheetError(Refusal.ENCRYPTED)
    tables: list[Rows | None] = found["sheets"]
    return tables


def _texts(data: bytes, limits: Limits) -> list[Rows | None]:
    """The table in a text, once for each way to part its cells, the likeliest first."""
    text = _decoded(data)
    if not text.strip(_EMPTY):
        raise SheetError(Refusal.EMPTY)
    if text.lstrip()[:5].lower().startswith(_OTHER_TEXT):
        raise SheetError(Refusal.NOT_A_SPREADSHEET)
    first, _, rest = text.partition("\n")
    named = re.fullmatch(r"sep=([,;\t])\s*", first)  # Excel's own line; it shows the next one as row 1
    separators = (named[1],) if named else _SEPARATORS
    tables = list(_parted(rest if named else text, separators, limits))
    tables.sort(key=_cells, reverse=True)
    if tables and tables[0] is not None and _cells(tables[0]) > len(tables[0]):
        return tables
    if None in tables:
        raise SheetError(Refusal.TOO_MANY_ROWS)
    # No row has two cells: a letter, a list. Or a table that could not be read.
    raise SheetError(Refusal.NOT_A_SPREADSHEET if len(tables) == len(separators) else Refusal.BROKEN)


def _parted(text: str, separators: Sequence[str], limits: Limits) -> Iterator[Rows | None]:
    for separator in separators:
        rows: list[list[str]] = []
        try:
            for row in csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True):
                rows.append([cell.strip() for cell in row[: limits.width]])
                if len(rows) > limits.rows:
                    break
        except csv.Error:  # a quotation mark left open, a cell without end
            continue
        yield rows if len(rows) <= limits.rows else None


def _cells(table: Rows | None) -> int:
    return sum(map(len, table)) if table is not None else 0


def _decoded(data: bytes) -> str:
    """``data`` as text in composed letters: Unicode when it is, otherwise the old Vietnamese code page 1258."""
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if not _NO_TEXT.search(text):
            return unicodedata.normalize("NFC", text)
    raise SheetError(Refusal.NOT_A_SPREADSHEET)


def _encodings(data: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return (encoding,)
    if b"\0" in data:  # two bytes a letter, the mark forgotten: of Latin letters one is nought
        return ("utf-16-le", "utf-16-be") if b"\0" in data[1::2] else ("utf-16-be",)
    return ("utf-8", "windows-1258")
