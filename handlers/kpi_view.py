"""The screens of figures, indicators and tasks, as one viewer sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from handlers.board import Board, Sees, Standing, as_report
from handlers.model import MAX_ACTION_BYTES, Button, Rows
from handlers.render import render
from handlers.words import word
from knowledge import kpi
from knowledge.kpi_ask import Aspect
from knowledge.kpi_cues import KINDS
from knowledge.kpi_model import Figure, Successor, Unit, UnitKind
from knowledge.plan import Plan
from knowledge.text import fold

PREFIX = "unit:"
PROVINCE = "unit:tinh-quang-ninh"
PAGE = 12
LISTED = 20
#: What bars can show: a rate beside its target.
DRAWN = frozenset({"rate", "gap"})
LEVELS = (UnitKind.DEPARTMENT, UnitKind.DISTRICT, UnitKind.COMMUNE)

Screen = tuple[str, Rows]


@dataclass(frozen=True, slots=True)
class Line:
    """A unit in a list, with what is shown of it. ``value`` is in the measure's own unit, None without figures."""

    unit: Unit
    figure: Figure | None
    rate: Fraction | None
    target: Fraction | None
    gap: Fraction | None
    place: int = 0


class Scope(NamedTuple):
    """Which units are meant: see ``KpiQuestion``."""

    level: UnitKind | None
    within: str | None
    kind: str

    @property
    def name(self) -> str:
        """The kind or level, "" for every one."""
        return self.kind or self.level or ""


@dataclass(frozen=True, slots=True)
class Listing:
    """Units in the order of a list, of which the first ``told`` are told in words. ``tied`` are those that share the
    first place, or those below their target; ``among`` are all that were looked at."""

    kind: str
    lines: tuple[Line, ...]
    told: int
    level: str = ""
    within: Unit | None = None
    measure: str = "rate"
    ascending: bool = False
    tied: int = 0
    among: int = 0


