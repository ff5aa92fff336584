"""The rate of a unit over time against its target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from matplotlib.figure import Figure

from bot.drawing.canvas import BLUE, GREY, INK, LEADING, LINE, VERMILLION, Box, Canvas, width_of, wrapped
from bot.drawing.numbers import day, percent, target_percent
from handlers.words import word

WIDTH = 1080
MARGIN = 40
TITLE, BODY, SMALL, VALUE = 46, 34, 30, 38
PLOT_HEIGHT = 540
PLOT_LEFT, PLOT_RIGHT = 150, WIDTH - MARGIN
HEADROOM, FOOTROOM = 64, 30
"""Above and below the scale, for the labels of points at its ends."""
INSET = 80
"""Between the sides of the plot and the first and last day."""
MANY = 24
"""From here on points get small markers."""

Point = tuple[date, Decimal]


@dataclass
class _Plot:
    """Where days and percents lie; ``taken`` is where no label may go."""

    top: float
    first: int
    last: int
    low: int
    high: int
    taken: list[Box] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        return self.top + PLOT_HEIGHT

    def x(self, when: date) -> float:
        span = self.last - self.first
        share = (when.toordinal() - self.first) / span if span else 0.5
        return PLOT_LEFT + INSET + share * (PLOT_RIGHT - PLOT_LEFT - 2 * INSET)

    def y(self, value: Decimal | int) -> float:
        share = (float(value) - self.low) / (self.high - self.low)
        return self.bottom - FOOTROOM - share * (PLOT_HEIGHT - HEADROOM - FOOTROOM)

    def holds(self, box: Box) -> bool:
        across = box.left >= PLOT_LEFT and box.right <= WIDTH - 8
        return across and box.top >= self.top and box.bottom <= self.bottom - 4

    def is_free(self, box: Box) -> bool:
        return not any(box.meets(other) for other in self.taken)


def trend_figure(title: str, points: Sequence[Point], target: Point | None, footer: str) -> Figure:
    """See ``bot.charts.trend``."""
    if not points:
        raise ValueError("a trend needs a point")
    known = sorted(dict(points).items())
    heading = wrapped(title, WIDTH - 2 * MARGIN, TITLE, bold=True, most=3)
    notes = wrapped(footer, WIDTH - 2 * MARGIN, SMALL, most=4)
    top = MARGIN + len(heading) * TITLE * LEADING + (2 if target else 1) * BODY * 1.5 + 20
    end = top + PLOT_HEIGHT + 2.6 * SMALL
    canvas = Canvas(WIDTH, round(end + len(notes) * SMALL * LEADING + MARGIN))
    plot = _plot(top, known, target)
    y = canvas.lines(MARGIN, MARGIN, heading, TITLE, bold=True)
    _legend(canvas, y + 10, target)
    _scale(canvas, plot)
    _curves(canvas, plot, known, target)
    _values(canvas, plot, known, target)
    _days(canvas, plot, known, target)
    canvas.lines(MARGIN, end, notes, SMALL, colour=GREY)
    return canvas.figure


def _plot(top: float, points: Sequence[Point], target: Point | None) -> _Plot:
    shown = [*points, target] if target else points
    days = [when.toordinal() for when, _ in shown]
    values = [value for _, value in shown]
    low = max(0, int(min(values) - 5) // 10 * 10)
    high = -(int(-max(values) - 5) // 10) * 10
    if max(values) <= 100:  # noqa: PLR2004 the whole, in percent
        high = min(high, 100)
    low = 0 if low <= 30 else min(low, high - 20)  # noqa: PLR2004 too little room to begin elsewhere
    return _Plot(top, min(days), max(days), low, high)


def _legend(canvas: Canvas, y: float, target: Point | None) -> None:
    x = MARGIN + 90
    middle = y + BODY * 0.65
    canvas.path([MARGIN, MARGIN + 70], [middle] * 2, BLUE, 6)
    canvas.path([MARGIN + 35], [middle], BLUE, marker="o", size=20)
    y = canvas.lines(x, y, [word("chart.rate")], BODY) + BODY * 0.25
    if target:
        middle = y + BODY * 0.65
        canvas.path([MARGIN, MARGIN + 70], [middle] * 2, VERMILLION, 5, dashes=(3, 1.5))
        canvas.path([MARGIN + 35], [middle], VERMILLION, marker="D", size=20)
        canvas.lines(x, y, [word("chart.target_by", target=target_percent(target[1]), day=day(target[0]))], BODY)


def _scale(canvas: Canvas, plot: _Plot) -> None:
    span = plot.high - plot.low
    step = next(step for step in (5, 10, 20, 50, 100, span) if span / step <= 6)  # noqa: PLR2004 lines enough
    for value in range(plot.low, plot.high + 1, step):
        canvas.path([PLOT_LEFT, PLOT_RIGHT], [plot.y(value)] * 2, LINE, 1.5, behind=True)
        canvas.middle(PLOT_LEFT - 16, plot.y(value), [f"{value}%"], SMALL, colour=GREY, align="right")
    canvas.path([PLOT_LEFT, PLOT_RIGHT], [plot.bottom] * 2, INK, 2)


def _curves(canvas: Canvas, plot: _Plot, points: Sequence[Point], target: Point | None) -> None:
    size = 12 if len(points) > MANY else 22
    xs, ys = [plot.x(when) for when, _ in points], [plot.y(value) for _, value in points]
    if target:
        due, wanted = plot.x(target[0]), plot.y(target[1])
        canvas.path([PLOT_LEFT, PLOT_RIGHT], [wanted] * 2, VERMILLION, 5, dashes=(3, 1.5))
        if target[0] > points[-1][0] and target[1] > points[-1][1]:
            canvas.path([xs[-1], due], [ys[-1], wanted], GREY, 3, dashes=(1, 2))
            plot.taken += _along(xs[-1], ys[-1], due, wanted)
        canvas.path([due], [wanted], VERMILLION, marker="D", size=22)
        plot.taken.append(Box(due - 16, wanted - 16, due + 16, wanted + 16))
        plot.taken.append(Box(PLOT_LEFT, wanted - 3, PLOT_RIGHT, wanted + 3))
    canvas.path(xs, ys, BLUE, 6, marker="o", size=size)
    plot.taken += [Box(x - size / 2, y - size / 2, x + size / 2, y + size / 2) for x, y in zip(xs, ys, strict=True)]
    for x1, y1, x2, y2 in zip(xs, ys, xs[1:], ys[1:], strict=False):
        plot.taken += _along(x1, y1, x2, y2)


def _along(x1: float, y1: float, x2: float, y2: float) -> Iterator[Box]:
    """Small boxes along a line."""
    steps = max(1, int(max(abs(x2 - x1), abs(y2 - y1)) / 12))
    for number in range(steps + 1):
        x, y = x1 + (x2 - x1) * number / steps, y1 + (y2 - y1) * number / steps
        yield Box(x - 4, y - 4, x + 4, y + 4)


def _values(canvas: Canvas, plot: _Plot, points: Sequence[Point], target: Point | None) -> None:
    """Labels of the points: of the last one always, of the others where there is room."""
    for number, (when, value) in enumerate(_by_weight(points)):
        _label(canvas, plot, (when, value), percent(value), INK, always=number == 0)
        if number == 0 and target:
            _label(canvas, plot, target, target_percent(target[1]), VERMILLION, always=False)


def _label(  # noqa: PLR0913
    canvas: Canvas, plot: _Plot, point: Point, text: str, colour: str, *, always: bool
) -> None:
    half, x, y = width_of(text, VALUE, bold=True) / 2 + 4, plot.x(point[0]), plot.y(point[1])
    side = 26 + half
    above, below, level = y - 26, y + VALUE + 20, y + VALUE / 3
    places = [(x, above), (x, below), (x + side, level), (x - side, level), (x + half, below), (x - half, above)]
    boxes = [Box(at - half, base - VALUE * 0.8, at + half, base + 4) for at, base in places]
    inside = [i for i, box in enumerate(boxes) if plot.holds(box)]
    chosen = next((i for i in inside if plot.is_free(boxes[i])), inside[0] if always else None)
    if chosen is not None:
        plot.taken.append(boxes[chosen])
        canvas.text(*places[chosen], text, VALUE, bold=True, colour=colour, align="center", halo=True)


def _days(canvas: Canvas, plot: _Plot, points: Sequence[Point], target: Point | None) -> None:
    """The days of the points and of the target under the plot, as many as there is room for."""
    days = [when for when, _ in _by_weight(points)]
    if target:
        days.insert(1, target[0])
    taken: list[Box] = []
    for when in days:
        half, x = width_of(day(when), SMALL) / 2, plot.x(when)
        at = min(max(x, MARGIN / 2 + half), WIDTH - MARGIN / 2 - half)
        box = Box(at - half - 14, 0, at + half + 14, 1)
        if not any(box.meets(other) for other in taken):
            taken.append(box)
            canvas.path([x, x], [plot.bottom, plot.bottom + 12], INK, 2)
            canvas.text(at, plot.bottom + 18 + SMALL, day(when), SMALL, align="center")


def _by_weight(points: Sequence[Point]) -> Iterator[Point]:
    """The last point, the first, then those in between by halving, so that what is left out is spread evenly."""
    yield points[-1]
    if len(points) > 1:
        yield points[0]
    spans = [(0, len(points) - 1)]
    for low, high in spans:
        if high - low > 1:
            middle = (low + high) // 2
            yield points[middle]
            spans += [(low, middle), (middle, high)]
