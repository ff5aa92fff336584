"""Pictures of numbers: what they show, that it fits, and that the loop goes on while they are drawn."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from PIL import Image

from bot.charts import Studio, bars, summary, trend
from bot.drawing.bars import bars_figure
from bot.drawing.canvas import BLUE, ORANGE, SKY, cut, name_lines, width_of, wrapped
from bot.drawing.numbers import bar_percent, count, day, percent, points, target_percent
from bot.drawing.summary import summary_figures
from bot.drawing.trend import trend_figure
from handlers.pictures import Bar, Headline, SummaryRow

TITLE = "Xã Quảng An, Huyện Đầm Hà"
FOOTER = "Số liệu đến 23/8/2023. Nguồn: Phụ lục III, Kế hoạch 269/KH-UBND của UBND tỉnh Quảng Ninh."
LONG = "Trung tâm Phục vụ hành chính công và Kiểm soát thủ tục của Ủy ban nhân dân " * 3
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxy àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
DUE = (date(2023, 12, 31), Decimal(60))
START = date(2023, 1, 1)

Point = tuple[date, Decimal]


def bar(label: str = "Huyện Cô Tô", rate: str | None = "42.857", target: str | None = "60") -> Bar:
    return Bar(label, None if rate is None else Decimal(rate), None if target is None else Decimal(target))


def weeks(number: int) -> list[Point]:
    return [(START + timedelta(7 * week), Decimal(30) + Decimal(week % 5) * 4) for week in range(number)]


def row(of: Bar, total: int | None = 2846, online: int | None = 1221, gap: str | None = "-17.143") -> SummaryRow:
    return SummaryRow(of, total, online, None if gap is None else Decimal(gap))


def texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text)]


def said(figure: Figure) -> str:
    return " ".join(texts(figure))


def boxes(figure: Figure) -> list[Rectangle]:
    """What is filled in the figure, but for its paper."""
    return [box for box in figure.findobj(Rectangle) if box is not figure.patch]


def assert_fits(figure: Figure) -> None:
    """No text and no line leaves the paper, no two texts cover one another."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    width, height = canvas.get_width_height()
    shown = figure.findobj(Text)
    places = [text.get_tightbbox(canvas.get_renderer()) for text in shown]
    for text, place in zip(shown, places, strict=True):
        assert 0 <= place.x0 <= place.x1 <= width, text.get_text()
        assert 0 <= place.y0 <= place.y1 <= height, text.get_text()
    for line in figure.findobj(Line2D):
        place = line.get_window_extent()
        assert place.x0 >= 0 <= place.y0, line
        assert place.x1 <= width, line
        assert place.y1 <= height, line
    for number, first in enumerate(places):
        for second, text in zip(places[number + 1 :], shown[number + 1 :], strict=True):
            wide = min(first.x1, second.x1) - max(first.x0, second.x0)
            high = min(first.y1, second.y1) - max(first.y0, second.y0)
            # Ascenders and descenders of neighbouring lines may touch.
            assert wide <= 1 or high <= 8, (shown[number].get_text(), text.get_text())


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    with Image.open(BytesIO(png)) as picture:
        picture.load()
        return picture.size


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (percent(Decimal("42.857")), "42,9%"),
        (percent(Decimal("42.85")), "42,9%"),
        (percent(Decimal(0)), "0,0%"),
        (percent(Decimal(100)), "100,0%"),
        (target_percent(Decimal("60.00")), "60%"),
        (target_percent(Decimal(100)), "100%"),
        (target_percent(Decimal("42.9")), "42,9%"),
        (points(Decimal("-17.143")), "−17,1"),
        (points(Decimal("2.25")), "+2,3"),
        (points(Decimal(0)), "0,0"),
        (points(Decimal("-0.04")), "−0,0"),
        (count(1221), "1.221"),
        (count(2_846_000), "2.846.000"),
        (day(date(2023, 8, 23)), "23/8/2023"),
        (bar_percent(bar(rate="59.96")), "59,96%"),
        (bar_percent(bar(rate="59.999")), "59,99%"),
        (bar_percent(bar(rate="59.94")), "59,9%"),
        (bar_percent(bar(rate="60")), "60,0%"),
        (bar_percent(bar(rate=None)), ""),
    ],
)
def test_numbers_are_written_as_in_vietnam(shown: str, expected: str) -> None:
    assert shown == expected


