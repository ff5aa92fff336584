"""Tables of figures: what is taken, what is passed over, what is told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.headers import Column
from knowledge.intake import Occasion, read
from knowledge.intake_model import Cell, Code, DatedFigure, Intake, RowProblem, Sheet, dated
from knowledge.kpi_model import Figure, Report, Target
from knowledge.text import fold

HEADING = ("TT", "Tên đơn vị", "Tổng số hồ sơ", "Tổng số hồ sơ trực tuyến", "Tỷ lệ", "Chỉ tiêu", "Ghi chú")
DUE = date(2023, 12, 31)
NOW = Occasion(date(2023, 9, 30), DUE, "Báo cáo tháng 9")

UNITS = {
    "so du lich": {"": ["du-lich"]},
    "so y te": {"": ["y-te"]},
    "so tu phap": {"": ["tu-phap"]},
    "so van hoa, the thao va du lich": {"": ["van-hoa"]},
    "huyen dam ha": {"": ["dam-ha"]},
    "huyen hai ha": {"": ["hai-ha"]},
    "xa quang an": {"": ["quang-an"], "huyen dam ha": ["quang-an"]},
    "xa bac son": {"": ["bac-son-1", "bac-son-2"], "huyen dam ha": ["bac-son-1"], "huyen hai ha": ["bac-son-2"]},
    "cong hoa": {"": ["cong-hoa"]},
    "xa ba": {"": []},
}


class Finder:
    """Knows the units above and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __call__(self, name: str, parent: str) -> Sequence[str]:
        self.asked.append((name, parent))
        return UNITS.get(fold(name), {}).get(fold(parent), [])


def intake(*rows: Sequence[Cell], occasion: Occasion = NOW, heading: Sequence[Cell] = HEADING) -> Intake:
    return read(Sheet((tuple(heading), *map(tuple, rows))), Finder(), occasion)


def report(as_of: date, **figures: tuple[int, int]) -> Mapping[str, DatedFigure]:
    kept = {name.replace("_", "-"): numbers for name, numbers in figures.items()}
    return dated(Report("r", as_of, "", True, {unit: Figure(unit, *numbers) for unit, numbers in kept.items()}, {}))


def counts(found: Intake) -> Mapping[str, tuple[int, int]]:
    return {figure.unit: (figure.total, figure.online) for figure in found.figures}


def codes(problems: Sequence[RowProblem]) -> list[tuple[int, Code]]:
    return [(problem.row, problem.code) for problem in problems]


def clean(found: Intake) -> Intake:
    assert found.problems == ()
    return found


def test_a_good_table() -> None:
    found = clean(
        intake((1, "Sở Du lịch", "1.221", "524", "42,9%", "85%", ""), (2, "Sở Y tế", 1970, 1952.0, 0.99, 0.995))
    )
    assert found.figures == (Figure("du-lich", 1221, 524, row="2"), Figure("y-te", 1970, 1952, row="3"))
    assert found.targets == (
        Target("du-lich", Decimal(85), DUE, source="Báo cáo tháng 9"),
        Target("y-te", Decimal("99.5"), DUE, source="Báo cáo tháng 9"),
    )
    assert found.warnings == ()
    assert found.unchanged == ()


def test_rows_are_numbered_as_the_spreadsheet_shows_them() -> None:
    found = read(Sheet((HEADING, ("1", "Sở Lạ", 1, 1)), first=7), Finder(), NOW)
    assert codes(found.problems) == [(8, Code.UNKNOWN_UNIT)]


