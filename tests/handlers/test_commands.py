"""The command table."""

import re

import pytest

from handlers.commands import COMMANDS, Command, commands_for
from handlers.officers import IMPORTERS, Role
from handlers.state import State
from handlers.words import word
from tests.fakes import House, actions


def test_names_are_what_channels_allow() -> None:
    names = [command.name for command in COMMANDS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in names)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_has_a_description(command: Command) -> None:
    assert 1 <= len(word(f"command.{command.name}")) <= 256


@pytest.mark.parametrize("command", commands_for(None), ids=lambda command: command.name)
async def test_a_command_opens_its_screen_below_what_was_said(house: House, command: Command) -> None:
    (reply,) = (await house.say(f"/{command.name}")).replies
    (pressed,) = (await house.press(command.action, "test:2")).replies
    assert not reply.replaces
    assert pressed.replaces
    assert (reply.html, reply.buttons) == (pressed.html, pressed.buttons)
    assert (await house.conversations.load("test:1")).screen == command.action


@pytest.mark.parametrize("text", ["/start", "/START", "  /start  ", "/start from a link", "/start\nmore"])
async def test_start_leads_home(house: House, text: str) -> None:
    await house.press("topics")
    outcome = await house.say(text)
    assert "back" not in actions(outcome)
    assert await house.conversations.load("test:1") == State()


@pytest.mark.parametrize("text", ["/unknown", "/", "/ start", "/home", "//", "/\u0000"])
async def test_an_unknown_command_gets_help(house: House, text: str) -> None:
    outcome = await house.say(text)
    assert outcome.replies[0].html == (await house.say("/help")).replies[0].html


@pytest.mark.parametrize("role", Role)
def test_a_menu_follows_the_role(role: Role) -> None:
    more = {command.name for command in commands_for(role)} - {command.name for command in commands_for(None)}
    own = {Role.ADMIN: {"moi", "canbo", "thieusot"}, Role.EDITOR: {"thieusot"}}
    imports = {"mau"} if role in IMPORTERS else set()
    assert more == {"kpi", "nhantin", "xuat", "ketnoi"} | imports | own.get(role, set())


def test_everyone_has_the_common_commands() -> None:
    assert [command.name for command in commands_for(None)] == ["start", "help", "chude", "hotline"]
    assert all(set(commands_for(None)) <= set(commands_for(role)) for role in Role)
    assert not any(command.in_groups and command.roles is not None for command in COMMANDS)
