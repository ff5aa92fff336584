"""What is shown of a checked table."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.intake import Checked
from handlers.intake_view import SHOWN, IntakeView
from knowledge.headers import Column
from knowledge.intake_model import Code, DatedFigure, Intake, RowProblem, dated
from knowledge.kpi_model import Figure, Report, Target
from knowledge.markup import errors, plain
from tests.units import UNITS

DAY, DUE = date(2023, 9, 30), date(2023, 12, 31)
AN, DAM = "unit:xa-quang-an-huyen-dam-ha", "unit:xa-dam-ha-huyen-dam-ha"
ATTACK = '<script>alert("{name}")</script> & {{ 7 * 7 }}'
#: For every code the values that come with it.
VALUES: Mapping[Code, Mapping[str, object]] = {
    Code.NO_HEADER: {},
    Code.MISSING_COLUMN: {"columns": (Column.TOTAL, Column.ONLINE)},
    Code.DOUBLE_COLUMN: {"column": Column.TOTAL},
    Code.NO_ROWS: {},
    Code.SWAPPED: {"rows": 1200},
    Code.UNKNOWN_UNIT: {"name": ATTACK, "parent": ATTACK, "other_times": (AN,)},
    Code.AMBIGUOUS_UNIT: {"name": ATTACK, "parent": "", "units": (AN, DAM)},
    Code.OUT_OF_SCOPE: {"name": ATTACK, "unit": AN},
    Code.DUPLICATE: {"name": ATTACK, "first": 1234},
    Code.MISSING: {"name": ATTACK, "column": Column.TOTAL, "text": ""},
    Code.NOT_A_NUMBER: {"name": ATTACK, "column": Column.TOTAL, "text": ATTACK},
    Code.NOT_WHOLE: {"name": ATTACK, "column": Column.TOTAL, "text": "1,5"},
    Code.NEGATIVE: {"name": ATTACK, "column": Column.ONLINE, "text": "-5"},
    Code.TOO_LARGE: {"name": ATTACK, "column": Column.ONLINE, "text": "9" * 200},
    Code.ONLINE_ABOVE_TOTAL: {"name": ATTACK, "total": 1, "online": 2},
    Code.TOTAL_FELL: {"name": ATTACK, "before": 2000, "after": 1000},
    Code.BAD_TARGET: {"name": ATTACK, "column": Column.TARGET, "text": "120%"},
    Code.ONLINE_FELL: {"name": ATTACK, "before": 2, "after": 1},
    Code.RATE_DIFFERS: {"name": ATTACK, "printed": "60%", "rate": Decimal("50.0")},
    Code.RATE_JUMPED: {"name": ATTACK, "before": Decimal("50.0"), "after": Decimal("12.5")},
    Code.TOTAL_JUMPED: {"name": ATTACK, "before": 2, "after": 5},
    Code.HEADING_ALONE: {"name": ATTACK, "parent": ""},
}


@pytest.fixture
def view() -> IntakeView:
    return IntakeView(UNITS)


def checked(intake: Intake, previous: Mapping[str, DatedFigure] | None = None, name: str = "bc.csv") -> Checked:
    return Checked(name, DAY, DUE, f"Tệp {name}", intake, previous or {})


def before(**counts: tuple[int, int]) -> Mapping[str, DatedFigure]:
    figures = {f"unit:{unit.replace('_', '-')}": numbers for unit, numbers in counts.items()}
    made = {unit: Figure(unit, *numbers) for unit, numbers in figures.items()}
    return dated(Report("r", date(2023, 8, 23), "", True, made, {}))


@pytest.mark.parametrize("code", Code)
def test_every_problem_is_told_in_words(view: IntakeView, code: Code) -> None:
    problem = RowProblem(7, code, VALUES[code])
    found = checked(Intake(problems=(problem,)))
    html, listed = view.problems(found)
    assert listed is None
    assert errors(html) == []
    assert "<script" not in html
    assert "49" not in html
    assert f"Dòng 7: {view.reason(problem, found)}" in plain(html)
    assert "  " not in view.reason(problem, found)


def test_names_of_columns_units_and_numbers_as_people_write_them(view: IntakeView) -> None:
    def told(code: Code) -> str:
        return view.reason(RowProblem(7, code, {**VALUES[code], "name": "Xã A"}), checked(Intake()))

    assert told(Code.MISSING_COLUMN) == "Thiếu cột Tổng số hồ sơ, Tổng số hồ sơ trực tuyến."
    assert told(Code.AMBIGUOUS_UNIT).startswith(
        "“Xã A” có thể là Xã Quảng An, Huyện Đầm Hà hoặc Xã Đầm Hà, Huyện Đầm Hà."
    )
    assert told(Code.TOTAL_FELL).startswith("“Xã A”: tổng số giảm từ 2.000 xuống 1.000")
    assert told(Code.RATE_JUMPED) == "“Xã A”: tỷ lệ đổi nhiều, từ 50% sang 12,5%."
    assert told(Code.DUPLICATE) == "“Xã A” đã có ở dòng 1234."
    assert len(told(Code.TOO_LARGE)) < 200


def test_all_problems_are_in_the_file_when_they_are_many(view: IntakeView) -> None:
    problems = tuple(RowProblem(row, Code.OUT_OF_SCOPE, VALUES[Code.OUT_OF_SCOPE]) for row in range(SHOWN + 1))
    html, listed = view.problems(checked(Intake(problems=problems)))
    assert "và 1 chỗ nữa" in html
    assert listed is not None
    rows = list(csv.reader(io.StringIO(listed.data.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == SHOWN + 2
    assert rows[1][0] == "", "a problem of the whole file has no row"


def test_a_preview_without_anything_before(view: IntakeView) -> None:
    html = view.preview(checked(Intake((Figure(AN, 10, 5), Figure(DAM, 0, 0)), (Target(AN, Decimal(80), DUE),))))
    assert errors(html) == []
    text = plain(html)
    assert "chưa có số liệu trước đó" in text
    assert "(trước:" not in text
    assert "Thay đổi nhiều nhất" not in text
    assert "Chỉ tiêu đến 31/12/2023 của 1 đơn vị" in text


def test_a_preview_of_units_without_dossiers(view: IntakeView) -> None:
    text = plain(view.preview(checked(Intake((Figure(AN, 0, 0),)), before(xa_quang_an_huyen_dam_ha=(0, 0)))))
    assert "Tỷ lệ: không có" in text
    assert "%" not in text


def test_the_widest_changes_come_first(view: IntakeView) -> None:
    figures = (Figure(AN, 100, 60), Figure(DAM, 100, 10))
    earlier = before(xa_quang_an_huyen_dam_ha=(100, 50), xa_dam_ha_huyen_dam_ha=(100, 40))
    text = plain(view.preview(checked(Intake(figures), earlier)))
    first, second = text.index("Xã Đầm Hà, Huyện Đầm Hà: 40% → 10%"), text.index("Xã Quảng An, Huyện Đầm Hà: 50% → 60%")
    assert first < second
    assert "(giảm 30 điểm phần trăm)" in text
    assert "(tăng 10 điểm phần trăm)" in text


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_stands_in_a_table_is_shown_safely(name: str, cell: str) -> None:
    view = IntakeView(UNITS)
    values = {"name": name, "column": Column.TOTAL, "text": cell}
    warnings = (RowProblem(3, Code.RATE_DIFFERS, {"name": name, "printed": cell, "rate": Decimal(5)}),)
    found = checked(
        Intake((Figure(AN, 1, 1),), problems=(RowProblem(2, Code.NOT_A_NUMBER, values),), warnings=warnings), name=name
    )
    assert errors(view.problems(found)[0]) == []
    assert errors(view.preview(found)) == []
