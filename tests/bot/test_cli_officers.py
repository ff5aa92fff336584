"""``dvcbot officer``."""

import re
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot import app
from handlers.codes import read_code
from knowledge.model import Knowledge
from tests.bot.calls import done, kept_logging, refused
from tests.units import UNITS

UNIT = "unit:xa-quang-an-huyen-dam-ha"
DATABASE = Path("data") / "dvcbot.sqlite3"


@pytest.fixture(autouse=True)
def around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, small_knowledge: Knowledge) -> Iterator[None]:
    monkeypatch.setattr(app, "read_knowledge", lambda: small_knowledge)
    monkeypatch.setattr(app, "units_of", lambda _: UNITS)
    with kept_logging(monkeypatch, tmp_path):
        yield


def rows(query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(DATABASE)) as connection:
        return connection.execute(query).fetchall()


def test_an_invitation_is_made_listed_and_withdrawn() -> None:
    assert done("officer", "list") == "there are no officers yet: dvcbot officer invite --role admin\n"
    first, second = done("officer", "invite", "--role", "leader", "--unit", UNIT, "--days", "3").splitlines()
    shown = re.fullmatch(r"code: (\S+) \(works once, until \d\d/\d\d/\d{4} \d\d:\d\d\)", first)
    assert shown is not None
    assert read_code(shown[1])
    assert second == f"the officer sends to the bot: /dangky {shown[1]}"
    (line,) = done("officer", "list").splitlines()
    assert line.split()[:5] == ["i1", "leader", UNIT, "invited,", "until"]
    assert done("officer", "revoke", "i1") == f"revoked: i1 leader {UNIT}\n"
    assert "there are no officers yet" in done("officer", "list")
    assert rows("SELECT actor, action, object FROM audit ORDER BY id") == [
        ("console", "invite", "invitation:1"),
        ("console", "withdraw", "invitation:1"),
    ]


def test_an_officer_is_listed_and_revoked() -> None:
    done("db", "upgrade")
    with closing(sqlite3.connect(DATABASE)) as connection:
        connection.execute("INSERT INTO officers VALUES (7, 'x', 'admin', NULL, '2026-11-23 05:00:00')")
        connection.commit()
    (line,) = done("officer", "list").splitlines()
    assert line.split() == ["7", "admin", "-", "since", "23/11/2026", "12:00"]
    assert done("officer", "revoke", "7") == "revoked: 7 admin\n"
    assert rows("SELECT * FROM officers") == []


@pytest.mark.parametrize("role", ["province", "editor", "admin"])
def test_a_role_for_the_whole_province_needs_no_unit(role: str) -> None:
    assert "/dangky" in done("officer", "invite", "--role", role)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("invite", "Missing option '--role'"),
        ("invite --role mayor", "there is no role 'mayor': expected one of officer, leader, province, editor, admin"),
        ("invite --role officer", "role officer needs --unit UNIT-ID"),
        ("invite --role leader", "role leader needs --unit UNIT-ID"),
        ("invite --role officer --unit ''", "role officer needs --unit UNIT-ID"),
        ("invite --role officer --unit unit:nowhere", "there is no unit unit:nowhere"),
        (f"invite --role admin --unit {UNIT}", "role admin is for the whole province: leave out --unit"),
        ("invite --role admin --days 0", "Invalid value for '--days'"),
        ("invite --role admin --days 91", "Invalid value for '--days'"),
        ("invite --role admin --days x", "Invalid value for '--days'"),
        ("revoke", "Missing argument 'ID'"),
        ("revoke 1", "no officer and no open invitation has the id 1 (see dvcbot officer list)"),
        ("revoke i1", "no officer and no open invitation has the id i1"),
        ("revoke nobody", "no officer and no open invitation has the id nobody"),
        ("list all", "Got unexpected extra argument"),
    ],
)
def test_mistakes_are_one_clear_line(arguments: str, told: str) -> None:
    line = refused("officer", *shlex.split(arguments))
    assert line.startswith(told)
    assert "\n" not in line


def test_a_database_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> None:
    monkeypatch.setenv("DVCBOT_DATABASE__URL", f"postgresql+asyncpg://lan:geheim@127.0.0.1:{unused_tcp_port}/x")
    for command in (("list",), ("revoke", "1"), ("invite", "--role", "admin")):
        line = refused("officer", *command)
        assert line.startswith("cannot use the database postgresql+asyncpg://lan:***@")


def test_with_a_token_the_link_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def name(_: object) -> str:
        return "DvcBot"

    monkeypatch.setattr("bot.channels.telegram.username", name)
    monkeypatch.setenv("DVCBOT_TELEGRAM__TOKEN", "42:abc")
    code, _, link = done("officer", "invite", "--role", "admin").splitlines()
    assert link == f"or opens: https://t.me/DvcBot?start={read_code(code.split()[1])}"


def test_without_telegram_the_code_is_enough(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> None:
    monkeypatch.setenv("DVCBOT_TELEGRAM__TOKEN", "42:abc")
    monkeypatch.setenv("DVCBOT_TELEGRAM__BASE_URL", f"http://127.0.0.1:{unused_tcp_port}/bot")
    assert len(done("officer", "invite", "--role", "admin").splitlines()) == 2
