"""Figures as pictures and files: ``chart:`` and ``bars:`` draw, ``export:`` and /xuat give out.

Who may see what is looked up anew for every message and every pressed button. A picture or a file stays in sight below
the screen it was asked for on, which stays the present one.
"""

from __future__ import annotations

from collections.abc import Sequence

from handlers.board import LiveBoard, of_today
from handlers.charts import CAPTION_LINES, Charts, bars_words, course, trend_words
from handlers.commands import COMMANDS
from handlers.export import Export, export_of
from handlers.kpi_view import PAGE, PREFIX, KpiView, Listing, slug
from handlers.model import MAX_ACTION_BYTES, Button, Document, Kind, Message, Outcome, Picture, Reply, Rows
from handlers.officers import Officer, may_see
from handlers.ports import Artist, Now, Officers, Recorder, Scribe
from handlers.render import render
from handlers.state import HOME, State
from handlers.unit_names import units_named
from handlers.words import word
from knowledge.kpi_model import Unit, UnitKind
from knowledge.plan import Plan

ACTIONS = frozenset({"chart", "bars", "export"})
#: Figures that a caption lists; what is read out has them all.
CAPTION_POINTS = 8
LONGEST_NAME = 100
#: Seconds that a picture is waited for which was asked for by itself.
PATIENCE = 10.0


