"""The command table: one row a command. Names stand here, descriptions in ``templates/words.toml``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """``action`` is the screen it leads to; ``in_groups`` lists it in the menu of group chats too."""

    name: str
    action: str
    in_groups: bool = False


COMMANDS = (
    Command("start", "home"),
    Command("help", "help", in_groups=True),
    Command("chude", "topics", in_groups=True),
    Command("hotline", "hotline", in_groups=True),
)
