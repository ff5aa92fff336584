"""What is said about a table, and the tables that wait for their day."""

from datetime import date, timedelta

import pytest

from handlers.intake import LASTS, MOST_WAITING, Table, Waiting
from knowledge.intake_model import Sheet
from tests.fakes import Clock

TODAY = date(2026, 11, 23)
HEADING = ("Tên đơn vị", "Tổng số", "Trực tuyến", "Chỉ tiêu")


def table(title: str = "", name: str = "bc.csv", caption: str = "", target: str = "Chỉ tiêu") -> Table:
    return Table(Sheet(((title,), (*HEADING[:3], target), ("Xã A", 1, 1))), name, caption)


@pytest.mark.parametrize(
    ("given", "day"),
    [
        (table(), None),
        (table("Số liệu đến 31/8/2026", "30-9-2026.csv", "đến 31/10/2026"), date(2026, 10, 31)),
        (table("Số liệu đến 31/8/2026", "30-9-2026.csv"), date(2026, 8, 31)),
        (table("", "30-9-2026.csv"), date(2026, 9, 30)),
        (table(caption="số liệu đến 30/9"), date(2026, 9, 30)),
        (table("(Kèm theo Công văn số 5/CV-UBND ngày 02/10/2026)", "30-9-2026.csv"), date(2026, 9, 30)),
        (table(target="Chỉ tiêu đến 31/12/2026"), None),
    ],
)
def test_the_day_is_the_captions_then_the_titles_then_the_names(given: Table, day: date | None) -> None:
    assert given.day(TODAY) == day


@pytest.mark.parametrize(
    ("given", "due"),
    [
        (table(), date(2026, 12, 31)),
        (table(caption="chỉ tiêu đến 30/6/2027"), date(2027, 6, 30)),
        (table(target="Chỉ tiêu đến 30/11/2026"), date(2026, 11, 30)),
        (table(caption="chỉ tiêu đến 30/6/2027", target="Chỉ tiêu đến 30/11/2026"), date(2027, 6, 30)),
    ],
)
def test_targets_are_due_at_the_end_of_the_year_unless_something_else_is_said(given: Table, due: date) -> None:
    assert given.due(date(2026, 9, 30)) == due


def test_the_source_is_the_captions_or_the_file() -> None:
    assert table(caption="nguồn: Báo cáo 12/BC-UBND").source() == "Báo cáo 12/BC-UBND"
    assert table().source() == "Tệp bc.csv"


def test_likely_days_are_never_to_come() -> None:
    assert table("Báo cáo tháng 9 năm 2026").likely_days(TODAY) == (
        date(2026, 9, 30),
        date(2026, 10, 31),
        TODAY,
    )
    assert table("Báo cáo tháng 11 năm 2026").likely_days(TODAY) == (date(2026, 10, 31), TODAY)


def test_a_table_waits_for_a_while() -> None:
    clock = Clock()
    waiting = Waiting(clock.now)
    waiting.keep("1", table())
    assert waiting.of("1") == table()
    assert waiting.of("2") is None
    clock.hour += LASTS / timedelta(hours=1)
    assert waiting.of("1") is None


def test_a_later_table_takes_the_place_of_an_earlier_one() -> None:
    waiting = Waiting(Clock().now)
    waiting.keep("1", table())
    waiting.keep("1", table(name="b.csv"))
    assert waiting.of("1") == table(name="b.csv")
    waiting.forget("1")
    waiting.forget("1")
    assert waiting.of("1") is None


def test_only_so_many_tables_wait() -> None:
    waiting = Waiting(Clock().now)
    for number in range(MOST_WAITING + 1):
        waiting.keep(str(number), table())
    assert waiting.of("0") is None
    assert waiting.of("1") is not None
