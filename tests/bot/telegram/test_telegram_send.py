from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram.error import NetworkError, TimedOut

from bot.channels.telegram_markup import MAX_TEXT
from bot.channels.telegram_send import PAUSES
from handlers.model import Reply, TooManyError
from tests.bot.telegram.running import BUTTONS, SECRET_WORDS, FakeAssistant, FakeSleep, answered, running
from tests.fake_telegram import GROUP, FakeTelegram, RefusalError, bad_request, message, pressed


async def test_long_answers_come_in_pieces_with_the_buttons_last(telegram: FakeTelegram) -> None:
    await answered(telegram, {"message": message("a")}, Reply("\n\n".join(["từ " * 1000] * 3), BUTTONS), Reply("end"))
    assert ["reply_markup" in sent for sent in telegram.of("sendMessage")] == [False, False, True, False]
    assert all(len(text) <= MAX_TEXT for text in telegram.texts)


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_markup_that_telegram_refuses_comes_as_plain_text(telegram: FakeTelegram, method: str) -> None:
    telegram.fail(method, bad_request("can't parse entities: unsupported start tag"))
    await answered(telegram, {"callback_query": pressed()}, Reply("<b>a</b> &lt;", BUTTONS, method != "sendMessage"))
    plain = telegram.of(method)[1]
    assert plain["text"] == "a <"
    assert "parse_mode" not in plain
    assert "reply_markup" in plain


@pytest.mark.parametrize(
    ("failure", "level"),
    [
        (RefusalError(403, "Forbidden: bot was blocked by the user"), "info"),
        (bad_request("chat not found"), "warning"),
        (RefusalError(429, "Too Many Requests", retry_after=4000), "warning"),
        (TimedOut(), "warning"),
    ],
)
async def test_what_cannot_be_delivered_is_one_line(
    telegram: FakeTelegram, logs: list[Any], failure: Exception, level: str
) -> None:
    telegram.fail("sendMessage", failure)
    await answered(telegram, {"message": message(SECRET_WORDS)}, Reply("a"), Reply("b"))
    assert telegram.texts == ["a"]
    [line] = [line for line in logs if "telegram answer" in line["event"]]
    assert line["log_level"] == level
    assert "exc_info" not in line


async def test_a_migrated_group_is_followed(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", RefusalError(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-200))
    await answered(telegram, {"message": message("/help", GROUP)}, Reply("a"), Reply("b"))
    assert [(sent["chat_id"], sent["text"]) for sent in telegram.of("sendMessage")] == [
        (-100, "a"),
        (-200, "a"),
        (-200, "b"),
    ]


@pytest.mark.parametrize(
    ("failures", "slept"),
    [
        ([NetworkError("no connection"), RefusalError(502, "Bad Gateway")], [*PAUSES[:2]]),
        ([RefusalError(429, "Too Many Requests", retry_after=3)] * 3, [3.0] * 3),
    ],
)
async def test_sending_is_tried_again(
    telegram: FakeTelegram, sleep: FakeSleep, failures: list[Exception], slept: list[float]
) -> None:
    telegram.fail("sendMessage", *failures)
    await answered(telegram, {"message": message("a")}, Reply("b"), sleep=sleep)
    assert len(telegram.texts) == len(failures) + 1
    assert sleep.slept == slept


async def test_trying_ends(telegram: FakeTelegram, logs: list[Any]) -> None:
    telegram.fail("sendMessage", *[NetworkError("no connection")] * 10)
    await answered(telegram, {"message": message("a")}, Reply("b"))
    assert len(telegram.texts) == len(PAUSES) + 1
    assert [line["error"] for line in logs if line["log_level"] == "warning"] == ["no connection"]


async def test_an_edit_that_may_have_arrived_is_repeated(telegram: FakeTelegram) -> None:
    telegram.fail("editMessageText", TimedOut())
    await answered(telegram, {"callback_query": pressed()}, Reply("b", replaces=True))
    assert len(telegram.of("editMessageText")) == 2


async def test_an_answer_that_takes_too_long_is_given_up(
    telegram: FakeTelegram, logs: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.ANSWER_SECONDS", 0.01)
    telegram.hang("sendMessage")
    await answered(telegram, {"message": message("a")})
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["telegram answer is not delivered"]


async def test_one_slow_chat_does_not_hold_up_another(telegram: FakeTelegram) -> None:
    class EndlessSleep:
        async def __call__(self, seconds: float) -> None:
            await asyncio.Event().wait()

    telegram.fail("sendMessage", RefusalError(429, "Too Many Requests", retry_after=50))
    async with running(telegram, FakeAssistant(), sleep=EndlessSleep(), finish_seconds=0.01):
        telegram.feed(message=message("slow"))
        telegram.feed(message=message("quick"))
        await telegram.until(lambda: "<b>quick</b>" in telegram.texts)


@pytest.mark.parametrize(("reply", "texts"), [(Reply("slowly"), ["slowly"]), (None, [])])
async def test_too_many_messages(telegram: FakeTelegram, reply: Reply | None, texts: list[str]) -> None:
    async with running(telegram, FakeAssistant(error=TooManyError(9, reply))):
        telegram.feed(message=message("a"))
        await telegram.called("getUpdates", 2)
    assert telegram.texts == texts


async def test_the_bot_outlives_errors(telegram: FakeTelegram, logs: list[Any]) -> None:
    assistant = FakeAssistant(error=RuntimeError("broken"))
    async with running(telegram, assistant):
        telegram.feed(message=message("a"))
        await telegram.until(lambda: assistant.asked)
        assistant.error = None
        telegram.feed(message=message("b"))
        await telegram.called("sendMessage")
    assert telegram.texts == ["<b>b</b>"]
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["telegram update is not answered"]
