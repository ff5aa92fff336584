"""Free text: what it refers to, search, decide, and show what was decided."""

from __future__ import annotations

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
from knowledge.text import clean

#: More than a long story needs; the rest of an endless text is not searched.
MAX_QUESTION = 1000
#: Small talk that ends what was talked about.
CLOSING = frozenset({"cam-on", "tam-biet"})


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
        self._noting = Noting(knowledge.guards, search.read)

    def answer(self, text: str, state: State, *, fresh: bool = True) -> tuple[Outcome, State]:
        """The answer to ``text``, and the state after it. ``fresh``: the state may be referred to."""
        seen = self._guards.look(clean(text[:MAX_QUESTION]))
        before = state if fresh else State()
        match seen.alarm:
            case None:
                return self._understood(seen.text, state, before)
            case Alarm.SECRET:
                return self._warned(seen, state, before)
            case Alarm.ABUSE:
                return self._calmed(seen.rest, state, before)
            case Alarm.GAME:
                return self._calm(), state
            case _:
                return self._alarmed(seen, state)

    def _alarmed(self, seen: Seen, state: State) -> tuple[Outcome, State]:
        """The warning comes first, whatever was asked."""
        judged = self._of(seen.entry, None, seen.text)
        return self._shown(judged, state, kept=False)

    def _warned(self, seen: Seen, state: State, before: State) -> tuple[Outcome, State]:
        """A warning, and the answer to what is left of the message when there is one."""
        hit = self._hit(ENTRIES[Alarm.SECRET])
        outcome, after = self._understood(seen.rest, state, before, kept=False) if seen.rest else (None, state)
        answered = outcome is not None and outcome.decision in (Decision.ANSWER, Decision.CHOOSE)
        kinds = sorted(kind.value for kind in seen.kinds)
        notice = render("guard_secret.j2", kinds=kinds, answered=answered)
        if outcome is None or not answered:
            more = ((Button(self._label(hit.id), action=f"entry:{hit.id}"),), *self._screens.footer(state))
            return Outcome((Reply(notice, more),), Decision.ANSWER, (hit,), None, hit.id), state
        replies = (Reply(notice), *outcome.replies)
        return replace(outcome, replies=replies, decision=Decision.ANSWER, hits=(hit, *outcome.hits)), after

    def _calmed(self, rest: str, state: State, before: State) -> tuple[Outcome, State]:
        """Help where help is asked for between the insults, otherwise a calm word."""
        if rest:
            outcome, after = self._understood(rest, state, before, kept=False)
            if outcome.decision in (Decision.ANSWER, Decision.CHOOSE):
                return outcome, after
        return self._calm(), state

    def _calm(self) -> Outcome:
        return Outcome((Reply(render("guard_calm.j2"), self._screens.first_steps()),), Decision.NONE)

    def _understood(self, text: str, state: State, before: State, *, kept: bool = True) -> tuple[Outcome, State]:
        """``kept``: the question may be noted when it is missed, unless it goes on about one that may not."""
        picked = self._dialogue.picked(text, len(before.offered))
        judged = self._chosen(text, before, picked) if picked is not None else self._judged(text, before)
        if judged.verdict.decision is Decision.SMALLTALK:
            return self._small_talk(judged.verdict, state)
        return self._shown(judged, state, kept=kept and (before.answer != WITHHELD or judged.question == text))

    def _shown(self, judged: Judged, state: State, *, kept: bool) -> tuple[Outcome, State]:
        decision = judged.verdict.decision
        action = self._action(judged.verdict, judged.facet)
        answer = action if decision is not Decision.NONE else ""
        after = replace(state.go(action), question=judged.question, answer=answer if kept else WITHHELD)
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
        if not before.question:
            return self._alone(text)
        meant = self._dialogue.corrected(text)
        if meant is None:
            return self._in_context(text, before)
        if meant:
            return self._in_context(meant, before, wrong=before.subject)
        return self._other_than(before.subject, before.question)

    def _alone(self, text: str, wrong: str = "") -> Judged:
        return _judge(text, self._search.find(text), wrong)

    def _in_context(self, text: str, before: State, wrong: str = "") -> Judged:
        """Of the question alone and the question after the last one, the one that is understood better."""
        read = self._search.read(text, following=True)
        goes_on = self._dialogue.goes_on(text) or bool(wrong)
        if not wrong and before.subject and not read.has_subject and (read.facet or goes_on):
            return self._of(before.subject, read.facet, before.question)
        alone = self._alone(text, wrong)
        if alone.verdict.decision in (Decision.ANSWER, Decision.SMALLTALK):
            return alone
        if alone.verdict.decision is Decision.NONE and not (read.facet or goes_on):
            return alone
        after = replace(self._alone(f"{before.question} {text}", wrong), facet=read.facet)
        better = after.verdict.decision is Decision.ANSWER or goes_on or alone.verdict.decision is Decision.NONE
        return after if better and after.verdict.decision is not Decision.SMALLTALK else alone

    def _other_than(self, wrong: str, question: str) -> Judged:
        """What else ``question`` may have meant, now that it is known not to be ``wrong``."""
        found = self._search.find(question)
        left = 1 - sum(hit.score for hit in found.hits if hit.id == wrong)
        likelier = (replace(hit, score=min(hit.score / left, 1.0)) for hit in found.hits if left > 0)
        other = _judge(question, replace(found, hits=tuple(likelier)), wrong)
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

    def _chosen(self, text: str, before: State, place: int) -> Judged:
        """The question is still the one that the choice was offered for."""
        return self._of(before.offered[place], self._search.read(text).facet, before.question or text)

    def _action(self, verdict: Verdict, facet: Facet | None) -> str:
        match verdict.decision:
            case Decision.ANSWER:
                return self._screens.action_for(verdict.hits[0].id, facet)
            case Decision.CHOOSE:
                return "offer:" + ",".join(hit.id for hit in verdict.hits)
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


def _judge(text: str, found: Found, wrong: str = "") -> Judged:
    """``wrong`` is not considered."""
    hits = tuple(hit for hit in found.hits if hit.id != wrong)
    verdict = decide(replace(found, hits=hits))
    return Judged(text, tuple(hit for hit in hits if not hit.is_talk), verdict, found.facet)
