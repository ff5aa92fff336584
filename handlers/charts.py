"""Pictures of figures: what is drawn of a unit or a list, and the words that say the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import date
from fractions import Fraction

from handlers.board import Standing
from handlers.kpi_view import KpiView, Line, Listing, slug
from handlers.model import Message, Picture
from handlers.pictures import Bar
from handlers.ports import Artist, Recorder
from handlers.render import render
from handlers.words import word
from knowledge import kpi
from knowledge.kpi_model import Figure, Unit, UnitKind
from knowledge.markup import plain

#: Bars of one picture. Telegram shows photos 1,280 pixels high at most: more, or more names of two lines, would be too
#: small to read on a phone.
MOST_BARS = 40
MOST_LONG_BARS = 24
#: Lines of a caption; what is read out to who cannot see the picture has them all.
CAPTION_LINES = 10


class Charts:
    """Draws what a viewer sees. Passes on what the artist raises; ``beside`` does not."""

    def __init__(self, artist: Artist, recorder: Recorder) -> None:
        self._artist = artist
        self._recorder = recorder

    async def beside(self, drawing: Awaitable[Picture | None], message: Message, seconds: float) -> Picture | None:
        """What ``drawing`` gives, or None when it fails or takes too long: the words come all the same."""
        try:
            async with asyncio.timeout(seconds):
                return await drawing
        except Exception as error:
            self._recorder.failed(message, error)
            return None

    async def trend(self, view: KpiView, unit: Unit) -> Picture | None:
        """The unit's rate over time against its newest target; None when it has no rate."""
        points = [(day, kpi.exact(rate)) for day, _, rate in course(view, unit)]
        if not points:
            return None
        standing = view.standing(unit.id)
        target = standing.target if standing else None
        footer = _footer(view, [unit])
        png = await self._artist.trend(unit.title, points, (target.due, target.percent) if target else None, footer)
        return Picture(png, plain(trend_words(view, unit)))

    async def own(self, view: KpiView, unit: Unit) -> Picture | None:
        """The picture beside a unit's figures: its trend, or the bars below the province, which has no figures."""
        if unit.kind is not UnitKind.PROVINCE:
            return await self.trend(view, unit)
        below = view.listing("below", slug(unit.id))
        return await self.bars(view, below) if below else None

    async def bars(self, view: KpiView, found: Listing) -> Picture | None:
        """The units of a list beside their targets, as many as there is room for; None when there is none."""
        lines = drawn(found)
        if all(line.figure is None for line in lines):
            return None
        rows = [_bar(line, found) for line in lines]
        png = await self._artist.bars(title_of(found), rows, _footer(view, [line.unit for line in lines]))
        return Picture(png, plain(bars_words(view, found, len(lines))))


def course(view: KpiView, unit: Unit) -> list[tuple[date, Figure, Fraction]]:
    """The figures of ``unit`` with their rates, oldest first, one a day; those without a rate are left out."""
    rated = {day: (figure, kpi.rate(figure)) for day, figure in view.course(unit.id)}
    return [(day, figure, rate) for day, (figure, rate) in rated.items() if rate is not None]


def trend_words(view: KpiView, unit: Unit, most: int | None = None) -> str:
    """What the trend shows, as HTML, with the newest ``most`` figures (None: all)."""
    points = course(view, unit)
    left_out = max(0, len(points) - most) if most else 0
    return render(
        "chart_trend.j2",
        unit=unit,
        standing=view.standing(unit.id),
        line=view.line(unit),
        points=points[left_out:],
        left_out=left_out,
    )


def bars_words(view: KpiView, found: Listing, most: int) -> str:
    """What the bars show, as HTML, with the first ``most`` lines."""
    return render(
        "chart_bars.j2",
        title=title_of(found),
        found=found,
        lines=found.lines[:most],
        drawn=len(drawn(found)),
        internal=not all(standing.published for standing in _standings(view, [line.unit for line in found.lines])),
        source=view.source(),
    )


def drawn(found: Listing) -> tuple[Line, ...]:
    """The lines of a list that its picture has room for; below one unit they are named without it, in one line."""
    return found.lines[: MOST_BARS if found.within else MOST_LONG_BARS]


def title_of(found: Listing) -> str:
    """What stands above the bars."""
    if found.kind == "below" and found.within:
        if found.within.kind is UnitKind.PROVINCE:
            return word("chart.title_below_province")
        return word("chart.title_below", unit=found.within.title)
    if found.kind == "compare":
        return word("chart.title_compare")
    return plain(render("chart_title.j2", found=found, drawn=len(drawn(found))))


def _bar(line: Line, found: Listing) -> Bar:
    label = line.unit.name if found.within else line.unit.title
    rate = None if line.rate is None else kpi.exact(line.rate)
    target = None if line.target is None else kpi.exact(line.target)
    return Bar(label, rate, target, None if line.gap is None else line.gap >= 0)


def _footer(view: KpiView, units: list[Unit]) -> str:
    """The newest day of the figures of ``units`` and where they come from."""
    standings = _standings(view, units)
    newest = max(standings, key=lambda standing: standing.as_of)
    told = word("chart.footer", day=f"{newest.as_of:%d/%m/%Y}", source=newest.source)
    return told if all(standing.published for standing in standings) else f"{told} {word('chart.internal')}"


def _standings(view: KpiView, units: list[Unit]) -> list[Standing]:
    return [standing for unit in units if (standing := view.standing(unit.id))]
