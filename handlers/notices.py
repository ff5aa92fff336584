"""Finds out who is to be written to, writes the notices, and has them sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction

from handlers.alerts import fall, fallen, step_before
from handlers.board import LiveBoard, Sees, Standing
from handlers.kpi_view import PROVINCE, slug
from handlers.model import Button, Reply
from handlers.officers import Officer, is_within, may_see
from handlers.ports import Now, Officers, Post, Subscriptions
from handlers.render import render
from handlers.subscriptions import (
    Claimed,
    Delivery,
    Notice,
    NoticeKind,
    at_a_decent_hour,
    next_digest,
)
from handlers.words import word
from knowledge import kpi
from knowledge.kpi_model import Report, Unit
from knowledge.plan import Plan

AT_ONCE = 50
#: A notice that cannot be sent waits this long, twice as long from try to try, until it is given up.
FIRST_PAUSE = timedelta(minutes=5)
MOST_TRIES = 8
SHOWN = 5


class Notices:
    """Queues what is to be said. Sending: ``Mailman``."""

    def __init__(self, subscriptions: Subscriptions, officers: Officers, live: LiveBoard, plan: Plan, now: Now) -> None:
        self._subscriptions = subscriptions
        self._officers = officers
        self._live = live
        self._plan = plan
        self._units = plan.units.by_id
        self._now = now

    async def after_import(self, report: Report) -> None:
        """Queue an alert for everyone whose units ``report`` has bad news of."""
        await self._live.refresh()
        for subscription in await self._subscriptions.everyone():
            officer = await self._officers.of(subscription.address)
            if officer is None or not subscription.alerts:
                continue
            sees = self.sees(officer)
            standings = self._live.board.seen(sees)
            units = [unit for unit in report.figures if sees(unit)]
            falls = fallen(report, standings, units, subscription.drop)
            if falls:
                about = tuple(news.unit for news in falls)
                due = at_a_decent_hour(self._now())
                await self._subscriptions.queue(
                    [Notice(subscription.address, NoticeKind.ALERT, f"alert:{report.id}:{report.as_of}", due, about)]
                )

    async def queue_digests(self) -> None:
        """Queue the digests that are due, and have the next ones due a week later."""
        now = self._now()
        for subscription in await self._subscriptions.due(now):
            after = next_digest(now, subscription.weekday, subscription.hour)
            key = f"digest:{subscription.digest_at:%Y-%m-%dT%H:%M}"
            notice = Notice(subscription.address, NoticeKind.DIGEST, key, now)
            await self._subscriptions.turn(subscription, after, notice)

    async def queue_reminders(self) -> None:
        """Queue reminders of deadlines that come near. Asked again on the same day this changes nothing."""
        due = at_a_decent_hour(self._now())
        await self._live.refresh()
        for subscription in await self._subscriptions.everyone():
            officer = await self._officers.of(subscription.address)
            if officer is None or not subscription.reminders:
                continue
            steps = self._steps(officer)
            await self._subscriptions.queue(
                [
                    Notice(subscription.address, NoticeKind.REMINDER, f"due:{item}:{day}:{step}", due, (item,))
                    for item, day, step in steps
                ]
            )

    def _steps(self, officer: Officer) -> list[tuple[str, str, int]]:
        """Deadlines of the officer's own unit that have come near: what, when, and the step."""
        unit = officer.unit or PROVINCE
        today = self._now().date()
        found = []
        standing = self._live.board.seen(self.sees(officer)).get(unit)
        if standing and standing.target and not kpi.is_reached(standing.figure, standing.target):
            found.append((unit, standing.target.due))
        tasks = [duty.row for duty in self._plan.tasks_of(unit)]
        found += [(task.id, task.due) for task in tasks if task.due is not None]
        steps = [(item, due, step_before(due, today)) for item, due in found]
        return [(item, due.isoformat(), step) for item, due, step in steps if step is not None]

    def sees(self, officer: Officer) -> Sees:
        return lambda unit: may_see(officer, unit, self._units)

    async def written(self, notice: Notice) -> Reply | None:
        """``notice`` in words for who gets it now; None when they have no rights any more (which
        ends the subscription), or there is no news any more."""
        officer = await self._officers.of(notice.address)
        if officer is None:
            await self._subscriptions.end(notice.address)
            return None
        await self._live.refresh()
        html = self._html(notice, officer, self._live.board.seen(self.sees(officer)))
        return Reply(html, _rows(officer)) if html else None

    def _html(self, notice: Notice, officer: Officer, standings: Mapping[str, Standing]) -> str:
        match notice.kind:
            case NoticeKind.ALERT:
                return self._alert(notice, standings)
            case NoticeKind.REMINDER:
                return self._reminder(notice.about[0], standings)
            case NoticeKind.DIGEST:
                return self._digest(officer, standings)

    def _alert(self, notice: Notice, standings: Mapping[str, Standing]) -> str:
        """What the report of that day said, unless it was rolled back or a newer one came meanwhile."""
        day = notice.key.rpartition(":")[2]
        known = [unit for unit in notice.about if unit in standings and standings[unit].as_of.isoformat() == day]
        falls = [(self._units[unit], news) for unit in known if (news := fall(unit, standings[unit]))]
        if not falls:
            return ""
        newest = standings[falls[0][0].id]
        return render("notice_alert.j2", falls=falls[:SHOWN], more=len(falls) - SHOWN, standing=newest)

    def _reminder(self, item: str, standings: Mapping[str, Standing]) -> str:
        today = self._now().date()
        if item in self._plan.tasks:
            task = self._plan.tasks[item]
            return render("notice_reminder.j2", task=task, due=task.due, today=today)
        standing = standings.get(item)
        if standing is None or standing.target is None or kpi.is_reached(standing.figure, standing.target):
            return ""
        return render(
            "notice_reminder.j2",
            unit=self._units[item],
            task=None,
            standing=standing,
            due=standing.target.due,
            today=today,
            rate=kpi.rate(standing.figure),
            gap=kpi.gap(standing.figure, standing.target),
            same=kpi.needed_same_total(standing.figure, standing.target),
        )

    def _digest(self, officer: Officer, standings: Mapping[str, Standing]) -> str:
        own = self._units.get(officer.unit or PROVINCE)
        scope, below = self._scope(officer, standings), self._below(officer, standings)
        standing = standings.get(officer.unit or "")
        shown = [standing] if standing else [standings[unit] for unit in scope]
        return render(
            "notice_digest.j2",
            unit=own,
            standing=standing,
            rate=kpi.rate(standing.figure) if standing else None,
            target=Fraction(standing.target.percent) if standing and standing.target else None,
            gap=kpi.gap(standing.figure, standing.target) if standing and standing.target else None,
            before=kpi.rate(standing.before[1]) if standing and standing.before else None,
            worst=below[:SHOWN],
            below=len(below),
            among=len(scope),
            newest=max(shown, key=lambda each: each.as_of, default=None),
            today=self._now().date(),
        )

    def _scope(self, officer: Officer, standings: Mapping[str, Standing]) -> list[str]:
        """The units below the officer's that have a figure and a target."""
        above = officer.unit or PROVINCE
        return [
            unit
            for unit, standing in standings.items()
            if standing.target and unit != above and is_within(unit, above, self._units)
        ]

    def _below(self, officer: Officer, standings: Mapping[str, Standing]) -> list[tuple[Unit, Fraction]]:
        """Those of them that miss their target, with the gap, the widest first."""
        found = []
        for unit in self._scope(officer, standings):
            target = standings[unit].target
            gap = kpi.gap(standings[unit].figure, target) if target else None
            if gap is not None and gap < 0:
                found.append((self._units[unit], gap))
        return sorted(found, key=lambda pair: pair[1])


