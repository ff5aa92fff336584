"""Units and their numbers, as frozen values. Arithmetic on them: see ``kpi``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from pydantic import ConfigDict, with_config

_STRICT = with_config(ConfigDict(extra="forbid"))


class UnitKind(StrEnum):
    """Levels of administration. Districts ended on 1/7/2025 (law 72/2025/QH15)."""

    PROVINCE = "province"
    DEPARTMENT = "department"
    DISTRICT = "district"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Successor:
    """What a unit became. ``part``: only a part of it went there, so its figures cannot be carried over."""

    unit: str
    part: bool
    confidence: Literal["high", "medium"] = "high"


@dataclass(frozen=True, slots=True)
class Unit:
    """An administrative unit in the time from ``valid_from`` up to, not including, ``valid_to`` (None: open).

    ``id`` is "unit:<slug>", the slug made of kind, name and parent, folded ("unit:xa-quang-an-huyen-dam-ha"). ``name``
    carries the kind of the unit in Vietnamese. Slug and ``title`` name the parent too, unless it is the province.
    ``code`` is the unit's code in official statistics ("07090"), "" where it is not known.
    """

    id: str
    kind: UnitKind
    name: str
    title: str
    parent: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    aliases: tuple[str, ...] = ()
    successors: tuple[Successor, ...] = ()
    note: str = ""
    code: str = ""

    def is_valid(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Figure:
    """Dossiers of one unit at a report's date: all (``total``) and those filed online. ``row`` is the source's row.

    ``note`` tells what of the source was set right ("" when nothing).
    """

    unit: str
    total: int
    online: int
    row: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The least share of online dossiers, in percent, to be reached by ``due``. ``keep``: the source asks to keep the
    rate reached instead of naming a share; ``percent`` then is that rate."""

    unit: str
    percent: Decimal
    due: date
    keep: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Figures of many units as of one day. Figures that are not ``published`` are for those in scope only."""

    id: str
    as_of: date
    source: str
    published: bool
    figures: Mapping[str, Figure]
    targets: Mapping[str, Target]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of Appendix I of Plan 269. ``reached`` and ``target`` are printed text; None where the plan prints none.

    A row below another (one level of administration, say) has its ``row`` too; main row first. ``said``: what people
    call it.
    """

    id: str
    row: str
    group: str
    name: str
    leads: tuple[str, ...]
    partners: tuple[str, ...]
    measure: str
    reached: str | None
    target: str | None
    basis: str
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanTask:
    """A row of Appendix II of Plan 269. ``deadline`` is printed text, ``due`` its last day where it names one.
    ``said``: what people call it."""

    id: str
    row: str
    group: str
    name: str
    leads: tuple[str, ...]
    partners: tuple[str, ...]
    deadline: str
    due: date | None = None
    said: tuple[str, ...] = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class PlaceAsides:
    """What is said beside a name: ``between`` it and its parent, of units of ``today``, of units of the ``past``; and
    what begins (``no_kind``) or ends (``ends_no_kind``) like a kind and is none."""

    between: tuple[str, ...] = ()
    today: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    no_kind: tuple[str, ...] = ()
    ends_no_kind: tuple[str, ...] = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class PlaceWords:
    """The words of ``content/units/words.toml``: for each kind of unit how it is written before a name; the kinds that
    name a unit even where it is not known (``heads``), the names of other provinces (``elsewhere``)."""

    kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asides: PlaceAsides = PlaceAsides()
    heads: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


class Cue(StrEnum):
    """Groups of phrases in ``content/plan/words.toml``."""

    FIGURE = "figure"
    RATE = "rate"
    TARGET = "target"
    GAP = "gap"
    NEEDED = "needed"
    REACHED = "reached"
    BELOW = "below"
    LOWEST = "lowest"
    HIGHEST = "highest"
    BY_GAP = "by_gap"
    BY_TOTAL = "by_total"
    COMPARE = "compare"
    TOGETHER = "together"
    OWN = "own"
    HISTORY = "history"
    TASK = "task"
    INDICATOR = "indicator"
    DEADLINE = "deadline"
    DEPARTMENT = "department"
    DISTRICT = "district"
    COMMUNE = "commune"
    ANYONE = "anyone"
    PROVINCE = "province"
    OTHER = "other"
    DOSSIER = "dossier"
    AMOUNT = "amount"
    PROCESS = "process"
    LISTING = "listing"
    WHICH = "which"
    LEVEL = "level"
    NO_LEVEL = "no_level"
    NUMBER = "number"
    AROUND = "around"
    GOAL = "goal"
    EXPLAIN = "explain"
    CHARGE = "charge"
    ROW_ASIDE = "row_aside"
    PLAN = "plan"
    VAGUE = "vague"
    PURPOSE = "purpose"
    MINE = "mine"
    COUNTED = "counted"
    WHOLE = "whole"
    DATED = "dated"


KpiWords = Mapping[Cue, tuple[str, ...]]
