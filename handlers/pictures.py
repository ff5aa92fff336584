"""What is shown in pictures and printed summaries, as frozen values. Who draws them: ``bot.charts``."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """A unit's rate beside its target, both in percent; None: no figures, no target.

    ``reached`` is the judgement of who knows more than the two numbers (a target to keep the rate reached);
    None leaves it to ``rate >= target``.
    """

    label: str
    rate: Decimal | None
    target: Decimal | None
    reached: bool | None = None

    @property
    def is_reached(self) -> bool | None:
        """None where there is nothing to judge."""
        if self.rate is None or self.target is None:
            return None
        return self.rate >= self.target if self.reached is None else self.reached


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A line of the printed summary: dossiers, rate and target in percent, ``gap`` (rate less target) in points."""

    bar: Bar
    total: int | None
    online: int | None
    gap: Decimal | None


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure told in large type, ready made: "42,9%" over the name of the province."""

    value: str
    label: str
