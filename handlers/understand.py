"""What a text means after what was talked about before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from handlers.state import State
from knowledge.decide import Decision, Verdict, decide
from knowledge.dialogue import Dialogue
from knowledge.facets import known_facets
from knowledge.model import Facet, Knowledge
from knowledge.query import Query
from knowledge.search import Found, Hit
from knowledge.text import fold, tokens

#: From this probability on, a question of its own is not one about what was talked about.
LIKELY = 0.5
#: From here on it is surely one of its own, whatever else it may sound like.
SURE = 0.8
#: How many words of what was asked before still count; a talk that goes on and on does not grow.
EARLIER = 40
REFUSED = (Decision.NONE, Decision.SMALLTALK)


class Finder(Protocol):
    """What answering needs of ``knowledge.search.Search``."""

    def read(self, text: str, *, following: bool = False) -> Query: ...

    def find(self, text: str, limit: int = 10) -> Found: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found for ``question``, what is made of it, and the facet that is asked for. ``beside``: the id of a
    general answer that fits too, or ""."""

    question: str
    hits: tuple[Hit, ...]
    verdict: Verdict
    facet: Facet | None
    beside: str = ""


class Understanding:
    """Understands a text alone, and as what goes on about the subject before it, corrects it or tells more of it."""

    def __init__(self, knowledge: Knowledge, search: Finder) -> None:
        self._knowledge = knowledge
        self._search = search
        self._dialogue = Dialogue(knowledge.dialogue)
        self._general = frozenset(entry.id for entry in knowledge.entries.values() if entry.general)
        self._talks = {
            tuple(tokens(fold(said))): talk.id for talk in knowledge.smalltalk.values() for said in talk.phrasings
        }

    def picked(self, text: str, before: State) -> int | None:
        """The place of the choice that ``text`` names among those offered ``before``, or None."""
        return self._dialogue.picked(text, len(before.offered))

    def judged(self, text: str, before: State) -> Judged:
        """What ``text`` means after what was talked about ``before``."""
        meant = self._dialogue.corrected(text) if before.question else None
        if meant is None:
            goes_on = bool(before.question) and (not before.subject or self._is_item(before.subject))
            return self._talk(text) or (self._in_context(text, before) if goes_on else self._alone(text))
        if meant:
            return self._corrected(meant, text, before)
        return self.other_than(before.subject, before.question)

    def _talk(self, text: str) -> Judged | None:
        """Small talk that is said word for word, or nearly."""
        talk = self._talks.get(tuple(tokens(fold(text)))) or self._talks.get(self._dialogue.bare(text))
        hit = Hit(f"talk:{talk}", talk, 1.0) if talk else None
        return Judged(text, (), Verdict(Decision.SMALLTALK, (hit,)), None) if hit else None

    def _alone(self, text: str, wrong: str = "") -> Judged:
        return _judge(text, self._search.find(text), wrong)

    def _in_context(self, text: str, before: State) -> Judged:
        """Of the question alone and the question after the last one, the one that is understood better."""
        read = self._search.read(text, following=True)
        goes_on = self._dialogue.goes_on(text)
        new = read.has_subject and not self._is_said(read, before)
        side = self._side_of_all(text, read, new, before)
        if (side or (goes_on and not new)) and (stays := self._staying(text, read, side, before)):
            return stays
        alone = self._question(text)
        if self._is_of_subject(alone, read.facet, before):
            return replace(self.of(before.subject, read.facet, before.question), beside=alone.hits[0].id)
        if alone.verdict.decision is Decision.ANSWER or self._dialogue.turns_away(text):
            return alone
        after = self._after(text, text, read.facet, before)
        hints = bool(read.facet) or goes_on
        if alone.verdict.decision in REFUSED and not hints:
            return after if new and _is_told_apart(after, before) else alone
        if new and self._is_another(alone, after, before):
            return alone
        return after if not new or _is_better(after, alone, hints=hints) else alone

    def _corrected(self, meant: str, text: str, before: State) -> Judged:
        """What was ``meant``, as told by ``text``, when it was not what was talked about ``before``."""
        alone = self._question(meant, before.subject)
        if alone.verdict.decision is Decision.ANSWER or self._dialogue.turns_away(text):
            return alone
        facet = self._search.read(meant, following=True).facet
        after = self._after(meant, text, facet, before, before.subject)
        return after if after.verdict.hits else alone

    def _question(self, text: str, wrong: str = "") -> Judged:
        """The question alone; or the case told before its last part, where that names nothing and blurs it; or the last
        part, where that is sure and the case blurs it."""
        alone = self._alone(text, wrong)
        case, _, last = text.rpartition(",")
        if not case or _best(alone) >= SURE:
            return alone
        if not self._search.read(last).has_subject:
            told = self._alone(case, wrong)
            return replace(told, question=text, facet=alone.facet) if _best(told) > _best(alone) else alone
        if not self._search.read(last, following=True).has_subject:
            return alone
        asked = self._alone(last.strip(), wrong)
        return replace(asked, question=text) if asked.verdict.decision is Decision.ANSWER else alone

    def _is_another(self, alone: Judged, after: Judged, before: State) -> bool:
        """Whether what is named now is likely another entry of the topic, and only the old words outdo it."""
        likely = alone.verdict.hits
        repeats = [hit.id for hit in after.verdict.hits] == [before.subject]
        return bool(likely) and repeats and self._is_beside(likely[0].id, before.subject)

    def _side_of_all(self, text: str, read: Query, new: bool, before: State) -> Facet | None:
        """The side of what was talked about that ``text`` asks for: all of it, or its last part after what is said of
        the case."""
        if not new:
            return read.facet
        case, _, last = text.rpartition(",")
        asked = self._search.read(last, following=True)
        if not (case and asked.facet) or (asked.has_subject and not self._is_said(asked, before)):
            return None
        return None if _best(self._alone(case)) >= LIKELY else asked.facet

    def _is_of_subject(self, alone: Judged, side: Facet | None, before: State) -> bool:
        """Whether only a general answer was found for a side that what was talked about has of its own."""
        general = bool(alone.verdict.hits) and alone.verdict.hits[0].id in self._general
        owned = self._is_item(before.subject) and before.subject not in self._general
        return side is not None and general and owned

    def _is_item(self, subject: str) -> bool:
        """Whether ``subject`` is an entry or a procedure: of a unit's figures nothing goes on here."""
        return self._knowledge.item(subject) is not None

    def _subject(self, side: Facet | None, before: State) -> str:
        """What ``side`` is asked of: what is talked about, or before a general answer that knows no such side."""
        item = self._knowledge.item(before.subject)
        if before.subject not in self._general or item is None or side in known_facets(item):
            return before.subject
        items = (shown for shown in before.shown if self._is_item(shown) and shown not in self._general)
        return next(items, before.subject)

    def _staying(self, text: str, read: Query, side: Facet | None, before: State) -> Judged | None:
        """The asked ``side`` of what was talked about or offered, unless what is named again is another thing beside
        it."""
        if subject := self._subject(side, before):
            likely = self._alone(text).hits[:1] if read.has_subject else ()
            other = next((hit.id for hit in likely if hit.score >= LIKELY), "")
            if self._is_beside(other, subject):
                return self.of(other, side, text)
            return self.of(subject, side, before.question)
        offered = list(filter(self._is_item, before.offered))
        return self._offered(offered, side, before.question) if side and offered else None

    def _is_beside(self, item_id: str, subject: str) -> bool:
        """Whether both are entries of one topic, and not the same."""
        item, other = (self._knowledge.entries.get(entry_id) for entry_id in (item_id, subject))
        return item is not None and other is not None and item is not other and item.topic == other.topic

    def _after(self, meant: str, text: str, facet: Facet | None, before: State, wrong: str = "") -> Judged:
        """The question before with what is ``meant`` now, which counts twice, and without what ``text`` denies."""
        now, _ = self._dialogue.denied(meant)
        _, denied = self._dialogue.denied(text)
        dropped = set(denied.split()) - set(map(fold, tokens(now)))
        kept = before.question.split()[-EARLIER:]
        earlier = " ".join(word for word in kept if dropped.isdisjoint(map(fold, tokens(word))))
        judged = self._alone(f"{now} {earlier} {now}", wrong)
        return replace(judged, question=f"{earlier} {now}", facet=facet)

    def _is_said(self, read: Query, before: State) -> bool:
        """Whether all that ``read`` names was named by the question before."""
        said = {fold(word) for word in self._search.read(before.question).words}
        return said.issuperset(map(fold, read.core))

    def _offered(self, offered: Sequence[str], facet: Facet, question: str) -> Judged:
        """The same choices again, each from the side that is asked for now. The only one is taken."""
        hits = tuple(map(self.hit, offered))
        decision = Decision.ANSWER if len(hits) == 1 else Decision.CHOOSE
        return Judged(question, hits, Verdict(decision, hits), facet)

    def other_than(self, wrong: str, question: str) -> Judged:
        """What else ``question`` may have meant, now that it is known not to be ``wrong``."""
        other = self._alone(question, wrong)
        hits = other.hits[:3] if other.verdict.decision is Decision.ANSWER else other.verdict.hits
        return replace(other, verdict=Verdict(Decision.CHOOSE if hits else Decision.NONE, hits))

    def of(self, item_id: str, facet: Facet | None, question: str) -> Judged:
        """The asked side of what is talked about."""
        hit = self.hit(item_id)
        return Judged(question, (hit,), Verdict(Decision.ANSWER, (hit,)), facet)

    def chosen(self, text: str, before: State, picked: int) -> Judged:
        """The choice that was ``picked``, from the side that was asked for before there was a choice."""
        asked = Facet(before.offered_side) if before.offered_side else None
        return self.of(before.offered[picked], self._search.read(text).facet or asked, before.question)

    def hit(self, item_id: str) -> Hit:
        item = self._knowledge.item(item_id)
        return Hit(item_id, item.title if item else "", 1.0)


