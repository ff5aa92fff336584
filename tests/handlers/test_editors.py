"""What editors see in chat of what was missed."""

import pytest

from handlers.missed import Missed, MissedKind
from handlers.model import Menu, Message
from handlers.officers import CONSOLE, INVITATION_LASTS, Role
from handlers.state import State
from knowledge.markup import errors, plain
from tests.fakes import House, actions

UNIT = "unit:xa-quang-an-huyen-dam-ha"
NONE, WRONG = MissedKind.NONE, MissedKind.WRONG


async def become(house: House, role: Role, conversation: str = "test:1") -> None:
    unit = UNIT if role.has_unit else None
    code, _ = await house.officers.invite(role, unit, by=CONSOLE, lasts=INVITATION_LASTS)
    await house.officers.redeem(code, f"person of {conversation}")


async def asked(house: House) -> str:
    (reply,) = (await house.say("/thieusot")).replies
    assert errors(reply.html) == []
    return plain(reply.html)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ADMIN])
async def test_those_who_keep_the_content_see_what_it_misses(house: House, role: Role) -> None:
    await become(house, role)
    for _ in range(3):
        house.questions.note(Missed(NONE, "nuoi ong", "nuôi ong ở <đâu>"), house.clock())
    house.questions.note(Missed(WRONG, "mat the", "mất thẻ", "giay-to.mat"), house.clock())
    outcome = await house.say("/thieusot")
    shown = plain(outcome.replies[0].html)
    assert "1. 3 lần, không có câu trả lời, lần cuối 23/11/2026: nuôi ong ở <đâu>\n" in shown
    assert "2. 1 lần, trả lời chưa đúng ý, lần cuối 23/11/2026: mất thẻ → giay-to.mat" in shown
    assert "0 mục đã quá hạn, 0 mục đến hạn" in shown
    assert outcome.replies[0].menu == Menu(role)
    assert actions(outcome) == ["home"]


async def test_what_is_due_is_counted(house: House) -> None:
    await become(house, Role.EDITOR)
    house.clock.day = house.clock.day.replace(year=2027, month=1, day=31)
    assert "Chưa có câu nào." in await asked(house)
    assert "0 mục đã quá hạn, 5 mục đến hạn" in await asked(house)
    house.clock.day = house.clock.day.replace(month=2, day=1)
    assert "5 mục đã quá hạn, 0 mục đến hạn" in await asked(house)


async def test_ten_long_questions_fit(house: House) -> None:
    await become(house, Role.EDITOR)
    for number in range(12):
        form = f"{number} " + "x" * 190
        house.questions.note(Missed(WRONG, form, "câu hỏi dài " * 16, "y" * 200), house.clock())
    shown = await asked(house)
    assert "10. " in shown
    assert "11. " not in shown
    assert len(shown) <= 2000


@pytest.mark.parametrize("role", [Role.OFFICER, Role.LEADER, Role.PROVINCE])
async def test_other_officers_are_refused(house: House, role: Role) -> None:
    await become(house, role)
    assert "người biên tập" in await asked(house)


async def test_strangers_are_refused(house: House) -> None:
    house.questions.note(Missed(NONE, "nuoi ong", "nuôi ong"), house.clock())
    shown = await asked(house)
    assert "/dangky" in shown
    assert "nuôi ong" not in shown


async def test_who_was_revoked_is_refused_at_once(house: House) -> None:
    await become(house, Role.EDITOR)
    await house.officers.revoke("1", by=CONSOLE)
    assert "/dangky" in await asked(house)


async def test_in_a_group_nothing_is_told(house: House) -> None:
    await become(house, Role.EDITOR)
    message = Message("test", "person of test:1", "group", "/thieusot", in_group=True)
    (reply,) = await house.assistant.answer(message)
    assert "chat riêng" in reply.html


async def test_one_stays_where_one_was(house: House) -> None:
    await become(house, Role.EDITOR)
    await house.press("topics")
    await asked(house)
    assert await house.conversations.load("test:1") == State(("topics",))
