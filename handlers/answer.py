"""Free text: what it refers to, search, decide, and show what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from handlers.missed import MissedKind, Noting
from handlers.model import Button, Outcome, Reply
from handlers.render import render
from handlers.screens import Screens
from handlers.state import HOME, WITHHELD, State, shown_by
from knowledge.decide import Decision, Verdict, decide
from knowledge.dialogue import Dialogue
from knowledge.guards import ENTRIES, Alarm, Guards, Seen
from knowledge.model import Facet, Knowledge
from knowledge.query import Query
from knowledge.search import Found, Hit
from knowledge.text import clean, fold, tokens

#: More than a long story needs; the rest of an endless text is not searched.
MAX_QUESTION = 1000
#: How much of a text is looked through for danger and secrets.
MAX_LOOKED_AT = 4000
#: From this probability on, a question of its own is not one about what was talked about.
LIKELY = 0.5
#: From here on it is surely one of its own, whatever else it may sound like.
SURE = 0.8
#: Small talk that ends what was talked about. After thanks people often go on.
CLOSING = frozenset({"tam-biet"})


REFUSED = (Decision.NONE, Decision.SMALLTALK)


class Finder(Protocol):
    """What answering needs of ``knowledge.search.Search``."""

    def read(self, text: str, *, following: bool = False) -> Query: ...

    def find(self, text: str, limit: int = 10) -> Found: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found for ``question``, what is made of it, and the facet that is asked for."""

    question: str
    hits: tuple[Hit, ...]
    verdict: Verdict
    facet: Facet | None


