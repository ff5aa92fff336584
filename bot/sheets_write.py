"""Spreadsheets that are given out, with the plan's columns: reports, and blank ones to fill in. ``bot.sheets`` and
``knowledge.intake`` read both. The work takes a moment: call it off the event loop.
"""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from handlers.tables import Caption, Line
from knowledge.headers import Column, Headers, headers
from knowledge.text import clean

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it brings no types
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

#: The plan's columns and their widths, in characters.
_WIDTHS = {
    Column.ROW: 6,
    Column.UNIT: 44,
    Column.TOTAL: 13,
    Column.ONLINE: 13,
    Column.RATE: 10,
    Column.TARGET: 16,
    Column.MISSING: 12,
    Column.NOTE: 34,
}
_COLUMNS = tuple(_WIDTHS)
_LAST = len(_COLUMNS) - 1
_A4 = 9
_MARGIN = 0.4  # inches
#: A cell of Excel holds 32,767 characters.
_LONGEST = 2000
_PLACES = Decimal("0.0001")
_FORMULA = ("=", "+", "-", "@")
_HEAD_COLOUR = "#D9E2EC"
_BELOW_COLOUR = "#FDE3C8"  # orange beside white: told apart with any eyes; the note says it in words


def write_report(caption: Caption, lines: Sequence[Line], words: Headers | None = None) -> bytes:
    """An XLSX with a row for each of ``lines``."""
    words = words or headers()
    with _book(caption, words) as (made, table):
        table.caption([*_under_title(caption, words)])
        for line in lines:
            table.line(line)
        table.mark_below()
    return made.getvalue()


def write_template(caption: Caption, lines: Sequence[Line], words: Headers | None = None) -> bytes:
    """An XLSX to fill in: of ``lines`` the names, targets and notes. The rate reckons itself."""
    words = words or headers()
    with _book(caption, words) as (made, table):
        table.caption([*_under_title(caption, words), words.written["hint"]])
        for line in lines:
            table.blank(line)
        table.check_counts()
    return made.getvalue()


def write_csv(caption: Caption, lines: Sequence[Line], words: Headers | None = None) -> bytes:
    """The same table as text in UTF-8, its cells parted by semicolons, as Excel opens it in Vietnam."""
    words = words or headers()
    made = StringIO(newline="")
    rows = csv.writer(made, delimiter=";")
    rows.writerows([_harmless(text)] for text in (caption.title, *_under_title(caption, words)))
    rows.writerow(words.titles[column] for column in _COLUMNS)
    for number, line in enumerate(lines, 1):
        rows.writerow(
            (
                number,
                _harmless(line.name),
                "" if line.total is None else line.total,
                "" if line.online is None else line.online,
                _written(line.rate, "%"),
                _keep(line, words) if line.keep else _written(line.target, "%"),
                _written(line.missing),
                _harmless(_note(line, words)),
            )
        )
    return made.getvalue().encode("utf-8-sig")


class Scribe:
    """Implements ``handlers.ports.Scribe``."""

    async def report(self, caption: Caption, lines: Sequence[Line]) -> bytes:
        return await asyncio.to_thread(write_report, caption, lines)

    async def template(self, caption: Caption, lines: Sequence[Line]) -> bytes:
        return await asyncio.to_thread(write_template, caption, lines)


def _under_title(caption: Caption, words: Headers) -> Iterator[str]:
    if caption.as_of is not None:
        yield words.written["as_of"].format(day=f"{caption.as_of:%d/%m/%Y}")
    if caption.source:
        yield words.written["source"].format(source=caption.source)


@contextmanager
def _book(caption: Caption, words: Headers) -> Iterator[tuple[BytesIO, _Table]]:
    made = BytesIO()
    from xlsxwriter import Workbook  # noqa: PLC0415 most runs write none, and all wait for the start

    with Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"title": _safe(caption.title)})
        yield made, _Table(workbook, caption.title, words)


