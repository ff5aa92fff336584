"""A table of figures on its way in, as frozen values. Reading files: ``bot.sheets``; understanding them: ``intake``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from knowledge.kpi_model import Figure, Report, Target

#: What a cell holds; an empty one holds "". A percentage cell holds its fraction (0.429 for 42,9%).
Cell: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. ``first`` is the number of ``rows[0]`` as the spreadsheet program shows it."""

    rows: tuple[tuple[Cell, ...], ...]
    first: int = 1


class Refusal(StrEnum):
    """Why a file is not read; the words for it are the templates'."""

    TOO_BIG = "too_big"
    TOO_MANY_ROWS = "too_many_rows"
    NOT_A_SPREADSHEET = "not_a_spreadsheet"
    OTHER_FORMAT = "other_format"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    MACROS = "macros"
    BOMB = "bomb"
    EMPTY = "empty"


class SheetError(Exception):
    """The file is not taken. OTHER_FORMAT: an old or foreign spreadsheet, to be saved as XLSX."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class DatedFigure:
    """A figure with what is to be known of the report it stands in."""

    figure: Figure
    as_of: date
    report: str
    source: str
    published: bool


def dated(report: Report) -> dict[str, DatedFigure]:
    """The figures of one report, by unit."""
    return {
        unit: DatedFigure(figure, report.as_of, report.id, report.source, report.published)
        for unit, figure in report.figures.items()
    }


class Code(StrEnum):
    """What is wrong with a row, or odd about it; the words for it are the templates'."""

    NO_HEADER = "no_header"
    MISSING_COLUMN = "missing_column"
    DOUBLE_COLUMN = "double_column"
    NO_ROWS = "no_rows"
    SWAPPED = "swapped"
    UNKNOWN_UNIT = "unknown_unit"
    AMBIGUOUS_UNIT = "ambiguous_unit"
    OUT_OF_SCOPE = "out_of_scope"
    DUPLICATE = "duplicate"
    MISSING = "missing"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    NEGATIVE = "negative"
    TOO_LARGE = "too_large"
    ONLINE_ABOVE_TOTAL = "online_above_total"
    TOTAL_FELL = "total_fell"
    BAD_TARGET = "bad_target"
    # Warnings: the file can be stored all the same.
    ONLINE_FELL = "online_fell"
    RATE_DIFFERS = "rate_differs"
    RATE_JUMPED = "rate_jumped"
    TOTAL_JUMPED = "total_jumped"
    HEADING_ALONE = "heading_alone"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """``row`` is the number the spreadsheet program shows, 0 when the whole file is meant. ``values`` by code:

    - missing_column: columns, a tuple of field names; double_column: column, a field name
    - swapped: rows, how many show more online dossiers than dossiers
    - unknown_unit, heading_alone: name, parent; ambiguous_unit: also units, a tuple of ids
    - out_of_scope: name, unit, an id
    - duplicate: name, first (the row that has the unit already)
    - missing, not_a_number, not_whole, negative, too_large, bad_target: name, column, text
    - online_above_total: name, total, online
    - total_fell, online_fell, total_jumped: name, before, after
    - rate_differs: name, printed (text), rate; rate_jumped: name, before, after (percent, one decimal)
    """

    row: int
    code: Code
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intake:
    """What a table says. With ``problems`` nothing of it may be stored. ``unchanged``: units whose figures are those of
    the report before."""

    figures: tuple[Figure, ...] = ()
    targets: tuple[Target, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    warnings: tuple[RowProblem, ...] = ()
    unchanged: tuple[str, ...] = ()
