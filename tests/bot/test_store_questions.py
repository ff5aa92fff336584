"""Missed questions on a real database: counted once each, written together, forgotten in time."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import questions as module
from bot.store.conversations import StoredConversations
from bot.store.memory import MemoryQuestions
from bot.store.questions import StoredQuestions
from handlers.assistant import Assistant
from handlers.missed import Counted, Missed, MissedKind
from handlers.model import Message
from knowledge.decide import Decision
from knowledge.model import Knowledge
from knowledge.search import Search
from tests.bot.databases import NOON, Place, Watch
from tests.fakes import Gate, Memory

YEAR = timedelta(days=365)
DAY = NOON.date()
NEXT = DAY + timedelta(days=1)
NONE, WRONG = MissedKind.NONE, MissedKind.WRONG
BEES = Missed(NONE, "nuoi ong", "nuôi ong")


@pytest.fixture
async def store(engine: AsyncEngine, watch: Watch) -> AsyncIterator[StoredQuestions]:
    store = StoredQuestions(engine, watch, YEAR)
    yield store
    await store.close()


def missed(form: str, kind: MissedKind = NONE, item: str = "", sample: str = "") -> Missed:
    return Missed(kind, form, sample or form.upper(), item)


async def rows(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM missed_questions")) or 0)


async def test_what_is_noted_is_counted(store: StoredQuestions) -> None:
    store.note(BEES, DAY)
    store.note(Missed(NONE, "nuoi ong", "NUÔI ONG ở đâu"), NEXT)
    assert await store.most_frequent(10) == [Counted(Missed(NONE, "nuoi ong", "NUÔI ONG ở đâu"), 2, DAY, NEXT)]
    store.note(BEES, NEXT)
    assert await store.most_frequent(10) == [Counted(BEES, 3, DAY, NEXT)]


async def test_kind_and_item_tell_apart(store: StoredQuestions) -> None:
    for one in (BEES, missed("nuoi ong", WRONG, "a.b"), missed("nuoi ong", WRONG, "a.c"), BEES):
        store.note(one, DAY)
    counted = {(one.missed.kind, one.missed.item, one.count) for one in await store.most_frequent(10)}
    assert counted == {(NONE, "", 2), (WRONG, "a.b", 1), (WRONG, "a.c", 1)}


async def test_the_most_frequent_come_first_then_the_newest(store: StoredQuestions) -> None:
    for form, times, day in (("a", 1, DAY), ("b", 3, DAY), ("c", 1, NEXT), ("d", 2, DAY)):
        for _ in range(times):
            store.note(missed(form), day)
    assert [one.missed.form for one in await store.most_frequent(3)] == ["b", "d", "c"]
    assert [one.missed.form for one in await store.most_frequent(10, NEXT)] == ["c"]
    assert await store.most_frequent(10, NEXT + timedelta(days=1)) == []


async def test_memory_keeps_the_same_order(store: StoredQuestions) -> None:
    memory = MemoryQuestions()
    for questions in (store, memory):
        for form, day in (("a", DAY), ("b", NEXT), ("b", NEXT), ("c", NEXT), ("a", DAY), ("d", DAY)):
            questions.note(missed(form, WRONG, "x"), day)
    assert await memory.most_frequent(10) == await store.most_frequent(10)
    assert await memory.most_frequent(1, NEXT) == await store.most_frequent(1, NEXT)


async def test_two_programs_count_together(place: Place, engine: AsyncEngine, watch: Watch) -> None:
    stores = [StoredQuestions(place.open(), watch, YEAR, pause=0) for _ in range(3)]
    forms = [f"câu {number}" for number in range(40)]
    for turn in range(5):
        for store in stores:
            for form in forms if turn % 2 else reversed(forms):
                store.note(missed(form), DAY)
        await asyncio.sleep(0.01)
    await asyncio.gather(*(store.close() for store in stores))
    found = await StoredQuestions(engine, watch, YEAR).most_frequent(100)
    assert {one.count for one in found} == {15}
    assert len(found) == len(forms)


async def test_notes_are_gathered_before_they_are_written(engine: AsyncEngine, watch: Watch) -> None:
    store = StoredQuestions(engine, watch, YEAR, pause=60)
    statements: list[str] = []

    def heard(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", heard)
    for number in range(50):
        store.note(missed(f"câu {number % 7}"), DAY)
        await asyncio.sleep(0)
    assert statements == []
    await store.close()
    assert sum("INSERT INTO missed_questions" in statement for statement in statements) == 1
    assert await rows(engine) == 7


async def test_a_clean_stop_loses_nothing(place: Place, engine: AsyncEngine, watch: Watch) -> None:
    store = StoredQuestions(engine, watch, YEAR, pause=60)
    for _ in range(3):
        store.note(BEES, DAY)
    await asyncio.sleep(0)
    await store.close()
    assert await StoredQuestions(place.open(), watch, YEAR).most_frequent(1) == [Counted(BEES, 3, DAY, DAY)]
    store.note(BEES, DAY)
    await store.close()
    assert (await store.most_frequent(1))[0].count == 4, "not even what comes late"


async def test_nothing_noted_is_nothing_written(store: StoredQuestions, engine: AsyncEngine) -> None:
    await store.close()
    assert await rows(engine) == 0


async def test_what_cannot_be_written_waits(engine: AsyncEngine, watch: Watch) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE missed_questions RENAME TO away"))
    broken = StoredQuestions(engine, watch, YEAR, pause=0)
    broken.note(BEES, DAY)
    await asyncio.sleep(0.05)
    broken.note(BEES, NEXT)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO missed_questions"))
    await broken.close()
    assert await broken.most_frequent(1) == [Counted(BEES, 2, DAY, NEXT)]


async def test_a_stop_does_not_wait_for_a_database_that_is_away(engine: AsyncEngine, watch: Watch) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE missed_questions"))
    store = StoredQuestions(engine, watch, YEAR, pause=60)
    store.note(BEES, DAY)
    await asyncio.wait_for(store.close(), 10)


async def test_so_many_wait_and_no_more(store: StoredQuestions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    for form in "abcdab":
        store.note(missed(form), DAY)
    found = await store.most_frequent(10)
    assert {(one.missed.form, one.count) for one in found} == {("a", 2), ("b", 2), ("c", 1)}


async def test_old_questions_are_forgotten(store: StoredQuestions, watch: Watch) -> None:
    store.note(missed("old"), DAY)
    store.note(missed("again"), DAY)
    store.note(missed("again"), NEXT)
    await store.most_frequent(1)
    watch.now = NOON + YEAR - timedelta(days=1)
    assert await store.forget() == 0
    watch.now = NOON + YEAR
    assert await store.forget() == 1
    assert [one.missed.form for one in await store.most_frequent(10)] == ["again"]


async def test_who_never_restarts_forgets_too(store: StoredQuestions, watch: Watch) -> None:
    store.note(missed("old"), DAY)
    await store.most_frequent(1)
    watch.now = NOON + YEAR
    store.note(missed("new"), watch.now.date())
    await store.close()
    assert [one.missed.form for one in await store.most_frequent(10)] == ["new"]


async def test_who_keeps_for_no_time_keeps_nothing(engine: AsyncEngine, watch: Watch) -> None:
    store = StoredQuestions(engine, watch, YEAR)
    store.note(BEES, DAY)
    await store.close()
    assert await StoredQuestions(engine, watch, timedelta()).forget() == 1


async def test_no_person_and_no_conversation_is_stored(engine: AsyncEngine, store: StoredQuestions) -> None:
    store.note(BEES, DAY)
    await store.close()
    async with engine.connect() as connection:
        (row,) = (await connection.execute(text("SELECT * FROM missed_questions"))).mappings().all()
    assert set(row) == {"form", "kind", "item", "count", "first_seen", "last_seen", "sample"}


async def test_answering_waits_for_no_note(
    engine: AsyncEngine, store: StoredQuestions, watch: Watch, small_knowledge: Knowledge, small_search: Search
) -> None:
    assistant = Assistant(
        small_knowledge,
        small_search,
        conversations=StoredConversations(engine, watch),
        limiter=Gate(),
        recorder=Memory(),
        now=watch,
        questions=store,
    )
    tables: list[str] = []

    def heard(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        tables.append("questions" if "missed_questions" in statement else "conversations")

    event.listen(engine.sync_engine, "before_cursor_execute", heard)
    outcome = await assistant.ask(Message("web", "web:1", "web:1", "nuôi mèo được không"))
    assert outcome.decision is Decision.NONE
    assert tables == ["conversations"] * 2, "a look-up and a save"
    await store.close()
    assert [one.missed.sample for one in await store.most_frequent(1)] == ["nuôi mèo được không"]


async def test_longest_forms_and_items_fit(store: StoredQuestions) -> None:
    longest = Missed(WRONG, "đ" * 200, "đ" * 200, "x" * 200)
    store.note(longest, date(2026, 1, 31))
    assert [one.missed for one in await store.most_frequent(1)] == [longest]
