"""Questions about figures in people's own words: what is wanted, by whom, and what they may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from handlers.board import Board, Sees, of_today
from handlers.kpi import KpiScreens, action_of
from handlers.kpi_view import PROVINCE
from handlers.model import Outcome
from handlers.officers import EVERYWHERE, Officer, may_see
from handlers.screens import Screens
from handlers.state import State
from knowledge.decide import Decision, decide
from knowledge.dialogue import Dialogue
from knowledge.guards import Guards
from knowledge.kpi_ask import Intent, KpiQuestion, KpiReader
from knowledge.model import Knowledge
from knowledge.search import Hit, Search
from knowledge.text import clean, fold, tokens

UNIT = "unit:"
ROWS = ("indicator:", "task:")
#: Questions that name no unit: where the guidance has a sure answer, it is meant.
VAGUE = frozenset({Intent.OWN, Intent.INDICATORS, Intent.TASKS, Intent.ROWS, Intent.UNKNOWN})
#: What teams do as such is asked more often than the plan's task to have them do it.
TEAMS, TEAMS_TASK = "to-cns.", "task:II.5"
#: The guidance on the plan: it answers who speaks of the plan, unless one body or deadline is meant.
ON_PLAN = "kh269."
ABOUT_PLAN = frozenset({Intent.TASKS, Intent.ROWS})
#: The guidance that is the list of all indicators too.
ALL_INDICATORS = "kh269.chi-tieu"
#: What someone without a unit is told who asks for the own one.
OWN_FIGURES = "entry:kpi.cach-xem"
#: The guidance on what became of communes.
MERGED = "ho-tro.xa-moi"
MAX_QUESTION = 1000


class KpiAnswering:
    """Answers questions about units, indicators and tasks."""

    def __init__(self, knowledge: Knowledge, search: Search, screens: KpiScreens, board: Callable[[], Board]) -> None:
        plan, following = knowledge.plan, knowledge.dialogue.following
        fillers = (*knowledge.lexicon.fillers, *following.fillers, *following.cues, *following.openings)
        self._reader = KpiReader(plan, fillers)
        self._plan_units, self._units = plan.units, plan.units.by_id
        self._past = plan.place_words.asides.past
        self._entries = knowledge.entries
        self._search = search
        self._screens = screens
        self._board = board
        self._dialogue = Dialogue(knowledge.dialogue)
        self._guards = Guards(knowledge.guards)

    def read(self, text: str, state: State, *, fresh: bool) -> KpiQuestion | None:
        """What ``text`` wants to know of figures, or None when it is about something else."""
        text = clean(text[:MAX_QUESTION])
        offered = state.offered if fresh else ()
        if offered and offered[0].startswith((UNIT, *ROWS)):
            place = self._dialogue.picked(text, len(offered))
            if place is not None:
                return _picked(offered[place])
        subject = state.subject if fresh and state.subject.startswith(UNIT) else ""
        question = self._reader.read(text, self._search.read(text), subject)
        return None if question and self._guards.look(text).alarm else question

    def yields(self, text: str, question: KpiQuestion, viewer: Officer | None) -> bool:
        """Whether the guidance answers ``text`` rather than figures."""
        narrowed = (question.units, question.choices, question.within, question.due, question.body, question.deadline)
        is_row_of_plan = question.named and question.intent in ABOUT_PLAN
        if question.intent not in VAGUE or any(narrowed) or (question.sure and not is_row_of_plan):
            return False
        if question.intent is Intent.OWN and own_unit(viewer):
            return False
        verdict = decide(self._search.find(clean(text[:MAX_QUESTION])))
        if is_row_of_plan:
            return verdict.decision is Decision.ANSWER and verdict.hits[0].id.startswith(ON_PLAN)
        if question.rows:
            known = verdict.decision is not Decision.NONE and verdict.hits[0].id.startswith(TEAMS)
            return known and TEAMS_TASK in question.rows
        return verdict.decision is Decision.ANSWER

    def answer(
        self, text: str, question: KpiQuestion, state: State, screens: Screens, viewer: Officer | None
    ) -> tuple[Outcome, State]:
        """The answer as ``viewer`` may see it, and the state after it."""
        sees = self.sees(viewer)
        question = self._of_today(text, question, sees)
        action = action_of(question)
        if question.intent is Intent.OWN:
            unit = own_unit(viewer)
            question = replace(question, units=(unit,) if unit else ())
            action = action_of(question) if unit else OWN_FIGURES
        picked = self._dialogue.picked(clean(text[:MAX_QUESTION]), len(state.offered)) is not None
        asked = state.question if picked else self._guards.mask(clean(text[:MAX_QUESTION]))
        decision = _decision(question)
        shown = action if decision is Decision.ANSWER and text else ""
        after = replace(state.go(action), question=asked, answer=shown)
        named = (OWN_FIGURES.partition(":")[2],) if action == OWN_FIGURES else self._screens.named(question, sees)
        named += (MERGED,) if question.intent is Intent.HISTORY and not question.choices else ()
        if question.intent is Intent.INDICATORS and not question.units:
            named = (ALL_INDICATORS, *named)
        hits = tuple(Hit(item, self._title(item), 1.0) for item in named)
        item = hits[0].id if hits and decision is Decision.ANSWER else ""
        hits = (*hits[:1], *self._guidance(text, question), *hits[1:])
        return Outcome((screens.seen_by(sees).show(action, after),), decision, hits, None, item), after

    def _guidance(self, text: str, question: KpiQuestion) -> tuple[Hit, ...]:
        """What the guidance says of the plan that fits ``text`` too; nothing where exactly what is offered counts."""
        if not question.named or question.intent not in ABOUT_PLAN or _decision(question) is not Decision.ANSWER:
            return ()
        best = self._search.find(clean(text[:MAX_QUESTION])).hits[:3]
        return tuple(hit for hit in best if hit.id.startswith(ON_PLAN))[:1]

    def _of_today(self, text: str, question: KpiQuestion, sees: Sees | None) -> KpiQuestion:
        """The units of today in place of those of the same name before, where they have newer figures by now."""
        said = f" {' '.join(tokens(fold(text)))} "
        if question.intent is Intent.HISTORY or any(f" {fold(word)} " in said for word in self._past):
            return question
        standings = self._board().seen(sees)
        units = tuple(of_today(unit, standings, self._plan_units) for unit in question.units)
        choices = tuple(of_today(unit, standings, self._plan_units) for unit in question.choices)
        return replace(question, units=units, choices=tuple(dict.fromkeys(choices)))

    def _title(self, item: str) -> str:
        entry = self._entries.get(item)
        return entry.title if entry else self._screens.title(item)

    def sees(self, viewer: Officer | None) -> Sees | None:
        """Whose unpublished figures ``viewer`` sees."""
        if viewer is None or not self._board().has_internal:
            return None
        return lambda unit: may_see(viewer, unit, self._units)


def _picked(offered: str) -> KpiQuestion:
    """What is asked when one of what was offered is picked."""
    if offered.startswith(UNIT):
        return KpiQuestion(Intent.UNIT, (offered,))
    return KpiQuestion(Intent.ROWS, rows=(offered,), sure=True)


def _decision(question: KpiQuestion) -> Decision:
    if question.intent is Intent.UNKNOWN:
        return Decision.NONE
    return Decision.CHOOSE if question.choices or len(question.rows) > 1 else Decision.ANSWER


def own_unit(viewer: Officer | None) -> str | None:
    """The unit that ``viewer`` acts for: their own, or the province."""
    if viewer is None:
        return None
    return PROVINCE if viewer.role in EVERYWHERE else viewer.unit
