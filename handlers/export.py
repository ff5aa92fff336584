"""What is given out as files: the table of a unit and those below, and its summary for a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from handlers.board import Standing
from handlers.kpi_view import LEVELS, KpiView, slug
from handlers.officers import is_within
from handlers.pictures import Bar, Headline, SummaryRow
from handlers.render import count, percent
from handlers.tables import Caption, Line
from handlers.words import word
from knowledge import kpi
from knowledge.kpi_model import Unit, UnitKind
from knowledge.units import Units

#: Rows of the printed page.
ONE_PAGE = 45
MOST_SOURCES = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A unit with its newest figure."""

    unit: Unit
    standing: Standing

    @property
    def rate(self) -> Fraction | None:
        return kpi.rate(self.standing.figure)

    @property
    def gap(self) -> Fraction | None:
        target = self.standing.target
        return kpi.gap(self.standing.figure, target) if target else None


@dataclass(frozen=True, slots=True)
class Summary:
    """The arguments of ``handlers.ports.Artist.summary``."""

    title: str
    headlines: tuple[Headline, ...]
    rows: tuple[SummaryRow, ...]
    footer: str


@dataclass(frozen=True, slots=True)
class Export:
    """The figures of ``unit`` (the province: of all) and those below, in the plan's order."""

    unit: Unit
    rows: tuple[Row, ...]

    @property
    def as_of(self) -> date:
        return max(row.standing.as_of for row in self.rows)

    @property
    def source(self) -> str:
        """The sources of the figures, the newest first."""
        newest_first = sorted(self.rows, key=lambda row: row.standing.as_of, reverse=True)
        sources = list(dict.fromkeys(row.standing.source for row in newest_first))
        return "; ".join(sources[:MOST_SOURCES]) + ("…" if len(sources) > MOST_SOURCES else "")

    @property
    def internal(self) -> int:
        """How many figures are not published."""
        return sum(not row.standing.published for row in self.rows)

    @property
    def name(self) -> str:
        """The name of its files, without their ending."""
        return f"so-lieu-{slug(self.unit.id)}-{self.as_of:%Y-%m-%d}"

    @property
    def _is_province(self) -> bool:
        return self.unit.kind is UnitKind.PROVINCE

    @property
    def _title(self) -> str:
        return word("export.title", unit=word("export.province") if self._is_province else self.unit.title)

    def table(self) -> tuple[Caption, tuple[Line, ...]]:
        """The spreadsheet: its caption and a line for each unit."""
        return Caption(self._title, self.source, self.as_of), tuple(map(self._line, self.rows))

    def _line(self, row: Row) -> Line:
        figure, target, rate, gap = row.standing.figure, row.standing.target, row.rate, row.gap
        return Line(
            row.unit.title,
            figure.total,
            figure.online,
            None if rate is None else kpi.exact(rate),
            target.percent if target else None,
            keep=bool(target and target.keep),
            missing=None if gap is None else kpi.exact(max(Fraction(0), -gap)),
            note=self._note(row),
        )

    def _note(self, row: Row) -> str:
        notes = []
        if not row.standing.published:
            notes.append(word("export.internal"))
        if row.standing.as_of != self.as_of:
            notes.append(word("export.older", day=f"{row.standing.as_of:%d/%m/%Y}"))
        if row.standing.figure.note == "swapped":
            notes.append(word("export.swapped"))
        return "; ".join(notes)

    def summary(self) -> Summary:
        """One page: the unit itself, then those below, the widest gap first. The province's leaves out communes."""
        own = [row for row in self.rows if row.unit.id == self.unit.id]
        below = [row for row in self.rows if row.unit.id != self.unit.id]
        listed = [row for row in below if not (self._is_province and row.unit.kind is UnitKind.COMMUNE)] or below
        ordered = [*own, *sorted(listed, key=lambda row: (row.gap is None, row.gap or 0))]
        footer = [word("export.source", day=f"{self.as_of:%d/%m/%Y}", source=self.source)]
        if len(listed) < len(below):
            footer.append(word("export.one_page"))
        if len(ordered) > ONE_PAGE:
            footer.append(word("export.first_rows", shown=ONE_PAGE, among=len(ordered)))
        if self.internal:
            footer.append(word("chart.internal"))
        rows = tuple(_summary_row(row, self.unit) for row in ordered[:ONE_PAGE])
        return Summary(self._title, self._headlines(own, below), rows, " ".join(footer))

    def _headlines(self, own: Sequence[Row], below: Sequence[Row]) -> tuple[Headline, ...]:
        return (*_own_headlines(own[0]), *_below_headlines(below)) if own else _together_headlines(below)


def export_of(view: KpiView, units: Units, unit: Unit) -> Export | None:
    """What the viewer sees of ``unit`` and those below; None when there are no figures."""
    rows = tuple(
        Row(each, standing)
        for each in units
        if is_within(each.id, unit.id, units.by_id) and (standing := view.standing(each.id))
    )
    return Export(unit, rows) if rows else None


def _summary_row(row: Row, above: Unit) -> SummaryRow:
    figure, target, rate, gap = row.standing.figure, row.standing.target, row.rate, row.gap
    label = row.unit.name if row.unit.parent == above.id else row.unit.title
    reached = None if gap is None else gap >= 0
    bar = Bar(label, None if rate is None else kpi.exact(rate), target.percent if target else None, reached)
    return SummaryRow(bar, figure.total, figure.online, None if gap is None else kpi.exact(gap))


def _own_headlines(own: Row) -> tuple[Headline, ...]:
    standing, rate = own.standing, own.rate
    if rate is None:
        return ()
    found = [Headline(percent(rate), word("export.rate", day=f"{standing.as_of:%d/%m/%Y}"))]
    if target := standing.target:
        found.append(Headline(percent(Fraction(target.percent)), word("export.target", day=f"{target.due:%d/%m/%Y}")))
        needed = kpi.needed_same_total(standing.figure, target)
        if needed is not None:
            found.append(Headline(count(needed), word("export.needed")))
    return tuple(found)


def _below_headlines(below: Sequence[Row]) -> tuple[Headline, ...]:
    judged = [row.gap for row in below if row.gap is not None]
    if not judged:
        return ()
    return (Headline(f"{sum(gap < 0 for gap in judged)}/{len(judged)}", word("export.below")),)


def _together_headlines(rows: Sequence[Row]) -> tuple[Headline, ...]:
    """All of them together, then each level: sums of dossiers, never means of rates."""
    parts = [("together", rows)] + [(level.value, [row for row in rows if row.unit.kind is level]) for level in LEVELS]
    return tuple(
        Headline(percent(rate), word(f"sum.{name}", number=len(part)))
        for name, part in parts
        if (rate := kpi.rate(kpi.rolled_up("", [row.standing.figure for row in part]))) is not None
    )