def test_the_plans_own_table() -> None:
    """Parts, each with its heading; a sum; a signature."""
    found = clean(
        intake(
            ("I. Cấp Sở:",),
            HEADING,
            ("(1)", "(2)", "(3)", "(4)", "(5)=(4)/(3)", "(6)", "(7)"),
            (1, "Sở Du lịch", 467, 467, "100%", "Duy trì kết quả đạt được", "\u00a0"),
            (),
            ("", "II. Cấp huyện:", 3009, 2181),
            HEADING,
            (1, "Huyện Đầm Hà", "3.009", "2.181", "72%", "90%"),
            ("III. Cấp xã:",),
            ("11. Huyện Đầm Hà:",),
            HEADING,
            (1, "Xã Bắc Sơn", 100, 50, "50%", "60%"),
            (2, "Xã Quảng An", 200, 50, "25%", "60%"),
            ("", "12. Huyện Hải Hà:"),
            (1, "Xã Bắc Sơn", 10, 5, "50%", "60%"),
            ("", "Tổng cộng", 3786, 2753, "72,7%"),
            ("", "", "", "TM. ỦY BAN NHÂN DÂN"),
        )
    )
    assert counts(found) == {
        "du-lich": (467, 467),
        "dam-ha": (3009, 2181),
        "bac-son-1": (100, 50),
        "quang-an": (200, 50),
        "bac-son-2": (10, 5),
    }
    assert found.targets[0] == Target("du-lich", Decimal(100), DUE, keep=True, source="Báo cáo tháng 9")
    assert found.warnings == ()


def test_a_heading_of_two_rows_repeated_keeps_the_parent() -> None:
    over, under = ("TT", "Đơn vị", "Hồ sơ", ""), ("", "", "Tổng số", "Trực tuyến")
    found = read(Sheet((over, under, ("12. Huyện Hải Hà:",), over, under, (1, "Xã Bắc Sơn", 10, 5))), Finder(), NOW)
    assert counts(clean(found)) == {"bac-son-2": (10, 5)}


@pytest.mark.parametrize(
    "row",
    [
        ("", "", "", ""),
        ("-", " ", "\u00a0", "…"),
        ("A", "B", "1", "2", "3=2/1", "4", ""),
        (1, 2, 3, 4, 5, 6, 7),
        ("", "Tổng cộng", 99999, 5),
        ("II", "Các huyện", "", ""),
        ("", "Người lập biểu", "", ""),
        ("Ghi chú: số liệu đến 30/9",),
    ],
)
def test_rows_that_are_no_units(row: Sequence[Cell]) -> None:
    assert counts(clean(intake((1, "Sở Du lịch", 10, 5), row, (2, "Sở Y tế", 10, 5)))) == {
        "du-lich": (10, 5),
        "y-te": (10, 5),
    }


