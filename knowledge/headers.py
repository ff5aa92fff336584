"""Which column of a spreadsheet holds what, by its heading, and other words in a table of figures."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import zip_longest
from pathlib import Path

from rapidfuzz import fuzz, process

from knowledge.intake_model import Cell
from knowledge.load import content_root
from knowledge.text import fold

#: A heading may stand under a title of several lines.
LAST_HEADER_ROW = 10
_LONGEST_HEADING = 160
#: Of 100; a slip or two in a heading of ten letters.
_ALIKE = 85
_WORD = re.compile(r"[^\W_]+|%")
#: "X." is no ten but short for a commune, as "P.", "H." and "T." are short for other kinds.
_PART = r"\s*(?:(?!X\b)[IVXL]+|[A-Ea-e])\s*[.):/]\s*(?=\D)"
_SECTION = re.compile(_PART)
_NUMBERING = re.compile(_PART + r"|\s*\d+(?:\.\d+)*\s*[.):/-]\s*(?=\D)|\s*[-+*•]\s+")
_ASIDE = re.compile(r"\([^)]*\)")


class Column(StrEnum):
    """Columns that are known by their headings."""

    ROW = "row"
    UNIT = "unit"
    PARENT = "parent"
    TOTAL = "total"
    ONLINE = "online"
    RATE = "rate"
    TARGET = "target"
    MISSING = "missing"
    NOTE = "note"


_READ = frozenset((Column.UNIT, Column.PARENT, Column.TOTAL, Column.ONLINE, Column.TARGET))


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns are. ``last``: index of the heading's last row. ``double``: columns with two equal claims."""

    columns: Mapping[Column, int]
    last: int
    double: tuple[Column, ...] = ()

    @property
    def lacking(self) -> tuple[Column, ...]:
        """The columns that are missing for figures, or for targets alone; () when there are enough."""
        if {Column.UNIT, Column.TARGET} <= self.columns.keys() and not {
            Column.TOTAL,
            Column.ONLINE,
        } & self.columns.keys():
            return ()
        return tuple(column for column in (Column.UNIT, Column.TOTAL, Column.ONLINE) if column not in self.columns)


@dataclass(frozen=True, slots=True)
class _Names:
    words: frozenset[str]
    never: tuple[str, ...]