class KpiView:
    """The screens as one viewer sees them."""

    def __init__(self, plan: Plan, board: Board, sees: Sees | None, today: date) -> None:
        self._plan = plan
        self._units = plan.units
        self._today = today
        self._board = board
        self._sees = sees
        self._standings = board.seen(sees)
        self._report = as_report(self._standings)

    def unit(self, argument: str) -> Screen | None:
        name, _, asked = argument.partition(":")
        unit = self._units.by_id.get(PREFIX + name)
        if unit is None:
            return None
        if unit.id == PROVINCE:
            return self.together("::")
        standing = self._standings.get(unit.id)
        if standing is None and (unit.valid_from or self._units.predecessors(unit.id)):
            return self._made_of(unit)
        aspect = Aspect(asked) if asked in set(Aspect) else Aspect.ALL
        html = render(
            "kpi_unit.j2",
            unit=unit,
            standing=standing,
            aspect=aspect,
            line=self._line(unit),
            same=standing and standing.target and kpi.needed_same_total(standing.figure, standing.target),
            new=standing and standing.target and kpi.needed_new(standing.figure, standing.target),
            pace=self._pace(standing),
            change=self._change(standing),
            peers=self._peers(unit),
            now=self._now(unit),
            today=self._today,
        )
        return html, self._around(unit)

    def _line(self, unit: Unit, place: int = 0) -> Line:
        standing = self._standings.get(unit.id)
        if standing is None:
            return Line(unit, None, None, None, None, place)
        target = standing.target
        return Line(
            unit,
            standing.figure,
            kpi.rate(standing.figure),
            Fraction(target.percent) if target else None,
            kpi.gap(standing.figure, target) if target else None,
            place,
        )

    def _pace(self, standing: Standing | None) -> tuple[kpi.Pace, bool | None] | None:
        if standing is None or standing.before is None or standing.target is None:
            return None
        pace = kpi.pace(standing.before, (standing.as_of, standing.figure))
        return (pace, kpi.is_plausible(standing.figure, standing.target, pace, self._today)) if pace else None

    def _change(self, standing: Standing | None) -> tuple[date, Fraction] | None:
        if standing is None or standing.before is None:
            return None
        before, now = kpi.rate(standing.before[1]), kpi.rate(standing.figure)
        return (standing.before[0], now - before) if before is not None and now is not None else None

    def _peers(self, unit: Unit) -> tuple[int, int] | None:
        """The place of ``unit`` by rate among those of its kind and parent, and how many these are."""
        alike = self.scope(unit.kind, unit.parent if unit.kind is UnitKind.COMMUNE else None)
        ranking = self.ranking("rate", alike)
        place = kpi.place(unit.id, ranking)
        return (place, len(ranking.order)) if place else None

    def _now(self, unit: Unit) -> list[tuple[Unit, Successor]]:
        """What ``unit`` belongs to today, when that is not itself."""
        after = self._units.current(unit.id, self._today)
        after = after or self._units.successors(unit.id)
        return [(self._units.by_id[each.unit], each) for each in after if each.unit != unit.id]

    @property
    def standings(self) -> Mapping[str, Standing]:
        """The newest figures by unit, as far as the viewer sees them."""
        return self._standings

    def standing(self, unit_id: str) -> Standing | None:
        return self._standings.get(unit_id)

    def _around(self, unit: Unit) -> Rows:
        rows: list[tuple[Button, ...]] = []
        if unit.id in self._standings:
            rows.append(self._files(unit.id))
        if any(child.id in self._standings for child in self._units.children(unit.id)):
            rows.append((Button(word("kpi.below"), action=f"below:{slug(unit.id)}"),))
        if unit.parent and unit.parent != PROVINCE:
            parent = self._units.by_id[unit.parent]
            rows.append((Button(f"⬆️ {parent.name}", action=f"kpi:{slug(parent.id)}"),))
        more = [Button(word("kpi.indicators"), action="indicators")]
        if self._plan.tasks_of(unit.id):
            more.insert(0, Button(word("kpi.tasks"), action=f"tasks:{slug(unit.id)}"))
        return (*rows, tuple(more))

    def _files(self, unit_id: str) -> tuple[Button, ...]:
        """Buttons for a unit's figures as a picture and as files."""
        name = slug(unit_id)
        return Button(word("kpi.chart"), action=f"chart:{name}"), Button(word("kpi.export"), action=f"export:{name}")

    def _made_of(self, unit: Unit) -> Screen:
        """A unit of today: the last figures of what it was made of, never summed."""
        parts = [(self._line(before), after) for before, after in self._units.predecessors(unit.id)]
        html = render("kpi_made_of.j2", unit=unit, parts=parts, report=self._report, source=self.source())
        return html, self._buttons([line.unit for line, _ in parts])

    def _buttons(self, units: Sequence[Unit]) -> Rows:
        return tuple((Button(unit.title, action=f"kpi:{slug(unit.id)}"),) for unit in units[:PAGE])

    def source(self) -> tuple[str, date]:
        """Where the newest of the figures come from, and their day."""
        newest = [standing for standing in self._standings.values() if standing.as_of == self._report.as_of]
        return (newest[0].source if newest else "", self._report.as_of)

    def scope(self, level: UnitKind | None, within: str | None, kind: str = "") -> list[str]:
        """The ids of the units of ``level`` (None: all) and of the one ``kind`` ("xa"; "": all) below ``within`` (None:
        anywhere) that have figures."""
        return [
            unit.id
            for unit in self._units
            if unit.id in self._standings
            and (level is None or unit.kind is level)
            and (within is None or unit.parent == within)
            and (not kind or fold(unit.name).startswith(f"{kind} "))
        ]

    def best_first(self, units: Sequence[str]) -> tuple[str, ...]:
        """``units`` by rate, those without one last."""
        ranking = self.ranking("rate", units)
        return (*(unit for unit, _ in ranking.order), *ranking.without)

    def ranking(self, measure: str, units: Sequence[str], *, ascending: bool = False) -> kpi.Ranked:
        return kpi.ranked(units, kpi.measures(self._report)[measure], ascending=ascending)

    def under(self, units: Sequence[str]) -> tuple[tuple[str, Fraction], ...]:
        return kpi.below_target(self._report, units)

    def listing(self, kind: str, argument: str) -> Listing | None:
        """What the screen ``kind``:``argument`` lists; None when it is no list."""
        makers = {"rank": self._ranked, "under": self._under, "below": self._below, "compare": self._compared}
        return makers[kind](argument) if kind in makers else None

    def rank(self, argument: str) -> Screen | None:
        return self._told("rank", argument)

    def under_target(self, argument: str) -> Screen | None:
        return self._told("under", argument)

    def below(self, argument: str) -> Screen | None:
        """The units below one, worst gap first."""
        return self._told("below", argument)

    def compare(self, argument: str) -> Screen | None:
        return self._told("compare", argument)

    def _ranked(self, argument: str) -> Listing | None:
        measure, order, level, within, count = [*argument.split(":"), *[""] * 5][:5]
        scope = self._scoped(level, within)
        if scope is None or measure not in kpi.measures(self._report) or not count.isdigit():
            return None
        ranking = self.ranking(measure, self.scope(*scope), ascending=order == "asc")
        shown = ranking.order[: max(int(count), LISTED)]
        lines = tuple(self._line(self._units.by_id[unit], kpi.place(unit, ranking) or 0) for unit, _ in shown)
        tied = sum(value == ranking.order[0][1] for _, value in ranking.order) if ranking.order else 0
        among = len(ranking.order)
        told = min(int(count), LISTED)
        return Listing("rank", lines, told, scope.name, self._within(scope), measure, order == "asc", tied, among)

    def _under(self, argument: str) -> Listing | None:
        scope = self._scoped(*[*argument.split(":"), "", ""][:2])
        if scope is None:
            return None
        units = self.scope(*scope)
        lines = tuple(self._line(self._units.by_id[unit]) for unit, _ in self.under(units))
        return Listing("under", lines, LISTED, scope.name, self._within(scope), tied=len(lines), among=len(units))

    def _within(self, scope: Scope) -> Unit | None:
        return self._units.by_id[scope.within] if scope.within else None

    def _below(self, argument: str) -> Listing | None:
        unit = self._units.by_id.get(PREFIX + argument)
        if unit is None:
            return None
        children = [child.id for child in self._units.children(unit.id) if child.id in self._standings]
        ranking = self.ranking("gap", children, ascending=True)
        ordered = [child for child, _ in ranking.order]
        lines = tuple(self._line(self._units.by_id[child]) for child in (*ordered, *ranking.without))
        return Listing("below", lines, min(LISTED, len(ordered)), "", unit, among=len(children))

    def _compared(self, argument: str) -> Listing | None:
        units = [PREFIX + name for name in argument.split(",") if PREFIX + name in self._units.by_id]
        lines = tuple(self._line(self._units.by_id[unit]) for unit in self.best_first(units))
        return Listing("compare", lines, len(lines)) if lines else None

    def _told(self, kind: str, argument: str) -> Screen | None:
        found = self.listing(kind, argument)
        if found is None:
            return None
        lines = found.lines[: found.told]
        html = render("kpi_list.j2", found=found, lines=lines, source=self.source())
        return html, self._pictured(f"bars:{kind}:{argument}", found) + self._buttons([line.unit for line in lines[:6]])

    def _pictured(self, action: str, found: Listing) -> Rows:
        """A button for the picture of a list, where there is something to compare."""
        drawable = found.measure in DRAWN and sum(line.rate is not None for line in found.lines) > 1
        fits = len(action.encode()) <= MAX_ACTION_BYTES
        return ((Button(word("kpi.chart"), action=action),),) if drawable and fits else ()

    def course(self, unit_id: str) -> list[tuple[date, Figure]]:
        """The figures of a unit that the viewer sees, oldest first."""
        return self._board.history(unit_id, self._sees)

    def line(self, unit: Unit) -> Line:
        return self._line(unit)

    def together(self, argument: str) -> Screen | None:
        scope = self._scoped(*[*argument.split(":"), "", ""][:2])
        if scope is None:
            return None
        within = scope.within
        sums = []
        for each in [scope.level] if scope.level else LEVELS:
            units = self.scope(each, within, scope.kind)
            figure = kpi.rolled_up("", [self._standings[unit].figure for unit in units])
            if units:
                sums.append((scope.kind or each.value, len(units), figure, kpi.rate(figure)))
        whole = kpi.rolled_up("", [figure for _, _, figure, _ in sums])
        html = render(
            "kpi_together.j2",
            sums=sums,
            whole=whole if len(sums) > 1 else None,
            rate=kpi.rate(whole),
            within=self._units.by_id[within] if within else None,
            own=self._line(self._units.by_id[within]) if within else None,
            source=self.source(),
        )
        if within:
            return html, (self._files(within),)
        return html, (self._files(PROVINCE), (Button(word("kpi.indicators"), action="indicators"),))

    def history(self, argument: str) -> Screen | None:
        unit = self._units.by_id.get(PREFIX + argument)
        if unit is None:
            return None
        html = render(
            "kpi_history.j2",
            unit=unit,
            now=self._now(unit),
            before=[(old, after) for old, after in self._units.predecessors(unit.id)],
            today=self._today,
        )
        figures = ((Button(word("kpi.figures"), action=f"kpi:{argument}"),),)
        return html, figures

    def unknown(self, _: str = "") -> Screen:
        """Said when a unit is asked for that there is not."""
        html = render("kpi_unknown.j2", count=len(self._standings), plan=self._plan)
        return html, ((Button(word("kpi.indicators"), action="indicators"),),)

    def task(self, argument: str) -> Screen | None:
        row = self._plan.tasks.get(f"task:{argument}")
        return (render("kpi_task.j2", row=row, plan=self._plan), ()) if row else None

    def which(self, argument: str) -> Screen | None:
        units = [self._units.by_id[PREFIX + name] for name in argument.split(",") if PREFIX + name in self._units.by_id]
        if not units:
            return None
        day = self._today
        html = render("kpi_which.j2", units=[(unit, unit.is_valid(day) and unit.valid_to is None) for unit in units])
        return html, self._buttons(units)

    def _scoped(self, level: str, within: str) -> Scope | None:
        """``level``: a level or a kind of unit ("thi-tran")."""
        kind = level.replace("-", " ")
        known = not level or level in set(UnitKind) or kind in KINDS
        if not known or (within and PREFIX + within not in self._units.by_id):
            return None
        if kind in KINDS:
            return Scope(KINDS[kind], PREFIX + within if within else None, kind)
        return Scope(UnitKind(level) if level else None, PREFIX + within if within else None, "")


def slug(unit_id: str | None) -> str:
    """``unit_id`` as an action names it."""
    return (unit_id or "").removeprefix(PREFIX)
