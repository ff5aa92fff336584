"""What the benchmark prints."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.bots import ON_AIOHTTP, WHOLE_BOT, Start
from benchmarks.loads import Figures, Load, middle

BURST_RATIOS = {0.0: 35, 0.1: 80}
START_SECONDS = 3.0
MEMORY_MB = 250.0


@dataclass(frozen=True)
class Row:
    """One bot under one load, in one or more rounds; ``note`` says why there are none or fewer updates."""

    bot: str
    load: Load
    rounds: Sequence[Figures]
    note: str = ""

    @property
    def figures(self) -> Figures | None:
        return middle(self.rounds) if self.rounds else None


def machine() -> str:
    cores = f"{os.cpu_count()} cores with a load of {os.getloadavg()[0]:.1f} before"
    return f"{cores}, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def table(rows: Sequence[Row]) -> str:
    head = f"{'':20}{'replies/s':>10}{'p50 ms':>9}{'p95 ms':>9}{'CPU ms/msg':>12}{'RSS MB':>8}{'lost':>6}"
    lines = [head]
    told = ""
    for row in rows:
        if (title := _title(row.load)) != told:
            lines += ["", title]
            told = title
        lines.append(_line(row))
    return "\n".join(lines)


def _title(load: Load) -> str:
    shape = "all at once" if load.per_second is None else f"{load.per_second:.0f} updates a second"
    mix = ", every third a pressed button" if load.buttons else ""
    return f"{shape}{mix}, server answers after {1000 * load.latency:.0f} ms"


def _line(row: Row) -> str:
    name = f"  {row.bot:18}"
    f = row.figures
    if f is None:
        return f"{name}  {row.note}"
    measured = f"{f.replies_per_second:>10.0f}{f.p50_ms:>9.0f}{f.p95_ms:>9.0f}"
    note = "  ".join(filter(None, (f"{row.load.count:,} updates", row.note)))
    return f"{name}{measured}{f.cpu_ms:>12.2f}{f.rss_mb:>8.0f}{f.lost:>6.0f}  {note}"


def goals(rows: Sequence[Row], starts: Sequence[Start], memory_mb: float, answers: int) -> str:
    """The first of several ``starts`` compiled the modules and does not count."""
    lines = [line for latency, goal in BURST_RATIOS.items() if (line := _ratio(rows, latency, goal))]
    if len(starts) > 1:
        lines.append(_start(starts[0], starts[1:]))
    if memory_mb:
        reached = memory_mb < MEMORY_MB
        lines.append(_goal(f"resident after {answers:,} answers", memory_mb, "MB", MEMORY_MB, reached=reached))
    return "\n".join(lines)


def _start(first: Start, starts: Sequence[Start]) -> str:
    waited = [start.seconds for start in starts]
    seconds = median(waited)
    line = _goal("start to first answer", seconds, "s", START_SECONDS, reached=seconds < START_SECONDS)
    cpu = median(start.cpu_seconds for start in starts)
    span = f"{min(waited):.2f} to {max(waited):.2f} s, of CPU {cpu:.2f} s"
    return f"{line}  ({len(starts)} starts: {span}; with modules to compile: {first.seconds:.2f} s)"


def _ratio(rows: Sequence[Row], latency: float, goal: int) -> str:
    """The median of the rounds' ratios: the two bots of a round ran one right after the other."""
    pairs = list(zip(*(_bursts(rows, bot, latency) for bot in (WHOLE_BOT, ON_AIOHTTP)), strict=False))
    ratios = [100 * ours.replies_per_second / theirs.replies_per_second for ours, theirs in pairs if theirs.p50_ms]
    if not ratios:
        return ""
    cpu = median(100 * theirs.cpu_ms / ours.cpu_ms for ours, theirs in pairs if ours.cpu_ms)
    what = f"{WHOLE_BOT} / {ON_AIOHTTP}, burst at {1000 * latency:.0f} ms"
    found = _goal(what, median(ratios), "%", goal, reached=median(ratios) >= goal, least=True)
    return f"{found}  (rounds: {min(ratios):.0f} to {max(ratios):.0f} %; by CPU a message: {cpu:.0f} %)"


def _bursts(rows: Sequence[Row], bot: str, latency: float) -> list[Figures]:
    loads = [row for row in rows if row.bot == bot and not (row.load.per_second or row.load.buttons)]
    return [one for row in loads if row.load.latency == latency for one in row.rounds]


def _goal(what: str, value: float, unit: str, goal: float, *, reached: bool, least: bool = False) -> str:  # noqa: PLR0913
    shown = f"{value:.2f}" if unit == "s" else f"{value:.0f}"
    limit = f"goal {'>=' if least else '<'} {goal:.0f} {unit}"
    return f"  {what:48}{shown:>7} {unit:3} {limit:16} {'reached' if reached else 'MISSED'}"


def server(rows: Sequence[Row]) -> str:
    """How busy the fake server was where it had most to do."""
    shares = [(100 * row.figures.server_share, row) for row in rows if row.figures]
    share, row = max(shares, key=lambda found: found[0], default=(0.0, None))
    where = f"{row.bot}, {_title(row.load)}" if row else "nothing ran"
    return f"fake Bot API: at most {share:.0f} % of one core ({where}); below 100 % it held nobody up"


def shares(seen: Mapping[str, float], whole: float, count: int | None = None) -> str:
    """The ``count`` largest parts of ``whole`` seconds."""
    ordered = sorted(seen.items(), key=lambda found: -found[1])[:count]
    return "\n".join(f"  {100 * seconds / whole:5.1f} %  {name}" for name, seconds in ordered)
