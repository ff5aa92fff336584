"""A sheet to draw on: a figure measured in points from its top left corner. At 72 dpi a point is a pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D
from PIL import Image

DPI = 72

# Okabe and Ito's colours, which colour-blind eyes tell apart.
BLUE = "#0072B2"
SKY = "#56B4E9"
ORANGE = "#E69F00"
VERMILLION = "#D55E00"
INK = "#000000"
GREY = "#4D4D4D"
LINE = "#BFBFBF"
PALE = "#F0F0F0"
PAPER = "#FFFFFF"

SHADES = 8
"""Steps between two colours that meet, for soft edges."""

# Letters fitted to pixels cost a sixth of the time, and phones scale the picture anyway.
mpl.rcParams["text.hinting"] = "none"

HATCH = "///"
ELLIPSIS = "…"
LEADING = 1.25

Align = Literal["left", "center", "right"]


@cache
def font(size: float, bold: bool = False) -> FontProperties:
    """DejaVu Sans as it comes with matplotlib: it has every Vietnamese letter, whatever the machine has."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=str(Path(mpl.get_data_path(), "fonts", "ttf", name)), size=size)


@cache
def palette() -> Image.Image:
    """The colours there are, each in shades towards the paper, and those of hatched bars, as an image of mode P."""
    inks = (INK, GREY, LINE, BLUE, SKY, ORANGE, VERMILLION)
    meeting = [*((ink, PAPER) for ink in inks), (INK, ORANGE), (PALE, INK)]
    shades = [_mixed(one, other, step / SHADES) for one, other in meeting for step in range(SHADES + 1)]
    made = Image.new("P", (1, 1))
    made.putpalette([value for shade in dict.fromkeys(shades) for value in shade])
    return made


def _mixed(one: str, other: str, share: float) -> tuple[int, int, int]:
    red, green, blue = (
        round((1 - share) * int(one[at : at + 2], 16) + share * int(other[at : at + 2], 16)) for at in (1, 3, 5)
    )
    return red, green, blue


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, bold: bool = False) -> float:
    """How wide one line of ``text`` is, in points."""
    return float(text_to_path.get_text_width_height_descent(text, font(size, bold), False)[0])


def cut(text: str, width: float, size: float, bold: bool = False) -> str:
    """``text``, shortened with an ellipsis until it fits ``width``."""
    if width_of(text, size, bold) <= width:
        return text
    while text and width_of(text + ELLIPSIS, size, bold) > width:
        text = text[:-1]
    return text.rstrip(" ,-") + ELLIPSIS


def wrapped(text: str, width: float, size: float, bold: bool = False, most: int = 2) -> list[str]:
    """``text`` in at most ``most`` lines that fit ``width``; what is left over is cut. No text: no lines."""
    words = text.split()
    lines: list[str] = []
    while words:
        if len(lines) == most - 1:
            return [*lines, cut(" ".join(words), width, size, bold)]
        taken = 1
        while taken < len(words) and width_of(" ".join(words[: taken + 1]), size, bold) <= width:
            taken += 1
        lines.append(cut(" ".join(words[:taken]), width, size, bold))
        words = words[taken:]
    return lines


def name_lines(name: str, width: float, size: float) -> list[str]:
    """A unit's title in at most two lines, broken before its parent where that fits."""
    own, comma, parent = name.partition(", ")
    if width_of(name, size) > width >= max(width_of(own + ",", size), width_of(parent, size)) and comma:
        return [own + ",", parent]
    return wrapped(name, width, size)


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class Canvas:
    """A white figure of ``width`` x ``height`` points; y grows downwards. Text is never read as mathematics."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor=PAPER)
        downwards = Affine2D().scale(1 / DPI, -1 / DPI).translate(0, height / DPI)
        self._place = downwards + self.figure.dpi_scale_trans

    def text(  # noqa: PLR0913 text has this many sides
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        align: Align = "left",
        halo: bool = False,
    ) -> None:
        """One line on the baseline ``y``. ``halo`` clears what lies behind."""
        box = {"facecolor": PAPER, "edgecolor": "none", "alpha": 0.8, "pad": 2} if halo else None
        self.figure.text(
            x, y, text, color=colour, ha=align, va="baseline", parse_math=False, bbox=box, zorder=5,
            fontproperties=font(size, bold), transform=self._place,
        )  # fmt: skip

    def lines(  # noqa: PLR0913
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        align: Align = "left",
    ) -> float:
        """Lines from the top ``y`` down; returns where they end."""
        for line in lines:
            self.text(x, y + size, line, size, bold=bold, colour=colour, align=align)
            y += size * LEADING
        return y

    def middle(  # noqa: PLR0913
        self,
        x: float,
        y: float,
        lines: Sequence[str],
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        align: Align = "left",
    ) -> None:
        """Lines centred on the height ``y``."""
        self.lines(
            x, y - size * (0.62 + LEADING * (len(lines) - 1) / 2), lines, size, bold=bold, colour=colour, align=align
        )

    def box(  # noqa: PLR0913
        self, x: float, y: float, width: float, height: float, colour: str, *, hatched: bool = False
    ) -> None:
        self.figure.add_artist(
            Rectangle(
                (x, y), width, height, facecolor=colour, edgecolor=INK if hatched else "none", linewidth=0,
                hatch=HATCH if hatched else None, zorder=2, transform=self._place,
            )
        )  # fmt: skip

    def path(  # noqa: PLR0913
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        colour: str,
        width: float = 1,
        *,
        dashes: tuple[float, float] | None = None,
        marker: str = "",
        size: float = 0,
        behind: bool = False,
    ) -> None:
        """A line through the points, with ``marker`` of ``size`` on each; ``behind`` the boxes or before them."""
        self.figure.add_artist(
            Line2D(
                xs, ys, color=colour, linewidth=width, marker=marker, markersize=size, markeredgecolor=PAPER,
                zorder=1 if behind else 3, transform=self._place, linestyle=(0, dashes) if dashes else "-",
            )
        )  # fmt: skip
