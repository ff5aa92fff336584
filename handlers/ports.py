"""What the handlers need from outside. The adapters in ``bot`` implement these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from handlers.missed import Counted, Missed
from handlers.model import Message, Outcome, Reply
from handlers.officers import Invitation, Officer, Refusal, Role
from handlers.pictures import Bar, Headline, SummaryRow
from handlers.reports import Confirmed, Draft, Staged, StoredReport
from handlers.state import State
from handlers.subscriptions import Claimed, Delivery, Notice, Subscription
from handlers.tables import Caption, Line
from knowledge.intake_model import DatedFigure, Sheet
from knowledge.kpi_model import Report, Target


class Conversations(Protocol):
    """Remembers where each conversation stands."""

    async def load(self, conversation: str) -> State:
        """The stored state, or a fresh one."""

    async def save(self, conversation: str, state: State) -> None:
        """Keep ``state``. Returning promises that a clean stop will not lose it."""


class Reports(Protocol):
    """Keeps the reports that were imported. The plan's own report is content and not among them. ``internal`` asks for
    what is not published as well; ``by`` is "officer:" with the officer's id, or CONSOLE. Every change stands in the
    audit trail."""

    async def stage(self, draft: Draft, *, by: str) -> Staged:
        """Keep ``draft`` until ``by`` confirms it or it expires."""

    async def staged(self, token: str, *, by: str) -> Draft | None:
        """What waits under ``token`` for ``by`` to confirm it; None when it is done, expired or another's."""

    async def confirm(self, token: str, *, by: str) -> Confirmed:
        """Store what was staged under ``token``. A second confirmation answers SAME."""

    async def discard(self, token: str, *, by: str) -> None:
        """Forget what was staged under ``token``."""

    async def last(self) -> StoredReport | None:
        """The report imported last."""

    def is_by(self, report: StoredReport, by: str) -> bool:
        """Whether ``by`` imported ``report``."""

    async def roll_back(self, report: str, *, by: str) -> bool:
        """Take back ``report``; only the one imported last can be."""

    async def reports(self, most: int) -> list[StoredReport]:
        """The newest first, by import."""

    async def report(self, report: str) -> Report | None:
        """A report with all its figures."""

    async def standing(self) -> list[Report]:
        """All reports that stand, with their figures, by import."""

    async def stamp(self) -> str:
        """Another text after every import and roll-back; cheap to ask for."""

    async def latest(self, day: date, *, internal: bool) -> Mapping[str, DatedFigure]:
        """The newest figure of each unit as of ``day`` or before."""

    async def history(self, unit: str, *, internal: bool) -> tuple[DatedFigure, ...]:
        """The figures of ``unit``, the oldest first, one for each day."""

    async def targets(self, *, internal: bool) -> tuple[Target, ...]:
        """The target of each unit for each day that targets are due, by unit and day."""


class SheetReader(Protocol):
    """Reads the spreadsheets that people send, off the event loop."""

    @property
    def largest(self) -> int:
        """The most bytes of a file that is taken."""

    async def read(self, data: bytes, name: str) -> Sheet:
        """The table in ``data``, a file called ``name``. Raises SheetError."""


class Stored(Protocol):
    """Is told of each report that was just stored, and answers for its own failures."""

    async def __call__(self, report: Report) -> None: ...


class Questions(Protocol):
    """Keeps the questions that were missed, without the person."""

    def note(self, missed: Missed, day: date) -> None:
        """Count ``missed``. Nobody waits for it to be stored; a clean stop will not lose it."""

    async def most_frequent(self, most: int, since: date | None = None) -> Sequence[Counted]:
        """Those last seen on ``since`` or later, the most frequent first."""


class Specialist(Protocol):
    """Takes the messages that are about one thing, before the general talk."""

    def wants(self, message: Message, state: State, *, fresh: bool) -> bool:
        """Whether ``message`` is one of its own. ``fresh``: the state may be referred to."""

    async def answer(self, message: Message, state: State, *, fresh: bool) -> tuple[Outcome, State] | None:
        """The answer to a message that is wanted, and the state after it; None when it is for the general talk after
        all."""


class Artist(Protocol):
    """Draws, off the event loop. Rates and targets are in percent."""

    async def trend(
        self, title: str, points: Sequence[tuple[date, Decimal]], target: tuple[date, Decimal] | None, footer: str
    ) -> bytes:
        """Rates over time against the target, as PNG."""

    async def bars(self, title: str, rows: Sequence[Bar], footer: str) -> bytes:
        """Units beside their targets (40 at most), as PNG."""

    async def summary(
        self, title: str, headlines: Sequence[Headline], rows: Sequence[SummaryRow], footer: str
    ) -> bytes:
        """The printed summary, as PDF."""


