"""Subscriptions and notices on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.subscriptions import LEASE, StoredSubscriptions
from bot.store.tables import notices
from handlers.subscriptions import Notice, NoticeKind, Subscription
from tests.bot.databases import NOON, Place, Watch

LAN = Subscription("telegram:7", digest_at=NOON)
HOA = Subscription("telegram:8", digest_at=NOON + timedelta(days=3), weekday=4, hour=9, alerts=False, drop=10)


@pytest.fixture
async def store(engine: AsyncEngine, watch: Watch) -> StoredSubscriptions:
    store = StoredSubscriptions(engine, watch)
    await store.save(LAN)
    await store.save(HOA)
    return store


def notice(key: str = "a", address: str = LAN.address, minutes: int = 0) -> Notice:
    return Notice(address, NoticeKind.ALERT, key, NOON + timedelta(minutes=minutes), ("unit:a", "unit:b"))


async def keys(store: StoredSubscriptions, minutes: int = 0, most: int = 10) -> list[str]:
    return [claimed.notice.key for claimed in await store.claim(NOON + timedelta(minutes=minutes), most)]


async def test_a_subscription_comes_back_as_it_was_saved(store: StoredSubscriptions) -> None:
    assert [await store.of("telegram:7"), await store.of("telegram:8")] == [LAN, HOA]
    assert await store.of("telegram:9") is None
    assert await store.everyone() == [LAN, HOA]


async def test_saving_again_changes_it(store: StoredSubscriptions) -> None:
    changed = replace(LAN, digest_at=None, reminders=False)
    await store.save(changed)
    assert await store.everyone() == [changed, HOA]


async def test_whose_digest_is_due(store: StoredSubscriptions) -> None:
    assert await store.due(NOON - timedelta(seconds=1)) == []
    assert await store.due(NOON) == [LAN]
    assert await store.due(NOON + timedelta(days=3)) == [LAN, HOA]


async def test_a_digest_is_turned_once(store: StoredSubscriptions) -> None:
    after = NOON + timedelta(days=7)
    turned = [await store.turn(LAN, after, notice("digest")) for _ in range(2)]
    assert turned == [True, False]
    assert await store.due(NOON) == []
    assert await keys(store) == ["digest"]


async def test_two_processes_turn_a_digest_once(place: Place, store: StoredSubscriptions, watch: Watch) -> None:
    other = StoredSubscriptions(place.open(), watch)
    after = NOON + timedelta(days=7)
    turned = await asyncio.gather(*(each.turn(LAN, after, notice("digest")) for each in (store, other) * 3))
    assert sorted(turned) == [False] * 5 + [True]
    assert await keys(store) == ["digest"]


async def test_a_digest_that_was_changed_meanwhile_is_not_turned(store: StoredSubscriptions) -> None:
    await store.save(replace(LAN, digest_at=NOON + timedelta(hours=1)))
    assert not await store.turn(LAN, NOON + timedelta(days=7), notice("digest"))
    assert await keys(store, minutes=999) == []


async def test_notices_are_claimed_when_due_the_oldest_first(store: StoredSubscriptions) -> None:
    await store.queue([notice("late", minutes=9), notice("b", minutes=2), notice("a", minutes=1)])
    assert await keys(store) == []
    assert await keys(store, minutes=5, most=1) == ["a"]
    assert await keys(store, minutes=5) == ["b"]


async def test_a_claimed_notice_comes_whole(store: StoredSubscriptions) -> None:
    await store.queue([notice()])
    (claimed,) = await store.claim(NOON, 10)
    assert replace(claimed.notice, due_at=NOON) == notice()
    assert claimed.notice.due_at == NOON
    assert claimed.tries == 0


async def test_the_same_key_is_sent_to_an_address_once(store: StoredSubscriptions) -> None:
    await store.queue([notice(), notice(), notice(address=HOA.address)])
    await store.queue([notice()])
    first = await store.claim(NOON, 10)
    assert [claimed.notice.address for claimed in first] == [LAN.address, HOA.address]
    for claimed in first:
        await store.done(claimed.id)
    await store.queue([notice()])
    assert await keys(store, minutes=60) == []


async def test_two_processes_claim_each_notice_once(place: Place, store: StoredSubscriptions, watch: Watch) -> None:
    other = StoredSubscriptions(place.open(), watch)
    await store.queue([notice(str(number)) for number in range(20)])
    rounds = await asyncio.gather(*(each.claim(NOON, 20) for each in (store, other, store, other)))
    found = [claimed.notice.key for claims in rounds for claimed in claims]
    assert sorted(found, key=int) == [str(number) for number in range(20)]


async def test_what_a_dead_process_had_claimed_is_sent_later(store: StoredSubscriptions) -> None:
    await store.queue([notice()])
    assert await keys(store) == ["a"]
    assert [claimed.notice.key for claimed in await store.claim(NOON + LEASE - timedelta(seconds=1), 1)] == []
    assert [claimed.notice.key for claimed in await store.claim(NOON + LEASE, 1)] == ["a"]


async def test_what_is_put_off_waits_and_counts_its_tries(store: StoredSubscriptions) -> None:
    await store.queue([notice()])
    (claimed,) = await store.claim(NOON, 1)
    await store.put_off(claimed.id, NOON + timedelta(minutes=10))
    assert await keys(store, minutes=9) == []
    (again,) = await store.claim(NOON + timedelta(minutes=10), 1)
    assert (again.id, again.tries) == (claimed.id, 1)


async def test_the_end_forgets_the_address_and_what_waits(store: StoredSubscriptions, engine: AsyncEngine) -> None:
    await store.queue([notice(), notice(address=HOA.address)])
    await store.end(LAN.address)
    await store.end("telegram:99")
    assert await store.everyone() == [HOA]
    async with engine.connect() as connection:
        left = (await connection.execute(select(notices.c.address))).scalars().all()
    assert left == [HOA.address]


async def test_nothing_is_queued_for_whom_has_left(store: StoredSubscriptions, engine: AsyncEngine) -> None:
    await store.queue([notice(address="telegram:99")])
    await store.queue([])
    async with engine.connect() as connection:
        assert (await connection.execute(select(func.count(notices.c.id)))).scalar_one() == 0


async def test_sent_notices_are_forgotten_in_the_end(
    store: StoredSubscriptions, engine: AsyncEngine, watch: Watch
) -> None:
    for key in ("old", "new"):
        await store.queue([notice(key)])
        (claimed,) = await store.claim(watch.now, 1)
        await store.done(claimed.id)
        watch.now += timedelta(days=401)
    async with engine.connect() as connection:
        assert (await connection.execute(select(notices.c.key))).scalars().all() == ["new"]


async def test_it_survives_a_restart(place: Place, store: StoredSubscriptions, watch: Watch) -> None:
    await store.queue([notice()])
    again = StoredSubscriptions(place.open(), watch)
    assert await again.everyone() == [LAN, HOA]
    assert await keys(again) == ["a"]
