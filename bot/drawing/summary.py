"""The summary that is printed before a meeting: A4, headline figures, a table with bars, as many pages as it takes."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from bot.drawing.bars import draw_bar, scale_end
from bot.drawing.canvas import BLUE, GREY, INK, LEADING, LINE, ORANGE, PALE, Align, Canvas, cut, width_of, wrapped
from bot.drawing.numbers import bar_percent, count, points, target_percent
from handlers.pictures import Headline, SummaryRow
from handlers.words import word

WIDTH, HEIGHT = 595.28, 841.89
MARGIN = 28
TITLE, BODY, SMALL = 15, 8, 7.5
ROWS = 45
"""Of one page."""
ROW_HEIGHT = 13.6
NUMBER_RIGHT, NAME_LEFT, NAME_RIGHT = MARGIN + 16, MARGIN + 22, 234
#: Right edges of the columns of numbers.
TOTAL, ONLINE, RATE, TARGET, GAP = 276, 322, 366, 408, 458
BAR_LEFT, BAR_RIGHT = 470, WIDTH - MARGIN


def summary_figures(title: str, headlines: Sequence[Headline], rows: Sequence[SummaryRow], footer: str) -> list[Figure]:
    """One figure a page; see ``bot.charts.summary``."""
    starts = range(0, max(1, len(rows)), ROWS)
    scale = scale_end([row.bar for row in rows])
    figures = []
    for number, start in enumerate(starts, 1):
        canvas = Canvas(WIDTH, HEIGHT)
        lines = wrapped(title, WIDTH - 2 * MARGIN, TITLE, bold=True)
        y = canvas.lines(MARGIN, MARGIN - 4, lines, TITLE, bold=True) + 6
        if number == 1 and headlines:
            y = _headlines(canvas, y, headlines)
        if rows:
            _table(canvas, y, rows[start : start + ROWS], start + 1, scale)
        _foot(canvas, footer, word("chart.page", number=number, pages=len(starts)))
        figures.append(canvas.figure)
    return figures


def _headlines(canvas: Canvas, y: float, headlines: Sequence[Headline]) -> float:
    width = (WIDTH - 2 * MARGIN + 6) / len(headlines)
    for number, headline in enumerate(headlines):
        x = MARGIN + number * width
        canvas.box(x, y, width - 6, 52, PALE)
        canvas.text(x + 8, y + 23, cut(headline.value, width - 18, 18, bold=True), 18, bold=True)
        canvas.lines(x + 8, y + 28, wrapped(headline.label, width - 18, BODY), BODY, colour=GREY)
    return y + 60


def _table(canvas: Canvas, y: float, rows: Sequence[SummaryRow], first: int, scale: int) -> None:
    y = _head(canvas, y)
    for number, row in enumerate(rows, first):
        if number % 2:
            canvas.box(MARGIN, y, BAR_LEFT - 6 - MARGIN, ROW_HEIGHT, PALE)
        _row(canvas, y + ROW_HEIGHT / 2, row, number)
        place = (BAR_LEFT, y + ROW_HEIGHT * 0.22, BAR_RIGHT - BAR_LEFT, ROW_HEIGHT * 0.56)
        draw_bar(canvas, row.bar, place, scale)
        y += ROW_HEIGHT
    canvas.path([MARGIN, BAR_RIGHT], [y, y], INK, 0.8)


def _head(canvas: Canvas, y: float) -> float:
    """The key to the bars and the names of the columns; returns where the rows begin."""
    bottom = y + 36
    _key(canvas, y)
    canvas.text(NUMBER_RIGHT, bottom - 4, word("chart.number"), SMALL, bold=True, align="right")
    canvas.text(NAME_LEFT, bottom - 4, word("chart.unit"), SMALL, bold=True)
    left: float = NAME_RIGHT
    columns = (
        (TOTAL, word("chart.total")),
        (ONLINE, word("chart.online")),
        (RATE, word("chart.rate_short")),
        (TARGET, word("chart.target")),
        (GAP, word("chart.gap")),
    )
    for right, name in columns:
        lines = wrapped(name, right - left - 2, SMALL, bold=True)
        canvas.lines(right, bottom - 2 - len(lines) * SMALL * LEADING, lines, SMALL, bold=True, align="right")
        left = right
    canvas.path([MARGIN, BAR_RIGHT], [bottom, bottom], INK, 0.8)
    return bottom


def _key(canvas: Canvas, y: float) -> None:
    """What the bars mean, in one line from the right."""
    x = BAR_RIGHT
    for colour, words in (("", word("chart.target")), (BLUE, word("chart.reached")), (ORANGE, word("chart.below"))):
        x -= width_of(words, SMALL)
        canvas.text(x, y + SMALL, words, SMALL)
        if colour:
            canvas.box(x - 17, y + 0.5, 14, 7.5, colour, hatched=colour == ORANGE)
        else:
            canvas.path([x - 5, x - 5], [y - 1, y + 10], INK, 1.3)
        x -= 28


def _row(canvas: Canvas, y: float, row: SummaryRow, number: int) -> None:
    bar = row.bar
    _cell(canvas, NUMBER_RIGHT, y, str(number), GREY)
    _cell(canvas, NAME_LEFT, y, cut(bar.label, NAME_RIGHT - NAME_LEFT, BODY), align="left")
    _cell(canvas, TOTAL, y, "" if row.total is None else count(row.total))
    if bar.rate is None:
        _cell(canvas, RATE, y, word("chart.no_data"), GREY)
    else:
        _cell(canvas, ONLINE, y, "" if row.online is None else count(row.online))
        _cell(canvas, RATE, y, bar_percent(bar), bold=True)
    _cell(canvas, TARGET, y, "" if bar.target is None else target_percent(bar.target))
    _cell(canvas, GAP, y, "" if row.gap is None else points(row.gap))


def _cell(  # noqa: PLR0913
    canvas: Canvas, x: float, y: float, text: str, colour: str = INK, *, bold: bool = False, align: Align = "right"
) -> None:
    if text:
        canvas.middle(x, y, [text], BODY, bold=bold, colour=colour, align=align)


def _foot(canvas: Canvas, footer: str, page: str) -> None:
    top = HEIGHT - 48
    canvas.path([MARGIN, WIDTH - MARGIN], [top, top], LINE, 0.6)
    room = WIDTH - 2 * MARGIN - width_of(page, SMALL) - 12
    canvas.lines(MARGIN, top + 4, wrapped(footer, room, SMALL, most=3), SMALL, colour=GREY)
    canvas.text(WIDTH - MARGIN, top + 4 + SMALL, page, SMALL, colour=GREY, align="right")
