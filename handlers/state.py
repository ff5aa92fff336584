"""What is remembered of a conversation between two messages."""

from __future__ import annotations

from dataclasses import dataclass, replace

HOME = "home"
MAX_TRAIL = 12


@dataclass(frozen=True, slots=True)
class State:
    """``trail``: actions of the screens on the way to the present one, oldest first; empty at home."""

    trail: tuple[str, ...] = ()

    @property
    def screen(self) -> str:
        return self.trail[-1] if self.trail else HOME

    def go(self, screen: str) -> State:
        """The state after moving on to ``screen``. Going where one has been cuts the trail back to there."""
        if screen == HOME:
            return replace(self, trail=())
        if screen in self.trail:
            return replace(self, trail=self.trail[: self.trail.index(screen) + 1])
        return replace(self, trail=(*self.trail, screen)[-MAX_TRAIL:])

    def back(self) -> State:
        return replace(self, trail=self.trail[:-1])
