from datetime import datetime, timedelta

import pytest

from bot.app import ZONE
from handlers.subscriptions import at_a_decent_hour, next_digest

THURSDAY = datetime(2026, 11, 26, 14, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("weekday", "hour", "expected"),
    [
        (0, 8, datetime(2026, 11, 30, 8, tzinfo=ZONE)),
        (3, 15, datetime(2026, 11, 26, 15, tzinfo=ZONE)),
        (3, 14, datetime(2026, 12, 3, 14, tzinfo=ZONE)),
        (2, 23, datetime(2026, 12, 2, 23, tzinfo=ZONE)),
    ],
)
def test_the_next_digest_is_the_next_such_hour(weekday: int, hour: int, expected: datetime) -> None:
    assert next_digest(THURSDAY, weekday, hour) == expected


def test_a_digest_due_right_now_is_a_week_away() -> None:
    due = next_digest(THURSDAY, 4, 9)
    assert next_digest(due, 4, 9) == due + timedelta(days=7)


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(6, (26, 7)), (7, (26, 7)), (20, (26, 20)), (21, (27, 7)), (23, (27, 7)), (0, (26, 7))],
)
def test_nobody_is_woken(hour: int, expected: tuple[int, int]) -> None:
    found = at_a_decent_hour(THURSDAY.replace(hour=hour, minute=0))
    assert (found.day, found.hour) == expected
