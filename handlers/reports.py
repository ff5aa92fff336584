"""Reports on their way into the store and out of it, as frozen values."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from knowledge.kpi_model import Figure, Target


@dataclass(frozen=True, slots=True)
class Draft:
    """A checked table that waits for its confirmation. Not ``published``: for those in scope only."""

    as_of: date
    source: str
    published: bool
    figures: tuple[Figure, ...]
    targets: tuple[Target, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same content, whatever its source is called and however its rows are ordered."""
        figures = sorted((one.unit, one.total, one.online, one.note) for one in self.figures)
        targets = sorted(
            (one.unit, str(one.percent.normalize()), one.due.isoformat(), one.keep) for one in self.targets
        )
        content = json.dumps([self.as_of.isoformat(), self.published, figures, targets])
        return hashlib.blake2b(content.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Staged:
    """``token`` confirms the draft until ``expires_at``. ``same``: the store says all of it already."""

    token: str
    expires_at: datetime
    same: bool


class Outcome(StrEnum):
    """What a confirmation did."""

    STORED = "stored"
    SAME = "same"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """``report``: the id of the report that holds the content; "" when the draft is GONE (unknown, expired, another
    person's) or its content stands in several reports."""

    outcome: Outcome
    report: str = ""


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report without its figures. ``imported_by``: hash of who did."""

    id: str
    as_of: date
    source: str
    published: bool
    imported_by: str
    imported_at: datetime
    digest: str
