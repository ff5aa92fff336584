"""What the handlers need from outside. The adapters in ``bot`` implement these."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from handlers.model import Message, Outcome
from handlers.state import State


class Conversations(Protocol):
    """Remembers where each conversation stands."""

    async def load(self, conversation: str) -> State:
        """The stored state, or a fresh one."""

    async def save(self, conversation: str, state: State) -> None:
        """Keep ``state``. Returning promises that a clean stop will not lose it."""


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
