"""Logs: one line an event, and nothing of what people wrote."""

import json
import logging
from collections.abc import Iterator
from datetime import datetime

import pytest
import structlog
from prometheus_client import REGISTRY

from bot import record
from bot.config import Log
from bot.logs import set_up
from bot.record import LogRecorder, SilentRecorder
from handlers.model import Kind, Message
from tests.fakes import BrokenConversations, House

QUESTION = "Nguyễn Thị Lan 0912345678 1.000001"
WORDS = ("Nguyễn", "Thị Lan", "0912345678")
MESSAGE = Message("test", "test:person-of-lan", "test:lan", QUESTION)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Loggers that are not yet bound to a stream, and logging as it was before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(record, "_log", structlog.get_logger())
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[str]:
    out, err = capsys.readouterr()
    assert out == "", "logs go to stderr"
    return err.splitlines()


async def ask(house: House) -> None:
    house.memory = LogRecorder()  # type: ignore[assignment]
    house.assistant = house.build()
    await house.assistant.ask(MESSAGE)
    await house.assistant.ask(Message("test", "test:person-of-lan", "test:lan", "giay-to.mat", Kind.ACTION))


@pytest.mark.parametrize("format_", ["json", "console"])
async def test_an_answer_is_one_line_without_words_or_names(
    house: House, capsys: pytest.CaptureFixture[str], format_: str
) -> None:
    set_up(Log(format=format_, level="debug"))
    await ask(house)
    told = lines(capsys)
    assert len(told) == 2
    assert "1.000001" in told[0], "the entry that was shown"
    for hidden in (*WORDS, "lan"):
        assert hidden not in "".join(told)


async def test_json_lines(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    set_up(Log(format="json"))
    await ask(house)
    first, second = map(json.loads, lines(capsys))
    assert first.keys() == {"event", "level", "timestamp", "channel", "decision", "entry", "ms"}
    assert (first["event"], first["level"], first["channel"]) == ("answered", "info", "test")
    assert (first["decision"], first["entry"]) == ("answer", "1.000001")
    assert first["ms"] >= 0
    assert datetime.fromisoformat(first["timestamp"])
    assert second["decision"] == "button"


async def test_what_a_button_carries_is_only_told_when_it_is_ours(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(Log(format="json"))
    house.assistant = house.build()
    house.memory = LogRecorder()  # type: ignore[assignment]
    house.assistant = house.build()
    await house.press("entry:" + WORDS[2])
    await house.press("facet:" + WORDS[2] + ":fee")
    assert [json.loads(line)["entry"] for line in lines(capsys)] == ["", ""]
    assert (await house.conversations.load("test:1")).trail == ()


def failing(secret: str) -> None:
    local = f"local {secret}"
    raise RuntimeError("the disk is full", len(local))


@pytest.mark.parametrize("format_", ["json", "console"])
@pytest.mark.parametrize("recorder", [LogRecorder(), SilentRecorder()])
async def test_a_failure_tells_where_but_not_what(
    house: House, capsys: pytest.CaptureFixture[str], format_: str, recorder: LogRecorder | SilentRecorder
) -> None:
    set_up(Log(format=format_))
    try:
        failing(QUESTION)
    except RuntimeError as error:
        house.memory = recorder  # type: ignore[assignment]
        house.assistant = house.build(BrokenConversations(error))
    await house.assistant.ask(MESSAGE)
    told = lines(capsys)
    assert len(told) == 1 or format_ == "console"
    text = "\n".join(told)
    assert "the disk is full" in text
    assert "failing" in text
    for hidden in (*WORDS, "lan"):
        assert hidden not in text.replace(__file__, "")


def test_libraries_log_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(Log(format="json"))
    try:
        failing(QUESTION)
    except RuntimeError:
        logging.getLogger("some.library").exception("it broke")
    (line,) = lines(capsys)
    told = json.loads(line)
    assert (told["event"], told["level"]) == ("it broke", "error")
    assert "RuntimeError" in json.dumps(told["exception"])
    assert "0912345678" not in line


def test_chatty_libraries_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(Log(level="info"))
    logging.getLogger("httpx").info("POST https://api.telegram.org/bot42:secret/getMe")
    logging.getLogger("uvicorn.access").info("GET /")
    logging.getLogger("some.library").info("hello")
    (line,) = lines(capsys)
    assert "hello" in line


def test_the_level_counts(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(Log(level="error"))
    structlog.get_logger().warning("not this")
    logging.getLogger("some.library").warning("nor this")
    structlog.get_logger().error("but this")
    (line,) = lines(capsys)
    assert "but this" in line


def test_a_console_that_is_no_terminal_gets_no_colours(capsys: pytest.CaptureFixture[str]) -> None:
    set_up(Log(format="console"))
    structlog.get_logger().error("plain", number=1)
    assert "\x1b" not in "".join(lines(capsys))


async def test_the_counters_count(house: House) -> None:
    set_up(Log(level="error"))

    def value(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, {"channel": "test", **labels}) or 0.0

    def counted() -> tuple[float, ...]:
        return (
            value("dvcbot_messages_total", decision="answer"),
            value("dvcbot_messages_total", decision="button"),
            value("dvcbot_answer_seconds_count"),
            value("dvcbot_messages_refused_total"),
            value("dvcbot_messages_failed_total"),
        )

    before = counted()
    await ask(house)
    LogRecorder().refused(MESSAGE)
    house.memory = LogRecorder()  # type: ignore[assignment]
    house.assistant = house.build(BrokenConversations(RuntimeError()))
    await house.assistant.ask(MESSAGE)
    assert [after - was for after, was in zip(counted(), before, strict=True)] == [1, 1, 2, 1, 1]