def test_a_commune_called_as_a_sum_begins() -> None:
    assert counts(clean(intake((1, "Cộng Hòa", 10, 5)))) == {"cong-hoa": (10, 5)}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ((1, "Sở Lạ", 5, 5), RowProblem(2, Code.UNKNOWN_UNIT, {"name": "Sở Lạ", "parent": ""})),
        (
            (1, "Xã Bắc Sơn", 5, 5),
            RowProblem(
                2, Code.AMBIGUOUS_UNIT, {"name": "Xã Bắc Sơn", "parent": "", "units": ("bac-son-1", "bac-son-2")}
            ),
        ),
        (
            (1, "Sở Y tế", 5, 6),
            RowProblem(2, Code.ONLINE_ABOVE_TOTAL, {"name": "Sở Y tế", "total": 5, "online": 6}),
        ),
        (
            (1, "Sở Y tế", "", 6),
            RowProblem(2, Code.MISSING, {"name": "Sở Y tế", "column": Column.TOTAL, "text": ""}),
        ),
        ((1, "Sở Y tế", 5), RowProblem(2, Code.MISSING, {"name": "Sở Y tế", "column": Column.ONLINE, "text": ""})),
        ((1, "", 5, 4), RowProblem(2, Code.MISSING, {"name": "", "column": Column.UNIT, "text": ""})),
        (
            (1, "Sở Y tế", "năm", 5),
            RowProblem(2, Code.NOT_A_NUMBER, {"name": "Sở Y tế", "column": Column.TOTAL, "text": "năm"}),
        ),
        (
            (1, "Sở Y tế", "5", "1,5"),
            RowProblem(2, Code.NOT_WHOLE, {"name": "Sở Y tế", "column": Column.ONLINE, "text": "1,5"}),
        ),
        (
            (1, "Sở Y tế", -5, 0),
            RowProblem(2, Code.NEGATIVE, {"name": "Sở Y tế", "column": Column.TOTAL, "text": "-5"}),
        ),
        (
            (1, "Sở Y tế", 1e15, 0),
            RowProblem(2, Code.TOO_LARGE, {"name": "Sở Y tế", "column": Column.TOTAL, "text": "1000000000000000.0"}),
        ),
        (
            (1, "Sở Y tế", 5, 5, "", "cao"),
            RowProblem(2, Code.NOT_A_NUMBER, {"name": "Sở Y tế", "column": Column.TARGET, "text": "cao"}),
        ),
        (
            (1, "Sở Y tế", 5, 5, "", "120%"),
            RowProblem(2, Code.BAD_TARGET, {"name": "Sở Y tế", "column": Column.TARGET, "text": "120%"}),
        ),
        (
            (1, "Sở Y tế", 0, 0, "", "Duy trì"),
            RowProblem(2, Code.BAD_TARGET, {"name": "Sở Y tế", "column": Column.TARGET, "text": "Duy trì"}),
        ),
    ],
)
def test_bad_rows(row: Sequence[Cell], problem: RowProblem) -> None:
    assert intake(row).problems == (problem,)


def test_a_unit_without_numbers_is_no_heading() -> None:
    assert codes(intake((1, "Sở Y tế", "", "", "", "")).problems) == [(2, Code.MISSING), (2, Code.MISSING)]
    heading = ("Tên đơn vị", "Tổng số hồ sơ", "HS trực tuyến")
    assert codes(intake(("1. Sở Y tế", "-", ""), heading=heading).problems) == [(2, Code.MISSING), (2, Code.MISSING)]


def test_every_bad_row_is_told_in_order() -> None:
    found = intake(
        (1, "Sở Y tế", 5, 4),
        (2, "Sở Lạ", 5, "x"),
        (3, "Sở Y tế", 8, 7),
        (4, "Sở Du lịch", "?", -1),
        occasion=replace(NOW, previous=report(date(2023, 8, 23), y_te=(6, 1))),
    )
    assert codes(found.problems) == [
        (2, Code.TOTAL_FELL),
        (3, Code.UNKNOWN_UNIT),
        (3, Code.MISSING),
        (4, Code.DUPLICATE),
        (5, Code.NOT_A_NUMBER),
        (5, Code.NEGATIVE),
    ]
    duplicate = next(problem for problem in found.problems if problem.code is Code.DUPLICATE)
    assert duplicate.values == {"name": "Sở Y tế", "first": 2}


def test_two_names_of_one_unit_are_one_unit_twice() -> None:
    found = intake((1, "Xã Quảng An", 5, 4), (2, "Xã Quảng An, Huyện Đầm Hà", 5, 4))
    assert codes(found.problems) == [(3, Code.DUPLICATE)]


def test_a_parent_in_a_column_of_its_own() -> None:
    heading = ("Đơn vị", "Trực thuộc", "Tổng HS", "HS TT")
    found = clean(intake(("Xã Bắc Sơn", "Huyện Hải Hà", 5, 4), ("xa bac son", "Huyện  Đầm Hà", 6, 4), heading=heading))
    assert counts(found) == {"bac-son-2": (5, 4), "bac-son-1": (6, 4)}
    wrong = intake(("Xã Quảng An", "Huyện Hải Hà", 5, 4), heading=heading)
    assert wrong.problems == (RowProblem(2, Code.UNKNOWN_UNIT, {"name": "Xã Quảng An", "parent": "Huyện Hải Hà"}),), (
        "the unit of this name lies elsewhere"
    )


