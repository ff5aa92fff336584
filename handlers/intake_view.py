"""What is shown of a checked table: its problems with their rows, or what storing it would change."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from io import StringIO

from handlers.intake import Checked
from handlers.model import Document
from handlers.render import count, percent, render
from handlers.words import shortened, word
from knowledge import kpi
from knowledge.headers import Column, headers
from knowledge.intake_model import Code, RowProblem
from knowledge.kpi_model import Unit
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


class IntakeView:
    """Shows checked tables, with the titles of ``units``."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self._units = units

    def problems(self, checked: Checked) -> tuple[str, Document | None]:
        """What is wrong: the first rows in words, all of them as a file when there are more."""
        found = checked.intake.problems
        first = self._reasons(found[:SHOWN], checked)
        html = render("intake_problems.j2", checked=checked, problems=first, count=len(found))
        return html, self.listed(checked) if len(found) > SHOWN else None

    def listed(self, checked: Checked) -> Document:
        """All problems as CSV as Excel opens it in Vietnam: its letters whole, its cells parted by semicolons."""
        made = StringIO()
        rows = csv.writer(made, delimiter=";")
        rows.writerow((word("intake.row"), word("intake.reason")))
        rows.writerows((row or "", reason) for row, reason in self._reasons(checked.intake.problems, checked))
        return Document(word("intake.problems_file"), made.getvalue().encode("utf-8-sig"))

    def line(self, problem: RowProblem, checked: Checked) -> str:
        """``reason`` after its row."""
        reason = self.reason(problem, checked)
        return word("intake.line", row=problem.row, reason=reason) if problem.row else reason

    def reason(self, problem: RowProblem, checked: Checked) -> str:
        """Why a row is not taken, or what is odd about it, without its row."""
        values = {key: self._shown(key, value) for key, value in problem.values.items()}
        nameless = problem.code is Code.MISSING and not values.get("name")
        if problem.code is Code.UNKNOWN_UNIT:
            parent, others = values.get("parent"), values.get("other_times")
            values["below"] = f" {word('intake.below', parent=parent)}" if parent else ""
            values["other_times"] = f" {word('intake.other_times', units=others)}" if others else ""
        return word(
            f"problem.{'nameless' if nameless else problem.code.value}", **values, day=f"{checked.as_of:%d/%m/%Y}"
        )

    def _reasons(self, problems: Sequence[RowProblem], checked: Checked) -> list[tuple[int, str]]:
        return [(problem.row, self.reason(problem, checked)) for problem in problems]

    def _shown(self, key: str, value: object) -> str:
        match key, value:
            case "first", _:
                return str(value)
            case "column", str():
                return headers().titles[Column(value)]
            case "columns", tuple():
                return ", ".join(headers().titles[column] for column in value)
            case "units" | "other_times", tuple():
                return f" {word('intake.or')} ".join(map(self._title, value))
        return _number(value) if isinstance(value, int | Decimal) else _text(str(value))

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
            warnings=self._reasons(found.warnings[:SHOWN], checked),
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


@lru_cache(maxsize=1024)
def _text(value: str) -> str:
    """What stands in a cell, fit to be shown. One cell may be told of several times."""
    return shortened(clean(value), LONGEST_TEXT)


def _number(value: int | Decimal) -> str:
    """A number of dossiers, or a share in percent."""
    return count(value) if isinstance(value, int) else percent(Fraction(value))
