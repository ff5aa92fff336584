from __future__ import annotations

import asyncio
from typing import Any

import pytest

from handlers.model import Kind, Message, Reply
from tests.bot.telegram.running import BUTTONS, LINK, FakeAssistant, answered, asked, running
from tests.fake_telegram import GROUP, PRIVATE, FakeTelegram, RefusalError, bad_request, pressed


async def test_a_pressed_button_is_acknowledged_and_its_message_replaced(telegram: FakeTelegram) -> None:
    assistant = FakeAssistant(Reply("next", BUTTONS, replaces=True), Reply("more"))
    async with running(telegram, assistant):
        telegram.feed(callback_query=pressed("topics"))
        await telegram.called("sendMessage")

    assert assistant.asked == [
        Message("telegram", "telegram:7", "telegram:7", "topics", Kind.ACTION, link=LINK, reachable=True)
    ]
    assert telegram.of("answerCallbackQuery") == [{"callback_query_id": "q1"}]
    assert telegram.of("editMessageText") == [
        {
            "chat_id": 7,
            "message_id": 5,
            "text": "next",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": [[{"text": "Về", "callback_data": "home"}]]},
        }
    ]
    assert telegram.texts == ["more"]


async def test_the_button_stops_spinning_before_the_answer_is_there(telegram: FakeTelegram) -> None:
    assistant = FakeAssistant()
    assistant.gate = asyncio.Event()
    async with running(telegram, assistant):
        telegram.feed(callback_query=pressed())
        await telegram.called("answerCallbackQuery")
        assert telegram.texts == []
        assistant.gate.set()


async def test_the_button_stops_spinning_when_the_answer_fails(telegram: FakeTelegram, logs: list[Any]) -> None:
    async with running(telegram, FakeAssistant(error=RuntimeError("broken"))):
        telegram.feed(callback_query=pressed())
        await telegram.called("answerCallbackQuery")
        await telegram.called("getUpdates", 2)
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["telegram update is not answered"]


async def test_the_answer_comes_although_the_button_spins_on(telegram: FakeTelegram) -> None:
    telegram.fail("answerCallbackQuery", bad_request("query is too old"))
    await answered(telegram, {"callback_query": pressed()}, Reply("next", replaces=True))
    assert len(telegram.of("editMessageText")) == 1


async def test_pressed_in_a_group(telegram: FakeTelegram) -> None:
    await answered(telegram, {"callback_query": pressed(chat=GROUP)}, Reply("new"))
    [sent] = telegram.of("sendMessage")
    assert (sent["chat_id"], sent["reply_parameters"]["message_id"]) == (-100, 5)


@pytest.mark.parametrize(
    "query",
    [
        pressed(data=None, game_short_name="g"),
        {key: value for key, value in pressed(inline_message_id="i").items() if key != "message"},
    ],
)
async def test_pressed_without_data_or_message_is_only_acknowledged(telegram: FakeTelegram, query: Any) -> None:
    assert await asked(telegram, {"callback_query": query}) == []
    assert len(telegram.of("answerCallbackQuery")) == 1


async def test_not_modified_is_success(telegram: FakeTelegram, logs: list[Any]) -> None:
    telegram.fail("editMessageText", bad_request("message is not modified: specified new message content"))
    await answered(telegram, {"callback_query": pressed()}, Reply("same", replaces=True))
    assert telegram.texts == []
    assert [line for line in logs if line["log_level"] != "info"] == []


@pytest.mark.parametrize(
    "failure",
    [
        bad_request("message to edit not found"),
        bad_request("message can't be edited"),
        bad_request("there is no text in the message to edit"),
        RefusalError(400, "migrated", migrate_to_chat_id=-200),
    ],
)
async def test_what_cannot_be_edited_is_sent(telegram: FakeTelegram, failure: RefusalError) -> None:
    telegram.fail("editMessageText", failure)
    await answered(telegram, {"callback_query": pressed()}, Reply("next", BUTTONS, replaces=True))
    [sent] = telegram.of("sendMessage")
    assert (sent["text"], "reply_markup" in sent) == ("next", True)


async def test_an_inaccessible_message_is_not_edited(telegram: FakeTelegram) -> None:
    old = {"chat": PRIVATE, "message_id": 5, "date": 0}
    await answered(telegram, {"callback_query": pressed(message=old)}, Reply("next", replaces=True))
    assert telegram.texts == ["next"]
    assert telegram.of("editMessageText") == []


async def test_a_long_answer_replaces_and_goes_on_below(telegram: FakeTelegram) -> None:
    html = "\n\n".join(["từ " * 1000] * 2)
    await answered(telegram, {"callback_query": pressed()}, Reply(html, BUTTONS, replaces=True))
    [edited], [sent] = telegram.of("editMessageText"), telegram.of("sendMessage")
    assert ("reply_markup" in edited, "reply_markup" in sent) == (False, True)