def test_a_parent_after_a_comma_and_a_name_with_a_comma() -> None:
    found = clean(intake((1, "Xã Bắc Sơn, Huyện Hải Hà", 5, 4), (2, "Sở Văn hóa, Thể thao và Du lịch", 5, 4)))
    assert counts(found) == {"bac-son-2": (5, 4), "van-hoa": (5, 4)}


def test_a_heading_does_not_hinder_units_elsewhere() -> None:
    found = clean(intake(("", "Huyện Hải Hà:"), (1, "Xã Quảng An", 5, 4), (2, "Sở Y tế", 5, 4)))
    assert counts(found) == {"quang-an": (5, 4), "y-te": (5, 4)}


def test_a_sum_ends_what_a_heading_began() -> None:
    found = intake(("", "Huyện Hải Hà:"), (1, "Xã Bắc Sơn", 5, 4), ("", "Cấp xã"), (1, "Xã Bắc Sơn", 5, 4))
    assert codes(found.problems) == [(5, Code.AMBIGUOUS_UNIT)]


def test_a_heading_that_may_be_a_unit_forgotten_is_told() -> None:
    found = clean(intake((1, "Sở Y tế", 5, 4), ("", "Sở Du lịch", "", ""), ("", "Người lập", "", "")))
    assert found.warnings == (RowProblem(3, Code.HEADING_ALONE, {"name": "Sở Du lịch", "parent": ""}),)


def test_the_finder_is_asked_once_for_each_name() -> None:
    finder = Finder()
    read(Sheet((HEADING, *[(1, "Sở Lạ", 1, 1)] * 50)), finder, NOW)
    assert finder.asked == [("Sở Lạ", "")]


def test_no_heading() -> None:
    assert read(Sheet((("Kính gửi", "Sở Y tế"),)), Finder(), NOW).problems == (RowProblem(0, Code.NO_HEADER),)


def test_a_column_too_few_or_too_many() -> None:
    found = intake(("Sở Y tế", 5), heading=("Tên đơn vị", "Tổng số hồ sơ"))
    assert found.problems == (RowProblem(1, Code.MISSING_COLUMN, {"columns": (Column.ONLINE,)}),)
    twice = intake(("Sở Y tế", 5, 4, 3), heading=("Tên đơn vị", "Tổng số hồ sơ", "HS TT", "HS TT"))
    assert twice.problems == (RowProblem(1, Code.DOUBLE_COLUMN, {"column": Column.ONLINE}),)


@pytest.mark.parametrize("rows", [(), ((),), (("", "Tổng cộng", 5, 4),)])
def test_nothing_to_take(rows: Sequence[Sequence[Cell]]) -> None:
    assert intake(*rows).problems == (RowProblem(0, Code.NO_ROWS),)


def test_swapped_columns_are_told_first() -> None:
    found = intake((1, "Sở Y tế", 5, 6), (2, "Sở Du lịch", 5, 6), (3, "Sở Tư pháp", 6, 5))
    assert codes(found.problems) == [
        (1, Code.SWAPPED),
        (2, Code.ONLINE_ABOVE_TOTAL),
        (3, Code.ONLINE_ABOVE_TOTAL),
    ]
    assert found.problems[0].values == {"rows": 2}


@pytest.mark.parametrize("last", [("Sở Tư pháp", 6, 5), None])
def test_a_slip_in_few_rows_is_no_swap(last: tuple[Cell, ...] | None) -> None:
    rows = [("Sở Y tế", 5, 6), *([last] if last else [])]
    found = intake(*rows, heading=("Tên đơn vị", "Tổng số hồ sơ", "HS TT"))
    assert codes(found.problems) == [(2, Code.ONLINE_ABOVE_TOTAL)]


