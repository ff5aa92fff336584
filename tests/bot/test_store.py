"""The store: conversations on a real database, batches, upgrades, backups."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import UserError
from bot.store.backup import backup
from bot.store.batch import LARGEST, Batch
from bot.store.conversations import StoredConversations, key_of
from bot.store.engine import create_engine, problem, upgrade
from bot.store.tables import metadata
from handlers.state import State
from tests.bot.databases import NOON, POSTGRES, Place, Watch, sqlite_url

DAY = timedelta(days=1)


@pytest.fixture
def store(engine: AsyncEngine, watch: Watch) -> StoredConversations:
    return StoredConversations(engine, watch)


async def test_a_new_conversation_is_at_home(store: StoredConversations) -> None:
    assert await store.load("web:new") == State()


async def test_what_is_saved_is_loaded(store: StoredConversations) -> None:
    state = State(("topics", "topic:giay-to", "offer:1.000001,giấy"))
    await store.save("web:1", state)
    assert await store.load("web:1") == state
    assert await store.load("web:2") == State()
    await store.save("web:1", State())
    assert await store.load("web:1") == State()


async def test_it_survives_a_restart(place: Place, store: StoredConversations, watch: Watch) -> None:
    await store.save("telegram:-42", State(("hotline",)))
    again = place.open()
    await upgrade(again)
    assert await StoredConversations(again, watch).load("telegram:-42") == State(("hotline",))


async def test_the_database_names_nobody(store: StoredConversations, engine: AsyncEngine) -> None:
    await store.save("telegram:123456789", State(("hotline",)))
    async with engine.connect() as connection:
        (row,) = (await connection.execute(text("SELECT * FROM conversations"))).all()
    assert "123456789" not in str(row)
    assert row.key == key_of("telegram:123456789")
    assert len(row.key) == 32


async def test_many_at_once(store: StoredConversations) -> None:
    names = [f"web:{number}" for number in range(LARGEST + 100)]
    await asyncio.gather(*(store.save(name, State((name,))) for name in names))
    assert await asyncio.gather(*map(store.load, names)) == [State((name,)) for name in names]


async def test_of_two_saves_the_later_counts(store: StoredConversations) -> None:
    await asyncio.gather(*(store.save("web:1", State((str(number),))) for number in range(20)))
    assert await store.load("web:1") == State(("19",))


async def test_old_conversations_are_forgotten(store: StoredConversations, watch: Watch) -> None:
    await store.save("web:old", State(("hotline",), at=NOON))
    await store.save("web:kept", State(("hotline",), at=NOON))
    watch.now = NOON + DAY
    await store.save("web:kept", State(("topics",), at=watch.now))
    await store.save("web:new", State(("hotline",), at=watch.now))
    assert await store.forget_before(DAY) == 0, "a day is not yet over"
    watch.now += timedelta(seconds=1)
    assert await store.forget_before(DAY) == 1
    assert await store.load("web:old") == State()
    assert await store.load("web:kept") == State(("topics",))
    assert await store.load("web:new") == State(("hotline",))


async def test_an_upgrade_twice_changes_nothing(engine: AsyncEngine, store: StoredConversations) -> None:
    await store.save("web:1", State(("hotline",)))
    await upgrade(engine)
    assert await store.load("web:1") == State(("hotline",))


def differences(connection: Connection) -> list[Any]:
    return compare_metadata(MigrationContext.configure(connection), metadata)


async def test_the_migrations_make_the_schema(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert set(tables) == {*metadata.tables, "alembic_version"}


async def test_a_schema_newer_than_the_program_is_refused(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UserError, match=r"^cannot use the database .*9999"):
        await upgrade(engine)


async def test_a_failure_reaches_everyone_and_passes(store: StoredConversations, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE conversations RENAME TO away"))
    found = await asyncio.gather(*(store.load(f"web:{number}") for number in range(5)), return_exceptions=True)
    assert all(isinstance(one, Exception) for one in found)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO conversations"))
    assert await store.load("web:1") == State()


async def test_a_database_that_answers_is_no_problem(engine: AsyncEngine) -> None:
    assert await problem(engine) is None


async def refusal(url: str) -> str:
    """What is said when ``url`` cannot be used: one line."""

    async def use() -> None:
        engine = create_engine(url)
        try:
            assert await problem(engine) is not None
            await upgrade(engine)
        finally:
            await engine.dispose()

    with pytest.raises(UserError) as caught:
        await use()
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite3").write_bytes(b"no database at all " * 100)
    told = await refusal(f"sqlite+aiosqlite:///{tmp_path}/x.sqlite3")
    assert told.startswith("cannot use the database sqlite+aiosqlite:///")


async def test_a_folder_that_is_no_database(tmp_path: Path) -> None:
    assert "unable to open" in await refusal(f"sqlite+aiosqlite:///{tmp_path}")


async def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert (await refusal(f"sqlite+aiosqlite:///{tmp_path}/file/x.sqlite3")).startswith("cannot make the folder of ")


async def test_a_server_that_is_not_there(unused_tcp_port: int) -> None:
    told = await refusal(f"postgresql+asyncpg://lan:geheim@127.0.0.1:{unused_tcp_port}/data")
    assert "lan:***@127.0.0.1" in told
    assert "geheim" not in told


@pytest.mark.skipif(not POSTGRES, reason="TEST_POSTGRES_URL names no server to test on")
@pytest.mark.parametrize(("part", "value"), [("database", "no_such_database"), ("username", "no_such_person")])
async def test_a_server_that_refuses(part: str, value: str) -> None:
    engine = create_engine(POSTGRES)
    url = engine.url.set(**{"password": "geheim", part: value}).render_as_string(hide_password=False)
    await engine.dispose()
    told = await refusal(url)
    assert value in told
    assert "geheim" not in told


async def test_sqlite_does_not_wait_for_readers(tmp_path: Path) -> None:
    engine = create_engine(sqlite_url(tmp_path))
    async with engine.connect() as connection:
        mode = await connection.scalar(text("PRAGMA journal_mode"))
        patience = await connection.scalar(text("PRAGMA busy_timeout"))
    await engine.dispose()
    assert mode == "wal"
    assert patience == 5000


class Work:
    """Doubles numbers. ``let`` holds it up; a request of 0 fails."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.let = asyncio.Event()

    async def __call__(self, requests: Sequence[int]) -> list[int]:
        self.batches.append(list(requests))
        await self.let.wait()
        if 0 in requests:
            raise ValueError("zero")
        return [2 * request for request in requests]


