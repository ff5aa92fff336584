"""What the handlers need from outside. The adapters in ``bot`` implement these."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from handlers.state import State


class Conversations(Protocol):
    """Remembers where each conversation stands."""

    async def load(self, conversation: str) -> State:
        """The stored state, or a fresh one."""

    async def save(self, conversation: str, state: State) -> None:
        """Keep ``state``. Returning promises that a clean stop will not lose it."""


class Clock(Protocol):
    """The present moment, with its time zone (Asia/Ho_Chi_Minh)."""

    def __call__(self) -> datetime: ...


class Limiter(Protocol):
    """Counts messages per person."""

    async def retry_after(self, person: str) -> float:
        """0.0 when one more message is welcome (and counts it), otherwise the seconds to wait."""