@pytest.mark.parametrize(
    ("total", "online", "printed", "fits"),
    [
        (1030, 1017, "99%", True),
        (1030, 1017, "98%", True),  # cut off, not rounded
        (1030, 1017, "97%", False),
        (1030, 1017, "98,7%", True),
        (1030, 1017, "98,9%", False),
        (1030, 1017, 0.9874, True),
        (1030, 1017, 1017 / 1030, True),
        (1030, 1017, 98.74, True),
        (3009, 2181, "73%", True),
        (1000, 5, 0.5, True),  # half a percent, in a cell that is no percentage
        (1000, 5, "0,5%", True),
        (100, 50, "-50%", False),
        (100, 50, "cao", True),
        (100, 50, "", True),
        (0, 0, "100%", True),
    ],
)
def test_printed_rates(total: int, online: int, printed: Cell, fits: bool) -> None:
    found = clean(intake((1, "Sở Y tế", total, online, printed)))
    assert [warning.code for warning in found.warnings] == ([] if fits else [Code.RATE_DIFFERS])


def test_a_rate_that_differs_shows_both() -> None:
    (warning,) = intake((1, "Sở Y tế", 3, 2, "70%")).warnings
    assert warning.values == {"name": "Sở Y tế", "printed": "70%", "rate": Decimal("66.7")}


BEFORE = date(2023, 8, 23)


@pytest.mark.parametrize(
    ("before", "after", "problems", "warnings"),
    [
        ((100, 50), (120, 60), [], []),
        ((100, 50), (99, 50), [Code.TOTAL_FELL], []),
        ((100, 50), (100, 49), [], [Code.ONLINE_FELL]),
        ((100, 50), (200, 100), [], []),
        ((100, 50), (201, 100), [], [Code.TOTAL_JUMPED]),
        ((1, 1), (3, 3), [], []),  # of so few, doubling is chance
        ((100, 50), (100, 80), [], []),
        ((100, 50), (100, 81), [], [Code.RATE_JUMPED]),
        ((100, 90), (190, 90), [], [Code.RATE_JUMPED]),
        ((0, 0), (9, 9), [], []),
    ],
)
def test_changes_since_the_report_before(
    before: tuple[int, int], after: tuple[int, int], problems: list[Code], warnings: list[Code]
) -> None:
    found = intake((1, "Sở Y tế", *after), occasion=replace(NOW, previous=report(BEFORE, y_te=before)))
    assert [problem.code for problem in found.problems] == problems
    assert [warning.code for warning in found.warnings] == warnings


@pytest.mark.parametrize("previous", [date(2022, 12, 31), NOW.as_of, date(2024, 1, 1)])
def test_a_new_year_begins_at_nought_and_a_correction_may_lower(previous: date) -> None:
    found = clean(intake((1, "Sở Y tế", 10, 5), occasion=replace(NOW, previous=report(previous, y_te=(100, 50)))))
    assert found.warnings == ()


def test_what_changed_is_told_with_both_numbers() -> None:
    previous = report(BEFORE, y_te=(1221, 524), du_lich=(300, 100))
    found = intake((1, "Sở Y tế", 1220, 524), (2, "Sở Du lịch", 300, 200), occasion=replace(NOW, previous=previous))
    assert found.problems == (RowProblem(2, Code.TOTAL_FELL, {"name": "Sở Y tế", "before": 1221, "after": 1220}),)
    assert found.warnings == (
        RowProblem(3, Code.RATE_JUMPED, {"name": "Sở Du lịch", "before": Decimal("33.3"), "after": Decimal("66.7")}),
    )


def test_units_that_did_not_change() -> None:
    previous = report(BEFORE, y_te=(10, 5), du_lich=(300, 100))
    found = clean(intake((1, "Sở Y tế", 10, 5), (2, "Sở Du lịch", 301, 100), occasion=replace(NOW, previous=previous)))
    assert found.unchanged == ("y-te",)


