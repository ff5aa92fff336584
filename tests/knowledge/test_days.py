"""Days as people write them beside figures."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.days import (
    above_table,
    as_of_in,
    as_of_name,
    due_in,
    is_day_like,
    last_month_end,
    month_end,
    month_ends,
    source_in,
    typed_day,
)

TODAY = date(2026, 11, 23)
DAY = date(2026, 9, 30)


@pytest.mark.parametrize(
    "text",
    [
        "số liệu đến 30/9/2026",
        "so lieu den ngay 30.9.26",
        "30.9.26",
        "30-09-2026",
        "2026-09-30",
        "SỐ LIỆU TÍNH ĐẾN HẾT NGÀY 30/9/2026",
        "Từ ngày 01/01/2026 đến ngày 30/9/2026",
        "đến ngày 30 tháng 9 năm 2026",
        "Báo cáo số 123/BC-UBND ngày 5/10/2026, số liệu đến 30/9/2026",
        "chỉ tiêu đến 30/6/2027, số liệu đến 30/9/2026",
        "số liệu đến 30/9/2026, chỉ tiêu đến 30/6/2027",
        "Kèm theo Công văn số 88/2026/CV-UBND ngày 02/10/2026\nSố liệu 30/9/2026",
        "đến 30/9/2026 và lại đến 30/9/2026",
        "đến 31/2/2026 không, đến 30/9/2026",
    ],
)
def test_the_day_of_the_figures(text: str) -> None:
    assert as_of_in(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "số liệu tháng 9",
        "chỉ tiêu đến 31/12/2026",
        "(Kèm theo Kế hoạch số 269/KH-UBND ngày 30/10/2023)",
        "đến 30/9/2026 hay đến 31/10/2026",
        "30/9/2026 31/10/2026",
        "31/2/2026",
        "1.221.524",
        "đến 30/9",
        "99/99/9999",
    ],
)
def test_no_day_or_no_sure_one(text: str) -> None:
    assert as_of_in(text) is None


def test_a_caption_may_leave_the_year_out() -> None:
    assert as_of_in("số liệu đến 30/9", TODAY) == DAY
    assert as_of_in("số liệu đến hết ngày 30/11", TODAY) == date(2025, 11, 30)
    assert as_of_in("gửi 30/9", TODAY) is None
    assert as_of_in("đến 31/2", TODAY) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("số liệu đến 30/9/2026, chỉ tiêu đến 30/6/2027", date(2027, 6, 30)),
        ("Chỉ tiêu đến 31/12/2023", date(2023, 12, 31)),
        ("hạn 30.6.27", date(2027, 6, 30)),
        ("Mục tiêu\nđến 30/6/2027", None),
        ("số liệu đến 30/9/2026", None),
        ("chỉ tiêu 30/6/2027, chỉ tiêu 31/12/2027", None),
        ("hanh 30/6/2027", None),
    ],
)
def test_the_day_of_the_targets(text: str, day: date | None) -> None:
    assert due_in(text) == day


@pytest.mark.parametrize(
    "name",
    [
        "bao_cao_30-9-2026.xlsx",
        "BC 30.09.2026.xlsx",
        "so-lieu-2026-09-30.csv",
        "20260930.csv",
        "bc30092026.xlsx",
        "Số liệu đến 30_9_26.xlsx",
        "v2-30-9-2026 (1).xlsx",
    ],
)
def test_the_day_in_a_name(name: str) -> None:
    assert as_of_name(name) == DAY


@pytest.mark.parametrize("name", ["", "so-lieu.xlsx", "thang 9-2026.xlsx", "20269930.csv", "30-9-2026_31-10-2026.csv"])
def test_no_day_in_a_name(name: str) -> None:
    assert as_of_name(name) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("30/9/2026", DAY),
        (" ngày 30/9 ", DAY),
        ("30 tháng 9", DAY),
        ("30.9.26", DAY),
        ("24/11", date(2025, 11, 24)),
        ("Hôm nay", TODAY),
        ("hom qua.", date(2026, 11, 22)),
        ("cuối tháng trước", date(2026, 10, 31)),
        ("29/2", None),
        ("31/2/2026", None),
        ("30/9/2026 hoặc 31/10/2026", None),
        ("xã Quảng An", None),
        ("", None),
    ],
)
def test_an_answer(text: str, day: date | None) -> None:
    assert typed_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("30/9/2026", True),
        ("31/2/2026", True),
        ("45/13", True),
        ("hôm nay", True),
        ("tháng trước", True),
        ("ngày 30 tháng 9 năm 2026", True),
        ("hủy", False),
        ("xã Quảng An còn thiếu bao nhiêu", False),
        ("1.004222", False),
        ("", False),
    ],
)
def test_what_is_meant_as_a_day(text: str, meant: bool) -> None:
    assert is_day_like(text) is meant


def test_months() -> None:
    assert month_ends("Báo cáo tháng 9 năm 2026, T10/2026, tháng 13/2026") == (DAY, date(2026, 10, 31))
    assert month_ends("thang 2 2024") == (date(2024, 2, 29),)
    assert month_end(date(2026, 12, 5)) == date(2026, 12, 31)
    assert last_month_end(date(2026, 1, 31)) == date(2025, 12, 31)


def test_what_stands_above_a_table() -> None:
    rows = [("BÁO CÁO", ""), ("Số liệu đến ngày 30/9/2026",), ("Đơn vị", "Tổng số", "Trực tuyến"), ("A", 1, 1)]
    assert above_table(rows) == "BÁO CÁO\nSố liệu đến ngày 30/9/2026\nĐơn vị\nTổng số\nTrực tuyến"
    assert above_table([("a", "b"), ("c",)]) == "a\nb"
    assert above_table([]) == ""


def test_the_source_in_a_caption() -> None:
    assert source_in("số liệu đến 30/9/2026; nguồn: Báo cáo 12/BC-UBND; gấp") == "Báo cáo 12/BC-UBND"
    assert source_in("NGUON: một cửa.") == "một cửa"
    assert source_in("số liệu") == ""


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    for read in (as_of_in, due_in, as_of_name):
        assert read(text) is None or isinstance(read(text), date)
    typed_day(text, TODAY)
    month_ends(text)
    source_in(text)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    for form in ("%d/%m/%Y", "%d.%m.%y", "%Y-%m-%d", "%d-%m-%Y"):
        assert as_of_in(f"số liệu đến {day:{form}}") == day
        assert as_of_name(f"bc {day:{form}}.xlsx") == day
        assert typed_day(f"{day:{form}}", TODAY) == day
