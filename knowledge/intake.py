"""Understands a table of figures that an officer sends. Pure: it stores nothing and asks only the ``find`` it is given.

Rows that are no unit's are passed over: headings ("I." above the departments), sums, numberings of columns, empty rows
and headings repeated. A heading that names a unit is the parent of the rows below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from knowledge.headers import Column, Header, Headers, headers, is_section, without_number
from knowledge.intake_check import Row, compare, swapped
from knowledge.intake_model import Cell, Code, DatedFigure, Intake, RowProblem, Sheet
from knowledge.intake_target import target_of
from knowledge.kpi_model import Figure, Target
from knowledge.numbers import count, is_blank

#: Ids of the units that a name may mean; the second text names the parent, "" when none is known. Only units that
#: are valid on the day of the figures belong here.
Find = Callable[[str, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the figures are about: their day, when the targets beside them are due (None: targets are not read), where
    they come from, the last figures of each unit before them, and whose figures may be brought (``takes``)."""

    as_of: date
    due: date | None = None
    source: str = ""
    previous: Mapping[str, DatedFigure] = field(default_factory=dict)
    takes: Callable[[str], bool] = lambda _: True


def read(sheet: Sheet, find: Find, occasion: Occasion, words: Headers | None = None) -> Intake:
    """The figures and targets of ``sheet``, with everything that is wrong with them or odd about them."""
    words = words or headers()
    header = words.find(sheet.rows)
    if header is None:
        return Intake(problems=(RowProblem(0, Code.NO_HEADER),))
    row = sheet.first + header.last
    if header.lacking:
        return Intake(problems=(RowProblem(row, Code.MISSING_COLUMN, {"columns": header.lacking}),))
    if header.double:
        return Intake(problems=tuple(RowProblem(row, Code.DOUBLE_COLUMN, {"column": one}) for one in header.double))
    return _Reading(sheet, find, occasion, words, header).intake()


@dataclass(frozen=True, slots=True)
class _Line:
    """A row by its columns; what is not there is ""."""

    number: int
    cells: Sequence[Cell]
    name: str
    parent: str
    order: Cell
    total: Cell
    online: Cell
    rate: Cell
    target: Cell
    note: Cell

    @property
    def has_counts(self) -> bool:
        return not (is_blank(self.total) and is_blank(self.online))

    @property
    def is_bare(self) -> bool:
        """Whether it has none of the numbers that are asked for."""
        return not self.has_counts and is_blank(self.target)