def test_no_targets_without_a_day_they_are_due() -> None:
    found = clean(intake((1, "Sở Y tế", 10, 5, "", "cao"), occasion=replace(NOW, due=None)))
    assert found.targets == ()


@pytest.mark.parametrize(
    ("rate", "wanted", "target"),
    [
        ("", "Duy trì kết quả đạt được", Decimal("66.7")),
        ("67%", "Duy trì kết quả đạt được", Decimal(67)),
        (0.667, "Duy trì kết quả đạt được", Decimal("66.7")),
        ("67%", "Duy trì kết quả đạt được (66,5%)", Decimal("66.5")),
        ("67%", "≥ 70%", None),
    ],
)
def test_a_rate_to_be_kept(rate: Cell, wanted: str, target: Decimal | None) -> None:
    (found,) = clean(intake((1, "Sở Y tế", 3, 2, rate, wanted))).targets
    assert (found.percent, found.keep) == ((target, True) if target else (Decimal(70), False))


def test_targets_alone() -> None:
    heading = ("Tên đơn vị", "Chỉ tiêu năm 2024")
    occasion = replace(NOW, previous=report(BEFORE, y_te=(4, 3)))
    rows = (("Sở Y tế", "Duy trì"), ("Sở Du lịch", "90%"))
    found = clean(intake(*rows, heading=heading, occasion=occasion))
    assert found.figures == ()
    assert [(target.unit, target.percent, target.keep) for target in found.targets] == [
        ("y-te", Decimal(75), True),
        ("du-lich", Decimal(90), False),
    ]
    assert codes(intake(("Sở Y tế", ""), ("Sở Lạ", 1), heading=heading).problems) == [
        (3, Code.UNKNOWN_UNIT),
    ]


def test_no_data_said_in_so_many_words_is_no_figure_of_nought() -> None:
    found = clean(intake((1, "Sở Y tế", "", "", "", "90%", "Chưa có số liệu"), (2, "Sở Du lịch", 0, 0)))
    assert counts(found) == {"du-lich": (0, 0)}
    assert [target.unit for target in found.targets] == ["y-te"]


def test_nothing_bad_comes_through_with_the_good() -> None:
    found = intake((1, "Sở Lạ", 5, 4, "", "90%"), (2, "Sở Y tế", 5, 4, "", "90%"))
    assert counts(found) == {"y-te": (5, 4)}
    assert [target.unit for target in found.targets] == ["y-te"]
    assert found.problems != ()


CELLS = st.one_of(
    st.text(max_size=12), st.integers(), st.floats(), st.sampled_from(["Sở Y tế", "Xã Bắc Sơn", "I.", "90%", "1.221"])
)


@given(st.lists(st.lists(CELLS, max_size=9), max_size=6))
@example([["", "0", 0, 100], ["", "0", 0, 100]])
def test_any_table_is_taken_or_told(rows: list[list[Cell]]) -> None:
    found = intake(*rows)
    assert found.figures or found.targets or found.problems
    assert {one.unit for one in found.figures} <= {unit for by in UNITS.values() for ids in by.values() for unit in ids}
    of_all = {Code.NO_ROWS, Code.SWAPPED}
    assert all(1 < problem.row <= len(rows) + 1 or problem.code in of_all for problem in found.problems)


@given(st.lists(st.lists(CELLS, max_size=4), max_size=12))
def test_any_rows_have_a_heading_or_say_so(rows: list[list[Cell]]) -> None:
    assert read(Sheet(tuple(map(tuple, rows))), Finder(), NOW).problems != ()


def test_units_of_others_are_problems_with_their_row() -> None:
    occasion = replace(NOW, takes=lambda unit: unit == "du-lich")
    found = intake((1, "Sở Du lịch", 10, 5), (2, "Sở Y tế", 10, 5, "", "85%"), occasion=occasion)
    assert found.problems == (RowProblem(3, Code.OUT_OF_SCOPE, {"name": "Sở Y tế", "unit": "y-te"}),)
