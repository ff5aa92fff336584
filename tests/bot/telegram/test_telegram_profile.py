from __future__ import annotations

from typing import Any

from telegram.error import NetworkError

from handlers.commands import COMMANDS, commands_for
from handlers.words import word
from tests.bot.telegram.running import FakeAssistant, running
from tests.fake_telegram import FakeTelegram, RefusalError, message


async def test_profile_is_set_once(telegram: FakeTelegram) -> None:
    async with running(telegram, FakeAssistant()):
        await telegram.called("setMyShortDescription")
    async with running(telegram, FakeAssistant()):
        await telegram.called("getMyShortDescription", 2)

    assert [name for name, _ in telegram.calls if name.startswith("setMy")] == [
        "setMyCommands",
        "setMyCommands",
        "setMyName",
        "setMyDescription",
        "setMyShortDescription",
    ]
    commands = telegram.profile["commands"]
    assert [c["command"] for c in commands["all_private_chats"]] == [c.name for c in commands_for(None)]
    assert [c["command"] for c in commands["all_group_chats"]] == [c.name for c in COMMANDS if c.in_groups]
    assert telegram.profile["description"] == word("telegram.description")
    assert telegram.profile["menu_button"] == {"type": "commands"}


def test_profile_words_fit_telegram() -> None:
    assert len(word("telegram.name")) <= 64
    assert len(word("telegram.short_description")) <= 120
    assert len(word("telegram.description")) <= 512
    assert all(len(word(f"command.{command.name}")) <= 256 for command in COMMANDS)


async def test_a_profile_that_cannot_be_set_does_not_matter(telegram: FakeTelegram, logs: list[Any]) -> None:
    telegram.fail("setMyName", RefusalError(429, "Too Many Requests", retry_after=90000))
    telegram.fail("getMyCommands", NetworkError("lost"))
    async with running(telegram, FakeAssistant()):
        await telegram.called("setMyShortDescription")
        telegram.feed(message=message("a"))
        await telegram.called("sendMessage")
    assert [line["what"] for line in logs if line["log_level"] == "warning"] == ["private commands", "name"]