@dataclass(slots=True)
class _Reading:
    sheet: Sheet
    find: Find
    occasion: Occasion
    words: Headers
    header: Header
    rows: list[Row] = field(default_factory=list)
    figures: dict[str, Figure] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    warnings: list[RowProblem] = field(default_factory=list)
    heading: str = ""
    #: A heading that names a unit and has no rows yet.
    alone: RowProblem | None = None
    units: dict[str, int] = field(default_factory=dict)

    def intake(self) -> Intake:
        self.find = cache(self.find)
        for line in self._lines():
            self._row(line)
        self._end_heading()
        if not self.units and not self.problems:
            self.problems.append(RowProblem(0, Code.NO_ROWS))
        above = swapped(self.rows, self.sheet.first + self.header.last)
        told = [
            warning
            for row in self.rows
            for warning in compare(row, self.occasion.previous.get(row.figure.unit), self.occasion.as_of)
        ]
        self.problems += [one for one in told if one.code is Code.TOTAL_FELL]
        self.warnings += [one for one in told if one.code is not Code.TOTAL_FELL]
        self.figures.pop("", None)
        self.targets.pop("", None)
        return Intake(
            tuple(self.figures.values()),
            tuple(self.targets.values()),
            (*above, *sorted(self.problems, key=lambda problem: problem.row)),
            tuple(sorted(self.warnings, key=lambda warning: warning.row)),
            self._unchanged(),
        )

    def _unchanged(self) -> tuple[str, ...]:
        before = {unit: (one.figure.total, one.figure.online) for unit, one in self.occasion.previous.items()}
        return tuple(unit for unit, one in self.figures.items() if before.get(unit) == (one.total, one.online))

    def _lines(self) -> Iterator[_Line]:
        names = ("unit", "parent", "row", "total", "online", "rate", "target", "note")
        places = [self.header.columns.get(Column(name), -1) for name in names]
        padding = ("",) * (max(places) + 2)  # so that the last cell is empty
        start = self.header.last + 1
        for number, cells in enumerate(self.sheet.rows[start:], self.sheet.first + start):
            padded = (*cells, *padding)
            unit, parent, *others = (padded[place] for place in places)
            yield _Line(number, cells, _text(unit), _text(parent), *others)

    def _row(self, line: _Line) -> None:
        if self._is_aside(line):
            return
        self.alone = None
        ids = self._units(line)
        if len(ids) != 1:
            code = Code.AMBIGUOUS_UNIT if ids else Code.UNKNOWN_UNIT
            more = {"units": tuple(ids)} if ids else {}
            self._problem(line, code, name=line.name, parent=line.parent or self.heading, **more)
        elif not self.occasion.takes(ids[0]):
            self._problem(line, Code.OUT_OF_SCOPE, name=line.name, unit=ids[0])
        elif ids[0] in self.units:
            self._problem(line, Code.DUPLICATE, name=line.name, first=self.units[ids[0]])
        else:
            self.units[ids[0]] = line.number
        self._read(line, ids[0] if len(ids) == 1 else "")

    def _is_aside(self, line: _Line) -> bool:
        """Whether the row is no unit's. A heading among such rows is remembered."""
        label = line.name or next((cell for cell in line.cells if isinstance(cell, str) and not is_blank(cell)), "")
        if self._is_title(line, label) or self._is_numbering(line):
            return True
        if self.words.is_sum(label):
            self._end_heading()
            self.heading = ""
            return True
        if not line.name:
            self._nameless(line, label)
            return True
        if line.is_bare and self._is_heading(line):
            self._begin_heading(line, line.name)
            return True
        return False

    def _nameless(self, line: _Line, label: str) -> None:
        if line.is_bare and label:
            self._begin_heading(line, label)
        elif any(not isinstance(count(cell), Code) for cell in (line.total, line.online)):
            self._problem(line, Code.MISSING, name="", column=Column.UNIT, text="")

    def _is_heading(self, line: _Line) -> bool:
        """Whether a name without numbers is a heading rather than a unit whose numbers were forgotten."""
        if self.words.is_no_data(_text(line.note)):
            return False
        if line.name.endswith(":") or is_section(line.name):
            return True
        return Column.ROW in self.header.columns and not any(map(str.isdigit, str(line.order)))

    def _is_title(self, line: _Line, label: str) -> bool:
        """Whether the heading stands here again, or its second row; each part of the plan's table has its own."""
        column = self.words.named(label)
        if not line.name:
            return column is not None
        return column is Column.UNIT and all(isinstance(count(cell), Code) for cell in (line.total, line.online))

    def _is_numbering(self, line: _Line) -> bool:
        """The row of column numbers below a heading: "(1) (2) (3)", "A B 1 2 3=2/1"."""
        name = line.name.strip(" ()[]")
        if not (name.isdigit() or (len(name) == 1 and name.isalpha())):
            return False
        return all(len(str(cell).strip(" ()[]").split("=")[0].strip()) <= len("10") for cell in line.cells)

    def _begin_heading(self, line: _Line, name: str) -> None:
        self._end_heading()
        self.heading = without_number(name).strip(" :.;,")
        if self.heading and len(self.find(self.heading, "")) == 1:
            self.alone = RowProblem(line.number, Code.HEADING_ALONE, {"name": self.heading, "parent": ""})

    def _end_heading(self) -> None:
        if self.alone is not None:
            self.warnings.append(self.alone)
            self.alone = None

    def _units(self, line: _Line) -> Sequence[str]:
        """The units that a name may mean: by the parent in its row or after its comma, else by the heading above."""
        found: Sequence[str] = ()
        for name, parent in self._meanings(without_number(line.name).strip(" :;,"), line.parent):
            ids = self.find(name, parent)
            if len(ids) == 1:
                return ids
            found = found or ids
        return found

    def _meanings(self, name: str, parent: str) -> Iterator[tuple[str, str]]:
        if parent:
            yield name, parent
            return
        if self.heading:
            yield name, self.heading
        yield name, ""
        head, comma, tail = name.rpartition(",")
        if comma:
            yield head.strip(), tail.strip()

    def _read(self, line: _Line, unit: str) -> None:
        figure = self._figure(line, unit)
        if figure is not None:
            self.rows.append(Row(line.number, line.name, figure, line.rate))
            if figure.online > figure.total:
                values = {"total": figure.total, "online": figure.online}
                self._problem(line, Code.ONLINE_ABOVE_TOTAL, name=line.name, **values)
            self.figures.setdefault(unit, figure)
        if self.occasion.due is None or is_blank(line.target):
            return
        previous = self.occasion.previous.get(unit)
        target = target_of(line.target, line.rate, figure or (previous.figure if previous else None), self.words)
        if isinstance(target, Code):
            self._problem(line, target, name=line.name, column=Column.TARGET, text=str(line.target))
        else:
            percent, keep = target
            self.targets.setdefault(unit, Target(unit, percent, self.occasion.due, keep, self.occasion.source))

    def _figure(self, line: _Line, unit: str) -> Figure | None:
        if Column.TOTAL not in self.header.columns:
            return None
        if not line.has_counts and self.words.is_no_data(_text(line.note)):
            return None
        total, online = count(line.total), count(line.online)
        for column, cell, value in ((Column.TOTAL, line.total, total), (Column.ONLINE, line.online, online)):
            if isinstance(value, Code):
                self._problem(line, value, name=line.name, column=column, text=str(cell))
        if isinstance(total, Code) or isinstance(online, Code):
            return None
        return Figure(unit, total, online, row=str(line.number))

    def _problem(self, line: _Line, code: Code, **values: object) -> None:
        self.problems.append(RowProblem(line.number, code, values))


def _text(cell: Cell) -> str:
    return " ".join(str(cell).split())
