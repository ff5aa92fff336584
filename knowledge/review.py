"""What of the content is due to be checked again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.model import Knowledge

#: How long before its day something is told to be due.
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Due:
    """What must be checked again by ``review_by``: its id and file under content, and who looks after it ("" where the
    file does not say)."""

    id: str
    file: str
    owner: str
    review_by: date


def due(knowledge: Knowledge, today: date) -> list[Due]:
    """What is overdue or due soon, the most pressing first."""
    last = today + SOON
    return sorted((one for one in _all(knowledge) if one.review_by <= last), key=lambda one: (one.review_by, one.id))


def _all(knowledge: Knowledge) -> Iterator[Due]:
    for entry in knowledge.entries.values():
        yield Due(entry.id, f"guidance/{entry.topic}.toml", entry.owner, entry.review_by)
    for number in knowledge.hotlines.values():
        yield Due(number.id, "hotline.toml", "", number.review_by)
    for collection in {procedure.collection for procedure in knowledge.procedures.values()}:
        yield Due(collection.title, "procedures/sets.toml", "", collection.review_by)
