"""How many messages one person may send."""

import time_machine

from bot.limits import PersonLimits

#: Not at the very beginning of a minute, where the window of the library begins too.
START = 1_795_392_017.0


async def test_no_limit() -> None:
    limits = PersonLimits(0)
    assert [await limits.retry_after("lan") for _ in range(100)] == [0.0] * 100


async def test_a_person_waits_and_others_do_not() -> None:
    with time_machine.travel(START, tick=False):
        limits = PersonLimits(3)
        assert [await limits.retry_after("lan") for _ in range(3)] == [0.0] * 3
        assert 1 <= await limits.retry_after("lan") <= 60
        assert await limits.retry_after("minh") == 0.0


async def test_waiting_helps() -> None:
    with time_machine.travel(START, tick=False) as clock:
        limits = PersonLimits(2)
        while not await limits.retry_after("lan"):
            pass
        clock.shift(120)
        assert await limits.retry_after("lan") == 0.0


async def test_the_time_told_is_enough() -> None:
    with time_machine.travel(START, tick=False) as clock:
        limits = PersonLimits(5)
        for _ in range(5):
            assert await limits.retry_after("lan") == 0.0
        wait = await limits.retry_after("lan")
        clock.shift(wait + 0.01)
        assert await limits.retry_after("lan") == 0.0


async def test_a_person_is_told_once_and_later_again() -> None:
    with time_machine.travel(START, tick=False) as clock:
        limits = PersonLimits(1)
        assert await limits.may_tell("lan")
        assert not await limits.may_tell("lan")
        assert await limits.may_tell("minh")
        clock.shift(120)
        assert await limits.may_tell("lan")
