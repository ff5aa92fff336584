"""Messages that nobody asked for."""

import asyncio

import pytest

from bot.channels.telegram import TelegramChannel
from handlers.model import Button, Reply
from handlers.subscriptions import Delivery
from tests.bot.telegram.running import SETTINGS, FakeAssistant, running
from tests.fake_telegram import FakeTelegram, RefusalError, bad_request

NEWS = Reply("<b>Tin</b>", ((Button("Ngừng", action="sub:stop"),),))


async def pushed(telegram: FakeTelegram) -> Delivery:
    async with running(telegram, FakeAssistant()) as channel:
        await telegram.called("getUpdates")
        return await channel.push(7, (NEWS,))


async def test_a_notice_arrives_with_its_buttons(telegram: FakeTelegram) -> None:
    assert await pushed(telegram) is Delivery.SENT
    (sent,) = telegram.of("sendMessage")
    assert (sent["chat_id"], sent["text"]) == (7, "<b>Tin</b>")
    assert "sub:stop" in str(sent["reply_markup"])


@pytest.mark.parametrize(
    "failure",
    [
        RefusalError(403, "Forbidden: bot was blocked by the user"),
        RefusalError(403, "Forbidden: user is deactivated"),
        bad_request("chat not found"),
    ],
)
async def test_who_blocked_the_bot_is_gone(telegram: FakeTelegram, failure: RefusalError) -> None:
    telegram.fail("sendMessage", failure)
    assert await pushed(telegram) is Delivery.GONE


@pytest.mark.parametrize("failure", [RefusalError(500, "Internal Server Error"), bad_request("something else")])
async def test_what_fails_otherwise_is_for_later(telegram: FakeTelegram, failure: RefusalError) -> None:
    telegram.fail("sendMessage", *[failure] * 4)
    assert await pushed(telegram) is Delivery.LATER


async def test_a_channel_that_is_not_open_sends_later(telegram: FakeTelegram) -> None:
    channel = TelegramChannel(SETTINGS, FakeAssistant(), requests=telegram.requests)
    assert not channel.is_open
    assert await channel.push(7, (NEWS,)) is Delivery.LATER
    stop = asyncio.Event()
    stop.set()
    await channel.run(stop)
    assert telegram.of("sendMessage") == []
