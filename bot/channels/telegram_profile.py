"""What people see of the bot: its name, what it is for, its commands, in a chat those of the person's role."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    MenuButtonCommands,
)

from handlers.commands import Command, commands_for
from handlers.model import Reply
from handlers.officers import Role
from handlers.words import word

REMEMBERED_MENUS = 4096

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
    await _commands(bot, commands_for(None), BotCommandScopeAllPrivateChats())


async def _group_commands(bot: Bot) -> None:
    await _commands(bot, tuple(c for c in commands_for(None) if c.in_groups), BotCommandScopeAllGroupChats())


async def _commands(bot: Bot, commands: tuple[Command, ...], scope: BotCommandScope) -> None:
    wanted = _worded(commands)
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


def _worded(commands: tuple[Command, ...]) -> tuple[BotCommand, ...]:
    return tuple(BotCommand(command.name, word(f"command.{command.name}")) for command in commands)


class Menus:
    """The menus of single private chats. Rights do not hang on them: a menu that cannot be set is tried again next
    time, and no answer waits for it or fails by it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._shown: OrderedDict[int, Role | None] = OrderedDict()

    async def follow(self, replies: Sequence[Reply], chat: int) -> None:
        """Show what the last of ``replies`` that speaks of a menu asks for."""
        menu = next((reply.menu for reply in reversed(replies) if reply.menu is not None), None)
        if menu is None or (chat in self._shown and self._shown[chat] == menu.role):
            return
        try:
            await self._show(chat, menu.role)
        except Exception as error:
            log.warning("telegram menu of a chat is not up to date", error=type(error).__name__)
            return
        self._shown[chat] = menu.role
        self._shown.move_to_end(chat)
        while len(self._shown) > REMEMBERED_MENUS:
            self._shown.popitem(last=False)

    async def _show(self, chat: int, role: Role | None) -> None:
        scope = BotCommandScopeChat(chat)
        if role is None:
            await self._bot.delete_my_commands(scope)
        else:
            await self._bot.set_my_commands(_worded(commands_for(role)), scope)
