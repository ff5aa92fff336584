from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from telegram.error import NetworkError

from bot.channels.telegram import AT_ONCE, LONGEST_PAUSE, TelegramChannel
from bot.channels.telegram_bot import ALLOWED_UPDATES
from bot.channels.telegram_http import CONNECTIONS
from bot.errors import UserError
from tests.bot.telegram.running import SETTINGS, WEBHOOK, FakeAssistant, FakeSleep, running
from tests.fake_telegram import TOKEN, FakeTelegram, RefusalError, bad_request, message


def test_polling_settings_fit_each_other() -> None:
    assert AT_ONCE <= CONNECTIONS


async def test_polling_asks_only_for_what_is_read(telegram: FakeTelegram) -> None:
    async with running(telegram, FakeAssistant()):
        [first, *_] = await telegram.called("getUpdates")
    assert first["allowed_updates"] == ["message", "edited_message", "callback_query"] == list(ALLOWED_UPDATES)
    assert [name for name, _ in telegram.calls[:2]] == ["getMe", "deleteWebhook"]


@pytest.mark.parametrize("refusal", [RefusalError(401, "Unauthorized"), RefusalError(404, "Not Found")])
async def test_a_refused_token_is_told_without_the_token(telegram: FakeTelegram, refusal: RefusalError) -> None:
    telegram.fail("getMe", refusal)
    channel = TelegramChannel(SETTINGS, FakeAssistant(), requests=telegram.requests)
    with pytest.raises(UserError, match=r"telegram\.token") as raised:
        await channel.run(asyncio.Event())
    error: BaseException | None = raised.value
    while error:
        assert TOKEN not in str(error)
        error = error.__context__


async def test_no_network_at_the_start_is_one_line(telegram: FakeTelegram, sleep: FakeSleep, logs: list[Any]) -> None:
    telegram.fail("getMe", *[NetworkError("no route")] * 9)
    async with running(telegram, FakeAssistant(), sleep=sleep):
        await telegram.called("getUpdates")
    assert [line["event"] for line in logs] == [
        "telegram is out of reach",
        "telegram is reached again",
        "telegram started",
    ]
    assert sleep.slept == [1, 2, 4, 8, 16, 32, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]


async def test_waiting_for_the_network_ends_with_the_stop(telegram: FakeTelegram) -> None:
    telegram.fail("getMe", NetworkError("no route"))
    async with running(telegram, FakeAssistant(), sleep=asyncio.sleep):
        await telegram.called("getMe")
    assert [name for name, _ in telegram.calls] == ["getMe"]


@pytest.mark.parametrize(
    ("failure", "event"),
    [
        (NetworkError("lost"), "telegram is out of reach"),
        (RefusalError(500, "Internal Server Error"), "telegram is out of reach"),
        (RefusalError(401, "Unauthorized"), "telegram refuses the token"),
        (
            RefusalError(409, "Conflict: terminated by other getUpdates request"),
            "telegram gives the messages to another",
        ),
    ],
)
async def test_a_lost_line_is_told_once_and_found_again(
    telegram: FakeTelegram, logs: list[Any], failure: Exception, event: str
) -> None:
    telegram.fail("getUpdates", *[failure] * 5)
    async with running(telegram, FakeAssistant()):
        for text in "abcd":
            telegram.feed(message=message(text))
            await telegram.until(lambda text=text: f"<b>{text}</b>" in telegram.texts)
    events = [line["event"] for line in logs]
    assert len([line for line in events if line.startswith(event)]) == 1
    assert events.count("telegram is reached again") == 1


async def test_two_programs_taking_turns_do_not_flood_the_log(
    telegram: FakeTelegram, sleep: FakeSleep, logs: list[Any]
) -> None:
    conflict = RefusalError(409, "Conflict: terminated by other getUpdates request")
    telegram.fail("getUpdates", conflict, None, conflict, None, None, conflict)
    async with running(telegram, FakeAssistant(), sleep=sleep):
        for text in "abcdef":
            telegram.feed(message=message(text))
            await telegram.until(lambda text=text: f"<b>{text}</b>" in telegram.texts)
    assert len([line for line in logs if line["log_level"] == "warning"]) == 1
    assert sleep.slept == [1, 2, 4]


async def test_slowing_down_waits_as_long_as_telegram_asks(telegram: FakeTelegram, sleep: FakeSleep) -> None:
    telegram.fail("getUpdates", RefusalError(429, "Too Many Requests", retry_after=40))
    async with running(telegram, FakeAssistant(), sleep=sleep):
        await telegram.called("getUpdates", 2)
    assert sleep.slept == [40.0]


