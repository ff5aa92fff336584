"""Who may see and do what. Pure rules: they are asked anew for every message and every pressed button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from knowledge.kpi_model import Unit, UnitKind


class Role(StrEnum):
    """OFFICER acts for one unit, LEADER for one unit and those below, PROVINCE for all units. EDITOR keeps the
    content and sees what is published. ADMIN does everything, invites and revokes."""

    OFFICER = "officer"
    LEADER = "leader"
    PROVINCE = "province"
    EDITOR = "editor"
    ADMIN = "admin"

    @property
    def has_unit(self) -> bool:
        return self in (Role.OFFICER, Role.LEADER)


#: Who acts where there is no person: the one at the keyboard of the machine itself.
CONSOLE = "console"
#: How long a code can be redeemed when nothing else is said.
INVITATION_LASTS = timedelta(days=7)
LINK_CODE_LASTS = timedelta(minutes=10)
#: A linked conversation may be one on a shared computer: it ends by itself.
LINK_LASTS = timedelta(days=30)
#: So many codes may be tried, then LOCK_LASTS must pass since the first.
MOST_TRIES = 5
LOCK_LASTS = timedelta(minutes=15)

#: Whose figures cover the whole province.
EVERYWHERE = frozenset({Role.PROVINCE, Role.ADMIN})
#: Who brings in figures.
IMPORTERS = frozenset({Role.LEADER, *EVERYWHERE})


@dataclass(frozen=True, slots=True)
class Officer:
    """Someone with rights. ``id`` is a number as text, never used twice, that says nothing about the person.

    ``unit`` is there exactly when the role has one; anything else raises ValueError.
    """

    id: str
    role: Role
    unit: str | None = None
    since: datetime | None = None

    def __post_init__(self) -> None:
        if self.role.has_unit != (self.unit is not None):
            raise ValueError(f"role {self.role}: unit {self.unit}")


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that waits to be redeemed. ``id`` starts with "i", so that it is no officer's."""

    id: str
    role: Role
    unit: str | None
    expires: datetime


class Reason(StrEnum):
    """Why a code was not taken. OWN: who invites cannot take the place of the one invited."""

    WRONG = "wrong"
    USED = "used"
    EXPIRED = "expired"
    OWN = "own"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Refusal:
    """``wait``: seconds until the next code may be tried, with LOCKED."""

    reason: Reason
    wait: float = 0.0


def may_see(officer: Officer | None, unit: str, units: Mapping[str, Unit]) -> bool:
    """Whether ``officer`` may see figures of ``unit`` that are not published. A unit nobody knows is nobody's."""
    if officer is None or unit not in units:
        return False
    if officer.role in EVERYWHERE:
        return True
    if officer.role is Role.OFFICER:
        return unit == officer.unit
    return officer.role is Role.LEADER and officer.unit is not None and is_within(unit, officer.unit, units)


def may_import(officer: Officer | None, unit: str, units: Mapping[str, Unit]) -> bool:
    """Whether ``officer`` may bring new figures of ``unit``: leaders for theirs, province and admins for all."""
    return officer is not None and officer.role in IMPORTERS and may_see(officer, unit, units)


def may_publish(officer: Officer | None) -> bool:
    """Whether ``officer`` may make figures public."""
    return officer is not None and officer.role in EVERYWHERE


def may_invite(officer: Officer | None) -> bool:
    """Whether ``officer`` may invite, list and revoke others."""
    return officer is not None and officer.role is Role.ADMIN


def may_edit(officer: Officer | None) -> bool:
    """Whether ``officer`` looks after the content and sees what it misses."""
    return officer is not None and officer.role in (Role.EDITOR, Role.ADMIN)


def is_within(unit: str, above: str, units: Mapping[str, Unit]) -> bool:
    """Whether ``unit`` is ``above`` or lies below it. The province is above every unit."""
    if above in units and units[above].kind is UnitKind.PROVINCE:
        return unit in units
    seen = set[str]()
    at: str | None = unit
    while at is not None and at in units and at not in seen:
        if at == above:
            return True
        seen.add(at)
        at = units[at].parent
    return False