class Headers:
    """The words of ``plan/headers.toml``."""

    def __init__(self, table: Mapping[str, Mapping[str, object]]) -> None:
        columns: Mapping[str, Mapping[str, object]] = table["column"]  # type: ignore[assignment]
        self.titles = {Column(name): str(row["title"]) for name, row in columns.items()}
        self.days = {key: tuple(map(fold, _texts(words))) for key, words in table["day"].items()}
        self.written = {key: str(text) for key, text in table["written"].items()}
        self._names = {
            Column(name): _Names(
                frozenset(map(_plain, (str(row["title"]), *_texts(row["words"])))),
                tuple(f" {_plain(text)} " for text in _texts(row.get("never", ()))),
            )
            for name, row in columns.items()
        }
        self._known = {words: column for column, names in self._names.items() for words in names.words}
        self._sums = frozenset(map(_plain, _texts(table["row"]["sums"])))
        self._sum_starts = tuple(f"{words} " for words in self._sums if " " in words)
        self._keep = tuple(map(_plain, _texts(table["row"]["keep"])))
        self.authority = _texts(table["row"]["authority"])
        self._no_data = tuple(map(_plain, _texts(table["row"]["no_data"])))
        self.keep_words = _texts(table["row"]["keep"])[0]
        self.no_data_words = _texts(table["row"]["no_data"])[0]

    def find(self, rows: Sequence[Sequence[Cell]]) -> Header | None:
        """The heading among the first rows: the first with all columns needed, otherwise the one with the most. None
        when no row has two known columns. A heading may take two rows: one cell over several."""
        best: Header | None = None
        for place in range(min(LAST_HEADER_ROW, len(rows))):
            for header in self._headers(rows, place):
                if not header.lacking:
                    return header
                if len(header.columns) > (len(best.columns) if best else 1):
                    best = header
        return best

    def _headers(self, rows: Sequence[Sequence[Cell]], place: int) -> Iterable[Header]:
        yield self._header([(cell,) for cell in rows[place]], place)
        if place + 1 < min(LAST_HEADER_ROW, len(rows)):
            both = zip_longest(rows[place], rows[place + 1], fillvalue="")
            yield self._header(
                [(under, f"{over} {under}") if under != "" else (over,) for over, under in both], place + 1
            )

    def _header(self, cells: Sequence[tuple[Cell, ...]], last: int) -> Header:
        claims: dict[Column, list[tuple[float, int]]] = {}
        for place, texts in enumerate(cells):
            column, score = max((self.column(text) for text in texts), key=lambda found: found[1])
            if column is not None:
                claims.setdefault(column, []).append((-score, place))
        if Column.UNIT not in claims and Column.PARENT in claims:  # a table of districts is headed so
            claims[Column.UNIT] = claims.pop(Column.PARENT)
        double = tuple(column for column, claim in claims.items() if column in _READ and _is_tied(claim))
        return Header({column: min(claim)[1] for column, claim in claims.items()}, last, double)

    def column(self, cell: Cell) -> tuple[Column | None, float]:
        """The column that ``cell`` is a heading of and how surely, up to 100: said so, begun so, or nearly so."""
        if not isinstance(cell, str) or not 0 < len(cell) <= _LONGEST_HEADING:
            return None, 0
        text = _plain(cell)
        if column := self._known.get(text):
            return column, 100
        begun = [words for words in self._known if text.startswith(f"{words} ")]
        for words in sorted(begun, key=len, reverse=True):
            if self._may_be(self._known[words], text):
                return self._known[words], 90 + 9 * len(words) / len(text)
        return self._nearly(text)

    def named(self, cell: Cell) -> Column | None:
        """The column that ``cell`` names word for word."""
        return self._known.get(_plain(cell)) if isinstance(cell, str) else None

    def _nearly(self, text: str) -> tuple[Column | None, float]:
        near = process.extract(text, list(self._known), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=5)
        for words, score, _ in near:
            if self._may_be(self._known[words], text):
                return self._known[words], min(score, 89.0)
        return None, 0

    def _may_be(self, column: Column, text: str) -> bool:
        return not any(never in f" {text} " for never in self._names[column].never)

    def is_sum(self, name: str) -> bool:
        """Whether a row called so sums up or heads others."""
        text = _plain(_ASIDE.sub(" ", without_number(name)))
        return text in self._sums or text.startswith(self._sum_starts)

    def is_keep(self, text: str) -> bool:
        """Whether a target asks to keep what was reached."""
        plain = _plain(text)
        return plain.startswith(self._keep) or any(fuzz.ratio(plain, words) >= _ALIKE for words in self._keep)

    def is_no_data(self, note: str) -> bool:
        """Whether a note says that there are no figures."""
        return _plain(note).startswith(self._no_data)


@cache
def headers() -> Headers:
    """The words that come with the project."""
    return read_headers(content_root() / "plan" / "headers.toml")


def read_headers(path: Path) -> Headers:
    return Headers(tomllib.loads(path.read_text(encoding="utf-8")))


def has_columns(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first of ``rows`` head a table of figures or targets."""
    found = headers().find(rows)
    return found is not None and not found.lacking


def without_number(name: str) -> str:
    """``name`` without the number, letter or dash before it: "II. ", "2) ", "- "."""
    return name[found.end() :] if (found := _NUMBERING.match(name)) else name


def is_section(name: str) -> bool:
    """Whether a roman number or a letter stands before ``name``, as before the parts of a table."""
    return _SECTION.match(name) is not None


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()


def _is_tied(claim: list[tuple[float, int]]) -> bool:
    best = min(claim)[0]
    return sum(score == best for score, _ in claim) > 1
