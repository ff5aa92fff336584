"""Which column holds what."""

from collections.abc import Sequence

import pytest

from knowledge.headers import Column, Headers, has_columns, headers, is_section, without_number
from knowledge.intake_model import Cell

PLAN = (
    "TT", "Tên đơn vị", "Tổng số hồ sơ", "Tổng số hồ sơ trực tuyến", "Tỷ lệ hồ sơ trực tuyến đạt được đến 23/8/2023",
    "Chỉ tiêu giao đạt được đến hết tháng 31/12/2023", "Ghi chú",
)  # fmt: skip
PLAN_COLUMNS = {
    Column.ROW: 0, Column.UNIT: 1, Column.TOTAL: 2, Column.ONLINE: 3, Column.RATE: 4, Column.TARGET: 5, Column.NOTE: 6,
}  # fmt: skip


@pytest.fixture
def words() -> Headers:
    return headers()


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Tên đơn vị", Column.UNIT),
        ("TEN DON VI", Column.UNIT),
        ("tên  đơn vị :", Column.UNIT),
        ("Tên đon vi", Column.UNIT),
        ("Cơ quan, đơn vị", Column.UNIT),
        ("Đơn vị cha/Huyện", Column.PARENT),
        ("Trực thuộc", Column.PARENT),
        ("Đơn vị tính", None),
        ("Tổng số hồ sơ", Column.TOTAL),
        ("Tổng số hồ sơ tiếp nhận trong kỳ", Column.TOTAL),
        ("Tổng HS", Column.TOTAL),
        ("Tổng số hố sơ", Column.TOTAL),
        ("Tổng số hồ sơ trực tiếp", None),
        ("Số hồ sơ đúng hạn", None),
        ("Tổng số hồ sơ được nộp trực tuyến", Column.ONLINE),
        ("Hồ sơ không trực tuyến", None),
        ("HS trực tuyến", Column.ONLINE),
        ("Số hồ sơ nộp trực tuyến 6 tháng", Column.ONLINE),
        ("Số HS TT", Column.ONLINE),
        ("Hồ sơ trực tuyến đúng hạn", None),
        ("Tỷ lệ", Column.RATE),
        ("Tỉ lệ (%)", Column.RATE),
        ("Tỷ lệ thanh toán trực tuyến", None),
        ("Chỉ tiêu", Column.TARGET),
        ("Chỉ tiêu tỷ lệ hồ sơ trực tuyến năm 2024", Column.TARGET),
        ("Tỷ lệ được giao", Column.TARGET),
        ("Còn thiếu (điểm)", Column.MISSING),
        ("Ghi chú", Column.NOTE),
        ("Sở Du lịch", None),
        ("", None),
        (2023, None),
        ("Tổng số hồ sơ " * 20, None),
    ],
)
def test_headings(words: Headers, heading: Cell, column: Column | None) -> None:
    assert words.column(heading)[0] is column


@pytest.mark.parametrize("column", Column)
def test_what_is_written_is_read(words: Headers, column: Column) -> None:
    assert words.column(words.titles[column]) == (column, 100)


def found(words: Headers, *rows: Sequence[Cell]) -> tuple[dict[Column, int], int]:
    header = words.find(rows)
    assert header is not None
    return dict(header.columns), header.last


def test_the_plans_own_heading(words: Headers) -> None:
    assert found(words, PLAN) == (PLAN_COLUMNS, 0)


def test_a_heading_under_titles(words: Headers) -> None:
    titles = [("ỦY BAN NHÂN DÂN TỈNH",), (), ("GIAO CHỈ TIÊU TỶ LỆ HỒ SƠ TRỰC TUYẾN",), ("I. Cấp Sở:",)]
    assert found(words, *titles, PLAN, ("1", "Sở Du lịch", 467, 467)) == (PLAN_COLUMNS, 4)


def test_a_heading_below_the_tenth_row_is_none(words: Headers) -> None:
    assert has_columns([()] * 9 + [PLAN])
    assert not has_columns([()] * 10 + [PLAN])
    assert words.find([()] * 10 + [PLAN]) is None


def test_a_heading_of_two_rows(words: Headers) -> None:
    over = ("TT", "Đơn vị", "Hồ sơ", "", "Tỷ lệ")
    assert found(words, over, ("", "", "Tổng số", "Trực tuyến", "")) == (
        {Column.ROW: 0, Column.UNIT: 1, Column.TOTAL: 2, Column.ONLINE: 3, Column.RATE: 4},
        1,
    )
    over = ("Đơn vị", "Tổng số hồ sơ", "Trong đó", "")
    assert found(words, over, ("", "", "Trực tuyến", "Trực tiếp"))[0] == {
        Column.UNIT: 0,
        Column.TOTAL: 1,
        Column.ONLINE: 2,
    }


