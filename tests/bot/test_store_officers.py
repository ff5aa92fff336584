"""Officers, invitations and links: the same on every store, and what only a database has to show."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.conversations import key_of as conversation_key_of
from bot.store.engine import upgrade
from bot.store.memory import MemoryOfficers
from bot.store.officers import StoredOfficers, key_of
from bot.store.tables import metadata
from handlers.codes import new_code
from handlers.officers import CONSOLE, Officer, Reason, Refusal, Role
from handlers.ports import Officers
from tests.bot.databases import NOON, Place, Watch, place_for

WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
UNIT = "unit:xa-quang-an-huyen-dam-ha"
LAN, MINH, HOA, WEB = (
    "telegram:7000000001",
    "telegram:7000000002",
    "telegram:7000000003",
    "web:a-long-secret-of-a-browser",
)


@pytest.fixture
def stored(engine: AsyncEngine, watch: Watch) -> StoredOfficers:
    return StoredOfficers(engine, watch)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, watch: Watch, tmp_path: Path) -> AsyncIterator[Officers]:
    if request.param == "memory":
        yield MemoryOfficers(watch)
        return
    async with place_for(request.param, tmp_path) as place:
        engine = place.open()
        await upgrade(engine)
        yield StoredOfficers(engine, watch)


async def invited(store: Officers, role: Role, unit: str | None = None, by: str = CONSOLE) -> str:
    return (await store.invite(role, unit, by=by, lasts=WEEK))[0]


async def joined(store: Officers, person: str, role: Role, unit: str | None = None) -> Officer:
    officer = await store.redeem(await invited(store, role, unit), person)
    assert isinstance(officer, Officer)
    return officer


async def refused(store: Officers, code: str, person: str) -> Reason:
    refusal = await store.redeem(code, person)
    assert isinstance(refusal, Refusal)
    return refusal.reason


async def test_a_stranger_has_no_rights(store: Officers) -> None:
    assert await store.of(LAN) is None
    assert await store.officers() == []
    assert await store.invitations() == []


async def test_an_invitation_is_redeemed_once(store: Officers, watch: Watch) -> None:
    code, invitation = await store.invite(Role.OFFICER, UNIT, by=CONSOLE, lasts=WEEK)
    assert (invitation.role, invitation.unit, invitation.expires) == (Role.OFFICER, UNIT, NOON + WEEK)
    assert await store.invitations() == [invitation]
    officer = await store.redeem(code, LAN)
    assert isinstance(officer, Officer)
    assert (officer.role, officer.unit, officer.since) == (Role.OFFICER, UNIT, NOON)
    assert await store.of(LAN) == officer
    assert await store.of(MINH) is None
    assert await store.officers() == [officer]
    assert await store.invitations() == []
    assert await refused(store, code, MINH) is Reason.USED
    assert await store.of(MINH) is None


@pytest.mark.parametrize("role", Role)
async def test_a_role_and_its_unit_belong_together(store: Officers, role: Role) -> None:
    with pytest.raises(ValueError, match=f"role {role}"):
        await store.invite(role, None if role.has_unit else UNIT, by=CONSOLE, lasts=WEEK)
    assert await store.invitations() == []


async def test_an_invitation_expires(store: Officers, watch: Watch) -> None:
    code = await invited(store, Role.EDITOR)
    watch.now = NOON + WEEK - SECOND
    assert len(await store.invitations()) == 1
    watch.now = NOON + WEEK
    assert await store.invitations() == []
    assert await refused(store, code, LAN) is Reason.EXPIRED
    in_time = await invited(store, Role.EDITOR)
    watch.now += WEEK - SECOND
    assert isinstance(await store.redeem(in_time, LAN), Officer)


async def test_of_two_at_once_one_wins(store: Officers) -> None:
    code = await invited(store, Role.PROVINCE)
    people = [f"telegram:{number}" for number in range(12)]
    found = await asyncio.gather(*(store.redeem(code, person) for person in people))
    assert sum(isinstance(one, Officer) for one in found) == 1
    assert [one for one in found if isinstance(one, Refusal)] == [Refusal(Reason.USED)] * 11
    assert len(await store.officers()) == 1
    assert sum([await store.of(person) is not None for person in people]) == 1


async def test_a_new_invitation_takes_the_place_of_the_old_rights(store: Officers) -> None:
    first = await joined(store, LAN, Role.OFFICER, UNIT)
    second = await joined(store, LAN, Role.LEADER, UNIT)
    assert (second.id, second.role) == (first.id, Role.LEADER)
    assert await store.officers() == [second]


async def test_a_revocation_works_at_once(store: Officers) -> None:
    officer, other = await joined(store, LAN, Role.ADMIN), await joined(store, MINH, Role.PROVINCE)
    assert await store.revoke(officer.id, by=MINH) == officer
    assert await store.of(LAN) is None
    assert await store.of(MINH) == other
    assert await store.officers() == [other]
    assert await store.revoke(officer.id, by=MINH) is None


async def test_an_id_is_never_used_twice(store: Officers) -> None:
    first = await joined(store, LAN, Role.ADMIN)
    await store.revoke(first.id, by=CONSOLE)
    again = await joined(store, LAN, Role.ADMIN)
    assert again.id != first.id
    _, invitation = await store.invite(Role.EDITOR, None, by=CONSOLE, lasts=WEEK)
    await store.revoke(invitation.id, by=CONSOLE)
    _, another = await store.invite(Role.EDITOR, None, by=CONSOLE, lasts=WEEK)
    assert another.id != invitation.id


@pytest.mark.parametrize(
    "entry", ["", "0", "-1", "7", "i", "i0", "i7", "x", "\u00b2", "9" * 30, "i" + "9" * 30, "1; DROP"]
)
async def test_there_is_nobody_to_revoke(store: Officers, entry: str) -> None:
    officer = await joined(store, LAN, Role.ADMIN)
    assert await store.revoke(entry, by=LAN) is None
    assert await store.unlink(entry, by=LAN) == 0
    assert await store.officers() == [officer]


async def test_an_invitation_is_withdrawn(store: Officers) -> None:
    code, invitation = await store.invite(Role.EDITOR, None, by=CONSOLE, lasts=WEEK)
    kept = await invited(store, Role.EDITOR)
    assert await store.revoke(invitation.id, by=CONSOLE) == invitation
    assert await refused(store, code, LAN) is Reason.WRONG
    assert await store.revoke(invitation.id, by=CONSOLE) is None
    assert isinstance(await store.redeem(kept, LAN), Officer)


async def test_a_used_invitation_cannot_be_withdrawn(store: Officers) -> None:
    code, invitation = await store.invite(Role.EDITOR, None, by=CONSOLE, lasts=WEEK)
    await store.redeem(code, LAN)
    assert await store.revoke(invitation.id, by=CONSOLE) is None
    assert await store.of(LAN) is not None


async def test_nobody_but_an_officer_and_the_console_invites(store: Officers) -> None:
    with pytest.raises(LookupError):
        await invited(store, Role.ADMIN, by=LAN)
    assert await store.invitations() == []


async def test_who_invites_does_not_take_the_invitation(store: Officers) -> None:
    await joined(store, LAN, Role.ADMIN)
    code = await invited(store, Role.OFFICER, UNIT, by=LAN)
    assert await refused(store, code, LAN) is Reason.OWN
    officer = await store.of(LAN)
    assert officer is not None
    assert officer.role is Role.ADMIN
    assert isinstance(await store.redeem(code, MINH), Officer), "it can still be used"


async def test_the_invitations_of_a_revoked_administrator_are_worth_nothing(store: Officers) -> None:
    lan = await joined(store, LAN, Role.ADMIN)
    code = await invited(store, Role.ADMIN, by=LAN)
    await store.revoke(lan.id, by=CONSOLE)
    assert await store.invitations() == []
    assert await refused(store, code, LAN) is Reason.WRONG
    assert await refused(store, code, MINH) is Reason.WRONG


async def test_so_are_those_of_one_who_is_no_administrator_any_more(store: Officers) -> None:
    await joined(store, LAN, Role.ADMIN)
    code = await invited(store, Role.ADMIN, by=LAN)
    await joined(store, LAN, Role.EDITOR)
    assert await store.invitations() == []
    assert await refused(store, code, MINH) is Reason.WRONG
    assert await store.of(MINH) is None


async def test_after_five_wrong_codes_even_the_right_one_has_to_wait(store: Officers, watch: Watch) -> None:
    code = await invited(store, Role.EDITOR)
    for number in range(5):
        watch.now = NOON + number * MINUTE
        assert await store.redeem(new_code(), LAN) == Refusal(Reason.WRONG)
    assert await store.redeem(code, LAN) == Refusal(Reason.LOCKED, 11 * 60)
    watch.now = NOON + 15 * MINUTE - SECOND
    assert await store.redeem(code, LAN) == Refusal(Reason.LOCKED, 1), "trying on does not make it longer"
    assert isinstance(await store.redeem(await invited(store, Role.EDITOR), MINH), Officer), "others need not wait"
    watch.now += SECOND
    assert isinstance(await store.redeem(code, LAN), Officer)


async def test_a_right_code_makes_up_for_wrong_ones(store: Officers) -> None:
    for _ in range(3):
        for _ in range(4):
            assert await refused(store, new_code(), LAN) is Reason.WRONG
        await joined(store, LAN, Role.EDITOR)


async def test_guesses_side_by_side_are_counted(store: Officers) -> None:
    found = await asyncio.gather(*(store.redeem(new_code(), LAN) for _ in range(20)))
    reasons = [one.reason for one in found if isinstance(one, Refusal)]
    assert (reasons.count(Reason.WRONG), reasons.count(Reason.LOCKED)) == (5, 15)


async def linked(store: Officers, person: str, conversation: str = WEB) -> Officer | Refusal:
    code = await store.link_code(person)
    assert code is not None
    return await store.link(code, conversation, person="web:203.0.113.7")


async def test_a_linked_conversation_acts_for_the_officer(store: Officers) -> None:
    officer = await joined(store, LAN, Role.OFFICER, UNIT)
    assert await linked(store, LAN) == officer
    assert await store.of(WEB) == officer
    assert await store.officers() == [officer]
    leader = await joined(store, LAN, Role.LEADER, UNIT)
    assert await store.of(WEB) == leader, "with the rights of the moment"
    await store.revoke(leader.id, by=CONSOLE)
    assert await store.of(WEB) is None


async def test_a_link_code_works_once_and_soon(store: Officers, watch: Watch) -> None:
    await joined(store, LAN, Role.EDITOR)
    code, late = await store.link_code(LAN), await store.link_code(LAN)
    assert code is not None
    assert late is not None
    assert isinstance(await store.link(code, WEB, person="web:ip"), Officer)
    assert await store.link(code, "web:other", person="web:ip") == Refusal(Reason.USED)
    watch.now += 10 * MINUTE
    assert await store.link(late, "web:other", person="web:ip") == Refusal(Reason.EXPIRED)
    assert await store.of("web:other") is None


async def test_of_two_links_at_once_one_wins(store: Officers) -> None:
    await joined(store, LAN, Role.EDITOR)
    code = await store.link_code(LAN)
    assert code is not None
    found = await asyncio.gather(*(store.link(code, f"web:{n}", person=f"web:ip{n}") for n in range(6)))
    assert sum(isinstance(one, Officer) for one in found) == 1


async def test_a_stranger_gets_no_link_code(store: Officers) -> None:
    assert await store.link_code(LAN) is None


async def test_a_revoked_officers_link_code_is_worth_nothing(store: Officers) -> None:
    officer = await joined(store, LAN, Role.EDITOR)
    code = await store.link_code(LAN)
    assert code is not None
    await store.revoke(officer.id, by=CONSOLE)
    assert await store.link(code, WEB, person="web:ip") == Refusal(Reason.WRONG)
    assert await store.of(WEB) is None


async def test_the_two_kinds_of_codes_are_not_mixed_up(store: Officers) -> None:
    await joined(store, LAN, Role.ADMIN)
    link, invitation = await store.link_code(LAN), await invited(store, Role.ADMIN)
    assert link is not None
    assert await refused(store, link, MINH) is Reason.WRONG
    assert await store.link(invitation, WEB, person="web:ip") == Refusal(Reason.WRONG)
    assert await store.of(MINH) is await store.of(WEB) is None
    assert isinstance(await store.link(link, WEB, person="web:ip"), Officer)
    assert isinstance(await store.redeem(invitation, MINH), Officer)


async def test_wrong_link_codes_count_against_the_address(store: Officers) -> None:
    await joined(store, LAN, Role.EDITOR)
    for number in range(5):
        await store.link(new_code(), f"web:{number}", person="web:ip")
    code = await store.link_code(LAN)
    assert code is not None
    assert await store.link(code, "web:new", person="web:ip") == Refusal(Reason.LOCKED, 15 * 60)
    assert isinstance(await store.link(code, "web:new", person="web:other-ip"), Officer)


async def test_a_link_moves_and_ends(store: Officers, watch: Watch) -> None:
    lan, minh = await joined(store, LAN, Role.EDITOR), await joined(store, MINH, Role.PROVINCE)
    await linked(store, LAN)
    await linked(store, LAN, "web:phone")
    assert await linked(store, MINH) == minh
    assert await store.of(WEB) == minh
    assert await store.unlink(lan.id, by=LAN) == 1
    assert await store.of("web:phone") is None
    assert await store.of(WEB) == minh
    watch.now += timedelta(days=30)
    assert await store.of(WEB) is None, "a link ends by itself"
    assert await store.of(MINH) == minh


async def test_unlinking_ends_the_codes_under_way(store: Officers) -> None:
    officer = await joined(store, LAN, Role.EDITOR)
    code = await store.link_code(LAN)
    assert code is not None
    await store.unlink(officer.id, by=LAN)
    assert await store.link(code, WEB, person="web:ip") == Refusal(Reason.WRONG)


async def test_a_linked_administrator_invites_and_does_not_take_it_either(store: Officers) -> None:
    await joined(store, LAN, Role.ADMIN)
    await linked(store, LAN)
    code = await invited(store, Role.EDITOR, by=WEB)
    assert await refused(store, code, LAN) is Reason.OWN
    assert isinstance(await store.redeem(code, MINH), Officer)


async def rows(engine: AsyncEngine, table: str) -> list[dict[str, Any]]:
    async with engine.connect() as connection:
        found = await connection.execute(text(f"SELECT * FROM {table} ORDER BY 1"))
        return [dict(row) for row in found.mappings()]


async def test_the_database_names_and_admits_nobody(stored: StoredOfficers, engine: AsyncEngine) -> None:
    await joined(stored, LAN, Role.ADMIN)
    codes = [await invited(stored, Role.EDITOR, by=LAN), await invited(stored, Role.EDITOR)]
    await linked(stored, LAN)
    codes.append(await stored.link_code(LAN) or "")
    await stored.redeem(new_code(), HOA)
    kept = str([await rows(engine, table) for table in metadata.tables])
    assert key_of(LAN) in kept
    for secret in (*codes, "7000000001", "7000000003", WEB.removeprefix("web:"), "203.0.113.7"):
        assert secret not in kept
    assert key_of(LAN) != conversation_key_of(LAN), "an officer's conversation cannot be found by its hash"


async def test_every_change_stands_in_the_trail(stored: StoredOfficers, engine: AsyncEngine, watch: Watch) -> None:
    admin = await joined(stored, LAN, Role.ADMIN)
    code, invitation = await stored.invite(Role.OFFICER, UNIT, by=LAN, lasts=WEEK)
    watch.now += MINUTE
    officer = await stored.redeem(code, MINH)
    assert isinstance(officer, Officer)
    _, second = await stored.invite(Role.EDITOR, None, by=LAN, lasts=WEEK)
    await stored.revoke(second.id, by=LAN)
    await linked(stored, MINH)
    await stored.unlink(officer.id, by=MINH)
    await stored.revoke(officer.id, by=LAN)
    for _ in range(6):
        await stored.redeem(new_code(), HOA)
    first = (await rows(engine, "audit"))[0]
    assert first["actor"] == CONSOLE
    trail = [(row["actor"], row["action"], row["object"]) for row in await rows(engine, "audit")]
    lan, minh, hoa = map(key_of, (LAN, MINH, HOA))
    number = invitation.id.removeprefix("i")
    assert trail[1:] == [
        (lan, "redeem", f"officer:{admin.id}"),
        (lan, "invite", f"invitation:{number}"),
        (minh, "redeem", f"officer:{officer.id}"),
        (lan, "invite", f"invitation:{second.id.removeprefix('i')}"),
        (lan, "withdraw", f"invitation:{second.id.removeprefix('i')}"),
        (minh, "link-code", f"officer:{officer.id}"),
        (key_of(WEB), "link", f"officer:{officer.id}"),
        (minh, "unlink", f"officer:{officer.id}"),
        (lan, "revoke", f"officer:{officer.id}"),
        (hoa, "lock", "codes"),
    ]
    details = [row["detail"] for row in await rows(engine, "audit")]
    assert details[3] == f"role=officer unit={UNIT} invitation={number}"
    assert details[9] == f"role=officer unit={UNIT}"
    await stored.redeem(new_code(), HOA)
    assert len(await rows(engine, "audit")) == len(details), "a lock is noted once"


async def test_what_fails_changes_nothing(stored: StoredOfficers, engine: AsyncEngine) -> None:
    code = await invited(stored, Role.ADMIN)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE audit RENAME TO away"))
    with pytest.raises((OperationalError, ProgrammingError)) as caught:
        await stored.redeem(code, LAN)
    assert key_of(LAN) not in str(caught.value), "errors are logged"
    assert await stored.of(LAN) is None
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO audit"))
    assert isinstance(await stored.redeem(code, LAN), Officer), "a change that leaves no trail is no change"


async def test_rights_and_locks_outlive_a_restart(place: Place, stored: StoredOfficers, watch: Watch) -> None:
    officer = await joined(stored, LAN, Role.LEADER, UNIT)
    for _ in range(5):
        await stored.redeem(new_code(), MINH)
    again = place.open()
    await upgrade(again)
    other = StoredOfficers(again, watch)
    assert await other.of(LAN) == officer
    assert await other.redeem(new_code(), MINH) == Refusal(Reason.LOCKED, 15 * 60)
    await other.revoke(officer.id, by=CONSOLE)
    assert await stored.of(LAN) is None, "another process sees it at once"


async def test_of_two_processes_one_wins(place: Place, stored: StoredOfficers, watch: Watch) -> None:
    other = StoredOfficers(place.open(), watch)
    for _ in range(5):
        code = await invited(stored, Role.PROVINCE)
        found = await asyncio.gather(stored.redeem(code, LAN), other.redeem(code, MINH))
        assert sum(isinstance(one, Officer) for one in found) == 1


async def test_old_codes_and_locks_are_cleared_away(stored: StoredOfficers, engine: AsyncEngine, watch: Watch) -> None:
    await invited(stored, Role.EDITOR)
    await stored.redeem(new_code(), HOA)
    watch.now += WEEK + timedelta(days=30)
    await invited(stored, Role.EDITOR)
    assert len(await rows(engine, "invitations")) == 2
    assert await rows(engine, "code_tries") == []
    watch.now += SECOND
    await invited(stored, Role.EDITOR)
    assert len(await rows(engine, "invitations")) == 2


async def test_nothing_private_is_logged(
    stored: StoredOfficers, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    code = await invited(stored, Role.ADMIN)
    await stored.redeem(code, LAN)
    await stored.redeem(code, MINH)
    assert code not in caplog.text
    assert LAN not in caplog.text
    assert "".join(capsys.readouterr()) == ""