def start(batch: Batch[int, int], *requests: int) -> list[asyncio.Task[int]]:
    async def ask(request: int) -> int:
        return await batch(request)

    return [asyncio.create_task(ask(request)) for request in requests]


async def turns(until: Callable[[], object]) -> None:
    for _ in range(100):
        if until():
            return
        await asyncio.sleep(0)
    raise AssertionError


async def test_what_arrives_meanwhile_goes_together() -> None:
    work = Work()
    batch: Batch[int, int] = Batch(work)
    first = start(batch, 1)
    await turns(lambda: work.batches)
    later = start(batch, 2, 3, 4)
    await asyncio.sleep(0)
    work.let.set()
    assert await asyncio.gather(*first, *later) == [2, 4, 6, 8]
    assert work.batches == [[1], [2, 3, 4]]


async def test_a_failing_batch_fails_for_all_who_wait_and_for_nobody_else() -> None:
    work = Work()
    batch: Batch[int, int] = Batch(work)
    first = start(batch, 1)
    await turns(lambda: work.batches)
    unlucky = start(batch, 2, 0, 3)
    await asyncio.sleep(0)
    work.let.set()
    assert await asyncio.gather(*first) == [2]
    found = await asyncio.gather(*unlucky, return_exceptions=True)
    assert [type(one) for one in found] == [ValueError] * 3
    assert await batch(5) == 10


async def test_a_batch_has_a_largest_size() -> None:
    work = Work()
    work.let.set()
    batch: Batch[int, int] = Batch(work)
    requests = range(1, 2 * LARGEST + 2)
    assert await asyncio.gather(*start(batch, *requests)) == [2 * request for request in requests]
    assert max(map(len, work.batches)) <= LARGEST


async def test_who_gives_up_disturbs_nobody() -> None:
    work = Work()
    batch: Batch[int, int] = Batch(work)
    leaving, failing, staying = start(batch, 1, 2, 3)
    await turns(lambda: work.batches)
    leaving.cancel()
    await asyncio.wait({leaving})
    work.let.set()
    assert await asyncio.gather(failing, staying) == [4, 6]
    (alone,) = start(batch, 0)
    work.let.clear()
    await turns(lambda: len(work.batches) > 1)
    alone.cancel()
    await asyncio.wait({alone})
    work.let.set()
    assert await batch(4) == 8


async def test_a_backup_while_it_is_in_use(tmp_path: Path, watch: Watch) -> None:
    engine = create_engine(sqlite_url(tmp_path))
    await upgrade(engine)
    await StoredConversations(engine, watch).save("web:1", State(("hotline",)))
    async with engine.connect() as reading:
        await reading.execute(text("SELECT * FROM conversations"))
        backup(sqlite_url(tmp_path), tmp_path / "copy.sqlite3")
    await engine.dispose()
    copy = create_engine(f"sqlite+aiosqlite:///{tmp_path}/copy.sqlite3")
    assert await StoredConversations(copy, watch).load("web:1") == State(("hotline",))
    await copy.dispose()


def make_database(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.commit()
    return f"sqlite+aiosqlite:///{path}"


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql+asyncpg://u:geheim@h/d", "use pg_dump"),
        ("sqlite+aiosqlite:///nowhere/x.sqlite3", "there is no database at nowhere/x.sqlite3"),
        ("sqlite+aiosqlite:///:memory:", "there is no database"),
        ("sqlite+aiosqlite://", "there is no database"),
    ],
)
def test_what_cannot_be_copied(tmp_path: Path, url: str, told: str) -> None:
    with pytest.raises(UserError, match=told) as caught:
        backup(url, tmp_path / "copy")
    assert "geheim" not in str(caught.value)
    assert not (tmp_path / "copy").exists()


def test_a_backup_overwrites_nothing(tmp_path: Path) -> None:
    url = make_database(tmp_path / "x.sqlite3")
    (tmp_path / "copy").write_text("precious", encoding="utf-8")
    with pytest.raises(UserError, match="exists already: choose a new name"):
        backup(url, tmp_path / "copy")
    assert (tmp_path / "copy").read_text(encoding="utf-8") == "precious"


def test_a_backup_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    url = make_database(tmp_path / "x.sqlite3")
    with pytest.raises(UserError, match=r"^cannot copy"):
        backup(url, tmp_path / "no" / "folder" / "copy")
    (tmp_path / "broken.sqlite3").write_bytes(b"no database at all " * 100)
    with pytest.raises(UserError, match=r"^cannot copy"):
        backup(f"sqlite+aiosqlite:///{tmp_path}/broken.sqlite3", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
