"""Numbers in Vietnamese and English notation."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.intake_model import Cell, Code
from knowledge.numbers import LARGEST_COUNT, count, is_blank, percent

COUNTS = st.integers(min_value=0, max_value=LARGEST_COUNT)
#: Blank, no-break, narrow no-break.
SPACES = " \u00a0\u202f"


@given(COUNTS, st.sampled_from([".", ",", "'", *SPACES]), st.sampled_from(["", *SPACES]))
def test_a_count_is_read_however_its_thousands_are_parted(number: int, sign: str, around: str) -> None:
    assert count(f"{around}{number:,}{around}".replace(",", sign)) == number


@given(COUNTS, st.sampled_from([".", ","]), st.sampled_from(["0", "00"]))
def test_noughts_after_the_point_change_no_count(number: int, sign: str, noughts: str) -> None:
    assert count(f"{number}{sign}{noughts}") == number
    other = "," if sign == "." else "."
    assert count(f"{number:,}".replace(",", other) + sign + noughts) == number


@given(COUNTS)
def test_a_count_in_a_number_cell(number: int) -> None:
    assert count(number) == number
    assert count(float(number)) == number


@given(COUNTS.filter(bool), st.sampled_from(["-{}", "- {}", "\u2212{}", "({})"]))
def test_less_than_nothing(number: int, form: str) -> None:
    assert count(form.format(number)) is Code.NEGATIVE
    assert count(-number) is Code.NEGATIVE


@given(st.decimals(min_value=0, max_value=100, places=2), st.sampled_from([".", ","]), st.sampled_from(["", *SPACES]))
def test_a_share_with_its_sign(share: Decimal, sign: str, gap: str) -> None:
    assert percent(f"{share}".replace(".", sign) + gap + "%") == share


@given(st.integers(min_value=0, max_value=10_000))
def test_a_percentage_cell_holds_a_fraction(hundredths: int) -> None:
    share = Decimal(hundredths) / 100
    assert percent(float(share) / 100) == share
    assert percent(float(share) * 0.01) == share, "computed with an error in the last binary place"


@given(st.decimals(min_value=Decimal("1.01"), max_value=100, places=2), st.sampled_from([".", ","]))
def test_a_share_without_its_sign(share: Decimal, sign: str) -> None:
    assert percent(f"{share}".replace(".", sign)) == share
    assert percent(float(share)) == share


@given(st.text())
def test_any_text_is_a_number_or_says_why_not(text: str) -> None:
    assert isinstance(count(text), int | Code)
    assert isinstance(percent(text), Decimal | Code)


@given(st.floats())
def test_any_float_is_a_number_or_says_why_not(number: float) -> None:
    assert isinstance(count(number), int | Code)
    assert isinstance(percent(number), Decimal | Code)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("1.221", 1221),
        ("1,221", 1221),
        ("20.605", 20605),
        ("1.221.004", 1221004),
        ("+12", 12),
        ("012", 12),
        ("１２", 12),
        ("1.221,00", 1221),
        (1221.0000000001, 1221),
        ("1,5", Code.NOT_WHOLE),
        ("1.221,5", Code.NOT_WHOLE),
        ("0.429", Code.NOT_WHOLE),
        ("12.3456", Code.NOT_WHOLE),
        (1.221, Code.NOT_WHOLE),
        ("1.221.5", Code.NOT_A_NUMBER),
        ("1.22.333", Code.NOT_A_NUMBER),
        ("12 34", Code.NOT_A_NUMBER),
        ("1.221 hồ sơ", Code.NOT_A_NUMBER),
        ("99%", Code.NOT_A_NUMBER),
        ("=1+1", Code.NOT_A_NUMBER),
        (float("nan"), Code.NOT_A_NUMBER),
        (float("inf"), Code.NOT_A_NUMBER),
        (True, Code.NOT_A_NUMBER),
        ("9" * 400, Code.TOO_LARGE),
        (1e300, Code.TOO_LARGE),
        ("", Code.MISSING),
        ("  ", Code.MISSING),
        ("–", Code.MISSING),
        ("…", Code.MISSING),
        ("x", Code.MISSING),
    ],
)
def test_counts(cell: Cell, read: int | Code) -> None:
    assert count(cell) == read


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("42,9%", Decimal("42.9")),
        ("42.9 %", Decimal("42.9")),
        ("42,9", Decimal("42.9")),
        (0.429, Decimal("42.9")),
        ("0,429", Decimal("42.9")),
        (0.57, Decimal(57)),
        (0.4289, Decimal("42.89")),
        (1, Decimal(100)),
        ("1%", Decimal(1)),
        ("0,5%", Decimal("0.5")),
        ("100%", Decimal(100)),
        (0, Decimal(0)),
        ("120%", Decimal(120)),
        ("-5%", Code.NEGATIVE),
        ("%", Code.NOT_A_NUMBER),
        ("42,9%%", Code.NOT_A_NUMBER),
        ("cao", Code.NOT_A_NUMBER),
        ("", Code.MISSING),
    ],
)
def test_shares(cell: Cell, read: Decimal | Code) -> None:
    assert percent(cell) == read
    assert isinstance(read, Code) or str(percent(cell)) == str(read), "written without noughts or exponents"


@pytest.mark.parametrize(("cell", "blank"), [("", True), (" \u00a0", True), ("-", True), (0, False), ("0", False)])
def test_blank_is_not_nought(cell: Cell, blank: bool) -> None:
    assert is_blank(cell) is blank