@pytest.mark.parametrize(
    ("of", "reached"),
    [
        (bar(rate="59.99"), False),
        (bar(rate="60"), True),
        (bar(rate=None), None),
        (bar(target=None), None),
        (Bar("Giữ kết quả", Decimal("42.857"), Decimal("42.9"), reached=True), True),
    ],
)
def test_a_bar_is_judged_by_who_knows_better(of: Bar, reached: bool | None) -> None:
    assert of.is_reached is reached


def test_long_text_is_wrapped_and_cut() -> None:
    lines = wrapped(LONG, 300, 30, most=2)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert all(width_of(line, 30) <= 300 for line in lines)
    assert wrapped("", 300, 30) == []
    assert width_of(cut("x" * 200, 300, 30), 30) <= 300


def test_a_unit_is_broken_before_its_parent() -> None:
    assert name_lines(TITLE, 300, 30) == ["Xã Quảng An,", "Huyện Đầm Hà"]
    assert name_lines(TITLE, 900, 30) == [TITLE]


@pytest.mark.parametrize("letters", [LETTERS, LETTERS.upper()])
def test_every_vietnamese_letter_has_a_glyph(letters: str) -> None:
    """A missing glyph is a warning, and warnings are errors here."""
    for start in range(0, len(letters), 24):
        size_of(bars(letters[start : start + 24], [bar()], FOOTER))
    with pytest.warns(UserWarning, match="missing from font"):
        bars("字", [bar()], FOOTER)


@pytest.mark.parametrize("target", [DUE, None, (date(2022, 12, 31), Decimal(100)), (date(2028, 1, 1), Decimal(5))])
@pytest.mark.parametrize("number", [1, 2, 5, 60])
@pytest.mark.parametrize("title", [TITLE, LONG])
def test_a_trend_fits(number: int, target: Point | None, title: str) -> None:
    figure = trend_figure(title, weeks(number), target, FOOTER)
    assert_fits(figure)


def test_a_single_point_is_told_with_its_target() -> None:
    shown = texts(trend_figure(TITLE, [(date(2023, 8, 23), Decimal("42.857"))], DUE, FOOTER))
    assert {TITLE, "42,9%", "23/8/2023", "31/12/2023", "Chỉ tiêu 60%, hạn 31/12/2023", "Tỷ lệ hồ sơ trực tuyến"} <= {
        *shown
    }


def test_a_trend_without_target_speaks_of_none() -> None:
    assert "Mục tiêu" not in said(trend_figure(TITLE, weeks(3), None, FOOTER))


@pytest.mark.parametrize("rate", ["0", "0.04", "99.99", "100", "130"])
def test_a_trend_at_the_ends_of_the_scale_fits(rate: str) -> None:
    figure = trend_figure(TITLE, [(START, Decimal(rate)), (date(2023, 8, 23), Decimal(rate))], DUE, FOOTER)
    assert percent(Decimal(rate)) in texts(figure)
    assert_fits(figure)


def test_points_come_in_any_order_and_the_later_given_counts() -> None:
    ordered = [(START, Decimal(10)), (date(2023, 8, 23), Decimal(40))]
    mixed = [ordered[1], (START, Decimal(20)), ordered[0]]
    assert trend(TITLE, mixed, DUE, FOOTER) == trend(TITLE, ordered, DUE, FOOTER)


def test_a_trend_needs_a_point() -> None:
    with pytest.raises(ValueError, match="needs a point"):
        trend(TITLE, [], DUE, FOOTER)


