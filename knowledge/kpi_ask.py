"""What a question about units' figures, the plan's indicators or its tasks wants to know."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from knowledge.kpi_model import Cue, KpiWords, UnitKind
from knowledge.places import Mention, Places
from knowledge.query import Phrases
from knowledge.text import fold, tokens
from knowledge.units import Units

MOST = 50
USUAL = 5
_MONTH = re.compile(r"(?:thang\s*)(\d{1,2})(?:\s*(?:/|-|nam)\s*(\d{4}))?")
_LEVELS = {
    Cue.DEPARTMENT: UnitKind.DEPARTMENT,
    Cue.DISTRICT: UnitKind.DISTRICT,
    Cue.COMMUNE: UnitKind.COMMUNE,
}


class Intent(StrEnum):
    """The kinds of questions."""

    UNIT = "unit"
    OWN = "own"
    COMPARE = "compare"
    RANK = "rank"
    BELOW = "below"
    TOGETHER = "together"
    HISTORY = "history"
    INDICATORS = "indicators"
    TASKS = "tasks"


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
    units of ``level`` (None: every level) below ``within`` (None: the province), by ``measure``, lowest first when
    ``ascending``. Of tasks: the month that ends on ``due``."""

    intent: Intent
    units: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    aspect: Aspect = Aspect.ALL
    level: UnitKind | None = None
    within: str | None = None
    measure: str = "rate"
    ascending: bool = False
    count: int = USUAL
    due: tuple[date, date] | None = None


