"""What the handlers need from outside. The adapters in ``bot`` implement these."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from handlers.model import Message, Outcome
from handlers.reports import Confirmed, Draft, Staged, StoredReport
from handlers.state import State
from knowledge.intake_model import DatedFigure
from knowledge.kpi_model import Report, Target


class Conversations(Protocol):
    """Remembers where each conversation stands."""

    async def load(self, conversation: str) -> State:
        """The stored state, or a fresh one."""

    async def save(self, conversation: str, state: State) -> None:
        """Keep ``state``. Returning promises that a clean stop will not lose it."""


class Reports(Protocol):
    """Keeps the reports that were imported. The plan's own report is content and not among them. ``internal`` asks for
    what is not published as well."""

    async def stage(self, draft: Draft, *, by: str) -> Staged:
        """Keep ``draft`` until ``by`` confirms it or it expires."""

    async def confirm(self, token: str, *, by: str) -> Confirmed:
        """Store what was staged under ``token``. A second confirmation answers SAME."""

    async def discard(self, token: str, *, by: str) -> None:
        """Forget what was staged under ``token``."""

    async def last(self) -> StoredReport | None:
        """The report imported last."""

    async def roll_back(self, report: str) -> bool:
        """Take back ``report``; only the one imported last can be."""

    async def reports(self, most: int) -> list[StoredReport]:
        """The newest first, by import."""

    async def report(self, report: str) -> Report | None:
        """A report with all its figures."""

    async def latest(self, day: date, *, internal: bool) -> Mapping[str, DatedFigure]:
        """The newest figure of each unit as of ``day`` or before."""

    async def history(self, unit: str, *, internal: bool) -> tuple[DatedFigure, ...]:
        """The figures of ``unit``, the oldest first, one for each day."""

    async def targets(self, *, internal: bool) -> tuple[Target, ...]:
        """The target of each unit for each day that targets are due, by unit and day."""


class Today(Protocol):
    """The present day in Asia/Ho_Chi_Minh."""

    def __call__(self) -> date: ...


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
