"""What is shown of a checked table: its problems with their rows, or what storing it would change."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from io import StringIO

from handlers.intake import Checked
from handlers.model import Document
from handlers.render import render
from handlers.screens import shortened
from handlers.words import word
from knowledge import kpi
from knowledge.headers import Column, headers
from knowledge.intake_model import RowProblem
from knowledge.kpi_model import Unit
from knowledge.markup import plain
from knowledge.text import clean

SHOWN = 15
CHANGES = 5
LONGEST_TEXT = 80


@dataclass(frozen=True, slots=True)
class Change:
    """The rate of a unit before and after, in percent."""

    unit: str
    before: Fraction
    after: Fraction


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """A problem with its values as the templates show them."""

    row: int
    code: str
    v: Mapping[str, object]


class IntakeView:
    """Shows checked tables, with the titles of ``units``."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self._units = units

    def problems(self, checked: Checked) -> tuple[str, Document | None]:
        """What is wrong: the first rows in words, all of them as a file when there are more."""
        found = checked.intake.problems
        first = [self._shown(problem) for problem in found[:SHOWN]]
        html = render("intake_problems.j2", checked=checked, problems=first, count=len(found))
        return html, self.listed(checked) if len(found) > SHOWN else None

    def listed(self, checked: Checked) -> Document:
        """All problems as CSV that spreadsheet programs open with its letters whole."""
        made = StringIO()
        rows = csv.writer(made)
        rows.writerow((word("intake.row"), word("intake.reason")))
        for problem in checked.intake.problems:
            rows.writerow((problem.row or "", self.reason(problem, checked)))
        return Document(word("intake.problems_file"), made.getvalue().encode("utf-8-sig"))

    def reason(self, problem: RowProblem, checked: Checked) -> str:
        """Why a row is not taken, or what is odd about it, without its row."""
        return plain(render("intake_problem.j2", problem=self._shown(problem), day=checked.as_of, row=False))

    def line(self, problem: RowProblem, checked: Checked) -> str:
        """``reason`` after its row, as plain text."""
        return plain(render("intake_problem.j2", problem=self._shown(problem), day=checked.as_of, row=True))

    def _shown(self, problem: RowProblem) -> ShownProblem:
        values = {key: self._value(key, value) for key, value in problem.values.items()}
        return ShownProblem(problem.row, problem.code.value, values)

    def _value(self, key: str, value: object) -> object:
        titles = headers().titles
        match key, value:
            case "column", str():
                return titles[Column(value)]
            case "columns", tuple():
                return [titles[column] for column in value]
            case "units" | "other_times", tuple():
                return [self._title(unit) for unit in value]
            case _, Decimal():
                return Fraction(value)
            case _, str():
                return shortened(clean(value), LONGEST_TEXT)
            case _:
                return value

    def preview(self, checked: Checked) -> str:
        """What storing ``checked`` would change."""
        found, previous = checked.intake, checked.previous
        before = [previous[one.unit].figure for one in found.figures if one.unit in previous]
        after = kpi.rolled_up("", found.figures)
        then = kpi.rolled_up("", before) if before else None
        return render(
            "intake_preview.j2",
            checked=checked,
            after=after,
            rate=kpi.rate(after),
            then=then,
            rate_then=kpi.rate(then) if then else None,
            known=len(before),
            since=max((previous[one.unit].as_of for one in found.figures if one.unit in previous), default=None),
            changes=self._changes(checked),
            warnings=[self._shown(warning) for warning in found.warnings[:SHOWN]],
        )

    def _changes(self, checked: Checked) -> Sequence[Change]:
        """The widest changes of rates."""
        found = []
        for figure in checked.intake.figures:
            before = checked.previous.get(figure.unit)
            rates = (kpi.rate(before.figure) if before else None, kpi.rate(figure))
            if rates[0] is not None and rates[1] is not None and rates[0] != rates[1]:
                found.append(Change(self._title(figure.unit), rates[0], rates[1]))
        return sorted(found, key=lambda change: -abs(change.after - change.before))[:CHANGES]

    def _title(self, unit_id: str) -> str:
        return self._units[unit_id].title if unit_id in self._units else unit_id