def _best(judged: Judged) -> float:
    """The probability of the likeliest."""
    return judged.hits[0].score if judged.hits else 0.0


def _is_told_apart(after: Judged, before: State) -> bool:
    """Whether what is said now makes another thing of the question before."""
    hits = after.verdict.hits
    return after.verdict.decision in (Decision.ANSWER, Decision.CHOOSE) and before.subject != hits[0].id


def _is_better(after: Judged, alone: Judged, *, hints: bool) -> bool:
    """Whether a question is understood better ``after`` the last one than ``alone``; ``hints``: it sounds like it."""
    if not after.hits or after.verdict.decision is Decision.SMALLTALK:
        return False
    if alone.verdict.decision in REFUSED:
        return True
    best = _best(alone)
    near = best < LIKELY or after.hits[0].id in {hit.id for hit in alone.hits[:3]}
    if after.verdict.decision is Decision.ANSWER:
        return near or best < SURE
    return hints and near and after.hits[0].score > best


def _judge(text: str, found: Found, wrong: str = "") -> Judged:
    """``wrong`` is not considered: the others share its probability."""
    if wrong:
        found = _without(found, wrong)
    return Judged(text, tuple(hit for hit in found.hits if not hit.is_talk), decide(found), found.facet)


def _without(found: Found, wrong: str) -> Found:
    left = 1.0 if found.exact else 1 - sum(hit.score for hit in found.hits if hit.id == wrong)
    others = [hit for hit in found.hits if hit.id != wrong]
    hits = tuple(replace(hit, score=round(min(hit.score / left, 1.0), 4)) for hit in others) if left > 0 else ()
    return replace(found, hits=hits)
