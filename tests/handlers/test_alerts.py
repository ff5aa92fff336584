from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from handlers.alerts import fall, fallen, step_before
from handlers.board import Board
from knowledge.kpi_model import Figure, Report, Target

A, B = "unit:a", "unit:b"
OLD, NEW = date(2026, 9, 30), date(2026, 10, 31)
DUE = date(2026, 12, 31)


def report(name: str, day: date, targets: dict[str, int] | None = None, **figures: tuple[int, int]) -> Report:
    counted = {f"unit:{unit}": Figure(f"unit:{unit}", *counts) for unit, counts in figures.items()}
    wanted = {unit: Target(unit, Decimal(percent), DUE) for unit, percent in (targets or {}).items()}
    return Report(name, day, "sheet", True, counted, wanted)


def news(*reports: Report, limit: int = 5, units: tuple[str, ...] = (A, B)) -> list[str]:
    return [one.unit for one in fallen(reports[-1], Board(reports).seen(None), units, limit)]


FIRST = report("1", OLD, {A: 80, B: 50}, a=(100, 85), b=(100, 70))


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((200, 159), True),  # 79.5 %: below the target, which it had reached
        ((200, 160), False),  # 80 %: exactly on it, five points lost
        ((200, 161), False),
        ((0, 0), False),  # no dossiers, no rate, no news
    ],
)
def test_below_the_target_is_news(counts: tuple[int, int], told: bool) -> None:
    assert news(FIRST, report("2", NEW, a=counts)) == ([A] if told else [])


@pytest.mark.parametrize(("limit", "told"), [(4, True), (5, False), (10, False)])
def test_a_drop_by_more_than_the_limit_is_news_though_the_target_is_reached(limit: int, told: bool) -> None:
    assert news(FIRST, report("2", NEW, b=(100, 65)), limit=limit) == ([B] if told else [])


def test_who_was_below_before_is_no_news_again() -> None:
    second = report("2", NEW, a=(200, 100))
    third = report("3", NEW + timedelta(days=30), a=(300, 149))
    assert news(FIRST, second, third) == []


def test_the_first_figure_of_a_unit_below_its_target_is_news() -> None:
    (found,) = fallen(FIRST_OF_B, Board([FIRST_OF_B]).seen(None), [B], 5)
    assert (found.unit, found.rate, found.before, found.target, found.below, found.drop) == (
        B,
        Fraction(40),
        None,
        Fraction(50),
        True,
        None,
    )


FIRST_OF_B = report("1", OLD, {B: 50}, b=(10, 4))


def test_the_deepest_fall_comes_first_and_others_units_are_left_out() -> None:
    second = report("2", NEW, a=(100, 70), b=(100, 20))
    assert news(FIRST, second) == [B, A]
    assert news(FIRST, second, units=(A,)) == [A]


def test_a_late_report_of_an_earlier_day_is_no_news() -> None:
    late = report("2", OLD - timedelta(days=30), a=(50, 1))
    assert news(report("3", NEW, {A: 80}, a=(100, 90)), late) == []


def test_without_target_and_history_there_is_nothing_to_tell() -> None:
    alone = report("1", NEW, a=(10, 0))
    assert fall(A, Board([alone]).seen(None)[A]) is None


@pytest.mark.parametrize(
    ("days", "step"), [(-1, None), (0, 1), (1, 1), (2, 7), (7, 7), (8, 14), (14, 14), (15, 30), (30, 30), (31, None)]
)
def test_a_missed_step_counts_on_the_next_day(days: int, step: int | None) -> None:
    assert step_before(DUE, DUE - timedelta(days=days)) == step
