"""What is drawn, and the words that say the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from handlers.board import Board
from handlers.charts import MOST_BARS, MOST_LONG_BARS, Charts, course, drawn, title_of, trend_words
from handlers.kpi_view import KpiView, Line, Listing
from handlers.model import Message
from handlers.pictures import Bar
from knowledge.kpi_model import Figure, Report, Unit
from knowledge.markup import plain
from knowledge.model import Knowledge
from tests.fakes import Easel, Memory

UNIT = "unit:xa-quang-an-huyen-dam-ha"
ASKED = Message("test", "p", "c", "/kpi")


def report(name: str, day: date, total: int, online: int, *, published: bool = True) -> Report:
    return Report(name, day, f"Báo cáo {name}", published, {UNIT: Figure(UNIT, total, online)}, {})


def view(knowledge: Knowledge, *reports: Report, sees: bool = True) -> KpiView:
    return KpiView(
        knowledge.plan, Board([knowledge.plan.report, *reports]), (lambda _: True) if sees else None, date(2026, 11, 23)
    )


@pytest.fixture
def unit(knowledge: Knowledge) -> Unit:
    return knowledge.plan.units.by_id[UNIT]


def test_of_two_figures_of_one_day_the_later_imported_counts(knowledge: Knowledge, unit: Unit) -> None:
    day = date(2026, 11, 1)
    points = course(view(knowledge, report("a", day, 100, 10), report("b", day, 100, 20)), unit)
    assert [(when, rate) for when, _, rate in points][1:] == [(day, 20)]


def test_days_without_dossiers_are_left_out(knowledge: Knowledge, unit: Unit) -> None:
    points = course(view(knowledge, report("a", date(2026, 11, 1), 0, 0)), unit)
    assert [when for when, _, _ in points] == [date(2023, 8, 23)]


def test_a_unit_that_never_had_dossiers_is_told(knowledge: Knowledge) -> None:
    unit = knowledge.plan.units.by_id["unit:xa-dam-ha"]
    empty = Report("a", date(2026, 11, 1), "Báo cáo", True, {unit.id: Figure(unit.id, 0, 0)}, {})
    assert "không phát sinh hồ sơ" in plain(trend_words(view(knowledge, empty), unit))


async def test_the_newest_of_several_sources_is_named(knowledge: Knowledge) -> None:
    easel = Easel()
    later = report("mới", date(2026, 11, 1), 100, 50, published=False)
    seen = view(knowledge, later)
    found = seen.listing("below", "huyen-dam-ha")
    assert found is not None
    picture = await Charts(easel, Memory()).bars(seen, found)
    assert picture is not None
    footer = easel.asked[0][1][2]
    assert footer == "Số liệu đến 01/11/2026. Nguồn: Báo cáo mới. Có số nội bộ, chưa công bố."
    assert "nội bộ" in picture.alt
    await Charts(easel, Memory()).bars(view(knowledge, later, sees=False), found)
    assert "nội bộ" not in str(easel.asked[1][1][2])


async def test_a_target_to_keep_the_rate_is_judged_by_the_exact_numbers(knowledge: Knowledge) -> None:
    easel = Easel()
    seen = view(knowledge)
    found = seen.listing("below", "tinh-quang-ninh")
    assert found is not None
    await Charts(easel, Memory()).bars(seen, found)
    rows = easel.asked[0][1][1]
    assert isinstance(rows, list)
    kept = next(row for row in rows if row.label == "Sở Y tế")
    assert isinstance(kept, Bar)
    assert kept.is_reached is True
    assert kept.rate == Decimal(195200) / 1970


async def test_units_without_figures_are_no_picture(knowledge: Knowledge, unit: Unit) -> None:
    easel, nothing = Easel(), Listing("compare", (Line(unit, None, None, None, None),) * 2, 2)
    assert await Charts(easel, Memory()).bars(view(knowledge), nothing) is None
    assert not easel.asked


async def test_a_failure_is_recorded_with_what_was_asked() -> None:
    memory = Memory()

    async def fail() -> None:
        raise ValueError("no ink")

    assert await Charts(Easel(), memory).beside(fail(), ASKED, 1.0) is None
    [(message, error)] = memory.failed_ones
    assert message is ASKED
    assert str(error) == "no ink"


@pytest.mark.parametrize(("within", "most"), [(True, MOST_BARS), (False, MOST_LONG_BARS)])
def test_as_many_bars_as_can_be_read_on_a_phone(unit: Unit, within: bool, most: int) -> None:
    lines = (Line(unit, None, None, None, None),) * 60
    assert len(drawn(Listing("under", lines, 20, within=unit if within else None))) == most


def test_a_list_that_is_drawn_whole_is_no_lowest(unit: Unit) -> None:
    lines = (Line(unit, None, None, None, None),) * 3
    found = Listing("rank", lines, 3, "commune", unit, "rate", ascending=True, among=3)
    assert title_of(found) == "3 xã, phường, thị trấn thuộc Xã Quảng An: tỷ lệ từ thấp đến cao"
