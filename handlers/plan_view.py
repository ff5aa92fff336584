"""The screens of the plan's indicators and tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from handlers.kpi_view import PAGE, PREFIX, Screen
from handlers.model import Button
from handlers.render import render
from handlers.words import shortened
from knowledge.kpi_model import Indicator, PlanTask
from knowledge.load_units import slug
from knowledge.plan import Duty, Plan

LABEL = 52


class PlanView:
    """Shows the rows of Appendix I and II."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._units = plan.units.by_id
        self._others = {slug(name): name for name in plan.others}

    def indicators_of(self, who: str) -> list[Indicator]:
        """The indicators that ``who`` (a slug) leads by its own name; without one all that have a target."""
        if who:
            return [duty.row for duty in self._plan.indicators_of(PREFIX + who) if duty.named and duty.leads]
        return [row for row in self._plan.indicators.values() if row.target]

    def indicators(self, argument: str = "") -> Screen:
        rows = self.indicators_of(argument)
        html = render("kpi_indicators.j2", rows=rows, plan=self._plan, unit=self._units.get(PREFIX + argument))
        return html, tuple((Button(f"{row.row}. {shortened(row.name, LABEL)}", action=row.id),) for row in rows)

    def indicator(self, argument: str) -> Screen | None:
        row = self._plan.indicators.get(f"indicator:{argument}")
        if row is None:
            return None
        main = row.id == f"indicator:{row.row}"
        below = [each for each in self._plan.indicators.values() if main and each.row == row.row and each is not row]
        return render("kpi_indicator.j2", row=row, below=below, plan=self._plan), ()

    def tasks_meant(self, argument: str) -> list[tuple[PlanTask, bool]]:
        """The tasks of a body (slug), due between two days, or of a deadline (slug), each with whether the body leads:
        "BODY:FIRST:LAST:DEADLINE", any part may be empty. Raises ValueError when a day is none."""
        who, first, last, deadline = [*argument.split(":"), "", "", ""][:4]
        named = self._others.get(who, PREFIX + who)
        duties = sorted(self._plan.tasks_of(named), key=_rank) if who else _all(self._plan)
        if first and last:
            due = self._plan.tasks_due(date.fromisoformat(first), date.fromisoformat(last))
            duties = [duty for task in due for duty in duties if duty.row is task]
        return [(duty.row, duty.leads) for duty in duties if not deadline or slug(duty.row.deadline) == deadline]

    def tasks(self, argument: str) -> Screen | None:
        who, first, last, deadline = [*argument.split(":"), "", "", ""][:4]
        unit = self._units.get(PREFIX + who)
        if who and unit is None and who not in self._others:
            return None
        try:
            tasks = self.tasks_meant(argument)
        except ValueError:
            return None
        rows = tasks[:PAGE]
        html = render(
            "kpi_tasks.j2",
            whose=unit.name if unit else self._others.get(who, ""),
            first=date.fromisoformat(first) if first and first != str(date.min) else None,
            last=date.fromisoformat(last) if last else None,
            deadline=tasks[0][0].deadline if deadline and tasks else "",
            rows=rows,
            more=len(tasks) - len(rows),
            plan=self._plan,
        )
        return html, tuple((Button(f"{task.row}. {shortened(task.name, LABEL)}", action=task.id),) for task, _ in rows)

    def task(self, argument: str) -> Screen | None:
        row = self._plan.tasks.get(f"task:{argument}")
        return (render("kpi_task.j2", row=row, plan=self._plan), ()) if row else None

    def rows(self, argument: str) -> Screen | None:
        """Indicators or tasks to choose from, by their ids."""
        known: dict[str, Indicator | PlanTask] = {**self._plan.indicators, **self._plan.tasks}
        rows = [known[row_id] for row_id in argument.split(",") if row_id in known]
        return (render("kpi_rows.j2", rows=rows, plan=self._plan), _numbered(rows)) if rows else None


def _numbered(rows: Sequence[Indicator | PlanTask]) -> tuple[tuple[Button], ...]:
    named = enumerate(rows, 1)
    return tuple((Button(f"{number}. {shortened(row.name, LABEL)}", action=row.id),) for number, row in named)


def _rank(duty: Duty[PlanTask]) -> tuple[bool, bool]:
    """What one leads comes first, and of that what names one."""
    return not duty.leads, not duty.named


def _all(plan: Plan) -> list[Duty[PlanTask]]:
    return [Duty(task, leads=False, named=False) for task in plan.tasks.values()]