def test_columns_in_another_order_and_strange_ones_between(words: Headers) -> None:
    columns, _ = found(words, ("HS trực tuyến", "Người nhập", "Tổng HS", "Huyện", "Đơn vị", 2024))
    assert columns == {Column.ONLINE: 0, Column.TOTAL: 2, Column.PARENT: 3, Column.UNIT: 4}


def test_a_table_of_districts(words: Headers) -> None:
    assert found(words, ("Huyện", "Tổng HS", "HS TT"))[0][Column.UNIT] == 0


def test_targets_alone_are_enough(words: Headers) -> None:
    assert has_columns([("Tên đơn vị", "Chỉ tiêu")])
    assert not has_columns([("Tên đơn vị", "Tỷ lệ")])
    assert not has_columns([("Tên đơn vị", "Chỉ tiêu", "Tổng số hồ sơ")]), "half of the counts is a slip"


def test_what_is_missing_is_told(words: Headers) -> None:
    header = words.find([("TT", "Tên đơn vị", "Tổng số hồ sơ")])
    assert header is not None
    assert header.lacking == (Column.ONLINE,)


def test_two_columns_that_claim_the_same(words: Headers) -> None:
    header = words.find([("Tên đơn vị", "Tổng số hồ sơ", "Tổng số hồ sơ", "HS TT", "Ghi chú", "Ghi chú")])
    assert header is not None
    assert header.double == (Column.TOTAL,), "of notes there may be many"


def test_the_surer_of_two_columns_is_taken(words: Headers) -> None:
    columns, _ = found(words, ("Tên đơn vị", "Tổng số hồ sơ năm 2022", "Tổng số hồ sơ", "HS TT"))
    assert columns[Column.TOTAL] == 2


@pytest.mark.parametrize("rows", [[], [()], [("", "")], [("Tên đơn vị",)], [("Kính gửi", "Sở Du lịch")]])
def test_no_heading(words: Headers, rows: list[tuple[Cell, ...]]) -> None:
    assert words.find(rows) is None
    assert not has_columns(rows)


@pytest.mark.parametrize(
    ("name", "is_sum"),
    [
        ("Tổng cộng", True),
        ("TỔNG CỘNG (I+II+III)", True),
        ("Cộng:", True),
        ("I. Cấp Sở:", True),
        ("Cấp xã", True),
        ("Toàn tỉnh", True),
        ("Các sở, ban, ngành tỉnh", True),
        ("Cộng Hòa", False),
        ("Xã Cộng Hòa", False),
        ("Sở Công Thương", False),
        ("Huyện Đầm Hà", False),
    ],
)
def test_rows_that_sum_up(words: Headers, name: str, is_sum: bool) -> None:
    assert words.is_sum(name) is is_sum


@pytest.mark.parametrize(
    ("text", "keep"),
    [
        ("Duy trì kết quả đạt được", True),
        ("Duy trì kết quả đạt dược", True),
        ("duy tri", True),
        ("Duy trì kết quả đạt được (99%)", True),
        ("Duy tri kêt qủa dạt được", True),
        ("85%", False),
        ("Phấn đấu đạt 85%", False),
    ],
)
def test_to_keep_what_was_reached(words: Headers, text: str, keep: bool) -> None:
    assert words.is_keep(text) is keep


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("I. Cấp Sở", "Cấp Sở"),
        ("III) Cấp xã", "Cấp xã"),
        ("12. Huyện Hải Hà:", "Huyện Hải Hà:"),
        ("1.2. Xã Đại Bình", "Xã Đại Bình"),
        ("3- Sở Du lịch", "Sở Du lịch"),
        ("- Xã Đại Bình", "Xã Đại Bình"),
        ("a) Xã Đại Bình", "Xã Đại Bình"),
        ("X. Quảng An", "X. Quảng An"),
        ("x. Quảng An", "x. Quảng An"),
        ("P. Bãi Cháy", "P. Bãi Cháy"),
        ("p.Bãi Cháy", "p.Bãi Cháy"),
        ("H. Đầm Hà", "H. Đầm Hà"),
        ("TP. Hạ Long", "TP. Hạ Long"),
        ("Phường 1", "Phường 1"),
    ],
)
def test_numbers_before_names(name: str, bare: str) -> None:
    assert without_number(name) == bare


@pytest.mark.parametrize(
    ("name", "section"), [("I. Sở", True), ("A. Sở", True), ("1. Sở", False), ("X. An", False), ("Sở", False)]
)
def test_sections(name: str, section: bool) -> None:
    assert is_section(name) is section
