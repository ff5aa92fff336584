"""``dvcbot knowledge report``."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot import app
from bot.store.engine import opened
from bot.store.questions import StoredQuestions
from handlers.missed import Missed, MissedKind
from knowledge.model import Knowledge
from tests.bot.calls import done, kept_logging, refused
from tests.bot.databases import NOON

URL = "sqlite+aiosqlite:///data/dvcbot.sqlite3"
TODAY = NOON.date()


@pytest.fixture(autouse=True)
def around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, small_knowledge: Knowledge) -> Iterator[None]:
    late = replace(small_knowledge.entries["giay-to.mat"], review_by=date(2026, 11, 1))
    known = replace(small_knowledge, entries=small_knowledge.entries | {late.id: late})
    monkeypatch.setattr(app, "read_knowledge", lambda: known)
    monkeypatch.setattr(app, "now", lambda: NOON)
    with kept_logging(monkeypatch, tmp_path):
        yield


def note(*missed: tuple[Missed, int, int]) -> None:
    """Store questions: each so many times, so many days ago."""

    async def work() -> None:
        async with opened(URL) as engine:
            store = StoredQuestions(engine, lambda: NOON, timedelta(days=365))
            for one, times, ago in missed:
                for _ in range(times):
                    store.note(one, TODAY - timedelta(days=ago))
            await store.close()

    asyncio.run(work())


NONE = Missed(MissedKind.NONE, "nuoi ong", "nuôi ong ***")
WRONG = Missed(MissedKind.WRONG, "mat the", "mất thẻ", "giay-to.mat,1.000001")
OLD = Missed(MissedKind.NONE, "nuoi tho", "nuôi thỏ")


def test_the_report_tells_what_was_missed_and_what_is_due() -> None:
    note((WRONG, 2, 3), (NONE, 12, 0), (OLD, 50, 30))
    assert done("knowledge", "report").splitlines() == [
        "missed questions of the last 30 days, the most frequent first (times, kind, last seen, shown, words):",
        f"    12  none   23/11/2026  {'-':<28}  nuôi ong ***",
        f"     2  wrong  20/11/2026  {'giay-to.mat,1.000001':<28}  mất thẻ",
        "",
        "to be checked again: 1 overdue, 0 within 30 days",
        f"  overdue  01/11/2026  {'giay-to.mat':<28}  guidance/giay-to.toml  Thư viện",
    ]


def test_days_and_most_choose_what_is_shown() -> None:
    note((WRONG, 2, 3), (NONE, 12, 0), (OLD, 50, 30))
    assert "nuôi thỏ" in done("knowledge", "report", "--days", "31")
    today = done("knowledge", "report", "--days", "1")
    assert "nuôi ong" in today
    assert "mất thẻ" not in today
    assert "mất thẻ" not in done("knowledge", "report", "--most", "1")


def test_it_can_be_read_by_a_program() -> None:
    note((WRONG, 1, 3), (WRONG, 1, 1))
    assert json.loads(done("knowledge", "report", "--json")) == {
        "missed": [
            {
                "kind": "wrong",
                "count": 2,
                "first_seen": "2026-11-20",
                "last_seen": "2026-11-22",
                "item": "giay-to.mat,1.000001",
                "form": "mat the",
                "sample": "mất thẻ",
            }
        ],
        "due": [
            {
                "id": "giay-to.mat",
                "file": "guidance/giay-to.toml",
                "owner": "Thư viện",
                "review_by": "2026-11-01",
                "overdue": True,
            }
        ],
    }


def test_what_is_due_soon_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    done("db", "upgrade")
    monkeypatch.setattr(app, "now", lambda: datetime(2027, 1, 31, 12, tzinfo=app.ZONE))
    shown = done("knowledge", "report")
    assert "to be checked again: 1 overdue, 4 within 30 days" in shown
    assert f"     soon  31/01/2027  {'thu-vien':<28}  hotline.toml\n" in shown


def test_where_there_is_nothing_it_says_so(monkeypatch: pytest.MonkeyPatch, small_knowledge: Knowledge) -> None:
    done("db", "upgrade")
    monkeypatch.setattr(app, "read_knowledge", lambda: small_knowledge)
    assert done("knowledge", "report", "--days", "7").splitlines() == [
        "no question was missed in the last 7 days",
        "",
        "nothing must be checked again within 30 days",
    ]
    assert json.loads(done("knowledge", "report", "--json")) == {"missed": [], "due": []}


def test_a_database_that_is_missing_is_told_and_not_made() -> None:
    assert refused("knowledge", "report") == "there is no database at data/dvcbot.sqlite3"
    assert not Path("data").exists()


def test_a_server_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> None:
    monkeypatch.setenv("DVCBOT_DATABASE__URL", f"postgresql+asyncpg://lan:geheim@127.0.0.1:{unused_tcp_port}/x")
    line = refused("knowledge", "report")
    assert line.startswith("cannot use the database postgresql+asyncpg://lan:***@")
    assert "\n" not in line


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--days", "0"), "Invalid value for '--days'"),
        (("--days", "366"), "Invalid value for '--days'"),
        (("--most", "0"), "Invalid value for '--most'"),
        (("--most", "x"), "Invalid value for '--most'"),
        (("more",), "Got unexpected extra argument"),
    ],
)
def test_mistakes_are_one_clear_line(arguments: tuple[str, ...], told: str) -> None:
    line = refused("knowledge", "report", *arguments)
    assert line.startswith(told)
    assert "\n" not in line
