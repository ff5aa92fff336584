"""Pictures of numbers and the printed summary: values in, PNG or PDF out.

matplotlib takes some 300 ms to import and does one thing at a time, so it is imported with the first picture (or by
``bot.artist``) and asked through ``Studio``, off the event loop.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, ParamSpec

from handlers.pictures import Bar, Headline, SummaryRow

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Parameters = ParamSpec("Parameters")


def trend(
    title: str, points: Sequence[tuple[date, Decimal]], target: tuple[date, Decimal] | None, footer: str
) -> bytes:
    """The rates (percent) of ``points`` over time, in any order, against ``target``, as PNG of 1,080 pixels' width.

    Of two rates of one day the later given counts. ``footer`` names the day of the figures and their source. Raises
    ValueError without points.
    """
    from bot.drawing.trend import trend_figure  # noqa: PLC0415 imports matplotlib

    return _png(trend_figure(title, points, target, footer))


def bars(title: str, rows: Sequence[Bar], footer: str) -> bytes:
    """``rows`` from top to bottom as given, as PNG of 1,080 pixels' width that grows with them.

    Raises ValueError for none or more than 40 rows.
    """
    from bot.drawing.bars import bars_figure  # noqa: PLC0415 imports matplotlib

    return _png(bars_figure(title, rows, footer))


def summary(title: str, headlines: Sequence[Headline], rows: Sequence[SummaryRow], footer: str) -> bytes:
    """A PDF of A4 pages, 45 rows each; up to four headlines stand well beside one another."""
    from bot.drawing.summary import summary_figures  # noqa: PLC0415 imports matplotlib

    return _pdf(title, summary_figures(title, headlines, rows, footer))


def _png(figure: Figure) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415 comes with matplotlib

    from bot.drawing.canvas import palette  # noqa: PLC0415 imports matplotlib

    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
    picture = Image.frombuffer("RGBA", canvas.get_width_height(), pixels)
    # Few colours, and always the same ones: a third of the bytes in a third of the time.
    few = picture.convert("RGB").quantize(palette=palette(), dither=Image.Dither.NONE)
    buffer = BytesIO()
    few.save(buffer, "png", compress_level=4)
    return buffer.getvalue()


def _pdf(title: str, figures: Sequence[Figure]) -> bytes:
    from matplotlib.backends.backend_pdf import PdfPages  # noqa: PLC0415

    buffer = BytesIO()
    # Without the day it was made, the same summary is the same file.
    with PdfPages(buffer, metadata={"Title": title, "CreationDate": None}) as pages:
        for figure in figures:
            pages.savefig(figure)
    return buffer.getvalue()


class Studio:
    """Draws one picture at a time in a thread of its own and remembers the ``remembered`` latest."""

    def __init__(self, remembered: int = 64) -> None:
        self._thread = ThreadPoolExecutor(1, "charts")
        self._remembered = remembered
        self._pictures: OrderedDict[Hashable, bytes] = OrderedDict()
        self._waiting: dict[Hashable, asyncio.Task[bytes]] = {}

    async def drawn(
        self, function: Callable[Parameters, bytes], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> bytes:
        """``function(*args)``, drawn off the event loop; those who ask for the same at the same time share one drawing.

        Lists in the arguments count as tuples; everything else must be hashable. Passes on what ``function`` raises.
        """
        key = (function, _frozen(args), _frozen(sorted(kwargs.items())))
        if key in self._pictures:
            self._pictures.move_to_end(key)
            return self._pictures[key]
        if key not in self._waiting:
            self._waiting[key] = asyncio.create_task(self._draw(key, lambda: function(*args, **kwargs)))
            self._waiting[key].add_done_callback(_forgive)
        # Whoever stops waiting must not take the picture from the others.
        return await asyncio.shield(self._waiting[key])

    def close(self) -> None:
        """Drop what is not yet begun. Does not wait."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _draw(self, key: Hashable, draw: Callable[[], bytes]) -> bytes:
        try:
            picture = await asyncio.get_running_loop().run_in_executor(self._thread, draw)
        finally:
            del self._waiting[key]
        self._pictures[key] = picture
        if len(self._pictures) > self._remembered:
            self._pictures.popitem(last=False)
        return picture


def _forgive(drawing: asyncio.Task[bytes]) -> None:
    """A failure is told to who waits; when nobody waits any more, it is nobody's."""
    if not drawing.cancelled():
        drawing.exception()


def _frozen(value: object) -> Hashable:
    return tuple(_frozen(part) for part in value) if isinstance(value, (list, tuple)) else value