class Answering:
    """Answers questions in people's own words."""

    def __init__(self, knowledge: Knowledge, search: Finder, screens: Screens) -> None:
        self._knowledge = knowledge
        self._search = search
        self._screens = screens
        self._dialogue = Dialogue(knowledge.dialogue)
        self._guards = Guards(knowledge.guards)
        self._talks = {
            tuple(tokens(fold(said))): talk.id for talk in knowledge.smalltalk.values() for said in talk.phrasings
        }
        self._noting = Noting(knowledge.guards, search.read)

    def answer(self, text: str, state: State, *, fresh: bool = True) -> tuple[Outcome, State]:
        """The answer to ``text``, and the state after it. ``fresh``: the state may be referred to."""
        seen = self._guards.look(clean(text[:MAX_LOOKED_AT]))
        before = state if fresh else State()
        match seen.alarm:
            case None:
                return self._understood(seen.text[:MAX_QUESTION], state, before)
            case Alarm.SECRET:
                return self._warned(seen, state, before)
            case Alarm.ABUSE:
                return self._calmed(seen.rests, state, before)
            case Alarm.GAME:
                return self._calm(), state
            case _:
                return self._alarmed(seen, state)

    def _alarmed(self, seen: Seen, state: State) -> tuple[Outcome, State]:
        """The warning comes first, whatever was asked."""
        judged = self._of(seen.entry, None, seen.text)
        return self._shown(judged, state, state, kept=False)

    def _warned(self, seen: Seen, state: State, before: State) -> tuple[Outcome, State]:
        """A warning, and the answer to what is left of the message when there is one."""
        hit = self._hit(ENTRIES[Alarm.SECRET])
        outcome, after = self._beside(seen.rests, state, before)
        answered = outcome is not None
        kinds = sorted(kind.value for kind in seen.kinds)
        notice = render("guard_secret.j2", kinds=kinds, answered=answered)
        if outcome is None:
            more = ((Button(self._label(hit.id), action=f"entry:{hit.id}"),), *self._screens.footer(state))
            return Outcome((Reply(notice, more),), Decision.ANSWER, (hit,), None, hit.id), state
        replies = (Reply(notice), *outcome.replies)
        return replace(outcome, replies=replies, decision=Decision.ANSWER, hits=(hit, *outcome.hits)), after

    def _beside(self, rests: Sequence[str], state: State, before: State) -> tuple[Outcome | None, State]:
        """The answer to the first of ``rests`` that is understood best, or None."""
        understood = [self._understood(rest, state, before, kept=False) for rest in rests]
        for wanted in (Decision.ANSWER, Decision.CHOOSE):
            for outcome, after in understood:
                if outcome.decision is wanted:
                    return outcome, after
        return None, state

    def _calmed(self, rests: Sequence[str], state: State, before: State) -> tuple[Outcome, State]:
        """Help where help is asked for between the insults, otherwise a calm word."""
        outcome, after = self._beside(rests, state, before)
        return (outcome, after) if outcome else (self._calm(), state)

    def _calm(self) -> Outcome:
        return Outcome((Reply(render("guard_calm.j2"), self._screens.first_steps()),), Decision.NONE)

    def _understood(self, text: str, state: State, before: State, *, kept: bool = True) -> tuple[Outcome, State]:
        """``kept``: the question may be noted when it is missed, unless it goes on about one that may not."""
        picked = self._dialogue.picked(text, len(before.offered))
        judged = self._chosen(text, before, picked) if picked is not None else self._judged(text, before)
        if judged.verdict.decision is Decision.SMALLTALK:
            return self._small_talk(judged.verdict, state)
        return self._shown(judged, state, before, kept=kept and (before.answer != WITHHELD or judged.question == text))

    def _shown(self, judged: Judged, state: State, before: State, *, kept: bool) -> tuple[Outcome, State]:
        """``before``: what was talked about, and still is when nothing was found."""
        decision = judged.verdict.decision
        action = self._action(judged.verdict, judged.facet)
        answer = action if decision is not Decision.NONE else ""
        lost = decision is Decision.NONE and (before.subject or before.offered)
        question = before.question if lost else judged.question
        after = replace(state.go(action), question=question, answer=answer if kept else WITHHELD)
        item = judged.verdict.hits[0].id if decision is Decision.ANSWER else ""
        missed = self._noting.note(MissedKind.NONE, judged.question) if kept and decision is Decision.NONE else None
        reply = self._screens.show(action, after)
        return Outcome((reply,), decision, judged.hits, judged.facet, item, missed), after

    def pressed(self, action: str, state: State, screens: Screens) -> tuple[Outcome, State] | None:
        """What follows a button that says that the last answer was wrong; None when ``action`` does not say so.
        ``screens``: as who pressed it sees them."""
        if action.startswith("wrong:"):
            return self._called_wrong(action, state, screens)
        if action == "none" and state.offered and state.screen == state.answer:
            outcome, after = screens.press(action, state)
            missed = self._noting.note(MissedKind.WRONG, state.question, ",".join(state.offered))
            return replace(outcome, missed=missed), replace(after, answer="")
        return None

    def _called_wrong(self, action: str, state: State, screens: Screens) -> tuple[Outcome, State]:
        """Thanks, and what else the question may have meant. Called wrong again, or when another question was asked
        since, it is not noted and one stays where one is."""
        if action != state.wrong:
            reply = screens.show(state.screen, state, replaces=True)
            return Outcome((_thanked(reply, "late"),)), state
        item = shown_by(state.answer) or state.answer
        judged = self._other_than(item, state.question)
        onward = self._action(judged.verdict, None)
        after = replace(state.go(onward), answer="")
        reply = screens.show(onward, after, replaces=True)
        missed = self._noting.note(MissedKind.WRONG, state.question, item)
        return Outcome((_thanked(reply, "noted" if missed else "heard"),), missed=missed), after

    def _judged(self, text: str, before: State) -> Judged:
        """What ``text`` means after what was talked about ``before``."""
        meant = self._dialogue.corrected(text) if before.question else None
        if meant is None:
            return self._talk(text) or (self._in_context(text, before) if before.question else self._alone(text))
        if meant:
            return self._in_context(meant, before, corrects=text)
        return self._other_than(before.subject, before.question)

    def _talk(self, text: str) -> Judged | None:
        """Small talk that is said word for word, or nearly."""
        talk = self._talks.get(tuple(tokens(fold(text)))) or self._talks.get(self._dialogue.bare(text))
        hit = Hit(f"talk:{talk}", talk, 1.0) if talk else None
        return Judged(text, (), Verdict(Decision.SMALLTALK, (hit,)), None) if hit else None

    def _alone(self, text: str, wrong: str = "") -> Judged:
        return _judge(text, self._search.find(text), wrong)

    def _in_context(self, text: str, before: State, corrects: str | None = None) -> Judged:
        """Of the question alone and the question after the last one, the one that is understood better. ``corrects``:
        the whole message of which ``text`` is what was meant."""
        read = self._search.read(text, following=True)
        goes_on = self._dialogue.goes_on(text) or corrects is not None
        new = read.has_subject and not self._is_said(read, before)
        asks = self._side_of_all(text, read, new, before) if corrects is None else None
        if corrects is None and (asks or goes_on and not new):
            stays = self._staying(text, read, asks, before)
            if stays:
                return stays
        wrong = before.subject if corrects is not None else ""
        alone = self._alone(text, wrong)
        if alone.verdict.decision is Decision.ANSWER or self._dialogue.turns_away(text):
            return alone
        after = self._after(text, self._dialogue.denied(corrects or text)[1], read.facet, before, wrong)
        if corrects is not None:
            return after if after.verdict.hits else alone
        hints = bool(read.facet) or goes_on
        if alone.verdict.decision in REFUSED and not hints:
            return after if new and _is_told_apart(after, before) else alone
        return after if not new or _is_better(after, alone, hints=hints) else alone

    def _side_of_all(self, text: str, read: Query, new: bool, before: State) -> Facet | None:
        """The side of what was talked about that ``text`` asks for: all of it, or its last part after what is said of
        the case."""
        if not new:
            return read.facet
        case, _, last = text.rpartition(",")
        asked = self._search.read(last, following=True)
        if not (case and asked.facet) or asked.has_subject and not self._is_said(asked, before):
            return None
        told = self._alone(case).hits
        return None if told and told[0].score >= LIKELY else asked.facet

    def _staying(self, text: str, read: Query, side: Facet | None, before: State) -> Judged | None:
        """The asked ``side`` of what was talked about or offered, unless what is named again is another thing beside
        it."""
        if before.subject:
            other = self._alone(text) if read.has_subject else None
            if other and other.verdict.decision is Decision.ANSWER and self._is_beside(other.hits[0].id, before.subject):
                return other
            return self._of(before.subject, side, before.question)
        offered = [item for item in before.offered if self._knowledge.item(item)]
        return self._offered(offered, side, before.question) if side and offered else None

    def _is_beside(self, item_id: str, subject: str) -> bool:
        """Whether both are entries of one topic, and not the same."""
        entries = [self._knowledge.entries.get(entry_id) for entry_id in (item_id, subject)]
        return item_id != subject and len({entry.topic if entry else "" for entry in entries} - {""}) == 1 and all(entries)

    def _after(self, text: str, gone: str, facet: Facet | None, before: State, wrong: str) -> Judged:
        """The question before with what is said now, which counts twice, and without what is ``gone``."""
        now, _ = self._dialogue.denied(text)
        dropped = set(map(fold, tokens(gone))) - set(map(fold, tokens(now)))
        earlier = " ".join(word for word in tokens(before.question) if fold(word) not in dropped)
        judged = self._alone(f"{now} {earlier} {now}", wrong)
        return replace(judged, question=f"{earlier} {now}", facet=facet)

    def _is_said(self, read: Query, before: State) -> bool:
        """Whether all that ``read`` names was named by the question before."""
        said = {fold(word) for word in self._search.read(before.question).words}
        return said.issuperset(map(fold, read.core))

    def _offered(self, offered: Sequence[str], facet: Facet, question: str) -> Judged:
        """The same choices again, each from the side that is asked for now. The only one is taken."""
        hits = tuple(map(self._hit, offered))
        decision = Decision.ANSWER if len(hits) == 1 else Decision.CHOOSE
        return Judged(question, hits, Verdict(decision, hits), facet)

    def _other_than(self, wrong: str, question: str) -> Judged:
        """What else ``question`` may have meant, now that it is known not to be ``wrong``."""
        other = self._alone(question, wrong)
        hits = other.hits[:3] if other.verdict.decision is Decision.ANSWER else other.verdict.hits
        return replace(other, verdict=Verdict(Decision.CHOOSE if hits else Decision.NONE, hits))

    def _of(self, item_id: str, facet: Facet | None, question: str) -> Judged:
        """The asked side of what is talked about."""
        hit = self._hit(item_id)
        return Judged(question, (hit,), Verdict(Decision.ANSWER, (hit,)), facet)

    def _hit(self, item_id: str) -> Hit:
        item = self._knowledge.item(item_id)
        return Hit(item_id, item.title if item else "", 1.0)

    def _label(self, entry_id: str) -> str:
        entry = self._knowledge.entries.get(entry_id)
        return entry.label if entry else entry_id

    def _chosen(self, text: str, before: State, picked: int) -> Judged:
        """The choice that was ``picked``, from the side that was asked for before there was a choice."""
        asked = Facet(before.offered_side) if before.offered_side else None
        return self._of(before.offered[picked], self._search.read(text).facet or asked, before.question)

    def _action(self, verdict: Verdict, facet: Facet | None) -> str:
        match verdict.decision:
            case Decision.ANSWER:
                return self._screens.action_for(verdict.hits[0].id, facet)
            case Decision.CHOOSE:
                return "offer:" + ",".join(hit.id for hit in verdict.hits) + (f":{facet}" if facet else "")
            case _:
                return "none"

    def _small_talk(self, verdict: Verdict, state: State) -> tuple[Outcome, State]:
        talk = self._knowledge.smalltalk[verdict.hits[0].id.removeprefix("talk:")]
        html = render("smalltalk.j2", reply=talk.reply)
        after = replace(state.go(HOME), question="") if talk.id in CLOSING else state
        outcome = Outcome((Reply(html, self._screens.first_steps()),), Decision.SMALLTALK, item=verdict.hits[0].id)
        return outcome, after


def _thanked(reply: Reply, what: str) -> Reply:
    """``reply`` with a word before it about ``what`` became of the complaint: "noted", "heard" or too "late"."""
    return replace(reply, html=render("wrong.j2", what=what) + "\n\n" + reply.html)


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
    best = alone.hits[0].score if alone.hits else 0.0
    near = best < LIKELY or after.hits[0].id in {hit.id for hit in alone.hits[:3]}
    if after.verdict.decision is Decision.ANSWER:
        return near or best < SURE
    return hints and near and after.hits[0].score > best


def _judge(text: str, found: Found, wrong: str = "") -> Judged:
    """``wrong`` is not considered: the others share its probability."""
    left = 1.0 if found.exact else 1 - sum(hit.score for hit in found.hits if hit.id == wrong)
    others = [hit for hit in found.hits if hit.id != wrong]
    hits = tuple(replace(hit, score=round(min(hit.score / left, 1.0), 4)) for hit in others) if left > 0 else ()
    verdict = decide(replace(found, hits=hits))
    return Judged(text, tuple(hit for hit in hits if not hit.is_talk), verdict, found.facet)
