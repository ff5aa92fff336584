"""How soon a reply with a picture is there, beside the same reply in words: ``python -m benchmarks.pictures``.

The assistant is the one of ``run``, with SQLite in a file and drawing in a process of its own. Every picture is another
one, so none comes from memory.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import uvloop

from benchmarks import report
from bot import app, logs
from bot.artist import drawing
from bot.config import Limits, Log, Settings
from bot.store.engine import opened
from bot.store.officers import StoredOfficers
from handlers.assistant import Assistant
from handlers.kpi_view import slug
from handlers.model import Kind, Message
from handlers.officers import CONSOLE, INVITATION_LASTS, Role
from knowledge.kpi_model import UnitKind
from knowledge.plan import Plan

GOAL_MS = 400.0
MOST = 40
LISTS = ("under:commune:", "rank:rate:asc:commune::5", "rank:rate:desc:commune::5", "rank:gap:asc:district::5")


@dataclass(frozen=True)
class Figures:
    """Milliseconds of one kind of reply, and of processor time for each. ``has_goal``: whether the goal is for it."""

    name: str
    times: Sequence[float]
    cpu_ms: float
    pictures: int
    has_goal: bool = True

    def at(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def table(rows: Sequence[Figures]) -> str:
    """The figures of ``rows``, and whether the goal is reached by 19 of 20 replies."""
    lines = [f"{'':44}{'replies':>8}{'pictures':>9}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}"]
    for row in rows:
        judged = ("reached" if row.at(0.95) < GOAL_MS else "MISSED") if row.has_goal else ""
        goal = f"  goal p95 < {GOAL_MS:.0f} ms  {judged}" if row.has_goal else ""
        measured = f"{row.at(0.5):>8.0f}{row.at(0.95):>8.0f}{row.cpu_ms:>8.0f}"
        lines.append(f"  {row.name:42}{len(row.times):>8}{row.pictures:>9}{measured}{goal}")
    return "\n".join(lines)


async def measured(name: str, assistant: Assistant, messages: Iterator[Message], *, has_goal: bool = True) -> Figures:
    times, pictures, before = [], 0, cpu_seconds()
    for message in messages:
        started = time.perf_counter()
        replies = await assistant.answer(message)
        times.append(1000 * (time.perf_counter() - started))
        pictures += sum(reply.picture is not None or reply.document is not None for reply in replies)
    return Figures(name, times, 1000 * (cpu_seconds() - before) / len(times), pictures, has_goal)


def cpu_seconds() -> float:
    """Processor time so far, of this process and of the one that draws."""
    here = psutil.Process()
    return sum(sum(process.cpu_times()[:2]) for process in (here, *here.children()))


def pressed(actions: Sequence[str]) -> Iterator[Message]:
    for action in actions:
        yield Message("benchmark", "someone", action, action, Kind.ACTION)


def commanded(people: Sequence[str]) -> Iterator[Message]:
    for person in people:
        yield Message("benchmark", person, person, "/kpi")


async def officers(keeper: StoredOfficers, units: Sequence[str]) -> list[str]:
    """An officer for each unit; their persons."""
    for unit in units:
        code, _ = await keeper.invite(Role.OFFICER, unit, by=CONSOLE, lasts=INVITATION_LASTS)
        await keeper.redeem(code, f"officer of {unit}")
    return [f"officer of {unit}" for unit in units]


async def work(folder: Path) -> list[Figures]:
    settings = Settings(limits=Limits(messages_per_minute=0))
    knowledge = app.read_knowledge()
    plan: Plan = knowledge.plan
    kinds = {
        kind: [unit.id for unit in plan.units if unit.kind is kind and unit.id in plan.report.figures]
        for kind in UnitKind
    }
    communes, districts = kinds[UnitKind.COMMUNE], kinds[UnitKind.DISTRICT]
    async with opened(f"sqlite+aiosqlite:///{folder}/x.sqlite3") as engine, drawing(3600.0) as artist:
        assistant = app.served(settings, engine, knowledge, artist).assistant
        await artist.warm_up()
        people = await officers(StoredOfficers(engine, app.now), communes[:MOST])
        after, before = communes[MOST : 2 * MOST], communes[:MOST]
        return [
            await measured(
                "a unit's figures in words",
                assistant,
                pressed([f"kpi:{slug(unit)}" for unit in before]),
                has_goal=False,
            ),
            await measured("/kpi: the same with a chart", assistant, commanded(people)),
            await measured("a unit's chart", assistant, pressed([f"chart:{slug(unit)}" for unit in after])),
            await measured(
                "a district's two charts", assistant, pressed([f"chart:{slug(unit)}" for unit in districts])
            ),
            await measured("bars of a list", assistant, pressed([f"bars:{kind}" for kind in LISTS])),
            await measured(
                "a district as Excel and PDF",
                assistant,
                pressed([f"export:{slug(unit)}" for unit in districts]),
                has_goal=False,
            ),
        ]


def main() -> None:
    logs.set_up(Log(level="warning"))
    with tempfile.TemporaryDirectory(prefix="dvcbot-benchmark-") as folder:
        rows = uvloop.run(work(Path(folder)))
    print(f"replies with pictures, one after the other; {report.machine()}\n{table(rows)}")
    sys.exit(not all(row.pictures for row in rows if row.has_goal))


if __name__ == "__main__":
    main()
