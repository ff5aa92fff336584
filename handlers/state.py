"""What is remembered of a conversation between two messages."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

HOME = "home"
MAX_TRAIL = 12
#: After so long a question is no longer taken for a follow-up.
SUBJECT_LASTS = timedelta(minutes=30)
#: The answer to a question of which nothing is noted.
WITHHELD = "-"
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class State:
    """``trail``: actions of the screens on the way to the present one, oldest first; empty at home. ``question``: the
    last question, with personal data masked. ``answer``: the screen that answered it, until that is called wrong; ""
    when none did. ``at``: when the person last wrote or pressed."""

    trail: tuple[str, ...] = ()
    question: str = ""
    answer: str = ""
    at: datetime = field(default=NEVER, compare=False)

    @property
    def screen(self) -> str:
        return self.trail[-1] if self.trail else HOME

    @property
    def subject(self) -> str:
        """The id of what is talked about, or "": an item or unit on the present screen, or before one of no answer."""
        for action in reversed(self.trail):
            if shown := shown_by(action):
                return shown
            if action not in {"none", "unknown"}:
                return ""
        return ""

    @property
    def shown(self) -> tuple[str, ...]:
        """The ids of the items and units on the screens on the way here, the present one first."""
        return tuple(filter(None, map(shown_by, reversed(self.trail))))

    @property
    def offered(self) -> tuple[str, ...]:
        """The ids offered on the present screen."""
        name, _, rest = self.screen.partition(":")
        if name == "which":
            return tuple(f"unit:{slug}" for slug in rest.split(","))
        if name == "rows":
            return tuple(rest.split(","))
        return tuple(rest.partition(":")[0].split(",")) if name == "offer" else ()

    @property
    def offered_side(self) -> str:
        """The facet that the choices on the present screen are offered for, or ""."""
        name, _, rest = self.screen.partition(":")
        return rest.partition(":")[2] if name == "offer" else ""

    @property
    def wrong(self) -> str:
        """The action that calls the last answer wrong; "" when it cannot be called so, or was already. It tells this
        answer from those to other questions, whose buttons may still be in sight."""
        if self.answer in ("", WITHHELD) or self.answer.startswith("offer:"):
            return ""
        digest = blake2b(f"{self.question}\n{self.answer}".encode(errors="replace"), digest_size=6)
        return f"wrong:{digest.hexdigest()}"

    def is_fresh(self, now: datetime) -> bool:
        """Whether what was talked about still counts."""
        return now - self.at < SUBJECT_LASTS

    def go(self, screen: str) -> State:
        """The state after moving on to ``screen``. Going where one has been cuts the trail back to there."""
        if screen == HOME:
            return replace(self, trail=(), question="", answer="")
        if screen in self.trail:
            return replace(self, trail=self.trail[: self.trail.index(screen) + 1])
        return replace(self, trail=(*self.trail, screen)[-MAX_TRAIL:])

    def back(self) -> State:
        return replace(self, trail=self.trail[:-1])


def shown_by(action: str) -> str:
    """The id of the item or unit that the screen of ``action`` shows, or ""."""
    name, _, rest = action.partition(":")
    shown = rest.partition(":")[0]
    if name == "kpi":
        return f"unit:{shown}"
    return shown if name in ("entry", "facet") else ""