class _Table:
    """The sheet while it is made; rows are added from the top."""

    def __init__(self, workbook: Workbook, title: str, words: Headers) -> None:
        self._words = words
        self._sheet: Worksheet = workbook.add_worksheet(words.written["sheet"])
        cell = {"border": 1, "valign": "vcenter"}
        self._title: Format = workbook.add_format({"bold": True, "font_size": 14})
        self._head: Format = workbook.add_format(
            cell | {"bold": True, "text_wrap": True, "align": "center", "bg_color": _HEAD_COLOUR}
        )
        self._text: Format = workbook.add_format(cell | {"text_wrap": True})
        self._right: Format = workbook.add_format(cell | {"text_wrap": True, "align": "right"})
        self._count: Format = workbook.add_format(cell | {"num_format": "#,##0"})
        self._share: Format = workbook.add_format(cell | {"num_format": "0.0%"})
        self._points: Format = workbook.add_format(cell | {"num_format": "0.0"})
        self._below: Format = workbook.add_format({"bg_color": _BELOW_COLOUR})
        self._sheet.write_string(0, 0, _safe(title), self._title)
        self._header = self._row = 1

    def caption(self, texts: Sequence[str]) -> None:
        """Lines under the title, the heading, and how it is all printed."""
        for place, text in enumerate(texts, 1):
            self._sheet.write_string(place, 0, _safe(text))
        self._header = len(texts) + 2
        self._row = self._header + 1
        for place, column in enumerate(_COLUMNS):
            self._sheet.write_string(self._header, place, self._words.titles[column], self._head)
            self._sheet.set_column(place, place, _WIDTHS[column])
        self._sheet.freeze_panes(self._row, _COLUMNS.index(Column.UNIT) + 1)
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.set_margins(_MARGIN, _MARGIN, _MARGIN, 2 * _MARGIN)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(self._header)
        self._sheet.set_footer("&C" + self._words.written["page"])

    def line(self, line: Line) -> None:
        self._start(line)
        self._number(Column.TOTAL, line.total, self._count)
        self._number(Column.ONLINE, line.online, self._count)
        self._number(Column.RATE, _fraction(line.rate), self._share)
        self._number(Column.MISSING, line.missing, self._points)
        self._string(Column.NOTE, _note(line, self._words))
        self._row += 1

    def blank(self, line: Line) -> None:
        self._start(line)
        for column in (Column.TOTAL, Column.ONLINE):
            self._number(column, None, self._count)
        total, online = (self._place(column) for column in (Column.TOTAL, Column.ONLINE))
        rate = f'=IF(AND(ISNUMBER({total}),ISNUMBER({online}),N({total})>0),{online}/{total},"")'
        self._sheet.write_formula(self._row, _COLUMNS.index(Column.RATE), rate, self._share, "")
        self._number(Column.MISSING, None, self._points)
        self._string(Column.NOTE, line.note)
        self._row += 1

    def mark_below(self) -> None:
        """Colour the rows below their target, and let the table be sorted and filtered."""
        if self._row == self._header + 1:
            return
        missing = f"${_letter(Column.MISSING)}{self._header + 2}"
        rule = {"type": "formula", "criteria": f"=AND(ISNUMBER({missing}),{missing}>0)", "format": self._below}
        self._sheet.conditional_format(self._header + 1, 0, self._row - 1, _LAST, rule)
        self._sheet.autofilter(self._header, 0, self._row - 1, _LAST)

    def check_counts(self) -> None:
        """Let the spreadsheet program refuse what would be refused here."""
        if self._row == self._header + 1:
            return
        total = f"{_letter(Column.TOTAL)}{self._header + 2}"
        for column, most, error in (
            (Column.TOTAL, 10**9, self._words.written["bad_total"]),
            (Column.ONLINE, f"={total}", self._words.written["bad_online"]),
        ):
            rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": most, "error_message": error}
            place = _COLUMNS.index(column)
            self._sheet.data_validation(self._header + 1, place, self._row - 1, place, rule)

    def _start(self, line: Line) -> None:
        self._number(Column.ROW, self._row - self._header, self._text)
        self._string(Column.UNIT, line.name)
        if line.keep:
            self._string(Column.TARGET, _keep(line, self._words), self._right)
        else:
            self._number(Column.TARGET, _fraction(line.target), self._share)

    def _number(self, column: Column, number: float | Decimal | None, style: Format) -> None:
        place = _COLUMNS.index(column)
        if number is None:
            self._sheet.write_blank(self._row, place, None, style)
        else:
            self._sheet.write_number(self._row, place, number, style)

    def _string(self, column: Column, text: str, style: Format | None = None) -> None:
        """As a string whatever it begins with: a name is never a formula."""
        self._sheet.write_string(self._row, _COLUMNS.index(column), _safe(text), style or self._text)

    def _place(self, column: Column) -> str:
        return f"{_letter(column)}{self._row + 1}"


def _letter(column: Column) -> str:
    return chr(ord("A") + _COLUMNS.index(column))


def _note(line: Line, words: Headers) -> str:
    """In words what the colour says, then the line's own note."""
    mark = ""
    if line.total is None or line.online is None:
        mark = words.no_data_words
    elif line.missing is not None:
        mark = words.written["below" if line.missing > 0 else "reached"]
    return "; ".join(filter(None, (mark, line.note)))


def _keep(line: Line, words: Headers) -> str:
    share = "" if line.target is None else f" ({_written(line.target, '%')})"
    return words.keep_words + share


def _written(value: Decimal | None, unit: str = "") -> str:
    """ "42,9%": with all the places it has, up to four."""
    return "" if value is None else f"{value.quantize(_PLACES).normalize():f}{unit}".replace(".", ",")


def _harmless(text: str) -> str:
    """A text that no spreadsheet program takes for a formula."""
    safe = _safe(text)
    return f"'{safe}" if safe.startswith(_FORMULA) else safe


def _fraction(percent: Decimal | None) -> Decimal | None:
    return None if percent is None else percent / 100


def _safe(text: str) -> str:
    return clean(text)[:_LONGEST]
