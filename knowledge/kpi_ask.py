"""What a question about units' figures, the plan's indicators or its tasks wants to know."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge.kpi_cues import GENERAL, CueReader, Said
from knowledge.kpi_model import Cue, UnitKind
from knowledge.normal import Step
from knowledge.phrases import Phrases
from knowledge.places import Mention, Places
from knowledge.plan import Plan
from knowledge.plan_ask import ENOUGH, Days, RowFinder, days
from knowledge.query import Query
from knowledge.text import fold

MOST = 50
USUAL = 5
#: What of a question must be in an indicator's name when no target is spoken of.
SURE_ROW = 0.85
#: Words of most names, without their kind.
TWO = 2
#: People say "the communes" of a rural district and mean its town too.
LOOSE = "xa"
#: The indicator that is the sum of all dossiers.
ONLINE = "indicator:II.2"
RANKING = (Cue.LOWEST, Cue.HIGHEST, Cue.BY_GAP, Cue.BY_TOTAL)
#: What asks how something is done has one of these if it is about figures, indicators or tasks at all.
TELLING = frozenset(
    {
        *RANKING,
        *(Cue.FIGURE, Cue.RATE, Cue.GAP, Cue.NEEDED, Cue.TARGET, Cue.GOAL, Cue.BELOW, Cue.COMPARE, Cue.TOGETHER),
        *(Cue.HISTORY, Cue.INDICATOR, Cue.TASK, Cue.CHARGE),
    }
)
#: Strange words with which a name that is not known is still taken for a unit's.
MOST_STRANGE = 2


class Intent(StrEnum):
    """The kinds of questions. UNKNOWN: about the figures of a unit that there is not."""

    UNIT = "unit"
    OWN = "own"
    COMPARE = "compare"
    RANK = "rank"
    BELOW = "below"
    TOGETHER = "together"
    HISTORY = "history"
    INDICATORS = "indicators"
    TASKS = "tasks"
    ROWS = "rows"
    UNKNOWN = "unknown"


class Aspect(StrEnum):
    """What of a unit is asked for first."""

    ALL = "all"
    RATE = "rate"
    TARGET = "target"
    GAP = "gap"
    NEEDED = "needed"
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class KpiQuestion:
    """``units`` in the order they were named; ``choices`` instead when a name fits several. Of a ranking: ``count``
    units of ``level`` (None: every level) and of the one ``kind`` ("xa"; "": every kind) below ``within`` (None: the
    province), by ``measure``, lowest first when ``ascending``. Of tasks: the days in which they are ``due``, the
    printed ``deadline`` of those without a day, the ``body`` that is no unit. ``rows``: indicators or tasks that were
    meant, one to be shown or several to choose from. ``sure``: the guidance knows no better answer. ``named``: the
    plan itself is spoken of, and no unit."""

    intent: Intent
    units: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    aspect: Aspect = Aspect.ALL
    level: UnitKind | None = None
    within: str | None = None
    measure: str = "rate"
    ascending: bool = False
    count: int = USUAL
    due: Days | None = None
    kind: str = ""
    rows: tuple[str, ...] = ()
    body: str = ""
    deadline: str = ""
    sure: bool = False
    named: bool = False


class KpiReader:
    """Reads questions about one plan and its units."""

    def __init__(self, plan: Plan, fillers: Collection[str]) -> None:
        self._units = plan.units
        departments = {unit.name.split()[0] for unit in plan.units if unit.kind is UnitKind.DEPARTMENT}
        self._cues = CueReader(plan.kpi_words, fillers, {fold(word) for word in departments})
        self._places = Places(plan.units, plan.place_words, self._cues.ordinary)
        self._fillers = Phrases([(None, phrase) for phrase in fillers])
        self._indicators, self._tasks = RowFinder(plan.indicators), RowFinder(plan.tasks)
        self._bodies = {
            fold(name): body for body, names in plan.others.items() for name in sorted((body, *names), key=len)
        }
        self._deadlines = {fold(task.deadline): task.deadline for task in plan.tasks.values() if task.due is None}
        self._before = plan.kpi_words.get(Cue.DEADLINE, ())

    def read(self, text: str, query: Query, subject: str = "") -> KpiQuestion | None:
        """What ``text`` wants, or None when it is not about figures. ``query``: the text as it was understood (short
        forms written out); ``subject``: the unit that was talked about just before."""
        heard, percent = self._cues.hear(query), "%" in text
        if Cue.PROCESS in heard.as_typed and not heard.has(TELLING) and not percent:
            return None
        mentions = self._places.find([_typed(step) for step in query.steps], text)
        said = self._cues.read(query, heard, mentions, percent=percent)
        question = self._meant(text, query, mentions, said, subject)
        if question is None or not said.has(Cue.PLAN):
            return question
        numbered = self._indicators.numbered(text) or self._tasks.numbered(text)
        told = numbered or any(not self._is_province(mention) for mention in mentions)
        return question if told else replace(question, named=True)

    def _meant(
        self, text: str, query: Query, mentions: Sequence[Mention], said: Said, subject: str
    ) -> KpiQuestion | None:
        if said.has(Cue.EXPLAIN) and said.has(Cue.OWN):
            return None
        if mentions and said.has(Cue.HISTORY) and not said.has(Cue.LOWEST, Cue.HIGHEST):
            return self._about(Intent.HISTORY, mentions) if all(mention.units for mention in mentions) else None
        if said.has(Cue.TASK, Cue.CHARGE) and not said.has(Cue.GOAL):
            return self._of_tasks(text, query, mentions, said)
        if said.has(Cue.OTHER) and not (said.has(Cue.DOSSIER) and said.has(Cue.NEEDED, Cue.GAP, Cue.BELOW)):
            return self._of_indicators(text, query, mentions, said)
        return self._of_figures(text, query, mentions, said, subject)

    def _of_figures(
        self, text: str, query: Query, mentions: Sequence[Mention], said: Said, subject: str
    ) -> KpiQuestion | None:
        asked = _is_asked(said)
        if not said.is_about_dossiers:
            return self._of_indicators(text, query, mentions, said)
        if (asked or said.has(*RANKING, Cue.COMPARE)) and not all(mention.units for mention in mentions):
            return KpiQuestion(Intent.UNKNOWN, sure=said.strange <= MOST_STRANGE)
        if question := self._of_several(mentions, said, asked=asked):
            return question
        if self._is_of_many(mentions) and (question := self._of_many(text, query, mentions, said, asked=asked)):
            return question
        if mentions and not (said.has(Cue.INDICATOR) and self._names_department(mentions)):
            return self._one(mentions[0], said, asked=asked, subject=subject)
        rows = self._of_indicators(text, query, mentions, said)
        return rows or self._of_a_level(mentions, said) or (_unnamed(said, subject) if asked else None)

    def _of_several(self, mentions: Sequence[Mention], said: Said, *, asked: bool) -> KpiQuestion | None:
        """A comparison of the units named; or the ranking that one of them stands in, where the other is above it."""
        several = [mention for mention in mentions if not self._is_province(mention)]
        if len(mentions) < TWO or not (asked or said.has(*RANKING, Cue.COMPARE)):
            return None
        if said.has(*RANKING) and len(several) == TWO:
            for one, other in (several, several[::-1]):
                if any(self._units.by_id[unit].parent in other.units for unit in one.units):
                    return self._ranking([other], said)
        below = UnitKind.COMMUNE in said.levels and not said.has(Cue.COMPARE)
        if self._is_of_many(mentions) and (below or len(several) < TWO):
            return None
        return self._about(Intent.COMPARE, mentions)

    def _of_many(
        self, text: str, query: Query, mentions: Sequence[Mention], said: Said, *, asked: bool
    ) -> KpiQuestion | None:
        """A ranking, a list of those below target, or a sum; not where only the own unit is spoken of."""
        if said.has(Cue.OWN) and not said.has(*RANKING, Cue.LISTING, Cue.LEVEL, Cue.ANYONE):
            return None
        many = bool(said.levels) or said.has(Cue.ANYONE, Cue.LISTING)
        told = asked or said.levels or "don vi" in " ".join(said.folded)
        listed = said.has(*RANKING) or (said.has(Cue.BELOW) and said.has(Cue.WHICH, Cue.LISTING, Cue.LEVEL, Cue.ANYONE))
        if not said.has(Cue.EXPLAIN) and ((many and told and listed) or self._is_within(mentions, said, asked=asked)):
            return self._ranking(mentions, said)
        if (asked or (said.levels and not said.strange)) and said.has(Cue.TOGETHER):
            return self._scoped(Intent.TOGETHER, mentions, said)
        if asked and said.has(Cue.PROVINCE):
            rows = self._of_indicators(text, query, mentions, said)
            summed = rows is None or (rows.rows == (ONLINE,) and not said.has(Cue.GOAL))
            return self._scoped(Intent.TOGETHER, mentions, said) if summed else rows
        return None

    def _is_within(self, mentions: Sequence[Mention], said: Said, *, asked: bool) -> bool:
        """Whether nothing but the lowest or highest of a district is asked for."""
        plain = asked or not (said.strange or said.has(Cue.PROCESS))
        return plain and said.has(Cue.LOWEST, Cue.HIGHEST) and self._district(mentions) is not None

    def _of_a_level(self, mentions: Sequence[Mention], said: Said) -> KpiQuestion | None:
        """A whole level of which nothing but a share is asked."""
        whole = said.levels and (said.has(Cue.LEVEL) or "cac" in said.folded)
        return self._scoped(Intent.TOGETHER, mentions, said) if whole and said.has(Cue.RATE, Cue.FIGURE) else None

    def _is_of_many(self, mentions: Sequence[Mention]) -> bool:
        """Whether no single commune or department is named."""
        return all(self._district([mention]) or self._is_province(mention) for mention in mentions)

    def _is_province(self, mention: Mention) -> bool:
        return any(self._units.by_id[unit].kind is UnitKind.PROVINCE for unit in mention.units)

    def _names_department(self, mentions: Sequence[Mention]) -> bool:
        return any(self._units.by_id[unit].kind is UnitKind.DEPARTMENT for each in mentions for unit in each.units)

    def _one(self, mention: Mention, said: Said, *, asked: bool, subject: str) -> KpiQuestion | None:
        if subject and said.has(Cue.COMPARE) and "so" in said.folded and len(mention.units) == 1:
            return KpiQuestion(Intent.COMPARE, (subject, *mention.units))
        if mention.units and (asked or self._is_bare(said, mention, subject)):
            return self._about(Intent.UNIT, [mention], _aspect(said))
        return None

    def _is_bare(self, said: Said, mention: Mention, subject: str) -> bool:
        """Whether nothing but the name is said. Some names are words too ("peace"): beside others they need their kind
        or district, or something that was talked about."""
        length = mention.end - mention.start
        if length == TWO and length < len(said.folded) and not (subject or said.has(Cue.AMOUNT)):
            return False
        spoken = self._fillers.places(said.folded)
        places = range(len(said.folded))
        bare = all(mention.start <= place < mention.end or place in spoken for place in places)
        return bare and not said.has(Cue.PROCESS)

    def _about(self, intent: Intent, mentions: Sequence[Mention], aspect: Aspect = Aspect.ALL) -> KpiQuestion:
        if intent is Intent.COMPARE:
            mentions = self._alike(mentions)
        unclear = next((each.units for each in mentions if len(each.units) > 1 or not each.sure), ())
        named = tuple(dict.fromkeys(mention.units[0] for mention in mentions))
        return KpiQuestion(intent, () if unclear else named, unclear, aspect)

    def _alike(self, mentions: Sequence[Mention]) -> list[Mention]:
        """What is compared is of one kind: of several units a name may mean, the one of the kind of the sure ones."""
        kinds = {self._units.by_id[mention.units[0]].kind for mention in mentions if len(mention.units) == 1}
        found = []
        for mention in mentions:
            alike = tuple(unit for unit in mention.units if self._units.by_id[unit].kind in kinds)
            found.append(replace(mention, units=alike) if len(alike) == 1 else mention)
        return found

    def _of_tasks(self, text: str, query: Query, mentions: Sequence[Mention], said: Said) -> KpiQuestion | None:
        if row := self._tasks.numbered(text):
            return KpiQuestion(Intent.ROWS, rows=(row,), sure=True)
        words = self._cues.subject(query, mentions)
        typed = self._cues.subject(query, mentions, typed=True)
        named = next((name for name in sorted(self._bodies, key=len, reverse=True) if name in fold(text)), "")
        left = [word for word in words if word not in named.split()]
        sure = said.has(Cue.CHARGE)
        if left and (rows := self._tasks.find(words) or self._tasks.find(typed)):
            return KpiQuestion(Intent.ROWS, rows=rows, sure=sure)
        if not said.has(Cue.TASK) or not all(mention.units for mention in mentions):
            return None
        question = KpiQuestion(Intent.TASKS, due=days(text, self._before), body=self._bodies.get(named, ""))
        if mentions:
            unclear = next((mention.units for mention in mentions if len(mention.units) > 1), ())
            return replace(question, units=() if unclear else (mentions[0].units[0],), choices=unclear)
        deadline = next((printed for name, printed in self._deadlines.items() if name in fold(text)), "")
        return replace(question, deadline=deadline) if question.due or named or deadline or not left else None

    def _of_indicators(self, text: str, query: Query, mentions: Sequence[Mention], said: Said) -> KpiQuestion | None:
        """The indicators that are meant, those of a department, or all of them."""
        if said.has(Cue.EXPLAIN) or not said.has(Cue.GOAL, Cue.INDICATOR, Cue.RATE):
            return None
        units = tuple(unit for mention in mentions for unit in mention.units)
        if said.has(Cue.INDICATOR) and self._names_department(mentions):
            return KpiQuestion(Intent.INDICATORS, units[:1], sure=True)
        if any(self._units.by_id[unit].kind is not UnitKind.PROVINCE for unit in units):
            return None
        if said.has(Cue.INDICATOR) and (row := self._indicators.numbered(text)):
            return KpiQuestion(Intent.ROWS, rows=(row,), sure=True)
        words = self._cues.subject(query, mentions)
        typed = self._cues.subject(query, mentions, typed=True)
        enough = ENOUGH if said.has(Cue.GOAL) else SURE_ROW
        if rows := self._indicators.find(words, enough) or self._indicators.find(typed, enough):
            return KpiQuestion(Intent.ROWS, rows=rows, sure=True)
        return KpiQuestion(Intent.INDICATORS, sure=True) if said.has(Cue.INDICATOR) and not words else None

    def _ranking(self, mentions: Sequence[Mention], said: Said) -> KpiQuestion:
        question = self._scoped(Intent.RANK, mentions, said)
        gaps = said.has(Cue.BY_GAP)
        if said.has(Cue.BELOW) and not said.has(Cue.LOWEST, Cue.HIGHEST) and not gaps:
            return replace(question, intent=Intent.BELOW, count=MOST)
        measure = "gap" if gaps else "total" if said.has(Cue.BY_TOTAL) else "rate"
        few = said.has(Cue.BY_TOTAL) and "it" in said.folded
        ascending = gaps or said.has(Cue.LOWEST) or few
        return replace(question, measure=measure, ascending=ascending, count=self._count(said, mentions))

    def _count(self, said: Said, mentions: Sequence[Mention]) -> int:
        """The number of units asked for: the one before their kind, else the first."""
        counted = sorted(self._cues.numbers(list(said.folded), mentions), key=lambda each: not each[1])
        numbers = [number for number, _ in counted if 0 < number <= MOST]
        return numbers[0] if numbers else MOST if said.has(Cue.LISTING) else USUAL

    def _scoped(self, intent: Intent, mentions: Sequence[Mention], said: Said) -> KpiQuestion:
        within = self._district(mentions)
        level = said.levels[0] if said.levels else (UnitKind.COMMUNE if within else None)
        if within and level is UnitKind.DISTRICT:
            level = UnitKind.COMMUNE
        kind = said.kind if level in said.levels else ""
        if kind == LOOSE and within and fold(self._units.by_id[within].name).startswith(GENERAL):
            kind = ""  # the communes of a rural district, its one town among them
        return KpiQuestion(intent, level=level, within=within, kind=kind)

    def _district(self, mentions: Sequence[Mention]) -> str | None:
        named = (unit for mention in mentions for unit in mention.units)
        return next((unit for unit in named if self._units.by_id[unit].kind is UnitKind.DISTRICT), None)


def _typed(step: Step) -> str:
    """The token without what an input method left in it."""
    decoded = step.why in {"Telex", "VNI"} and len(step.words) == 1
    return step.words[0] if decoded else step.typed


def _is_asked(said: Said) -> bool:
    """Whether a figure is asked for, and not how to file a dossier."""
    hard = said.has(Cue.FIGURE, Cue.RATE, Cue.GAP, Cue.NEEDED, Cue.TARGET, Cue.GOAL)
    if hard:
        return not said.has(Cue.MINE) or said.has(Cue.RATE, Cue.GAP, Cue.NEEDED, Cue.TARGET, Cue.GOAL)
    if said.has(Cue.PROCESS, Cue.MINE):
        return False
    if said.has(Cue.VAGUE) and (said.has(Cue.PURPOSE) or not said.strange):
        return True
    soft = said.has(Cue.DOSSIER) and (said.has(Cue.AMOUNT) or not said.strange)
    return soft or said.has(Cue.REACHED, Cue.BELOW)


def _unnamed(said: Said, subject: str) -> KpiQuestion | None:
    if said.has(Cue.OWN):
        return KpiQuestion(Intent.OWN, aspect=_aspect(said))
    return KpiQuestion(Intent.UNIT, (subject,), aspect=_aspect(said)) if subject else None


def _aspect(said: Said) -> Aspect:
    """The most particular thing that was asked for."""
    order = (Cue.NEEDED, Cue.GAP, Cue.REACHED, Cue.TARGET, Cue.RATE)
    found = next((cue for cue in order if said.has(cue)), None)
    return Aspect(found.value) if found else Aspect.ALL
