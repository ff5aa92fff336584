"""What officers do in chat about rights: join by a code, link the web chat, invite, list, revoke.

Rights are looked up anew for every message and every pressed button, so that a revocation counts at once. Screens that
act (make a code, revoke, end links) are never remembered: going back to them would act again.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from handlers.codes import grouped, read_code
from handlers.commands import COMMANDS
from handlers.model import MAX_ACTION_BYTES, Button, Kind, Menu, Message, Outcome, Reply, Rows
from handlers.officers import (
    INVITATION_LASTS,
    LINK_CODE_LASTS,
    LINK_LASTS,
    Invitation,
    Officer,
    Reason,
    Refusal,
    Role,
    may_invite,
)
from handlers.ports import Now, Officers
from handlers.render import render
from handlers.screens import number_of, page_of
from handlers.state import HOME, State
from handlers.unit_names import units_named
from handlers.words import word
from knowledge.kpi_model import Unit

ACTIONS = frozenset({"join", "link", "unlink", "invite", "officers", "officer", "revoke"})
#: Screens on which the next words are a unit's name.
ASKING_UNIT = frozenset(f"invite:{role}" for role in Role if role.has_unit)
PAGE = 8
LONGEST_NAME = 100
ONE_DAY = timedelta(days=1)

FindUnits = Callable[[str, Mapping[str, Unit]], Sequence[Unit]]


class Desk:
    """One message at the desk, with the rights of whoever sent it."""

    def __init__(self, message: Message, state: State, officer: Officer | None) -> None:
        self.message = message
        self.state = state
        self.officer = officer

    def shown(self, html: str, rows: Rows, action: str) -> tuple[Outcome, State]:
        """A screen that is remembered, so that one can come back to it."""
        return self._said(html, rows, self.state.go(action), replaces=self.message.kind is Kind.ACTION)

    def done(self, html: str, rows: Rows = ()) -> tuple[Outcome, State]:
        """The result of something done: it stays in sight, and one is back at the start."""
        return self._said(html, rows, self.state.go(HOME), replaces=False)

    def denied(self) -> tuple[Outcome, State]:
        return self.done(render("officer_denied.j2", known=self.officer is not None))

    def _said(self, html: str, rows: Rows, after: State, *, replaces: bool) -> tuple[Outcome, State]:
        home = Button(word("button.home"), action=HOME)
        footer = ((Button(word("button.back"), action="back"), home),) if after.trail else ((home,),)
        menu = Menu(self.officer.role if self.officer else None)
        return Outcome((Reply(html, rows + footer, replaces, menu),)), after


Screen = Callable[[Desk, str], Awaitable[tuple[Outcome, State]]]


class OfficerScreens:
    """Takes the messages that are about rights, see ``wants``; ``find`` finds units by what is typed."""

    def __init__(self, officers: Officers, units: Mapping[str, Unit], now: Now, find: FindUnits = units_named) -> None:
        self._officers = officers
        self._units = units
        self._now = now
        self._find = find
        self._commands = {f"/{command.name}": command.action for command in COMMANDS if command.action in ACTIONS}
        self._screens: dict[str, Screen] = {"join": self._join, "link": self._link, "unlink": self._unlink}
        self._for_admins: dict[str, Screen] = {
            "invite": self._invite,
            "officers": self._list,
            "officer": self._card,
            "revoke": self._revoke,
        }

    def wants(self, message: Message, state: State, *, fresh: bool) -> bool:
        return self._asked(message, state, fresh=fresh) is not None

    async def answer(self, message: Message, state: State, *, fresh: bool) -> tuple[Outcome, State]:
        """The answer to a message that is wanted. Nothing is answered in a group, where others would read it."""
        asked = self._asked(message, state, fresh=fresh)
        assert asked is not None
        if message.in_group:
            return Outcome((Reply(render("officer_private.j2")),)), state
        name, argument = asked
        officer = await self._officers.of(message.actor)
        gone_back = message.kind is Kind.ACTION and message.text.strip() == "back"
        desk = Desk(message, state.back() if gone_back else state, officer)
        if name in self._screens:
            return await self._screens[name](desk, argument)
        return await self._for_admins[name](desk, argument) if may_invite(officer) else desk.denied()

    def _asked(self, message: Message, state: State, *, fresh: bool) -> tuple[str, str] | None:
        """The screen and its argument that ``message`` asks for; None when it is about something else."""
        text = message.text.strip()
        if message.kind is Kind.ACTION:
            name, _, argument = (state.back().screen if text == "back" else text).partition(":")
            return (name, argument) if name in ACTIONS else None
        if message.kind is not Kind.TEXT:
            return None
        if text.startswith("/"):
            return self._commanded(text)
        if fresh and state.screen == "join" and read_code(text):
            return "join", text
        if fresh and state.screen in ASKING_UNIT and text:
            return "invite", f"{state.screen.partition(':')[2]}:{text}"
        return None

    def _commanded(self, text: str) -> tuple[str, str] | None:
        command, *rest = text.split(maxsplit=1)
        argument = rest[0] if rest else ""
        if command.lower() == "/start":  # a link brings its code this way
            return ("join", argument) if read_code(argument) else None
        action = self._commands.get(command.lower())
        return None if action is None else (action, argument if action in ("join", "link") else "")

    async def _join(self, desk: Desk, typed: str) -> tuple[Outcome, State]:
        message = desk.message
        if not typed:
            return desk.shown(render("officer_join.j2", web=message.anonymous), (), "join")
        code = read_code(typed)
        if code is None:
            return desk.shown(self._code_refused(message, "form"), (), "join")
        if message.anonymous:
            found = await self._officers.link(code, message.conversation, person=message.person)
        else:
            found = await self._officers.redeem(code, message.person)
        if isinstance(found, Refusal):
            again = found.reason is Reason.WRONG
            html = self._code_refused(message, found.reason, found.wait)
            return desk.shown(html, (), "join") if again else desk.done(html)
        desk.officer = found
        title, days = self._title(found.unit), LINK_LASTS.days
        return desk.done(render("officer_welcome.j2", officer=found, unit=title, web=message.anonymous, days=days))

    def _code_refused(self, message: Message, reason: str, wait: float = 0.0) -> str:
        minutes = max(1, math.ceil(wait / 60))
        return render("officer_code_refused.j2", reason=reason, minutes=minutes, web=message.anonymous)

    async def _link(self, desk: Desk, typed: str) -> tuple[Outcome, State]:
        if desk.message.anonymous:
            if typed or desk.officer is None:
                return await self._join(desk, typed)
            return desk.done(render("officer_link.j2", code=None, unlinked=None), _unlink_rows())
        code = await self._officers.link_code(desk.message.person)
        if code is None:
            return desk.denied()
        minutes = int(LINK_CODE_LASTS.total_seconds() // 60)
        html = render("officer_link.j2", code=grouped(code), minutes=minutes, unlinked=None)
        copy = Button(word("button.copy_code"), copy=grouped(code))
        return desk.done(html, ((copy,), *_unlink_rows()))

    async def _unlink(self, desk: Desk, _: str) -> tuple[Outcome, State]:
        if desk.officer is None:
            return desk.denied()
        ended = await self._officers.unlink(desk.officer.id, by=desk.message.actor)
        desk.officer = await self._officers.of(desk.message.actor)
        return desk.done(render("officer_link.j2", unlinked=ended))

    async def _invite(self, desk: Desk, argument: str) -> tuple[Outcome, State]:
        name, _, asked = argument.partition(":")
        if name not in set(Role):
            roles = tuple((Button(word(f"role.{role}"), action=f"invite:{role}"),) for role in Role)
            return desk.shown(render("officer_invite.j2"), roles, "invite")
        role = Role(name)
        if not role.has_unit:
            return await self._make_code(desk, role, None)
        found = (self._units[f"unit:{asked}"],) if f"unit:{asked}" in self._units else self._find(asked, self._units)
        if len(found) == 1:
            return await self._make_code(desk, role, found[0])
        rows = self._choice(role, found[:PAGE])
        html = render("officer_unit.j2", role=role, asked=asked[:LONGEST_NAME], several=bool(found))
        return desk.shown(html, rows, f"invite:{role}")

    def _choice(self, role: Role, found: Sequence[Unit]) -> Rows:
        """A button for each unit. A unit whose id is too long for a button has to be typed."""
        actions = [f"invite:{role}:{unit.id.removeprefix('unit:')}" for unit in found]
        return tuple(
            (Button(self._title(unit.id), action=action),)
            for unit, action in zip(found, actions, strict=True)
            if len(action.encode()) <= MAX_ACTION_BYTES
        )

    async def _make_code(self, desk: Desk, role: Role, unit: Unit | None) -> tuple[Outcome, State]:
        unit_id = unit.id if unit else None
        code, made = await self._officers.invite(role, unit_id, by=desk.message.actor, lasts=INVITATION_LASTS)
        invitation = replace(made, expires=made.expires.astimezone(self._now().tzinfo))
        link = f"{desk.message.link}{code}" if desk.message.link else ""
        title = self._title(unit_id)
        html = render("officer_invited.j2", invitation=invitation, unit=title, code=grouped(code), link=link)
        copies = [Button(word("button.copy_code"), copy=grouped(code))]
        copies += [Button(word("button.copy_link"), copy=link)] if link else []
        return desk.done(html, (tuple(copies), (_to_list(), Button(word("button.invite"), action="invite"))))

    async def _list(self, desk: Desk, page: str) -> tuple[Outcome, State]:
        entries = await self._entries()
        officers = sum(isinstance(entry, Officer) for entry in entries.values())
        html = render("officer_list.j2", officers=officers, invitations=len(entries) - officers)
        shown, around = page_of(list(entries), number_of(page), PAGE, "officers:") if entries else ((), ())
        rows = tuple((Button(self._label(entries[entry]), action=f"officer:{entry}"),) for entry in shown)
        invite = ((Button(word("button.invite"), action="invite"),),)
        return desk.shown(html, rows + around + invite, f"officers:{page}" if page else "officers")

    async def _entries(self) -> dict[str, Officer | Invitation]:
        """Officers, then invitations, by id."""
        found: list[Officer | Invitation] = [*await self._officers.officers(), *await self._officers.invitations()]
        return {entry.id: entry for entry in found}

    async def _card(self, desk: Desk, entry_id: str) -> tuple[Outcome, State]:
        entry = (await self._entries()).get(entry_id)
        if entry is None:
            return self._gone(desk, None)
        zone = self._now().tzinfo
        moment = entry.expires if isinstance(entry, Invitation) else entry.since
        html = render(
            "officer_card.j2",
            entry=entry,
            unit=self._title(entry.unit),
            expires=moment.astimezone(zone) if moment and isinstance(entry, Invitation) else None,
            since=moment.astimezone(zone) if moment and isinstance(entry, Officer) else None,
            own=desk.officer is not None and desk.officer.id == entry.id,
        )
        revoke = Button(word("button.revoke"), action=f"revoke:{entry.id}")
        return desk.shown(html, ((revoke,),), f"officer:{entry.id}")

    async def _revoke(self, desk: Desk, entry_id: str) -> tuple[Outcome, State]:
        gone = await self._officers.revoke(entry_id, by=desk.message.actor)
        desk.officer = await self._officers.of(desk.message.actor)  # it may have been their own
        return self._gone(desk, gone)

    def _gone(self, desk: Desk, entry: Officer | Invitation | None) -> tuple[Outcome, State]:
        html = render("officer_revoked.j2", entry=entry, unit=self._title(entry.unit if entry else None))
        return desk.done(html, ((_to_list(),),) if may_invite(desk.officer) else ())

    def _title(self, unit_id: str | None) -> str:
        if unit_id is None or unit_id not in self._units:
            return unit_id or ""
        unit = self._units[unit_id]
        if unit.valid_to is None or unit.is_valid(self._now().date()):
            return unit.title
        return word("officer.ended", title=unit.title, day=f"{unit.valid_to - ONE_DAY:%d/%m/%Y}")

    def _label(self, entry: Officer | Invitation) -> str:
        role = word(f"role.{entry.role}")
        named = word("officer.invited", role=role) if isinstance(entry, Invitation) else role
        return f"{named} · {self._title(entry.unit)}" if entry.unit else named


def _to_list() -> Button:
    return Button(word("button.officers"), action="officers")


def _unlink_rows() -> Rows:
    return ((Button(word("button.unlink"), action="unlink"),),)
