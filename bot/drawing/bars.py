"""The rates of units against their targets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from matplotlib.figure import Figure

from bot.drawing.canvas import BLUE, GREY, INK, LEADING, LINE, ORANGE, SKY, Canvas, name_lines, width_of, wrapped
from bot.drawing.numbers import bar_percent, target_percent
from handlers.pictures import Bar
from handlers.words import word

WIDTH = 1080
MARGIN = 36
TITLE, BODY, SMALL, VALUE = 46, 32, 28, 36
LABEL_WIDTH = 366
BAR_LEFT = MARGIN + LABEL_WIDTH + 16
VALUE_ROOM, TARGET_ROOM = 156, 132
THICKNESS = 34
GAP = 24
KEY = 46
"""Height of a line of the legend."""
MOST = 40
"""Rows of one picture. Telegram scales photos down to 1,280 pixels in height: many rows are better
sent as a document."""


def bars_figure(title: str, rows: Sequence[Bar], footer: str) -> Figure:
    """See ``bot.charts.bars``."""
    if not 0 < len(rows) <= MOST:
        raise ValueError(f"bars are drawn for 1 to {MOST} rows, not {len(rows)}")
    targets = any(row.target is not None for row in rows)
    heading = wrapped(title, WIDTH - 2 * MARGIN, TITLE, bold=True, most=3)
    notes = wrapped(footer, WIDTH - 2 * MARGIN, SMALL, most=4)
    names = [name_lines(row.label, LABEL_WIDTH, BODY) for row in rows]
    heights = [max(THICKNESS, len(name) * BODY * LEADING) + GAP for name in names]
    legend = _legend_lines(rows) if targets else []
    top = MARGIN + len(heading) * TITLE * LEADING + (len(legend) * KEY + 2 * SMALL if targets else 0) + 26
    end = top + sum(heights) + 2.2 * SMALL
    canvas = Canvas(WIDTH, round(end + len(notes) * SMALL * LEADING + MARGIN))
    right = WIDTH - MARGIN - VALUE_ROOM - (TARGET_ROOM if targets else 0)
    scale = scale_end(rows)
    y = canvas.lines(MARGIN, MARGIN, heading, TITLE, bold=True) + 10
    if targets:
        _legend(canvas, y + 6, legend)
        canvas.text(right + VALUE_ROOM, top - 12, word("chart.rate_short"), SMALL, colour=GREY, align="right")
        canvas.text(WIDTH - MARGIN, top - 12, word("chart.target"), SMALL, colour=GREY, align="right")
    _grid(canvas, top, top + sum(heights), right, scale)
    for row, name, height in zip(rows, names, heights, strict=True):
        middle = top + height / 2
        canvas.middle(MARGIN, middle, name, BODY)
        draw_bar(canvas, row, (BAR_LEFT, middle - THICKNESS / 2, right - BAR_LEFT, THICKNESS), scale)
        _numbers(canvas, row, middle, right + VALUE_ROOM)
        top += height
    canvas.lines(MARGIN, end, notes, SMALL, colour=GREY)
    return canvas.figure


def draw_bar(canvas: Canvas, row: Bar, place: tuple[float, float, float, float], scale: int) -> None:
    """The rate as a bar in ``place`` (left, top, width, height), ``scale`` percent wide, and a tick at the target."""
    left, top, width, height = place
    if row.rate is not None:
        colour = {True: BLUE, False: ORANGE, None: SKY}[row.is_reached]
        canvas.box(left, top, float(row.rate) / scale * width, height, colour, hatched=row.is_reached is False)
    if row.target is not None:
        x = left + float(row.target) / scale * width
        canvas.path([x, x], [top - height * 0.25, top + height * 1.25], INK, max(1.2, height / 6))


def scale_end(rows: Sequence[Bar]) -> int:
    """Where the scale ends: 100 %, or the next full ten where everything is small or something is beyond."""
    most = max([value for row in rows for value in (row.rate, row.target) if value is not None] or [Decimal(100)])
    tens = max(10, -(int(-most) // 10) * 10)
    return tens if most <= 40 or most > 100 else 100  # noqa: PLR2004 percent


def _legend_lines(rows: Sequence[Bar]) -> list[list[tuple[str, str]]]:
    """Lines of (colour, words) for what the rows show; a tick is the colour ""."""
    kinds = {row.is_reached for row in rows if row.rate is not None}
    known = [
        (False, ORANGE, word("chart.below")),
        (True, BLUE, word("chart.reached")),
        (None, SKY, word("chart.without_target")),
    ]
    lines: list[list[tuple[str, str]]] = [[]]
    left = float(WIDTH - 2 * MARGIN)
    for colour, words in [
        *((colour, words) for kind, colour, words in known if kind in kinds),
        ("", word("chart.target")),
    ]:
        left -= _key_width(words)
        if left < 0:
            lines.append([])
            left = WIDTH - 2 * MARGIN - _key_width(words)
        lines[-1].append((colour, words))
    return lines


def _key_width(words: str) -> float:
    return 54 + width_of(words, SMALL) + 34


def _legend(canvas: Canvas, y: float, lines: Sequence[Sequence[tuple[str, str]]]) -> None:
    for line in lines:
        x: float = MARGIN
        for colour, words in line:
            if colour:
                canvas.box(x, y + 2, 44, SMALL, colour, hatched=colour == ORANGE)
            else:
                canvas.path([x + 36, x + 36], [y - 2, y + SMALL + 6], INK, 6)
            canvas.text(x + 54, y + SMALL * 0.95, words, SMALL)
            x += _key_width(words)
        y += KEY


def _grid(canvas: Canvas, top: float, bottom: float, right: float, scale: int) -> None:
    for share in (0.0, 0.5, 1.0):
        x = BAR_LEFT + share * (right - BAR_LEFT)
        canvas.path([x, x], [top, bottom], LINE, 2, behind=True)
        canvas.text(x, bottom + SMALL + 6, f"{share * scale:g}%", SMALL, colour=GREY, align="center")


def _numbers(canvas: Canvas, row: Bar, middle: float, right: float) -> None:
    if row.rate is None:
        words = wrapped(word("chart.no_data"), VALUE_ROOM - 40, 26)
        canvas.middle(right, middle, words, 26, colour=GREY, align="right")
    else:
        canvas.middle(right, middle, [bar_percent(row)], VALUE, bold=True, align="right")
    if row.target is not None:
        canvas.middle(WIDTH - MARGIN, middle, [target_percent(row.target)], BODY, colour=GREY, align="right")