async def test_an_update_that_cannot_be_read_is_passed_over(telegram: FakeTelegram, logs: list[Any]) -> None:
    async with running(telegram, FakeAssistant()):
        bad = telegram.feed(message={**message("a"), "chat": "what is this"})
        telegram.feed(message=message("a"))
        await telegram.called("sendMessage")
    assert telegram.of("getUpdates")[-1]["offset"] == bad + 2
    assert [line["update_id"] for line in logs if line["log_level"] == "error"] == [bad]


async def test_a_stop_lets_answers_arrive_and_confirms_them(telegram: FakeTelegram) -> None:
    assistant = FakeAssistant()
    assistant.gate = asyncio.Event()
    async with running(telegram, assistant):
        last = telegram.feed(message=message("a"))
        await telegram.until(lambda: assistant.asked)
        asyncio.get_running_loop().call_later(0.02, assistant.gate.set)
    assert telegram.texts == ["<b>a</b>"]
    assert telegram.of("getUpdates")[-1] == {
        "offset": last + 1,
        "timeout": 0,
        "limit": 1,
        "allowed_updates": list(ALLOWED_UPDATES),
    }


async def test_a_stop_does_not_wait_for_ever(telegram: FakeTelegram, logs: list[Any]) -> None:
    telegram.hang("sendMessage")
    async with running(telegram, FakeAssistant(), finish_seconds=0.01):
        telegram.feed(message=message("a"))
        await telegram.called("sendMessage")
        telegram.hang("getUpdates")
    assert [line["count"] for line in logs if "cut off" in line["event"]] == [1]


async def test_no_more_is_taken_than_can_be_answered(telegram: FakeTelegram) -> None:
    assistant = FakeAssistant()
    assistant.gate = asyncio.Event()
    async with running(telegram, assistant):
        for _ in range(AT_ONCE + 50):
            telegram.feed(message=message("a"))
        await telegram.until(lambda: len(assistant.asked) == AT_ONCE)
        await asyncio.sleep(0.01)
        assert len(assistant.asked) == AT_ONCE
        assistant.gate.set()
        await telegram.until(lambda: len(telegram.texts) == AT_ONCE + 50)


async def test_a_stop_while_everything_is_busy_loses_nothing_that_was_not_taken(telegram: FakeTelegram) -> None:
    assistant = FakeAssistant()
    assistant.gate = asyncio.Event()
    first = None
    async with running(telegram, assistant, finish_seconds=0.01):
        for _ in range(AT_ONCE + 50):
            first = first or telegram.feed(message=message("a"))
            telegram.feed(message=message("a"))
        await telegram.until(lambda: len(assistant.asked) == AT_ONCE)
    assert first is not None
    assert telegram.of("getUpdates")[-1]["offset"] == first + AT_ONCE


async def test_webhook(telegram: FakeTelegram) -> None:
    assistant = FakeAssistant()
    async with running(telegram, assistant, WEBHOOK) as channel:
        [hook] = await telegram.called("setWebhook")
        secret = hook["secret_token"]
        body = json.dumps({"update_id": 1, "message": message("a")}).encode()
        statuses = [
            await channel.receive(body, secret),
            await channel.receive(body, None),
            await channel.receive(body, "wrong é"),
            await channel.receive(b"{", secret),
            await channel.receive(b"\xff", secret),
            await channel.receive(b"[]", secret),
            await channel.receive(b"{}", secret),
        ]
        await telegram.called("sendMessage")

    assert statuses == [200, 403, 403, 400, 400, 400, 400]
    assert telegram.texts == ["<b>a</b>"]
    assert telegram.of("getUpdates") == telegram.of("deleteWebhook") == []
    assert hook["url"] == WEBHOOK.webhook_url
    assert hook["allowed_updates"] == list(ALLOWED_UPDATES)
    assert TOKEN not in secret
    assert len(secret) == 64
    assert await channel.receive(body, secret) == 503


async def test_a_webhook_before_the_start_is_asked_to_come_again(telegram: FakeTelegram) -> None:
    async with running(telegram, FakeAssistant(), WEBHOOK):
        [hook] = await telegram.called("setWebhook")
        secret = hook["secret_token"]
    fresh = TelegramChannel(WEBHOOK, FakeAssistant(), requests=telegram.requests)
    assert await fresh.receive(b'{"update_id": 1}', secret) == 503


async def test_a_webhook_that_telegram_refuses_is_told(telegram: FakeTelegram, logs: list[Any]) -> None:
    telegram.fail("setWebhook", bad_request("bad webhook: IP address is reserved"))
    async with running(telegram, FakeAssistant(), WEBHOOK):
        await telegram.called("setWebhook", 2)
    assert "Bad webhook: ip address is reserved" in [line.get("error") for line in logs]
