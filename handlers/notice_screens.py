"""What officers choose to have sent to them: the settings, one tap each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.model import Button, Kind, Message, Outcome, Rows
from handlers.officer_screens import Desk
from handlers.ports import Now, Officers, Subscriptions
from handlers.render import render
from handlers.screens import rows_of
from handlers.state import State
from handlers.subscriptions import DROPS, HOURS, Subscription, next_digest
from handlers.words import word

COMMAND = "/nhantin"
SCREEN = "sub"
WEEKDAYS = range(7)


class NoticeScreens:
    """Takes /nhantin and the buttons below it. Actions: "sub", "sub:stop", "sub:NAME" and "sub:NAME:VALUE"."""

    def __init__(self, subscriptions: Subscriptions, officers: Officers, now: Now) -> None:
        self._subscriptions = subscriptions
        self._officers = officers
        self._now = now
        self._changes: dict[str, Callable[[Subscription, int], Subscription]] = {
            "digest": lambda old, on: self._timed(old) if on else replace(old, digest_at=None),
            "day": lambda old, day: self._timed(replace(old, weekday=day % len(WEEKDAYS))),
            "hour": lambda old, hour: self._timed(replace(old, hour=hour % 24)),
            "alerts": lambda old, on: replace(old, alerts=bool(on)),
            "drop": lambda old, points: replace(old, drop=points, alerts=True) if points in DROPS else old,
            "reminders": lambda old, on: replace(old, reminders=bool(on)),
        }

    def wants(self, message: Message, state: State, *, fresh: bool) -> bool:  # noqa: ARG002 the port's
        return self._asked(message, state) is not None

    async def answer(self, message: Message, state: State, *, fresh: bool) -> tuple[Outcome, State]:  # noqa: ARG002
        """The settings after what was asked for. Rights are looked up anew each time; stopping needs none."""
        asked = self._asked(message, state) or ""
        officer = None if message.in_group else await self._officers.of(message.actor)
        gone_back = message.kind is Kind.ACTION and message.text.strip() == "back"
        desk = Desk(message, state.back() if gone_back else state, officer)
        if asked == "stop":
            await self._subscriptions.end(message.conversation)
            return desk.done(render("notices_stopped.j2"))
        if officer is None:
            return desk.denied()
        if not message.reachable:
            return desk.done(render("notices.j2", reachable=False))
        return await self._settings(desk, asked)

    def _asked(self, message: Message, state: State) -> str | None:
        """What is asked for after "sub:"; None when ``message`` is about something else."""
        text = message.text.strip()
        if message.kind is Kind.ACTION:
            name, _, argument = (state.back().screen if text == "back" else text).partition(":")
            return argument if name == SCREEN else None
        is_command = message.kind is Kind.TEXT and text.split(maxsplit=1)[:1] == [COMMAND]
        return "" if is_command else None

    async def _settings(self, desk: Desk, asked: str) -> tuple[Outcome, State]:
        address = desk.message.conversation
        subscription = await self._subscriptions.of(address)
        name, _, value = asked.partition(":")
        if name == "on" or (name in self._changes and value.isdecimal()):
            old = subscription or self._timed(Subscription(address))
            subscription = self._changes[name](old, int(value[:3])) if name in self._changes else old
            await self._subscriptions.save(subscription)
        html = render("notices.j2", reachable=True, subscription=subscription)
        return desk.shown(html, _rows(subscription, name if not value else ""), SCREEN)

    def _timed(self, subscription: Subscription) -> Subscription:
        at = next_digest(self._now(), subscription.weekday, subscription.hour)
        return replace(subscription, digest_at=at)


def _rows(subscription: Subscription | None, choosing: str) -> Rows:
    """The switches, or the values of what is being chosen."""
    if subscription is None:
        return ((Button(word("notices.start"), action="sub:on"),),)
    match choosing:
        case "day":
            return rows_of([Button(word(f"weekday.{day}"), action=f"sub:day:{day}") for day in WEEKDAYS], 2)
        case "hour":
            return rows_of([Button(word("notices.oclock", hour=hour), action=f"sub:hour:{hour}") for hour in HOURS], 4)
        case "drop":
            labels = [(word("notices.drop_points", points=points), points) for points in DROPS]
            return rows_of([Button(label, action=f"sub:drop:{points}") for label, points in labels], 1)
        case _:
            return _switches(subscription)


def _switches(subscription: Subscription) -> Rows:
    times = (
        Button(word("notices.day"), action="sub:day"),
        Button(word("notices.hour"), action="sub:hour"),
    )
    drop = (Button(word("notices.drop"), action="sub:drop"),)
    return (
        (_switch("digest", on=subscription.digest_at is not None),),
        *((times,) if subscription.digest_at else ()),
        (_switch("alerts", on=subscription.alerts), *(drop if subscription.alerts else ())),
        (_switch("reminders", on=subscription.reminders),),
        (Button(word("notices.stop"), action="sub:stop"),),
    )


def _switch(name: str, *, on: bool) -> Button:
    return Button(word(f"switch.{name}_{'off' if on else 'on'}"), action=f"sub:{name}:{int(not on)}")
