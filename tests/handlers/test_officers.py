"""Who may see and do what."""

from collections.abc import Mapping

import pytest

from handlers.officers import (
    Officer,
    Role,
    is_within,
    may_import,
    may_invite,
    may_publish,
    may_see,
)
from knowledge.kpi_model import Unit, UnitKind
from tests.units import UNITS

PROVINCE, DEPARTMENT, DISTRICT, COMMUNE, OTHER = (
    "unit:tinh-quang-ninh",
    "unit:so-tu-phap",
    "unit:huyen-dam-ha",
    "unit:xa-quang-an-huyen-dam-ha",
    "unit:xa-ha-long-huyen-van-don",
)


def officer(role: Role, unit: str | None = None) -> Officer:
    return Officer("1", role, unit)


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (None, set()),
        (officer(Role.EDITOR), set()),
        (officer(Role.OFFICER, COMMUNE), {COMMUNE}),
        (officer(Role.OFFICER, DISTRICT), {DISTRICT}),
        (officer(Role.OFFICER, PROVINCE), {PROVINCE}),
        (officer(Role.LEADER, COMMUNE), {COMMUNE}),
        (officer(Role.LEADER, DISTRICT), {DISTRICT, COMMUNE, "unit:xa-dam-ha-huyen-dam-ha"}),
        (officer(Role.LEADER, PROVINCE), set(UNITS)),
        (officer(Role.LEADER, "unit:gone"), set()),
        (officer(Role.PROVINCE), set(UNITS)),
        (officer(Role.ADMIN), set(UNITS)),
    ],
    ids=lambda value: f"{value.role} {value.unit}" if isinstance(value, Officer) else "",
)
def test_who_sees_what_is_not_published(who: Officer | None, seen: set[str]) -> None:
    assert {unit for unit in UNITS if may_see(who, unit, UNITS)} == seen


@pytest.mark.parametrize("role", [Role.PROVINCE, Role.ADMIN])
def test_a_unit_nobody_knows_is_nobodys(role: Role) -> None:
    assert not may_see(officer(role), "unit:gone", UNITS)
    assert not may_see(officer(Role.OFFICER, "unit:gone"), "unit:gone", UNITS)
    assert not may_see(officer(Role.LEADER, PROVINCE), "unit:gone", UNITS)


@pytest.mark.parametrize(
    ("who", "brought"),
    [
        (None, set()),
        (officer(Role.EDITOR), set()),
        (officer(Role.OFFICER, COMMUNE), set()),
        (officer(Role.LEADER, COMMUNE), {COMMUNE}),
        (officer(Role.PROVINCE), set(UNITS)),
        (officer(Role.ADMIN), set(UNITS)),
    ],
    ids=str,
)
def test_who_brings_new_figures(who: Officer | None, brought: set[str]) -> None:
    assert {unit for unit in UNITS if may_import(who, unit, UNITS)} == brought


def test_who_publishes_and_who_invites() -> None:
    everyone = [None, *(officer(role, COMMUNE if role.has_unit else None) for role in Role)]
    assert [who.role for who in everyone if may_publish(who) and who] == [Role.PROVINCE, Role.ADMIN]
    assert [who.role for who in everyone if may_invite(who) and who] == [Role.ADMIN]
    assert not may_publish(None)
    assert not may_invite(None)


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.OFFICER, None),
        (Role.LEADER, None),
        (Role.ADMIN, COMMUNE),
        (Role.EDITOR, COMMUNE),
        (Role.PROVINCE, COMMUNE),
    ],
)
def test_a_role_and_its_unit_belong_together(role: Role, unit: str | None) -> None:
    with pytest.raises(ValueError, match=f"role {role}"):
        Officer("1", role, unit)


def test_units_in_a_ring_end() -> None:
    ring: Mapping[str, Unit] = {
        "a": Unit("a", UnitKind.DISTRICT, "A", "A", parent="b"),
        "b": Unit("b", UnitKind.COMMUNE, "B", "B", parent="a"),
        "c": Unit("c", UnitKind.COMMUNE, "C", "C"),
    }
    assert is_within("a", "b", ring)
    assert not is_within("a", "c", ring)
