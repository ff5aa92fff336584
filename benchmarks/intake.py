"""How long an import of 10,000 rows takes, from the bytes of the file to its last problem or its preview.

Each case is a file: reading it (a workbook is read by a process of its own), understanding and checking it, and making
the answer that the officer gets. The target is 2 s. Run: python -m benchmarks.intake
"""

from __future__ import annotations

import asyncio
import csv
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO, StringIO
from itertools import pairwise

import xlsxwriter  # type: ignore[import-untyped]

from bot.sheets import read_sheet
from handlers.intake import Checker, Table
from handlers.intake_view import IntakeView
from knowledge.intake_model import Cell, DatedFigure
from knowledge.kpi_model import Unit
from knowledge.load import load
from knowledge.plan import Plan
from knowledge.units import Units

ROWS = 10_000
#: The best of so many counts: the machine may be busy with something else.
ROUNDS = 3
DAY = date(2026, 9, 30)
LIMIT = 2.0
HEADING = ("TT", "Ten don vi", "Tong so ho so", "HS truc tuyen", "Ty le", "Chi tieu", "Ghi chu")

Row = Sequence[Cell]


class NoReports:
    """Stands for a store without reports."""

    async def latest(self, _: date, **__: bool) -> dict[str, DatedFigure]:
        return {}


def main() -> None:
    plan = load().plan
    print(
        f"import of {ROWS:,} rows, seconds by the clock (target {LIMIT:g}) and of CPU, the reading process's included"
    )
    for name, units, rows in _cases(plan):
        for kind, write in (("xlsx", _xlsx), ("csv", _csv)):
            data = write([HEADING, *rows])
            runs = [_run(replace(plan, units=units), data, f"bc.{kind}") for _ in range(ROUNDS)]
            read, checked, told, cpu = min(runs, key=lambda run: sum(run[:3]))
            whole = read + checked + told
            verdict = "" if whole < LIMIT else "  OVER THE TARGET"
            parts = f"read {read:.2f}, checked {checked:.2f}, answer {told:.2f}"
            print(
                f"  {name:<38} {kind:<5} {len(data) / 1024:6.0f} KB  {whole:5.2f}  CPU {cpu:4.2f}  ({parts}){verdict}"
            )


def _run(plan: Plan, data: bytes, name: str) -> tuple[float, float, float, float]:
    """Seconds for each step, then of CPU."""
    before = sum(os.times()[:4])
    steps = asyncio.run(_measured(plan, data, name))
    return *steps, sum(os.times()[:4]) - before


async def _measured(plan: Plan, data: bytes, name: str) -> tuple[float, float, float]:
    checker, view = Checker(plan, NoReports()), IntakeView(plan.units.by_id)  # type: ignore[arg-type]  # all it asks for
    times = [time.perf_counter()]
    sheet = read_sheet(data, name)
    times.append(time.perf_counter())
    checked = await checker.check(Table(sheet, name), DAY, lambda _: True)
    times.append(time.perf_counter())
    if checked.intake.problems:
        view.problems(checked)
    else:
        view.preview(checked)
    times.append(time.perf_counter())
    first, second, third = (after - before for before, after in pairwise(times))
    return first, second, third


def _cases(plan: Plan) -> Iterator[tuple[str, Units, list[Row]]]:
    today = [unit for unit in plan.units.today(DAY) if unit.parent]
    yield "every row another unit, all good", *_many(plan)
    yield "units of today again and again", plan.units, _rows(lambda n: today[n % len(today)].title)
    yield "every row an unknown unit", plan.units, _rows(lambda n: f"Xa Quang La {n}, Huyen Dam Ha")
    yield "every row a slip of the finger", plan.units, _rows(lambda n: f"{today[n % len(today)].name}{n % 10}")
    yield (
        "no row with sound numbers",
        plan.units,
        [(n, today[n % len(today)].name, "x", -n, "", 120) for n in range(ROWS)],
    )


def _many(plan: Plan) -> tuple[Units, list[Row]]:
    """As many units as rows: the plan's and invented ones."""
    known = list(plan.units)
    made = [replace(_commune(known), id=f"unit:xa-{n}", name=f"Xa So {n}", title=f"Xa So {n}") for n in range(ROWS)]
    return Units([*known, *made]), _rows(lambda n: made[n].name)


def _commune(units: Sequence[Unit]) -> Unit:
    found = next(unit for unit in units if unit.id == "unit:xa-dam-ha")
    return replace(found, aliases=(), successors=())


def _rows(name: Callable[[int], str]) -> list[Row]:
    return [(n + 1, name(n), f"{1000 + n:,}".replace(",", "."), 500 + n % 500, "", "85,5%", "") for n in range(ROWS)]


def _xlsx(rows: Sequence[Row]) -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def _csv(rows: Sequence[Row]) -> bytes:
    made = StringIO()
    csv.writer(made).writerows(rows)
    return made.getvalue().encode()


if __name__ == "__main__":
    main()