@pytest.mark.parametrize("number", [1, 13, 40])
@pytest.mark.parametrize("label", ["Huyện Cô Tô", TITLE, LONG])
def test_bars_fit(number: int, label: str) -> None:
    mixed = [bar(label), bar(label, None), bar(label, "80"), bar(label, target=None), bar(label, None, None)]
    figure = bars_figure("Thấp nhất trước", (mixed * 8)[:number], FOOTER)
    assert_fits(figure)


def test_bars_tell_rate_and_target_and_what_is_not_known() -> None:
    figure = bars_figure("Các đơn vị", [bar(), bar("Huyện Ba Chẽ", None)], FOOTER)
    assert {"42,9%", "60%", "Huyện Cô Tô", "Huyện Ba Chẽ", "Chưa đạt chỉ tiêu"} <= {*texts(figure)}
    assert "chưa có số liệu" in said(figure)
    assert "0,0%" not in said(figure)


def test_bars_differ_by_more_than_colour() -> None:
    figure = bars_figure("Các đơn vị", [bar(rate="10"), bar(rate="90"), bar(target=None)], FOOTER)
    looks = {(box.get_facecolor(), box.get_hatch()) for box in boxes(figure)}
    assert looks == {
        (Rectangle((0, 0), 1, 1, facecolor=colour).get_facecolor(), hatch)
        for colour, hatch in ((ORANGE, "///"), (BLUE, None), (SKY, None))
    }


def test_a_bar_is_as_long_as_its_rate_and_has_a_tick_at_its_target() -> None:
    figure = bars_figure("Các đơn vị", [bar(rate="25", target="75"), bar(rate="100", target="75")], FOOTER)
    quarter, whole = boxes(figure)[-2:]
    assert quarter.get_width() * 4 == pytest.approx(whole.get_width())
    expected = whole.get_x() + whole.get_width() * 0.75
    ticks = [line for line in figure.findobj(Line2D) if line.get_xdata()[0] == pytest.approx(expected)]
    assert len(ticks) == 2


def test_rows_come_as_given_and_the_picture_grows() -> None:
    names = [f"Xã {number}" for number in range(40)]
    rows = [bar(name) for name in names]
    shown = texts(bars_figure("Các xã", rows, FOOTER))
    assert [text for text in shown if text in set(names)] == names
    small, large = size_of(bars("Các xã", rows[:5], FOOTER)), size_of(bars("Các xã", rows, FOOTER))
    assert small[0] == large[0] == 1080
    assert small[1] < large[1] < 8000


@pytest.mark.parametrize("number", [0, 41])
def test_bars_refuse_none_and_too_many(number: int) -> None:
    with pytest.raises(ValueError, match=f"not {number}"):
        bars("Các xã", [bar()] * number, FOOTER)


def test_text_is_not_read_as_mathematics() -> None:
    odd = r"$\frac{ 100% $ <b>&amp; ^_{}"
    assert_fits(bars_figure(odd, [bar(odd)], odd))
    assert_fits(trend_figure(odd, weeks(2), DUE, odd))


HEADLINES = (Headline("42,9%", "Toàn tỉnh"), Headline("31/45", LONG), Headline("9" * 40, "đơn vị"))


@pytest.mark.parametrize(("number", "pages"), [(0, 1), (1, 1), (45, 1), (46, 2), (208, 5)])
def test_a_summary_takes_as_many_pages_as_it_needs(number: int, pages: int) -> None:
    mixed = [row(bar(LONG)), row(bar(TITLE, None), None, None, None), row(bar("Huyện Cô Tô", "80", None), gap=None)]
    figures = summary_figures(LONG, HEADLINES, (mixed * 70)[:number], FOOTER)
    assert [f"Trang {page}/{pages}" in texts(figure) for page, figure in enumerate(figures, 1)] == [True] * pages
    for figure in figures:
        assert_fits(figure)
        assert tuple(figure.get_size_inches() * 25.4) == pytest.approx((210, 297), abs=0.1)


