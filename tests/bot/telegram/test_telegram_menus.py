"""The menu of a private chat follows the role of its person."""

from __future__ import annotations

from typing import Any

import pytest
from telegram.error import NetworkError

from bot.channels.telegram import username
from bot.channels.telegram_profile import Menus
from handlers.commands import commands_for
from handlers.model import Menu, Reply
from handlers.officers import Role
from tests.bot.telegram.running import SETTINGS, FakeAssistant, answered, running
from tests.fake_telegram import GROUP, PERSON, TOKEN, FakeTelegram, RefusalError, message, pressed

CHAT = PERSON["id"]


def names(telegram: FakeTelegram) -> list[str] | None:
    """The commands of Lan's own menu; None when there is none."""
    commands = telegram.profile["commands"].get(CHAT)
    return commands and [command["command"] for command in commands]


def of(role: Role) -> list[str]:
    return [command.name for command in commands_for(role)]


async def changes(telegram: FakeTelegram, *answers: tuple[Reply, ...]) -> list[str]:
    """Have a message answered by each of ``answers``, one after the other; the calls that changed the chat's menu."""
    assistant = FakeAssistant()
    async with running(telegram, assistant):
        await telegram.called("setMyShortDescription")
        before = len(telegram.calls)
        for replies in answers:
            assistant.replies = replies
            sent = len(telegram.texts)
            telegram.feed(message=message("a"))
            await telegram.called("sendMessage", sent + len(replies))
    return [name for name, _ in telegram.calls[before:] if name in ("setMyCommands", "deleteMyCommands")]


@pytest.mark.parametrize("role", Role)
async def test_an_officer_gets_the_menu_of_the_role(telegram: FakeTelegram, role: Role) -> None:
    ok = (Reply("ok", menu=Menu(role)),)
    assert await changes(telegram, ok, ok) == ["setMyCommands"], "once"
    assert names(telegram) == of(role)


async def test_the_menu_goes_with_the_role(telegram: FakeTelegram) -> None:
    given, gone = (Reply("ok", menu=Menu(Role.ADMIN)),), (Reply("no more", menu=Menu(None)),)
    assert await changes(telegram, given, gone, gone) == ["setMyCommands", "deleteMyCommands"]
    assert names(telegram) is None


async def test_after_a_restart_the_menu_is_seen_to_again(telegram: FakeTelegram) -> None:
    telegram.profile["commands"][CHAT] = [{"command": "old", "description": "Old"}]
    await changes(telegram, (Reply("ok", menu=Menu(None)),))
    assert names(telegram) is None


async def test_the_last_word_counts(telegram: FakeTelegram) -> None:
    replies = Reply("a", menu=Menu(Role.ADMIN)), Reply("b", menu=Menu(Role.EDITOR)), Reply("c")
    assert await changes(telegram, replies) == ["setMyCommands"]
    assert names(telegram) == of(Role.EDITOR)


async def test_other_answers_leave_the_menu_alone(telegram: FakeTelegram) -> None:
    assert await changes(telegram, (Reply("ok"),)) == []


async def test_a_button_changes_the_menu_too(telegram: FakeTelegram) -> None:
    async with running(telegram, FakeAssistant(Reply("ok", menu=Menu(Role.EDITOR)))):
        telegram.feed(callback_query=pressed("revoke:1"))
        await telegram.until(lambda: names(telegram))
    assert names(telegram) == of(Role.EDITOR)


async def test_a_group_has_no_menu_of_a_role(telegram: FakeTelegram) -> None:
    await answered(telegram, {"message": message("/canbo", GROUP)}, Reply("ok", menu=Menu(Role.ADMIN)))
    assert set(telegram.profile["commands"]) <= {"all_private_chats", "all_group_chats"}


@pytest.mark.parametrize("failure", [RefusalError(429, "Too Many Requests", retry_after=90000), NetworkError("lost")])
async def test_a_menu_that_cannot_be_set_is_tried_again(
    telegram: FakeTelegram, logs: list[Any], failure: Exception
) -> None:
    async with running(telegram, FakeAssistant(Reply("ok", menu=Menu(Role.ADMIN)))):
        await telegram.called("setMyShortDescription")
        telegram.fail("setMyCommands", failure)
        telegram.feed(message=message("a"))
        await telegram.called("sendMessage")
        telegram.feed(message=message("b"))
        await telegram.until(lambda: names(telegram))
    assert telegram.texts == ["ok", "ok"], "the answer came all the same"
    (line,) = [line for line in logs if line["log_level"] == "warning"]
    assert line["event"] == "telegram menu of a chat is not up to date"
    assert str(CHAT) not in str(line)


async def test_many_chats_are_not_remembered_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bot:
        def __init__(self) -> None:
            self.chats: list[int] = []

        async def set_my_commands(self, _: Any, scope: Any) -> None:
            self.chats.append(scope.chat_id)

    monkeypatch.setattr("bot.channels.telegram_profile.REMEMBERED_MENUS", 2)
    bot = Bot()
    menus = Menus(bot)  # type: ignore[arg-type]
    for chat in (1, 2, 3, 3, 1):
        await menus.follow([Reply("ok", menu=Menu(Role.ADMIN))], chat)
    assert bot.chats == [1, 2, 3, 1]


async def test_the_name_for_links(telegram: FakeTelegram) -> None:
    assert await username(SETTINGS, telegram.requests) == "DvcBot"


@pytest.mark.parametrize("failure", [RefusalError(401, "Unauthorized"), RefusalError(404, "x"), NetworkError("lost")])
async def test_the_name_is_not_told(telegram: FakeTelegram, logs: list[Any], failure: Exception) -> None:
    telegram.fail("getMe", failure)
    assert await username(SETTINGS, telegram.requests) is None
    assert TOKEN not in str(logs)


async def test_the_name_is_not_told_in_time(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram.NAME_SECONDS", 0.01)
    telegram.hang("getMe")
    assert await username(SETTINGS, telegram.requests) is None
