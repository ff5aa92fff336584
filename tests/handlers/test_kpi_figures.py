"""Every number in every reply about figures is the one that an independent reckoning gives: all units, every list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from handlers.board import Board
from handlers.kpi_view import LISTED, KpiView
from knowledge.markup import errors, plain
from knowledge.model import Knowledge
from tests.handlers.reckoned import BY_UNIT, DISTRICTS, KINDS, ROWS, Row, dotted, percent, scope, summed

TODAY = date(2026, 11, 23)
#: Numbers of the document, its days and its rows, which stand in every reply.
_DOCUMENT = re.compile(r"Kế hoạch 269/KH-UBND|\d{2}/\d{2}/\d{4}|Phụ lục III|dòng [IVX.\d]+|năm 2023")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture(scope="session")
def view(knowledge: Knowledge) -> KpiView:
    return KpiView(knowledge.plan, Board([knowledge.plan.report]), None, TODAY)


def said(screen: tuple[str, object] | None) -> str:
    assert screen is not None
    assert not errors(screen[0])
    text = plain(screen[0])
    assert len(text) <= 2600
    return text


def numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(_DOCUMENT.sub("", text)))


def slug(unit: str) -> str:
    return unit.removeprefix("unit:")


def peers(row: Row) -> list[Row]:
    alike = [other for other in ROWS if other.level == row.level]
    return [other for other in alike if other.parent == row.parent] if row.level == "commune" else alike


@pytest.mark.parametrize("row", ROWS, ids=[row.unit for row in ROWS])
def test_a_unit_has_no_number_that_is_not_reckoned(view: KpiView, row: Row) -> None:
    text = said(view.unit(slug(row.unit)))
    place = 1 + sum(other.rate > row.rate for other in peers(row))
    assert f"Xếp thứ {place} trên {len(peers(row))} đơn vị cùng cấp" in text
    expected = {percent(row.rate), dotted(row.total), dotted(row.online), str(place), str(len(peers(row)))}
    if row.target is not None:
        expected |= {percent(row.target), percent(abs(row.gap))}
        if row.gap < 0:
            expected |= {dotted(number) for number in row.needed}
    now = text.partition("🏛 Nay:")[2].partition("📌")[0]
    assert numbers(text.replace(now, "")) <= expected


@pytest.mark.parametrize("row", ROWS, ids=[row.unit for row in ROWS])
def test_every_unit_is_told_right(view: KpiView, row: Row) -> None:
    text = said(view.unit(slug(row.unit)))
    assert f"{percent(row.rate)}% ({dotted(row.online)} trên {dotted(row.total)} hồ sơ)" in text
    assert "Nguồn: Kế hoạch 269/KH-UBND ngày 30/10/2023, Phụ lục III" in text
    assert f"dòng {row.number}; số liệu đến 23/08/2023" in text
    if row.target is None:
        assert f"duy trì kết quả đã đạt ({percent(row.rate)}%)" in text
        assert "✅ Đạt" in text
        return
    assert f"Chỉ tiêu đến 31/12/2023: {percent(row.target)}%" in text
    assert ("✅ Đạt" in text) is (row.gap >= 0)
    if row.gap < 0:
        moved, new = row.needed
        assert f"còn thiếu {percent(-row.gap)} điểm phần trăm" in text
        assert f"{dotted(moved)} hồ sơ chuyển sang trực tuyến" in text
        assert f"{dotted(new)} hồ sơ mới" in text


@pytest.mark.parametrize("row", [row for row in ROWS if row.gap < 0], ids=lambda row: row.unit)
def test_what_is_asked_comes_first(view: KpiView, row: Row) -> None:
    moved, new = row.needed
    assert new >= moved > 0
    first = said(view.unit(f"{slug(row.unit)}:needed")).splitlines()[2]
    assert first == f"Cần thêm {dotted(moved)} hồ sơ trực tuyến (nếu tổng số hồ sơ giữ nguyên)."
    assert said(view.unit(f"{slug(row.unit)}:gap")).splitlines()[2] == f"Còn thiếu {percent(-row.gap)} điểm phần trăm."
    assert said(view.unit(f"{slug(row.unit)}:reached")).splitlines()[2] == "Chưa đạt chỉ tiêu."


def scopes() -> Iterator[tuple[str, str]]:
    for level in ("", "department", "district", "commune", *KINDS):
        yield level, ""
    for district in DISTRICTS:
        for level in ("", "commune", "xa", "phuong", "thi-tran"):
            if scope(level, district.unit):
                yield level, district.unit


MEASURES = {
    "rate": lambda row: row.rate,
    "gap": lambda row: row.gap,
    "total": lambda row: Decimal(row.total),
}


def lines_of(text: str) -> list[str]:
    """The lines of a list without their numbers."""
    return [re.sub(r"^\d+\. ", "", line) for line in text.splitlines() if re.match(r"^\d+\. ", line)]


@pytest.mark.parametrize(("level", "within"), list(scopes()))
def test_every_ranking(view: KpiView, level: str, within: str) -> None:
    rows = scope(level, within)
    for measure, value in MEASURES.items():
        for order in ("asc", "desc"):
            text = said(view.rank(f"{measure}:{order}:{level}:{slug(within)}:7"))
            ranked = sorted(rows, key=value, reverse=order == "desc")[:7]
            shown = lines_of(text)
            by_line = {row.line(row.name if within else row.title): row for row in rows}
            assert all(line in by_line for line in shown), shown
            assert [value(by_line[line]) for line in shown] == [value(row) for row in ranked]
            assert f"(trong {len(rows)})" in text


@pytest.mark.parametrize(("level", "within"), list(scopes()))
def test_every_list_of_those_below_target(view: KpiView, level: str, within: str) -> None:
    rows = scope(level, within)
    below = sorted((row for row in rows if row.gap < 0), key=lambda row: row.gap)
    text = said(view.under_target(f"{level}:{slug(within)}"))
    assert f"{len(below)} trên {len(rows)} " in text
    assert sorted(lines_of(text)) == sorted(row.line(row.name if within else row.title) for row in below[:LISTED])
    assert [row.unit for row in below[:LISTED]] == [unit for unit, _ in view.under([row.unit for row in rows])][:LISTED]
    if len(below) > LISTED:
        assert f"và {len(below) - LISTED} đơn vị nữa" in text


@pytest.mark.parametrize(("level", "within"), [each for each in scopes() if each[0] or each[1]])
def test_every_sum(view: KpiView, level: str, within: str) -> None:
    rows = scope(level, within)
    text = said(view.together(f"{level}:{slug(within)}"))
    assert f"({len(rows)} đơn vị): {summed(rows)}" in text
    own = BY_UNIT[within].line("") if within else ""
    assert own.partition(": ")[2] in text
    assert numbers(text) <= numbers(f"{len(rows)} {summed(rows)} {own}")


def test_the_province_by_level_and_whole(view: KpiView) -> None:
    text = said(view.together("::"))
    levels = [[row for row in ROWS if row.level == level] for level in ("department", "district", "commune")]
    expected = [*(f"({len(rows)} đơn vị): {summed(rows)}" for rows in levels), f"Tất cả: {summed(ROWS)}"]
    assert all(line in text for line in expected)
    assert numbers(text) <= numbers(" ".join(expected))


@pytest.mark.parametrize("district", DISTRICTS, ids=lambda row: row.unit)
def test_every_table_of_communes(view: KpiView, district: Row) -> None:
    rows = sorted(scope("", district.unit), key=lambda row: row.gap)[:LISTED]
    assert sorted(lines_of(said(view.below(slug(district.unit))))) == sorted(row.line(row.name) for row in rows)


def test_any_two_compared(view: KpiView) -> None:
    for first, then in pairwise(ROWS):
        shown = lines_of(said(view.compare(f"{slug(first.unit)},{slug(then.unit)}")))
        best = [first, then] if first.rate >= then.rate else [then, first]
        assert shown == [row.line(row.title) for row in best]


def test_every_unit_of_today_lists_what_it_was_made_of(view: KpiView, knowledge: Knowledge) -> None:
    units = knowledge.plan.units
    today = [unit for unit in units if unit.valid_from and unit.kind == "commune"]
    assert len(today) == 54
    for unit in today:
        text = said(view.unit(slug(unit.id)))
        rows = [BY_UNIT[old.id] for old, _ in units.predecessors(unit.id)]
        assert all(f"{row.title}" in text and row.of in text for row in rows), unit.id
        together = summed(rows) if len(rows) > 1 else "none"
        assert together not in text, "never summed"
        names = " ".join(row.name for row in rows) + unit.name
        expected = " ".join(row.line(row.title) for row in rows)
        assert numbers(text) - numbers(names) <= numbers(expected) | {"54"}, unit.id
