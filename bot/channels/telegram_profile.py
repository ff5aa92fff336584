"""What people see of the bot before they write: its name, what it is for, its commands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    MenuButtonCommands,
)

from handlers.commands import COMMANDS, Command
from handlers.words import word

log = structlog.get_logger()


async def introduce(bot: Bot) -> None:
    """Set what differs from what people should see. Telegram allows few changes a day, so it is read first."""
    steps: dict[str, Callable[[Bot], Awaitable[None]]] = {
        "private commands": _private_commands,
        "group commands": _group_commands,
        "menu button": _menu_button,
        "name": _name,
        "description": _description,
        "short description": _short_description,
    }
    for what, step in steps.items():
        try:
            await step(bot)
        except Exception as error:
            log.warning("telegram profile is not up to date", what=what, error=str(error))


async def _private_commands(bot: Bot) -> None:
    await _commands(bot, COMMANDS, BotCommandScopeAllPrivateChats())


async def _group_commands(bot: Bot) -> None:
    await _commands(bot, tuple(c for c in COMMANDS if c.in_groups), BotCommandScopeAllGroupChats())


async def _commands(bot: Bot, commands: tuple[Command, ...], scope: BotCommandScope) -> None:
    wanted = tuple(BotCommand(command.name, word(f"command.{command.name}")) for command in commands)
    if await bot.get_my_commands(scope) != wanted:
        await bot.set_my_commands(wanted, scope)


async def _menu_button(bot: Bot) -> None:
    if not isinstance(await bot.get_chat_menu_button(), MenuButtonCommands):
        await bot.set_chat_menu_button(menu_button=MenuButtonCommands())


async def _name(bot: Bot) -> None:
    wanted = word("telegram.name")
    if (await bot.get_my_name()).name != wanted:
        await bot.set_my_name(wanted)


async def _description(bot: Bot) -> None:
    wanted = word("telegram.description")
    if (await bot.get_my_description()).description != wanted:
        await bot.set_my_description(wanted)


async def _short_description(bot: Bot) -> None:
    wanted = word("telegram.short_description")
    if (await bot.get_my_short_description()).short_description != wanted:
        await bot.set_my_short_description(wanted)