def _rows(officer: Officer) -> tuple[tuple[Button, ...], ...]:
    figures = Button(word("kpi.figures"), action=f"kpi:{slug(officer.unit or PROVINCE)}")
    settings = Button(word("notices.settings"), action="sub")
    return (figures,), (settings, Button(word("notices.stop"), action="sub:stop"))


class Mailman:
    """Takes round what is due. ``round`` may run in several processes at once."""

    def __init__(self, notices: Notices, subscriptions: Subscriptions, post: Post, now: Now) -> None:
        self._notices = notices
        self._subscriptions = subscriptions
        self._post = post
        self._now = now
        self._reminded: datetime | None = None

    async def round(self) -> None:
        """Queue what has become due, then send it."""
        await self._notices.queue_digests()
        hour = self._now().replace(minute=0, second=0, microsecond=0)
        if hour != self._reminded:
            await self._notices.queue_reminders()
            self._reminded = hour
        failures: list[Exception] = []
        while self._post.is_open and (claimed := await self._subscriptions.claim(self._now(), AT_ONCE)):
            for each in claimed:
                try:
                    await self._deliver(each)
                except Exception as error:  # one that cannot be written must not keep the others waiting
                    failures.append(error)
                    await self._put_off(each)
        if failures:
            raise ExceptionGroup("notices that could not be written", failures)

    async def _deliver(self, claimed: Claimed) -> None:
        reply = await self._notices.written(claimed.notice)
        if reply is None:
            await self._subscriptions.done(claimed.id)
            return
        match await self._post.send(claimed.notice.address, (reply,)):
            case Delivery.SENT:
                await self._subscriptions.done(claimed.id)
            case Delivery.GONE:
                await self._subscriptions.end(claimed.notice.address)
            case Delivery.LATER:
                await self._put_off(claimed)

    async def _put_off(self, claimed: Claimed) -> None:
        """Try again later, and in the end no more."""
        if claimed.tries + 1 >= MOST_TRIES:
            await self._subscriptions.done(claimed.id)
        else:
            await self._subscriptions.put_off(claimed.id, self._now() + FIRST_PAUSE * 2**claimed.tries)
