import asyncio

from bot.schedule import go_round


async def test_rounds_follow_one_another_until_the_stop() -> None:
    stop, rounds = asyncio.Event(), 0

    async def work() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 3:
            stop.set()

    async with asyncio.timeout(5):
        await go_round(work, stop, seconds=0.001)
    assert rounds == 3


async def test_a_round_that_fails_does_not_end_the_others() -> None:
    stop, rounds = asyncio.Event(), 0

    async def work() -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 2:
            stop.set()
        raise RuntimeError("the disk is full")

    async with asyncio.timeout(5):
        await go_round(work, stop, seconds=0.001)
    assert rounds == 2


async def test_a_stop_is_not_kept_waiting() -> None:
    stop, begun = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()

    going = asyncio.create_task(go_round(work, stop, seconds=3600))
    await begun.wait()
    stop.set()
    async with asyncio.timeout(5):
        await going