class KpiReader:
    """Reads questions about the units of one plan."""

    def __init__(self, units: Units, places: Places, words: KpiWords, fillers: Collection[str]) -> None:
        self._units = units
        self._places = places
        self._cues = {cue: Phrases([(None, phrase) for phrase in words.get(cue, ())]) for cue in Cue}
        self._level_words = {
            fold(unit.name).split()[0]: unit.kind for unit in units.by_id.values() if unit.kind in _LEVELS.values()
        }
        self._fillers = Phrases([(None, phrase) for phrase in fillers])

    def read(self, text: str, words: Sequence[str], subject: str = "") -> KpiQuestion | None:
        """What ``text`` wants, or None when it is not about figures. ``words`` are those of ``text`` as they were
        understood (short forms written out); ``subject``: the unit that was talked about just before."""
        mentions = self._places.find(text)
        said = self._said(text, words)
        if mentions and Cue.HISTORY in said:
            return self._about(Intent.HISTORY, mentions)
        if Cue.TASK in said and (mentions or "phu luc" in fold(text)):
            return self._tasks(text, mentions)
        if Cue.OTHER in said and not {Cue.NEEDED, Cue.GAP, Cue.BELOW} & said:
            return None
        if Cue.INDICATOR in said and not mentions and "phu luc" in fold(text):
            return KpiQuestion(Intent.INDICATORS)
        return self._figures(text, mentions, said, subject)

    def _said(self, text: str, words: Sequence[str]) -> set[Cue]:
        typed = [fold(token) for token in tokens(text)]
        understood = [fold(word) for word in words]
        said = {cue for cue, phrases in self._cues.items() if _found(phrases, typed) or _found(phrases, understood)}
        return said | ({Cue.FIGURE, Cue.RATE} if "%" in text else set())

    def _figures(self, text: str, mentions: Sequence[Mention], said: set[Cue], subject: str) -> KpiQuestion | None:
        asked = bool(said & {Cue.FIGURE, Cue.GAP, Cue.NEEDED, Cue.REACHED, Cue.TARGET, Cue.BELOW})
        ranking = bool(said & {Cue.LOWEST, Cue.HIGHEST, Cue.BY_GAP, Cue.BY_TOTAL})
        levels = [level for cue, level in _LEVELS.items() if cue in said]
        levels = levels or (self._counted(text, mentions) if ranking else [])
        many = bool(levels) or Cue.ANYONE in said
        if many and (ranking or Cue.BELOW in said) and (asked or levels or "don vi" in fold(text)):
            return self._ranking(text, mentions, said, levels)
        if (asked and Cue.TOGETHER in said) or (asked and Cue.PROVINCE in said):
            return self._together(mentions, said, levels)
        if len(mentions) > 1 and (asked or Cue.COMPARE in said):
            return self._about(Intent.COMPARE, mentions)
        if mentions:
            return self._one(text, mentions[0], said, asked=asked, subject=subject)
        return _unnamed(said, subject) if asked else None

    def _one(self, text: str, mention: Mention, said: set[Cue], *, asked: bool, subject: str) -> KpiQuestion | None:
        if subject and said & {Cue.COMPARE} and "so" in fold(text).split() and len(mention.units) == 1:
            return KpiQuestion(Intent.COMPARE, (subject, *mention.units))
        if asked or self._is_bare(text, mention):
            return self._about(Intent.UNIT, [mention], _aspect(said))
        return None

    def _is_bare(self, text: str, mention: Mention) -> bool:
        """Whether nothing but the name is said."""
        folded = [fold(token) for token in tokens(text)]
        spoken = {place for match in self._fillers.found(folded) for place in match.places}
        return all(mention.start <= place < mention.end or place in spoken for place in range(len(folded)))

    def _about(self, intent: Intent, mentions: Sequence[Mention], aspect: Aspect = Aspect.ALL) -> KpiQuestion:
        if intent is Intent.COMPARE:
            mentions = self._alike(mentions)
        unclear = next((mention.units for mention in mentions if len(mention.units) > 1), ())
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

    def _tasks(self, text: str, mentions: Sequence[Mention]) -> KpiQuestion:
        units = tuple(dict.fromkeys(mention.units[0] for mention in mentions))
        return KpiQuestion(Intent.TASKS, units, due=_month(text))

    def _ranking(
        self, text: str, mentions: Sequence[Mention], said: set[Cue], levels: Sequence[UnitKind]
    ) -> KpiQuestion:
        within = self._district(mentions)
        level = levels[0] if levels else (UnitKind.COMMUNE if within else None)
        gaps = Cue.BY_GAP in said
        if Cue.BELOW in said and not said & {Cue.LOWEST, Cue.HIGHEST} and not gaps:
            return KpiQuestion(Intent.BELOW, level=level, within=within, count=MOST)
        measure = "gap" if gaps else "total" if Cue.BY_TOTAL in said else "rate"
        ascending = gaps or Cue.LOWEST in said or (Cue.BY_TOTAL in said and "it" in fold(text).split())
        count = self._count(text, mentions)
        return KpiQuestion(Intent.RANK, (), (), Aspect.ALL, level, within, measure, ascending, count)

    def _together(self, mentions: Sequence[Mention], said: set[Cue], levels: Sequence[UnitKind]) -> KpiQuestion | None:
        within = self._district(mentions)
        if mentions and not within and Cue.PROVINCE not in said:
            return self._about(Intent.UNIT, mentions, _aspect(said)) if len(mentions) == 1 else None
        level = levels[0] if levels else (UnitKind.COMMUNE if within else None)
        return KpiQuestion(Intent.TOGETHER, level=level, within=within)

    def _district(self, mentions: Sequence[Mention]) -> str | None:
        named = (unit for mention in mentions for unit in mention.units)
        return next((unit for unit in named if self._units.by_id[unit].kind is UnitKind.DISTRICT), None)

    def _counted(self, text: str, mentions: Sequence[Mention]) -> list[UnitKind]:
        """The level whose word follows a number, as in "top 5 communes"."""
        inside = {place for mention in mentions for place in range(mention.start, mention.end)}
        typed = tokens(text)
        for place in range(1, len(typed)):
            if place not in inside and typed[place - 1].isdigit() and fold(typed[place]) in self._level_words:
                return [self._level_words[fold(typed[place])]]
        return []

    def _count(self, text: str, mentions: Sequence[Mention]) -> int:
        """The number of units asked for: the first number that is no part of a name."""
        inside = {place for mention in mentions for place in range(mention.start, mention.end)}
        numbers = (
            int(token)
            for place, token in enumerate(tokens(text))
            if place not in inside and token.isdigit() and len(token) <= len(str(MOST))
        )
        return next((number for number in numbers if 0 < number <= MOST), USUAL)


def _found(phrases: Phrases, folded: Sequence[str]) -> bool:
    return next(phrases.found(folded), None) is not None


def _unnamed(said: set[Cue], subject: str) -> KpiQuestion | None:
    if Cue.OWN in said:
        return KpiQuestion(Intent.OWN, aspect=_aspect(said))
    return KpiQuestion(Intent.UNIT, (subject,), aspect=_aspect(said)) if subject else None


def _aspect(said: Iterable[Cue]) -> Aspect:
    """The most particular thing that was asked for."""
    asked = set(said)
    order = (Cue.NEEDED, Cue.GAP, Cue.REACHED, Cue.TARGET, Cue.RATE)
    found = next((cue for cue in order if cue in asked), None)
    return Aspect(found.value) if found else Aspect.ALL


def _month(text: str) -> tuple[date, date] | None:
    """The first and last day of the month that ``text`` names; without a year that of the plan's first months."""
    found = _MONTH.search(fold(text))
    if not found or not 1 <= int(found[1]) <= 12:  # noqa: PLR2004 months of a year
        return None
    month = int(found[1])
    year = int(found[2]) if found[2] else (2023 if month >= 10 else 2024)  # noqa: PLR2004 the plan is of October 2023
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), date.fromordinal(after.toordinal() - 1)
