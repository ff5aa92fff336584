"""The command table: one row a command. Names stand here, descriptions in ``templates/words.toml``."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.officers import IMPORTERS, Role


@dataclass(frozen=True, slots=True)
class Command:
    """``action`` is the screen it leads to; ``in_groups`` lists it in the menu of group chats too. ``roles``: in whose
    menu it stands, None for everyone's. Every command can be typed by anyone; what it may do is decided elsewhere."""

    name: str
    action: str
    in_groups: bool = False
    roles: frozenset[Role] | None = None


NOBODY = frozenset[Role]()
OFFICERS = frozenset(Role)
ADMINS = frozenset({Role.ADMIN})
EDITORS = frozenset({Role.EDITOR, Role.ADMIN})

COMMANDS = (
    Command("start", "home"),
    Command("help", "help", in_groups=True),
    Command("chude", "topics", in_groups=True),
    Command("hotline", "hotline", in_groups=True),
    Command("kpi", "figures", roles=OFFICERS),
    Command("mau", "intake", roles=IMPORTERS),
    Command("nhantin", "notices", roles=OFFICERS),
    Command("xuat", "export", roles=OFFICERS),
    Command("moi", "invite", roles=ADMINS),
    Command("canbo", "officers", roles=ADMINS),
    Command("thieusot", "missed", roles=EDITORS),
    Command("ketnoi", "link", roles=OFFICERS),
    Command("dangky", "join", roles=NOBODY),
)


def commands_for(role: Role | None) -> tuple[Command, ...]:
    """The menu of someone with ``role``; None: of everyone."""
    return tuple(command for command in COMMANDS if command.roles is None or role in command.roles)
