"""How long answers about figures take, and lists and sums over a long history: ``python -m benchmarks.figures``."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

from benchmarks.growth import goal
from bot.app import console_assistant, read_knowledge
from bot.evaluate import ask_all, read_questions
from handlers.board import Board
from handlers.kpi_view import KpiView
from knowledge.evaluate import quantile
from knowledge.kpi_model import Figure, Report, Target
from knowledge.plan import Plan

QUESTIONS = Path(__file__).parent.parent / "tests" / "questions" / "figures.toml"
#: Figures of history, and the goals in milliseconds.
FIGURES = 100_000
REPLY_MS, LISTS_MS = 5, 20
ROUNDS = 7


def history(plan: Plan, figures: int) -> Iterator[Report]:
    """Weekly reports after the plan's own, every third of them internal, until there are so many figures."""
    chance = random.Random(269)
    units = list(plan.report.figures)
    for week in range(1, -(-figures // len(units)) + 1):
        day = plan.report.as_of + timedelta(weeks=week)
        due = day + timedelta(days=90)
        totals = {unit: chance.randrange(50, 5000) for unit in units}
        yield Report(
            id=f"week {week}",
            as_of=day,
            source=f"week {week}",
            published=bool(week % 3),
            figures={unit: Figure(unit, total, chance.randrange(total)) for unit, total in totals.items()},
            targets={unit: Target(unit, plan.report.targets[unit].percent, due) for unit in units},
        )


def ms(work: Callable[[], object]) -> float:
    """The median of several rounds."""
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return median(times)


def lists(plan: Plan, board: Board) -> dict[str, float]:
    """Milliseconds of lists and sums for a viewer who sees all of ``board``, each with a view of its own."""

    def made(screen: Callable[[KpiView], object]) -> float:
        today = plan.report.as_of + timedelta(weeks=1)
        return ms(lambda: screen(KpiView(plan, board, lambda _: True, today)))

    unit = next(iter(plan.report.figures))
    return {
        "ranking of all units": made(lambda view: view.rank("rate:asc:::20")),
        "all below their targets": made(lambda view: view.under_target(":")),
        "sums of the levels and the province": made(lambda view: view.together("::")),
        "communes of one district": made(lambda view: view.below("thanh-pho-ha-long")),
        "course of one unit": ms(lambda: board.history(unit, lambda _: True)),
    }


async def replies() -> list[float]:
    """Milliseconds of each question about figures, the whole answer, the fastest of several rounds."""
    assistant = console_assistant(read_knowledge())
    questions = read_questions([QUESTIONS])
    rounds = [[given.ms for _, given in await ask_all(assistant, questions)] for _ in range(3)]
    return sorted(map(min, zip(*rounds, strict=True)))


def main() -> None:
    times = asyncio.run(replies())
    plan = read_knowledge().plan
    reports = [plan.report, *history(plan, FIGURES)]
    built = ms(lambda: Board(reports))
    count = sum(len(report.figures) for report in reports)
    print(f"figures: {len(times)} questions; {count:,} figures in {len(reports)} reports, indexed in {built:.0f} ms")
    print(goal("one reply p50", quantile(times, 0.50), REPLY_MS, "ms"))
    print(goal("one reply p99", quantile(times, 0.99), REPLY_MS, "ms"))
    for name, value in lists(plan, Board(reports)).items():
        print(goal(name, value, LISTS_MS, "ms"))


if __name__ == "__main__":
    main()