class Scribe(Protocol):
    """Writes spreadsheets, off the event loop."""

    async def report(self, caption: Caption, lines: Sequence[Line]) -> bytes:
        """A row for each of ``lines``, as XLSX."""

    async def template(self, caption: Caption, lines: Sequence[Line]) -> bytes:
        """A table to fill in, with the names, targets and notes of ``lines``, as XLSX."""


class Today(Protocol):
    """The present day in Asia/Ho_Chi_Minh."""

    def __call__(self) -> date: ...


class Now(Protocol):
    """The present moment in Asia/Ho_Chi_Minh."""

    def __call__(self) -> datetime: ...


class Limiter(Protocol):
    """Counts messages per person."""

    async def retry_after(self, person: str) -> float:
        """0.0 when one more message is welcome (and counts it), otherwise the seconds to wait."""

    async def may_tell(self, person: str) -> bool:
        """Whether the person was not yet told lately that it is too much."""


class Recorder(Protocol):
    """Keeps account of what happened, without words or names."""

    def answered(self, message: Message, outcome: Outcome, seconds: float) -> None: ...

    def refused(self, message: Message) -> None: ...

    def failed(self, message: Message, error: Exception) -> None: ...


class Officers(Protocol):
    """Who has which rights. Every answer is the state of this moment, every change stands in the audit trail.

    A person is a channel's id ("telegram:42"), or a conversation where a channel knows no person; none is kept as it
    is. Codes are those of ``handlers.codes``, without groups.
    """

    async def of(self, person: str) -> Officer | None:
        """The rights of ``person``, their own or through a link."""

    async def invite(self, role: Role, unit: str | None, *, by: str, lasts: timedelta) -> tuple[str, Invitation]:
        """A new code, told only this once. ``by``: the inviting person, or CONSOLE.

        Only the console and an officer make invitations (LookupError otherwise); one counts as long as its maker is an
        administrator.
        """

    async def redeem(self, code: str, person: str) -> Officer | Refusal:
        """Give ``person`` the rights of an invitation, in place of any that they have. Of two at once one wins."""

    async def link_code(self, person: str) -> str | None:
        """A new code that lets a conversation act for ``person``, once and soon; None when that is no officer."""

    async def link(self, code: str, conversation: str, *, person: str) -> Officer | Refusal:
        """Let ``conversation`` act for the officer whose link code this is. Wrong codes count against ``person``."""

    async def unlink(self, officer_id: str, *, by: str) -> int:
        """End all links of an officer; how many there were."""

    async def officers(self) -> Sequence[Officer]:
        """All officers, oldest first."""

    async def invitations(self) -> Sequence[Invitation]:
        """The invitations that can still be redeemed, oldest first."""

    async def revoke(self, entry_id: str, *, by: str) -> Officer | Invitation | None:
        """Take away an officer's rights, links and open invitations, or withdraw an invitation; None: no such id."""


class Subscriptions(Protocol):
    """Who is written to without asking, and what waits to be sent."""

    async def of(self, address: str) -> Subscription | None: ...

    async def save(self, subscription: Subscription) -> None:
        """Begin or change a subscription."""

    async def end(self, address: str) -> None:
        """Forget the address and all that waits for it."""

    async def everyone(self) -> list[Subscription]: ...

    async def queue(self, notices: Sequence[Notice]) -> None:
        """Have ``notices`` sent when they are due. What has the key of an earlier one of its address is left out."""

    async def due(self, now: datetime) -> list[Subscription]:
        """Whose digest is due."""

    async def turn(self, subscription: Subscription, next_at: datetime, notice: Notice) -> bool:
        """Put off the digest and queue its ``notice``, both or neither. False: another did, or it was changed."""

    async def claim(self, now: datetime, most: int) -> list[Claimed]:
        """Notices that are due, for this process alone until they are done, put off, or some minutes have passed."""

    async def done(self, notice: int) -> None: ...

    async def put_off(self, notice: int, until: datetime) -> None: ...


class Post(Protocol):
    """Writes to people who did not just ask."""

    @property
    def is_open(self) -> bool:
        """Whether anything can be sent just now."""

    async def send(self, address: str, replies: Sequence[Reply]) -> Delivery: ...