class ChartScreens:
    """Takes the messages that ask for figures as pictures or files, see ``wants``."""

    def __init__(  # noqa: PLR0913 the ports are named at the call
        self,
        plan: Plan,
        live: LiveBoard,
        *,
        artist: Artist,
        scribe: Scribe,
        officers: Officers | None,
        recorder: Recorder,
        now: Now,
    ) -> None:
        self._plan = plan
        self._units = plan.units
        self._live = live
        self._artist = artist
        self._scribe = scribe
        self._officers = officers
        self._recorder = recorder
        self._charts = Charts(artist, recorder)
        self._now = now
        self._commands = {f"/{command.name}": command.action for command in COMMANDS if command.action in ACTIONS}

    def wants(self, message: Message, state: State, *, fresh: bool) -> bool:  # noqa: ARG002 the port's signature
        return self._asked(message) is not None

    async def answer(self, message: Message, state: State, *, fresh: bool) -> tuple[Outcome, State]:  # noqa: ARG002
        """The answer to a message that is wanted. In a group nobody sees more than what is published."""
        asked = self._asked(message)
        assert asked is not None
        name, argument = asked
        await self._live.refresh()
        private = self._officers is not None and not message.in_group
        viewer = await self._officers.of(message.actor) if private and self._officers else None
        view = self._view(viewer)
        if name == "chart":
            return await self._chart(message, view, argument), state
        if name == "bars":
            return await self._bars(message, view, argument), state
        return await self._export(message, view, viewer, argument), state

    def _view(self, viewer: Officer | None) -> KpiView:
        sees = (lambda unit: may_see(viewer, unit, self._units.by_id)) if viewer else None
        return KpiView(self._plan, self._live.board, sees, self._now().date())

    def _asked(self, message: Message) -> tuple[str, str] | None:
        """The action and its argument that ``message`` asks for; None when it is about something else."""
        text = message.text.strip()
        if message.kind is Kind.ACTION:
            name, _, argument = text.partition(":")
            return (name, argument) if name in ACTIONS else None
        if message.kind is not Kind.TEXT:
            return None
        command, *rest = text.split(maxsplit=1) or [""]
        action = self._commands.get(command.lower())
        return (action, rest[0] if rest else "") if action else None

    async def _chart(self, message: Message, view: KpiView, argument: str) -> Outcome:
        """The unit's trend, and the bars of the units below it where there are any."""
        unit = self._units.by_id.get(PREFIX + argument)
        if unit is None:
            return self._nothing("")
        below = view.listing("below", argument)
        replies = []
        if unit.kind is not UnitKind.PROVINCE:
            picture = await self._charts.beside(self._charts.trend(view, unit), message, PATIENCE)
            words = trend_words(view, unit, CAPTION_POINTS)
            replies.append(_pictured(words, picture, wanted=bool(course(view, unit))))
        if below and below.lines:
            replies.append(await self._barred(message, view, below))
        if not replies:
            return self._nothing(unit.title, argument)
        back = (Button(word("kpi.figures"), action=f"kpi:{argument}"),)
        return _with_buttons(replies, (back, _home()), unit.id)

    async def _bars(self, message: Message, view: KpiView, argument: str) -> Outcome:
        kind, _, rest = argument.partition(":")
        found = view.listing(kind, rest)
        if found is None or len(argument.encode()) > MAX_ACTION_BYTES:
            return self._nothing("")
        back = (Button(word("kpi.figures"), action=argument),)
        return _with_buttons([await self._barred(message, view, found)], (back, _home()))

    async def _barred(self, message: Message, view: KpiView, found: Listing) -> Reply:
        picture = await self._charts.beside(self._charts.bars(view, found), message, PATIENCE)
        wanted = any(line.figure for line in found.lines)
        return _pictured(bars_words(view, found, CAPTION_LINES), picture, wanted=wanted)

    async def _export(self, message: Message, view: KpiView, viewer: Officer | None, argument: str) -> Outcome:
        """The table of a unit and those below as XLSX, and its summary as PDF."""
        units = self._meant(argument, viewer, view)
        if len(units) != 1:
            return self._which(argument, units)
        found = export_of(view, self._units, units[0])
        if found is None:
            return self._nothing(units[0].title, slug(units[0].id))
        caption, lines = found.table()
        table = Document(f"{found.name}.xlsx", await self._scribe.report(caption, lines))
        summary = await self._summary(message, found)
        first = Reply(render("export.j2", found=found, number=len(lines)), document=table)
        second = Reply(render("export_summary.j2", found=found, made=summary is not None), document=summary)
        back = (Button(word("kpi.figures"), action=f"kpi:{slug(units[0].id)}"),)
        return _with_buttons([first, second], (back, _home()), units[0].id)

    async def _summary(self, message: Message, found: Export) -> Document | None:
        page = found.summary()
        try:
            data = await self._artist.summary(page.title, page.headlines, page.rows, page.footer)
        except Exception as error:  # the table is given out all the same
            self._recorder.failed(message, error)
            return None
        return Document(f"{found.name}.pdf", data)

    def _meant(self, argument: str, viewer: Officer | None, view: KpiView) -> Sequence[Unit]:
        """The unit of a button, the units that a name may mean, those that have figures if any has; without either the
        viewer's own, else the province."""
        if unit := self._units.by_id.get(PREFIX + argument):
            return (unit,)
        if argument:
            named = units_named(argument[:LONGEST_NAME], self._units.by_id)
            standings = view.standings
            known = [of_today(unit.id, standings, self._units) for unit in named if unit.id in standings]
            return [self._units.by_id[unit] for unit in dict.fromkeys(known)] or named
        if viewer and viewer.unit and (own := self._units.by_id.get(viewer.unit)):
            return (own,)
        return [unit for unit in self._units if unit.kind is UnitKind.PROVINCE]

    def _which(self, argument: str, units: Sequence[Unit]) -> Outcome:
        html = render("export_which.j2", asked=argument[:LONGEST_NAME], several=bool(units))
        rows = [(unit.title, f"export:{slug(unit.id)}") for unit in units[:PAGE]]
        choices = tuple(
            (Button(title, action=action),) for title, action in rows if len(action.encode()) <= MAX_ACTION_BYTES
        )
        return Outcome((Reply(html, (*choices, _home())),))

    def _nothing(self, title: str, name: str = "") -> Outcome:
        figures = ((Button(word("kpi.figures"), action=f"kpi:{name}"),),) if name else ()
        return Outcome((Reply(render("export_nothing.j2", title=title), (*figures, _home())),))


def _home() -> tuple[Button, ...]:
    return (Button(word("button.home"), action=HOME),)


def _pictured(html: str, picture: Picture | None, *, wanted: bool) -> Reply:
    """The words with their picture, or with a word that it is missing."""
    failed = wanted and picture is None
    return Reply(f"{render('chart_failed.j2')}\n\n{html}" if failed else html, picture=picture)


def _with_buttons(replies: Sequence[Reply], rows: Rows, item: str = "") -> Outcome:
    """``replies`` with ``rows`` below the last one."""
    last = replies[-1]
    return Outcome((*replies[:-1], Reply(last.html, rows, picture=last.picture, document=last.document)), item=item)
