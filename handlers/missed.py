"""Questions that were missed: what is noted of them for the editors, never of whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.anonymous import Anonymiser, form_of
from knowledge.guard_words import GuardWords
from knowledge.query import Query

#: Characters of the ids that are noted.
MAX_ITEM = 200


class MissedKind(StrEnum):
    """NONE: there was no answer. WRONG: the answer, or each of the choices, was called wrong."""

    NONE = "none"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Missed:
    """A missed question: its normalised ``form``, its words with everything personal hidden, and the id of the
    ``item`` that was shown for it, of several choices with commas between; "" when nothing was."""

    kind: MissedKind
    form: str
    sample: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a question was missed. Its sample is from the day it was last seen."""

    missed: Missed
    count: int
    first_seen: date
    last_seen: date


class Noting:
    """Makes notes of questions, with words that tell of persons and a way to ``read`` questions."""

    def __init__(self, words: GuardWords, read: Callable[[str], Query]) -> None:
        self._anonymiser = Anonymiser(words)
        self._read = read

    def note(self, kind: MissedKind, question: str, item: str = "") -> Missed | None:
        """A note of ``question`` (masked); None when it tells a secret or says nothing."""
        sample = self._anonymiser.kept(question)
        form = form_of(self._read(sample)) if sample else ""
        return Missed(kind, form, sample, item[:MAX_ITEM]) if any(map(str.isalpha, form)) else None
