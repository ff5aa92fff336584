"""Questions about figures: the screen that answers each, and what that names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from handlers.board import Board, Sees
from handlers.kpi_view import PROVINCE, KpiView, Screen, slug
from handlers.plan_view import PlanView
from handlers.ports import Today
from knowledge.kpi_ask import Intent, KpiQuestion
from knowledge.load_units import slug as names_slug
from knowledge.plan import Plan


class KpiScreens:
    """Shows the figures of one plan and of what was reported since."""

    def __init__(self, plan: Plan, board: Callable[[], Board], today: Today) -> None:
        self._plan = plan
        self._board = board
        self._today = today
        self._rows = PlanView(plan)
        self._public: tuple[Board, date, KpiView] | None = None

    def view(self, sees: Sees | None = None) -> KpiView:
        """The screens for who ``sees`` some unpublished figures. Those for everyone are kept for the day."""
        board, today = self._board(), self._today()
        if sees is not None:
            return KpiView(self._plan, board, sees, today)
        if self._public is None or self._public[:2] != (board, today):
            self._public = board, today, KpiView(self._plan, board, None, today)
        return self._public[2]

    def makers(self, sees: Sees | None = None) -> dict[str, Callable[[str], Screen | None]]:
        """The screens by the name of their action."""
        view, plan = self.view(sees), self._rows
        return {
            "kpi": view.unit,
            "below": view.below,
            "rank": view.rank,
            "under": view.under_target,
            "compare": view.compare,
            "sum": view.together,
            "hist": view.history,
            "indicators": plan.indicators,
            "indicator": plan.indicator,
            "tasks": plan.tasks,
            "task": plan.task,
            "which": view.which,
            "rows": plan.rows,
            "unknown": view.unknown,
        }

    def named(self, question: KpiQuestion, sees: Sees | None = None) -> tuple[str, ...]:
        """The ids that the answer to ``question`` names, the most important first."""
        if question.choices or question.rows:
            return question.choices or question.rows
        if question.intent in (Intent.TASKS, Intent.INDICATORS):
            return self._listed(question)
        view = self.view(sees)
        if question.units:
            return view.best_first(question.units) if question.intent is Intent.COMPARE else question.units
        return self._ranked(question, view)

    def _ranked(self, question: KpiQuestion, view: KpiView) -> tuple[str, ...]:
        """The units of a list in its order, or whose sum it is."""
        units = view.scope(question.level, question.within, question.kind)
        match question.intent:
            case Intent.RANK:
                order = view.ranking(question.measure, units, ascending=question.ascending).order
                return tuple(unit for unit, _ in order[: question.count])
            case Intent.BELOW:
                return tuple(unit for unit, _ in view.under(units)) or (question.within or PROVINCE,)
            case Intent.TOGETHER:
                return (question.within or PROVINCE,)
            case _:
                return ()

    def _listed(self, question: KpiQuestion) -> tuple[str, ...]:
        """The rows of a list of indicators or tasks, and after them whose they are."""
        if question.intent is Intent.INDICATORS:
            rows = self._rows.indicators_of(_first(question))
            return (*(row.id for row in rows), *question.units)
        if not (question.due or question.units or question.body or question.deadline):
            return ()
        tasks = self._rows.tasks_meant(_tasks(question).partition(":")[2])
        return (*(task.id for task, _ in tasks), *question.units)

    def title(self, item_id: str) -> str:
        """The title of a unit, an indicator or a task."""
        if unit := self._plan.units.by_id.get(item_id):
            return unit.title
        row = self._plan.indicators.get(item_id) or self._plan.tasks.get(item_id)
        return row.name if row else item_id


def action_of(question: KpiQuestion) -> str:
    """The screen that answers ``question``. Whose own unit is meant must be known (see ``KpiQuestion.units``)."""
    if question.choices:
        return "which:" + ",".join(map(slug, question.choices))
    return _ACTIONS[question.intent](question)


def _first(question: KpiQuestion) -> str:
    return slug(question.units[0]) if question.units else ""


def _scope(question: KpiQuestion) -> str:
    return f"{question.kind.replace(' ', '-') or question.level or ''}:{slug(question.within)}"


def _ranking(question: KpiQuestion) -> str:
    order = "asc" if question.ascending else "desc"
    return f"rank:{question.measure}:{order}:{_scope(question)}:{question.count}"


def _tasks(question: KpiQuestion) -> str:
    first, last = question.due or ("", "")
    whose = _first(question) or names_slug(question.body)
    return f"tasks:{whose}:{first}:{last}:{names_slug(question.deadline)}".rstrip(":") or "tasks"


def _rows_of(question: KpiQuestion) -> str:
    return question.rows[0] if len(question.rows) == 1 else "rows:" + ",".join(question.rows)


_ACTIONS: dict[Intent, Callable[[KpiQuestion], str]] = {
    Intent.UNIT: lambda question: f"kpi:{_first(question)}:{question.aspect}",
    Intent.OWN: lambda question: f"kpi:{_first(question)}:{question.aspect}",
    Intent.COMPARE: lambda question: "compare:" + ",".join(map(slug, question.units)),
    Intent.RANK: _ranking,
    Intent.BELOW: lambda question: f"under:{_scope(question)}",
    Intent.TOGETHER: lambda question: f"sum:{_scope(question)}",
    Intent.HISTORY: lambda question: f"hist:{_first(question)}",
    Intent.INDICATORS: lambda question: f"indicators:{_first(question)}",
    Intent.TASKS: _tasks,
    Intent.ROWS: _rows_of,
    Intent.UNKNOWN: lambda _: "unknown",
}