def test_a_summary_tells_every_figure_of_a_row() -> None:
    (figure,) = summary_figures("Tổng hợp", HEADLINES[:1], [row(bar())], FOOTER)
    assert {"Tổng hợp", "Huyện Cô Tô", "2.846", "1.221", "60%", "−17,1", FOOTER} <= {*texts(figure)}
    assert texts(figure).count("42,9%") == 2  # the headline's and the row's


def test_a_summary_is_a_pdf_and_the_same_each_time() -> None:
    made = [summary("Tổng hợp", HEADLINES, [row(bar())] * 50, FOOTER) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].startswith(b"%PDF-")
    assert made[0].count(b"/Type /Page ") == 2


class Drawer:
    """Draws when it is let; counts how often and where."""

    def __init__(self) -> None:
        self.calls: list[Sequence[object]] = []
        self.threads: set[int] = set()
        self.at_once = 0
        self.most_at_once = 0
        self.begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self, *args: object) -> bytes:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.calls.append(args)
        self.threads.add(threading.get_ident())
        self.begun.set()
        self.may_end.wait(10)
        self.at_once -= 1
        if args[0] == "broken":
            raise ValueError("cannot draw this")
        return str(args).encode()


@pytest.fixture
def studio() -> Iterator[Studio]:
    made = Studio(remembered=2)
    yield made
    made.close()


async def test_the_loop_goes_on_while_a_picture_is_drawn(studio: Studio) -> None:
    draw = Drawer()
    drawing = asyncio.create_task(studio.drawn(draw, "a"))
    assert await asyncio.to_thread(draw.begun.wait, 10)
    beats = 0
    for _ in range(100):
        await asyncio.sleep(0)
        beats += 1
    assert beats == 100
    assert not drawing.done()
    draw.may_end.set()
    assert await drawing == b"('a',)"
    assert threading.get_ident() not in draw.threads


async def test_one_picture_at_a_time_and_the_same_only_once(studio: Studio) -> None:
    draw = Drawer()
    draw.may_end.set()
    made = await asyncio.gather(*(studio.drawn(draw, name) for name in "abab"))
    assert made == [b"('a',)", b"('b',)"] * 2
    assert draw.calls == [("a",), ("b",)]
    assert draw.most_at_once == 1


async def test_what_was_drawn_is_remembered_and_the_oldest_forgotten(studio: Studio) -> None:
    draw = Drawer()
    draw.may_end.set()
    for name in "abacab":
        await studio.drawn(draw, name)
    assert draw.calls == [("a",), ("b",), ("c",), ("b",)]


async def test_lists_are_remembered_too(studio: Studio) -> None:
    draw = Drawer()
    draw.may_end.set()
    for _ in range(2):
        await studio.drawn(draw, "a", [[bar()], (START, None)])
    assert len(draw.calls) == 1


async def test_who_stops_waiting_does_not_stop_the_others(studio: Studio) -> None:
    draw = Drawer()
    first, second = (asyncio.create_task(studio.drawn(draw, "a")) for _ in range(2))
    assert await asyncio.to_thread(draw.begun.wait, 10)
    first.cancel()
    await asyncio.sleep(0)
    draw.may_end.set()
    assert await second == b"('a',)"
    assert first.cancelled()


async def test_a_failure_is_told_and_not_remembered(studio: Studio) -> None:
    draw = Drawer()
    draw.may_end.set()
    for _ in range(2):
        with pytest.raises(ValueError, match="cannot draw"):
            await studio.drawn(draw, "broken")
    assert len(draw.calls) == 2
    assert await studio.drawn(draw, "a") == b"('a',)"


async def test_pictures_are_drawn_through_the_studio(studio: Studio) -> None:
    size_of(await studio.drawn(trend, TITLE, weeks(3), DUE, FOOTER))
    size_of(await studio.drawn(bars, "Các đơn vị", [bar()], FOOTER))
