"""The units that rows of a table name."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.intake_units import RowUnits, UnitNames
from knowledge.kpi_model import UnitKind
from knowledge.model import Knowledge
from knowledge.text import fold

DAYS = [date(2023, 8, 23), date(2024, 12, 1), date(2025, 5, 1), date(2026, 9, 30)]


@pytest.fixture(scope="session")
def names(knowledge: Knowledge) -> UnitNames:
    return UnitNames(knowledge.plan.units, knowledge.plan.place_words)


@pytest.fixture
def then(names: UnitNames) -> RowUnits:
    return RowUnits(names, DAYS[0])


@pytest.fixture
def now(names: UnitNames) -> RowUnits:
    return RowUnits(names, DAYS[-1])


@pytest.mark.parametrize("day", DAYS)
def test_every_unit_of_the_day_is_found_by_its_names(knowledge: Knowledge, names: UnitNames, day: date) -> None:
    units = knowledge.plan.units
    find = RowUnits(names, day)
    for unit in units.today(day):
        if unit.parent:
            above = units.by_id[unit.parent]
            assert find(unit.name, above.name) == (unit.id,)
            assert find(fold(unit.name), fold(f"UBND {above.name}")) == (unit.id,)
            assert find(f"{unit.name} {above.name}", "") == (unit.id,)
        if unit.kind is not UnitKind.COMMUNE or day >= date(2025, 7, 1):
            assert find(unit.name.upper(), "") == (unit.id,)
            assert find(f"UBND {unit.name}", "") == (unit.id,)


@pytest.mark.parametrize("day", DAYS)
def test_only_units_of_the_day_are_found(knowledge: Knowledge, names: UnitNames, day: date) -> None:
    units = knowledge.plan.units
    find = RowUnits(names, day)
    for unit in units:
        assert all(units.by_id[found].is_valid(day) for found in find(unit.name, ""))
        assert all(units.by_id[found].is_valid(day) for found in find(unit.title, ""))


def test_a_name_of_another_time_is_no_slip_of_one_of_the_day(now: RowUnits) -> None:
    """Only the old commune is called so; today's is one letter away."""
    assert now("Xã Quảng La", "") == ("unit:xa-quang-la",)
    assert now("Xã Quảng Lâm", "") == ()
    assert now.of_other_times("Xã Quảng Lâm") == ("unit:xa-quang-lam-huyen-dam-ha",)
    assert now.of_other_times("Xã Quảng La") == ("unit:xa-quang-la-thanh-pho-ha-long",)
    assert now.of_other_times("Xã Nào Đó") == ()


def test_a_district_that_ended_is_not_the_ward_of_its_name(now: RowUnits, then: RowUnits) -> None:
    assert now("Thị xã Quảng Yên", "") == ()
    assert then("TX. Quảng Yên", "") == ("unit:thi-xa-quang-yen",)
    assert now("P. Quảng Yên", "") == ("unit:phuong-quang-yen",)


def test_a_kind_that_is_said_has_to_be_the_units(now: RowUnits) -> None:
    assert now("Xã Quảng Yên", "") == ()
    assert now("Huyện Ba Chẽ", "") == ()


def test_several_units_of_one_name_are_all_told(then: RowUnits) -> None:
    assert set(then("Quảng Yên", "")) == {"unit:thi-xa-quang-yen", "unit:phuong-quang-yen-thi-xa-quang-yen"}


@pytest.mark.parametrize(
    "name",
    [
        "Trung tâm Hành chính công huyện Đầm Hà",
        "Huyện Đầm Hà và huyện Hải Hà",
        "Công an xã Quảng An",
        "Xã",
        "UBND",
        "",
        "123",
        "Huyện Đầm",
    ],
)
def test_more_or_less_than_a_name_is_nobody(then: RowUnits, name: str) -> None:
    assert then(name, "") == ()


def test_a_parent_that_nobody_knows_or_that_has_no_such_unit(then: RowUnits) -> None:
    assert then("Xã Quảng An", "Huyện Lạ") == ()
    assert then("Xã Quảng An", "Huyện Hải Hà") == ()
    assert then("Xã Quảng An", "Đầm Hà") == ("unit:xa-quang-an-huyen-dam-ha",)


def test_one_slip_of_the_finger_is_forgiven(then: RowUnits) -> None:
    assert then("Xã Quảng Chinnh", "") == then("Xã Quảng Chính", "")
    assert then("Xã Quảng Chinnh", "Huyện Hải Hà") == ("unit:xa-quang-chinh-huyen-hai-ha",)
    assert then("Xã Quảng Chinnhh", "") == ()


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_text_is_answered(knowledge: Knowledge, names: UnitNames, name: str, parent: str) -> None:
    for found in RowUnits(names, DAYS[-1])(name, parent):
        assert found in knowledge.plan.units.by_id
