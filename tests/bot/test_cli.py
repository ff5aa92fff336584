"""The console script."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest

from bot import app
from bot.cli import main
from knowledge.model import Knowledge
from tests.bot.calls import call, done, kept_logging, refused
from tests.small_content import SmallContent
from tests.units import UNITS

FACETS = {"documents", "fee", "time", "where", "how", "conditions", "result", "legal"}


@pytest.fixture(autouse=True)
def around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, small_knowledge: Knowledge) -> Iterator[None]:
    """The small content, an empty folder, and logging as it was before."""
    monkeypatch.setattr(app, "read_knowledge", lambda: small_knowledge)
    with kept_logging(monkeypatch, tmp_path):
        yield


def commands(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


COMMANDS = dict(commands(main))


def test_the_agreed_commands_are_there() -> None:
    agreed = ["run", "chat", "ask", "knowledge check", "knowledge report", "eval", "db upgrade", "db backup"]
    agreed += ["officer invite", "officer list", "officer revoke"]
    assert {tuple(command.split()) for command in agreed} <= COMMANDS.keys()


@pytest.mark.parametrize("path", [(), *COMMANDS], ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...]) -> None:
    shown = done(*path, "--help")
    assert shown.startswith("Usage: ")
    assert "--help" in shown
    command = COMMANDS.get(path, main)
    assert command.help
    assert all(option.help for option in command.params if isinstance(option, click.Option))


@pytest.mark.parametrize("path", [(), ("knowledge",), ("db",), ("officer",)], ids=" ".join)
def test_a_group_alone_shows_its_help(path: tuple[str, ...]) -> None:
    result = call(*path)
    assert result.exit_code == 2
    assert "Usage: " in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("nosuch", "No such command 'nosuch' (see dvcbot --help)"),
        ("--nosuch", "No such option"),
        ("ask --nosuch x", "No such option"),
        ("ask", "give a question, or --jsonl and lines on standard input"),
        ("ask x --jsonl", "give a question or --jsonl, not both"),
        ("ask x --conversation", "--conversation goes with --jsonl"),
        ("ask x --as mayor", "--as 'mayor': expected citizen, admin or officer:UNIT-ID"),
        ("ask x --as officer:", "--as 'officer:'"),
        ("ask x --as officer:quang-an", "--as 'officer:quang-an'"),
        ("chat --as mayor", "--as 'mayor'"),
        ("ask x y", "Got unexpected extra argument"),
        ("knowledge check nowhere", "Directory 'nowhere' does not exist"),
        ("eval", "Missing argument"),
        ("eval nowhere.toml", "Path 'nowhere.toml' does not exist"),
        ("db backup", "Missing argument"),
        ("db backup copy", "there is no database at data/dvcbot.sqlite3"),
        ("--config nowhere.toml run", "cannot read nowhere.toml"),
        ("--config nowhere.toml db upgrade", "cannot read nowhere.toml"),
    ],
)
def test_a_mistake_is_told_in_one_line(arguments: str, told: str) -> None:
    line = refused(*arguments.split())
    assert told in line
    assert "\n" not in line


def test_mistakes_in_settings_are_all_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVCBOT_WEB__PORT", "x")
    monkeypatch.setenv("DVCBOT_LOG__LEVEL", "x")
    told = refused("run")
    assert "web.port" in told
    assert "log.level" in told


def test_nothing_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVCBOT_WEB__ENABLED", "false")
    assert refused("run") == "nothing to run: web.enabled is false and telegram.token is empty"
    assert not Path("data").exists()


def test_ask_prints_the_reply() -> None:
    shown = done("ask", "1.000001")
    assert shown.startswith(
        "Làm thẻ đọc sách\nCấp thẻ bạn đọc tại thư viện công cộng\nMã thủ tục: 1.000001 · Thư viện\n"
    )
    assert "<" not in shown
    assert shown.splitlines()[-1] == "[⬅️ Quay lại]  [🏠 Trang đầu]"


def test_ask_json_has_the_agreed_shape() -> None:
    (line,) = done("ask", "--json", "1.000001 lệ phí bao nhiêu").splitlines()
    answer = json.loads(line)
    assert list(answer) == ["query", "decision", "hits", "facet", "text", "ms"]
    assert answer["query"] == "1.000001 lệ phí bao nhiêu"
    assert answer["decision"] == "answer"
    assert answer["hits"] == [{"id": "1.000001", "title": "Cấp thẻ bạn đọc tại thư viện công cộng", "score": 1.0}]
    assert answer["facet"] == "fee"
    assert "20.000 đồng" in answer["text"]
    assert isinstance(answer["ms"], float)


QUERIES = ["mất thẻ đọc sách", "1.000002", "xin chào", "zzzz qqqq", '"}{\\', "1.000001 1.000002", "<b>&amp;", "🙏"]


def test_jsonl_answers_in_order_one_object_a_line() -> None:
    lines = done("ask", "--jsonl", stdin="\n".join(QUERIES)).splitlines()
    answers = [json.loads(line) for line in lines]
    assert [answer["query"] for answer in answers] == QUERIES
    for answer in answers:
        assert list(answer) == ["query", "decision", "hits", "facet", "text", "ms"]
        assert answer["decision"] in {"answer", "choose", "none", "smalltalk"}
        assert answer["facet"] in FACETS | {None}
        assert len(answer["hits"]) <= 10
        assert all(list(hit) == ["id", "title", "score"] for hit in answer["hits"])
        scores = [hit["score"] for hit in answer["hits"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)
        assert answer["text"]
    assert (answers[1]["decision"], answers[5]["decision"]) == ("answer", "choose")


def test_jsonl_writes_letters_as_they_are() -> None:
    assert "mất thẻ" in done("ask", "--jsonl", stdin="mất thẻ\n")


def test_jsonl_of_nothing_is_nothing() -> None:
    assert done("ask", "--jsonl", stdin="") == ""
    assert done("ask", "--jsonl", "--conversation", stdin="\n\n \n") == ""


def test_jsonl_in_conversations() -> None:
    lines = done("ask", "--jsonl", "--conversation", stdin="1.000001\n\n1.000002\n/start\n").splitlines()
    assert [json.loads(line)["query"] for line in lines] == ["1.000001", "1.000002", "/start"]


@pytest.mark.parametrize("who", ["citizen", "admin", "officer:unit:xa-hai-huyen-tren"])
def test_who_asks(who: str) -> None:
    assert "Mã thủ tục: 1.000001" in done("ask", "--as", who, "1.000001")


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("citizen", "cán bộ được mời"),
        ("officer:unit:xa-hai-huyen-tren", "chỉ dành cho quản trị viên"),
        ("admin", "Cán bộ có quyền: 1"),
    ],
)
def test_who_asks_has_the_rights_of_a_role(who: str, shown: str) -> None:
    assert shown in done("ask", "--as", who, "/canbo")
    assert shown in done("ask", "--as", who, "--jsonl", stdin="/canbo\n")
    assert shown in done("chat", "--as", who, stdin="/canbo\n")


@pytest.mark.parametrize("command", [("ask", "x"), ("ask", "--jsonl"), ("chat",)])
def test_an_officer_of_a_unit_that_is_not_there(monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]) -> None:
    monkeypatch.setattr(app, "units_of", lambda _: UNITS)
    assert refused(*command, "--as", "officer:unit:nowhere") == "there is no unit unit:nowhere"
    assert "1.000001" in done("ask", "--as", "officer:unit:so-tu-phap", "1.000001")


def test_chat_ends_with_its_input() -> None:
    shown = done("chat", stdin="1.000001\n1\n")
    assert "\x1b" not in shown
    assert "Giấy khai sinh" in shown


def test_sound_content(folder: SmallContent) -> None:
    shown = done("knowledge", "check", str(folder.root))
    assert shown == "content is sound: 2 entries, 3 procedures, 2 numbers, 8 units, 4 figures\n"


def test_content_with_mistakes(folder: SmallContent) -> None:
    folder.replace("guidance/giay-to.toml", 'owner = "Thư viện"\n', "")
    folder.replace("hotline.toml", 'dial = "18001111"', 'dial = "x"')
    head, *lines = refused("knowledge", "check", str(folder.root)).splitlines()
    assert head.startswith(f"{len(lines)} mistakes")
    assert "guidance/giay-to.toml: giay-to.mat: owner: Field required" in lines
    assert any(line.startswith("hotline.toml: thu-vien: dial: ") for line in lines)


def test_the_database_is_made_and_copied(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/deep/er/x.sqlite3"
    Path("my.toml").write_text(f'[database]\nurl = "{url}"\n', encoding="utf-8")
    for _ in range(2):
        assert done("--config", "my.toml", "db", "upgrade") == "the database is up to date\n"
    assert done("--config", "my.toml", "db", "backup", "copy.sqlite3") == "copied to copy.sqlite3\n"
    with closing(sqlite3.connect("copy.sqlite3")) as copy:
        assert copy.execute("SELECT count(*) FROM conversations").fetchone() == (0,)
    assert (
        refused("--config", "my.toml", "db", "backup", "copy.sqlite3")
        == "copy.sqlite3 exists already: choose a new name"
    )


def test_a_database_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int) -> None:
    url = f"postgresql+asyncpg://lan:geheim@127.0.0.1:{unused_tcp_port}/data"
    monkeypatch.setenv("DVCBOT_DATABASE__URL", url)
    for command in (("db", "upgrade"), ("run",)):
        told = refused(*command)
        assert told.startswith("cannot use the database postgresql+asyncpg://lan:***@")
        assert "\n" not in told
    assert refused("db", "backup", "copy") == (
        "only the embedded SQLite database is copied here; for PostgreSQL use pg_dump"
    )


def test_eval_prints_a_table() -> None:
    Path("q.toml").write_text(
        '[[question]]\ntext = "1.000001"\nexpect = ["1.000001"]\nstyle = "plain"\n'
        '[[question]]\ntext = "zzzz"\nexpect = []\nstyle = "plain"\n',
        encoding="utf-8",
    )
    Path("q.jsonl").write_text('{"query": "1.000002", "gold": ["1.000002"], "kind": "procedure"}\n', encoding="utf-8")
    head, *rows = done("eval", "q.toml", "q.jsonl").splitlines()
    assert {"hit@1", "hit@3", "wrong", "refused"} <= set(head.split())
    assert [row.split()[0] for row in rows] == ["oos", "procedure", "q:procedure"]
    assert rows[1].split()[1:4] == ["1", "100.0", "100.0"]


@pytest.mark.parametrize("text", ["[[question", '[[question]]\ntext = "x"\n', '[[question]]\ntext = "x"\nexpect = 3\n'])
def test_questions_that_cannot_be_read_are_named(text: str) -> None:
    Path("q.toml").write_text(text, encoding="utf-8")
    assert refused("eval", "q.toml").startswith("cannot read questions from q.toml: ")


def test_it_is_a_program(tmp_path: Path) -> None:
    """As a process, with the project's own content, whatever the locale says."""
    result = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "--jsonl"],
        input="thủ tục 1.001193\n".encode(),
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert (result.returncode, result.stderr) == (0, b"")
    answer = json.loads(result.stdout.decode())
    assert (answer["query"], answer["hits"][0]["id"]) == ("thủ tục 1.001193", "1.001193")
