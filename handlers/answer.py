"""Free text: look for danger first, then show what was understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.missed import MissedKind, Noting
from handlers.model import Button, Outcome, Reply
from handlers.render import render
from handlers.screens import Screens
from handlers.state import HOME, WITHHELD, State, shown_by
from handlers.understand import Finder, Judged, Understanding
from knowledge.decide import Decision, Verdict
from knowledge.guards import ENTRIES, Alarm, Guards, Seen
from knowledge.model import Facet, Knowledge
from knowledge.text import clean

#: More than a long story needs; the rest of an endless text is not searched.
MAX_QUESTION = 1000
#: How much of a text is looked through for danger and secrets.
MAX_LOOKED_AT = 4000
#: Numbers for people in danger.
RESCUE = ("cong-an", "cuu-hoa", "cap-cuu")
#: Small talk that ends what was talked about. After thanks people often go on.
CLOSING = frozenset({"tam-biet"})


class Answering:
    """Answers questions in people's own words."""

    def __init__(self, knowledge: Knowledge, search: Finder, screens: Screens) -> None:
        self._knowledge = knowledge
        self._screens = screens
        self._understanding = Understanding(knowledge, search)
        self._guards = Guards(knowledge.guards)
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
            case Alarm.EMERGENCY:
                return self._in_danger(seen, state, before)
            case Alarm.GAME:
                return self._calm(), state
            case _:
                return self._alarmed(seen, state)

    def _alarmed(self, seen: Seen, state: State) -> tuple[Outcome, State]:
        """The warning comes first, whatever was asked."""
        judged = self._understanding.of(seen.entry, None, seen.text)
        return self._shown(judged, state, state, kept=False)

    def _in_danger(self, seen: Seen, state: State, before: State) -> tuple[Outcome, State]:
        """Whom to call at once, whatever was talked about before; and the answer where the papers of a mishap are
        surely asked for."""
        judged = self._understanding.judged(seen.text[:MAX_QUESTION], State())
        if judged.verdict.decision is not Decision.ANSWER or judged.verdict.hits[0].id == seen.entry:
            return self._alarmed(seen, state)
        outcome, after = self._shown(judged, state, before, kept=False)
        numbers = [self._knowledge.hotlines[name] for name in RESCUE if name in self._knowledge.hotlines]
        replies = (Reply(render("guard_danger.j2", numbers=numbers)), *outcome.replies)
        hits = (*outcome.hits[:1], self._understanding.hit(seen.entry), *outcome.hits[1:])
        return replace(outcome, replies=replies, hits=hits), after

    def _warned(self, seen: Seen, state: State, before: State) -> tuple[Outcome, State]:
        """A warning, and the answer to what is left of the message when there is one."""
        hit = self._understanding.hit(ENTRIES[Alarm.SECRET])
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
        picked = self._understanding.picked(text, before)
        judged = (
            self._understanding.chosen(text, before, picked)
            if picked is not None
            else self._understanding.judged(text, before)
        )
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
        if not judged.beside:
            return Outcome((reply,), decision, judged.hits, judged.facet, item, missed), after
        hits = (*judged.hits, self._understanding.hit(judged.beside))
        return Outcome((self._with(reply, judged.beside),), decision, hits, judged.facet, item, missed), after

    def _with(self, reply: Reply, entry_id: str) -> Reply:
        """``reply`` with a button that leads to the entry, on top unless there is one."""
        button = Button(self._label(entry_id), action=f"entry:{entry_id}")
        there = any(button.action == other.action for row in reply.buttons for other in row)
        return reply if there else replace(reply, buttons=((button,), *reply.buttons))

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
        judged = self._understanding.other_than(item, state.question)
        onward = self._action(judged.verdict, None)
        after = replace(state.go(onward), answer="")
        reply = screens.show(onward, after, replaces=True)
        missed = self._noting.note(MissedKind.WRONG, state.question, item)
        return Outcome((_thanked(reply, "noted" if missed else "heard"),), missed=missed), after

    def _label(self, entry_id: str) -> str:
        entry = self._knowledge.entries.get(entry_id)
        return entry.label if entry else entry_id

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
