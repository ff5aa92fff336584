"""How officers bring in figures: a file is checked and shown before anything of it is stored, and can be taken back.

Rights are looked up anew for every message and every pressed button. Screens that act are never remembered. Nothing of
a file is fetched for who may not bring figures in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from handlers.intake import Checked, Checker, Table, Waiting, blank_rows
from handlers.intake_view import IntakeView
from handlers.model import Button, Document, Kind, Message, Outcome, Reply, Rows, Upload, UploadError
from handlers.officer_screens import Desk
from handlers.officers import EVERYWHERE, IMPORTERS, Officer, may_import, may_publish
from handlers.ports import Now, Officers, Reports, Scribe, SheetReader, Stored
from handlers.render import render
from handlers.reports import Draft, Staged, StoredReport
from handlers.reports import Outcome as Result
from handlers.screens import rows_of
from handlers.state import State
from handlers.tables import Caption
from handlers.words import word
from knowledge.days import is_day_like, typed_day
from knowledge.intake_model import Refusal, Sheet, SheetError
from knowledge.plan import Plan
from knowledge.text import clean

NAME = "intake"
COMMAND = "/mau"
#: On this screen the next words are a day.
ASKING_DAY = f"{NAME}:day"
LONGEST_NAME = 100
MEGABYTE = 1024 * 1024

Shown = tuple[Outcome, State]


@dataclass(frozen=True, slots=True)
class Sheets:
    """What reads and what writes spreadsheets."""

    reader: SheetReader
    scribe: Scribe


class IntakeScreens:
    """Takes the files of those who may bring figures in, and what they press then. ``after_import`` is told of every
    report that was stored."""

    def __init__(  # noqa: PLR0913, PLR0917 the ports are named at the call
        self,
        officers: Officers,
        plan: Plan,
        reports: Reports,
        sheets: Sheets,
        now: Now,
        after_import: Stored | None = None,
    ) -> None:
        self._officers = officers
        self._plan = plan
        self._units = plan.units.by_id
        self._reports = reports
        self._sheets = sheets
        self._now = now
        self._after_import = after_import
        self._checker = Checker(plan, reports)
        self._view = IntakeView(self._units)
        self._waiting = Waiting(now)
        self._screens: dict[str, Callable[[Desk, Officer, str], Awaitable[Shown]]] = {
            "": self._template,
            "file": self._received,
            "day": self._day,
            "store": self._store,
            "drop": self._drop,
            "undo": self._undo,
        }

    def wants(self, message: Message, state: State, *, fresh: bool) -> bool:
        return self._asked(message, state, fresh=fresh) is not None

    async def answer(self, message: Message, state: State, *, fresh: bool) -> Shown | None:
        """None for a file of someone who brings no figures in: it is not fetched."""
        asked = self._asked(message, state, fresh=fresh)
        assert asked is not None
        name, argument = asked
        officer = await self._officers.of(message.actor)
        importer = officer if officer is not None and officer.role in IMPORTERS else None
        if name == "file" and importer is None:
            return None
        if message.in_group:
            return Outcome((Reply(render("intake_private.j2")),)), state
        gone_back = message.kind is Kind.ACTION and message.text.strip() == "back"
        desk = Desk(message, state.back() if gone_back else state, officer)
        return await self._screens[name](desk, importer, argument) if importer else self._denied(desk)

    def _asked(self, message: Message, state: State, *, fresh: bool) -> tuple[str, str] | None:
        """The screen and its argument that ``message`` asks for; None when it is about something else."""
        text = message.text.strip()
        if message.kind is Kind.DOCUMENT:
            return ("file", "") if message.upload else None
        if message.kind is Kind.ACTION:
            action = state.back().screen if text == "back" else text
            name, _, rest = action.partition(":")
            screen, _, argument = rest.partition(":")
            return (screen, argument) if name == NAME and screen in self._screens and screen != "file" else None
        if message.kind is not Kind.TEXT:
            return None
        if text.partition(" ")[0].lower() == COMMAND:
            return "", ""
        return ("day", text) if fresh and state.screen == ASKING_DAY and is_day_like(text) else None

    async def _received(self, desk: Desk, officer: Officer, _: str) -> Shown:
        upload = desk.message.upload
        assert upload is not None
        name = clean(upload.name)[-LONGEST_NAME:] or word("intake.file")
        if upload.size > self._sheets.reader.largest:
            return self._refused(desk, name, Refusal.TOO_BIG)
        try:
            table = Table(await self._read(upload), name, desk.message.text)
        except UploadError:
            return self._refused(desk, name, "upload")
        except SheetError as error:
            return self._refused(desk, name, error.reason)
        self._waiting.keep(officer.id, table)
        return await self._on_day(desk, officer, table, table.day(self._today()))

    async def _read(self, upload: Upload) -> Sheet:
        return await self._sheets.reader.read(await upload.read(), upload.name)

    def _refused(self, desk: Desk, name: str, reason: str) -> Shown:
        megabytes = self._sheets.reader.largest // MEGABYTE
        return desk.done(render("intake_refused.j2", name=name, reason=reason, megabytes=megabytes))

    async def _day(self, desk: Desk, officer: Officer, typed: str) -> Shown:
        """Asks for the day, or takes the one that was pressed or typed."""
        table = self._waiting.of(officer.id)
        if table is None:
            return self._lost(desk)
        if not typed:
            return self._ask(desk, table)
        day = typed_day(typed, self._today())
        return self._ask(desk, table, "no_day") if day is None else await self._on_day(desk, officer, table, day)

    async def _on_day(self, desk: Desk, officer: Officer, table: Table, day: date | None) -> Shown:
        if day is None:
            return self._ask(desk, table)
        if day > self._today():
            return self._ask(desk, table, "future", day)
        checked = await self._checker.check(table, day, partial(may_import, officer, units=self._units))
        if checked.intake.problems:
            html, listed = self._view.problems(checked)
            return _with_document(desk.done(html, (_change_day(),)), listed)
        if checked.is_empty:
            return self._refused(desk, table.name, "nothing")
        return await self._preview(desk, officer, checked)

    def _ask(self, desk: Desk, table: Table, problem: str = "", day: date | None = None) -> Shown:
        today = self._today()
        html = render("intake_ask.j2", name=table.name, problem=problem, day=day, year=today.year)
        likely = [Button(self._day_label(each), action=f"{ASKING_DAY}:{each}") for each in table.likely_days(today)]
        cancel = ((Button(word("button.drop"), action=f"{NAME}:drop"),),)
        return desk.shown(html, rows_of(likely, 2) + cancel, ASKING_DAY)

    def _day_label(self, day: date) -> str:
        shown = f"{day:%d/%m/%Y}"
        return word("button.today", day=shown) if day == self._today() else shown

    async def _preview(self, desk: Desk, officer: Officer, checked: Checked) -> Shown:
        ways = {word("button.store_internal"): checked.draft(published=False)}
        if may_publish(officer):
            ways = {word("button.store_public"): checked.draft(published=True), **ways}
        staged = {label: await self._reports.stage(draft, by=_by(officer)) for label, draft in ways.items()}
        new = {label: one for label, one in staged.items() if not one.same}
        if not new:
            self._waiting.forget(officer.id)
            return desk.done(render("intake_done.j2", done="same"), (_undo_row(),))
        return desk.done(self._view.preview(checked), self._ways(new))

    def _ways(self, staged: dict[str, Staged]) -> Rows:
        stores = tuple((Button(label, action=f"{NAME}:store:{one.token}"),) for label, one in staged.items())
        tokens = ",".join(one.token for one in staged.values())
        return (*stores, (*_change_day(), Button(word("button.drop"), action=f"{NAME}:drop:{tokens}")))

    async def _store(self, desk: Desk, officer: Officer, token: str) -> Shown:
        draft = await self._reports.staged(token, by=_by(officer))
        if draft is not None and not self._may_store(officer, draft):
            return self._denied(desk, scope=True)
        confirmed = await self._reports.confirm(token, by=_by(officer))
        if confirmed.outcome is Result.GONE:
            return self._lost(desk)
        self._waiting.forget(officer.id)
        if confirmed.outcome is Result.SAME or draft is None:
            return desk.done(render("intake_done.j2", done="same"), (_undo_row(),))
        await self._tell(confirmed.report)
        return desk.done(render("intake_done.j2", done="stored", draft=draft), (_undo_row(),))

    def _may_store(self, officer: Officer, draft: Draft) -> bool:
        units = {one.unit for one in draft.figures} | {one.unit for one in draft.targets}
        allowed = all(may_import(officer, unit, self._units) for unit in units)
        return allowed and (may_publish(officer) or not draft.published)

    async def _tell(self, report_id: str) -> None:
        report = await self._reports.report(report_id) if self._after_import else None
        if report is not None and self._after_import is not None:
            await self._after_import(report)

    async def _drop(self, desk: Desk, officer: Officer, tokens: str) -> Shown:
        for token in tokens.split(","):
            await self._reports.discard(token, by=_by(officer))
        self._waiting.forget(officer.id)
        return desk.done(render("intake_done.j2", done="dropped"))

    async def _undo(self, desk: Desk, officer: Officer, report_id: str) -> Shown:
        """Asks first; rolls back the report that was asked about."""
        last = await self._reports.last()
        if last is None or (report_id and last.id != report_id):
            return self._undone(desk, "late" if report_id else "none", last)
        if officer.role not in EVERYWHERE and not self._reports.is_by(last, _by(officer)):
            return self._undone(desk, "not_yours", last)
        if not report_id:
            sure = Button(word("button.undo_sure"), action=f"{NAME}:undo:{last.id}")
            return self._undone(desk, "ask", last, ((sure,),))
        back = await self._reports.roll_back(last.id, by=_by(officer))
        return self._undone(desk, "back" if back else "late", last)

    def _undone(self, desk: Desk, done: str, report: StoredReport | None, rows: Rows = ()) -> Shown:
        at = report.imported_at.astimezone(self._now().tzinfo) if report else None
        return desk.done(render("intake_undo.j2", done=done, report=report, at=at), rows)

    async def _template(self, desk: Desk, officer: Officer, _: str) -> Shown:
        """A blank table with the units of today in scope, and their targets that are not due yet."""
        today = self._today()
        takes = partial(may_import, officer, units=self._units)
        rows = await blank_rows(self._plan, self._reports, today, takes)
        html = render("intake_template.j2", units=len(rows), year=today.year)
        if not rows:
            return desk.done(html, (_undo_row(),))
        made = await self._sheets.scribe.template(Caption(word("intake.template")), rows)
        return _with_document(desk.done(html, (_undo_row(),)), Document(word("intake.template_file"), made))

    def _lost(self, desk: Desk) -> Shown:
        return desk.done(render("intake_lost.j2"))

    def _denied(self, desk: Desk, *, scope: bool = False) -> Shown:
        return desk.done(render("intake_denied.j2", scope=scope))

    def _today(self) -> date:
        return self._now().date()


def _by(officer: Officer) -> str:
    return f"officer:{officer.id}"


def _change_day() -> tuple[Button, ...]:
    return (Button(word("button.change_day"), action=ASKING_DAY),)


def _undo_row() -> tuple[Button, ...]:
    return (Button(word("button.undo"), action=f"{NAME}:undo"),)


def _with_document(shown: Shown, document: Document | None) -> Shown:
    outcome, state = shown
    reply = replace(outcome.replies[-1], document=document)
    return replace(outcome, replies=(*outcome.replies[:-1], reply)), state
