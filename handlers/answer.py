"""Free text: search, decide, and show what was decided."""

from __future__ import annotations

from handlers.model import Outcome, Reply
from handlers.render import render
from handlers.screens import Screens
from handlers.state import State
from knowledge.decide import Decision, Verdict, decide
from knowledge.model import Facet, Knowledge
from knowledge.search import Search
from knowledge.text import clean

#: More than a long story needs; the rest of an endless text is not searched.
MAX_QUESTION = 1000


class Answering:
    """Answers questions in people's own words."""

    def __init__(self, knowledge: Knowledge, search: Search, screens: Screens) -> None:
        self._knowledge = knowledge
        self._search = search
        self._screens = screens

    def answer(self, text: str, state: State) -> tuple[Outcome, State]:
        found = self._search.find(clean(text[:MAX_QUESTION]))
        verdict = decide(found)
        if verdict.decision is Decision.SMALLTALK:
            return self._small_talk(verdict), state
        action = self._action(verdict, found.facet)
        hits = tuple(hit for hit in found.hits if not hit.is_talk)
        after = state.go(action)
        reply = self._screens.show(action, after)
        item = verdict.hits[0].id if verdict.decision is Decision.ANSWER else ""
        return Outcome((reply,), verdict.decision, hits, found.facet, item), after

    def _action(self, verdict: Verdict, facet: Facet | None) -> str:
        match verdict.decision:
            case Decision.ANSWER:
                return self._screens.action_for(verdict.hits[0].id, facet)
            case Decision.CHOOSE:
                return "offer:" + ",".join(hit.id for hit in verdict.hits)
            case _:
                return "none"

    def _small_talk(self, verdict: Verdict) -> Outcome:
        talk = self._knowledge.smalltalk[verdict.hits[0].id.removeprefix("talk:")]
        html = render("smalltalk.j2", reply=talk.reply)
        return Outcome((Reply(html, self._screens.first_steps()),), Decision.SMALLTALK, item=verdict.hits[0].id)
