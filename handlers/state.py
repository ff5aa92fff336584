"""What is remembered of a conversation between two messages."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

HOME = "home"
MAX_TRAIL = 12
#: After so long a question is no longer taken for a follow-up.
SUBJECT_LASTS = timedelta(minutes=30)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class State:
    """``trail``: actions of the screens on the way to the present one, oldest first; empty at home. ``question``: the
    last question, with personal data masked. ``at``: when the person last wrote or pressed."""

    trail: tuple[str, ...] = ()
    question: str = ""
    at: datetime = field(default=NEVER, compare=False)

    @property
    def screen(self) -> str:
        return self.trail[-1] if self.trail else HOME

    @property
    def subject(self) -> str:
        """The id of what is talked about, or "": an item or unit on the present screen, or before one of no answer."""
        for action in reversed(self.trail):
            name, _, rest = action.partition(":")
            if name in ("entry", "facet"):
                return rest.partition(":")[0]
            if name == "kpi":
                return f"unit:{rest.partition(':')[0]}"
            if action != "none":
                return ""
        return ""

    @property
    def offered(self) -> tuple[str, ...]:
        """The ids offered on the present screen."""
        name, _, rest = self.screen.partition(":")
        if name == "which":
            return tuple(f"unit:{slug}" for slug in rest.split(","))
        return tuple(rest.partition(":")[0].split(",")) if name == "offer" else ()

    @property
    def offered_side(self) -> str:
        """The facet that the choices on the present screen are offered for, or ""."""
        name, _, rest = self.screen.partition(":")
        return rest.partition(":")[2] if name == "offer" else ""

    def is_fresh(self, now: datetime) -> bool:
        """Whether what was talked about still counts."""
        return now - self.at < SUBJECT_LASTS

    def go(self, screen: str) -> State:
        """The state after moving on to ``screen``. Going where one has been cuts the trail back to there."""
        if screen == HOME:
            return replace(self, trail=())
        if screen in self.trail:
            return replace(self, trail=self.trail[: self.trail.index(screen) + 1])
        return replace(self, trail=(*self.trail, screen)[-MAX_TRAIL:])

    def back(self) -> State:
        return replace(self, trail=self.trail[:-1])
