"""Joining by a code, linking the web chat, inviting, listing, revoking."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.codes import new_code, read_code
from handlers.model import Kind, Menu, Message, Outcome
from handlers.officer_screens import ASKING_UNIT
from handlers.officers import CONSOLE, Officer, Role
from handlers.state import State
from knowledge.decide import Decision
from knowledge.markup import errors, plain
from tests.fakes import House, actions
from tests.units import UNITS

WEEK = timedelta(days=7)
UNIT = "unit:xa-quang-an-huyen-dam-ha"
LAN, MINH = "test:1", "test:2"
SHOWN_CODE = re.compile(r"<code>(\w{4}-\w{4}-\w{4})</code>")
LINK = "https://t.me/DvcBot?start="


def person(conversation: str) -> str:
    return f"person of {conversation}"


async def invited(house: House, role: Role, unit: str | None = None) -> str:
    return (await house.officers.invite(role, unit, by=CONSOLE, lasts=WEEK))[0]


async def joined(house: House, conversation: str, role: Role, unit: str | None = None) -> Officer:
    officer = await house.officers.redeem(await invited(house, role, unit), person(conversation))
    assert isinstance(officer, Officer)
    return officer


def text(outcome: Outcome) -> str:
    (reply,) = outcome.replies
    assert errors(reply.html) == []
    return plain(reply.html)


def menu(outcome: Outcome) -> Menu | None:
    return outcome.replies[-1].menu


def code_in(outcome: Outcome) -> str:
    found = SHOWN_CODE.search(outcome.replies[0].html)
    assert found is not None
    copies = [button.copy for row in outcome.replies[0].buttons for button in row if button.copy]
    assert found[1] in copies
    return found[1]


@pytest.mark.parametrize("command", ["/dangky {}", "/start {}", "/DANGKY  {}", "/dangky\n{}", "/Start {}"])
async def test_a_code_makes_an_officer(house: House, command: str) -> None:
    outcome = await house.say(command.format((await invited(house, Role.OFFICER, UNIT)).lower()))
    assert "Cán bộ đơn vị · Xã Quảng An, Huyện Đầm Hà" in text(outcome)
    assert menu(outcome) == Menu(Role.OFFICER)
    officer = await house.officers.of(person(LAN))
    assert officer is not None
    assert (officer.role, officer.unit) == (Role.OFFICER, UNIT)


async def test_a_code_is_asked_for_and_typed_alone(house: House) -> None:
    code = await invited(house, Role.EDITOR)
    asked = await house.say("/dangky")
    assert "BCFG-HJKM-2345" in text(asked)
    assert menu(asked) == Menu(None)
    assert "Biên tập nội dung" in text(await house.say(code))
    assert (await house.conversations.load(LAN)).screen == "home"


async def test_a_question_while_a_code_is_asked_for_is_answered(house: House) -> None:
    await house.say("/dangky")
    assert (await house.say("1.000001")).item == "1.000001"


async def test_a_code_alone_is_not_taken_when_nobody_asked(house: House) -> None:
    await house.say(await invited(house, Role.ADMIN))
    assert await house.officers.of(person(LAN)) is None


async def test_after_a_while_it_is_asked_again(house: House) -> None:
    await house.say("/dangky")
    state = await house.conversations.load(LAN)
    await house.conversations.save(LAN, replace(state, at=state.at - timedelta(minutes=31)))
    await house.say(await invited(house, Role.ADMIN))
    assert await house.officers.of(person(LAN)) is None


@pytest.mark.parametrize(
    ("typed", "told"),
    [("BCFG", "chưa phải là mã"), ("x" * 5000, "chưa phải là mã"), ("BCFG-HJKM-2345", "Mã không đúng")],
)
async def test_what_is_no_code(house: House, typed: str, told: str) -> None:
    outcome = await house.say(f"/dangky {typed}")
    assert told in text(outcome)
    assert menu(outcome) == Menu(None)


async def test_a_wrong_code_can_be_typed_again(house: House) -> None:
    await house.say(f"/dangky {new_code()}")
    assert "Biên tập nội dung" in text(await house.say(await invited(house, Role.EDITOR)))


async def test_used_late_and_own_codes_are_told_apart(house: House) -> None:
    code = await invited(house, Role.EDITOR)
    await house.officers.redeem(code, "someone")
    assert "đã có người dùng" in text(await house.say(f"/dangky {code}"))
    late = (await house.officers.invite(Role.EDITOR, None, by=CONSOLE, lasts=-WEEK))[0]
    assert "đã hết hạn" in text(await house.say(f"/dangky {late}"))
    await joined(house, LAN, Role.ADMIN)
    own = (await house.officers.invite(Role.EDITOR, None, by=person(LAN), lasts=WEEK))[0]
    outcome = await house.say(f"/start {own}")
    assert "do chính bạn tạo" in text(outcome)
    assert menu(outcome) == Menu(Role.ADMIN)


async def test_too_many_codes_have_to_wait(house: House) -> None:
    for _ in range(5):
        await house.say(f"/dangky {new_code()}")
    assert "chờ khoảng 15 phút" in text(await house.say(f"/dangky {await invited(house, Role.EDITOR)}"))
    assert await house.officers.of(person(LAN)) is None


async def test_no_code_is_remembered(house: House) -> None:
    code = await invited(house, Role.EDITOR)
    await house.say("/dangky")
    await house.say(f"/dangky {new_code()}")
    await house.say(f"/dangky {code}")
    await joined(house, MINH, Role.ADMIN)
    made = code_in(await house.press("invite:editor", MINH))
    for conversation in (LAN, MINH):
        state = str(await house.conversations.load(conversation))
        assert code not in state
        assert made not in state
    assert all(outcome.item == "" for _, outcome in house.memory.answered_ones), "what is logged"


@pytest.mark.parametrize(
    "text_or_action",
    ["/dangky {code}", "/dangky", "/start {code}", "/ketnoi", "/moi", "/canbo", "invite:admin", "officers", "revoke:1"],
)
async def test_in_a_group_nothing_is_shown_and_nothing_done(house: House, text_or_action: str) -> None:
    await house.officers.redeem(await invited(house, Role.ADMIN), "lan")
    code = await invited(house, Role.ADMIN)
    kind = Kind.TEXT if text_or_action.startswith("/") else Kind.ACTION
    for who in ("lan", "minh"):
        sent = Message("test", who, "group", text_or_action.format(code=code), kind, in_group=True)
        outcome = await house.assistant.ask(sent)
        assert "chat riêng" in text(outcome)
        assert menu(outcome) is None
    assert len(await house.officers.officers()) == 1
    assert len(await house.officers.invitations()) == 1
    assert await house.conversations.load("group") == State()


EVERYTHING_OF_ADMINS = [
    "invite",
    "invite:officer",
    "invite:admin",
    "invite:officer:xa-quang-an-huyen-dam-ha",
    "officers",
    "officers:2",
    "officer:1",
    "revoke:1",
    "revoke:i1",
]


@pytest.mark.parametrize("action", EVERYTHING_OF_ADMINS)
@pytest.mark.parametrize("role", [None, *(role for role in Role if role is not Role.ADMIN)])
async def test_only_administrators_invite_list_and_revoke(house: House, role: Role | None, action: str) -> None:
    await joined(house, MINH, Role.ADMIN)
    await invited(house, Role.EDITOR)
    if role is not None:
        await joined(house, LAN, role, UNIT if role.has_unit else None)
    officers, invitations = await house.officers.officers(), await house.officers.invitations()
    outcome = await house.press(action)
    assert "🔒" in text(outcome)
    assert ("quản trị viên" in text(outcome)) is (role is not None)
    assert menu(outcome) == Menu(role)
    assert await house.officers.officers() == officers
    assert await house.officers.invitations() == invitations


@pytest.mark.parametrize("action", EVERYTHING_OF_ADMINS)
async def test_a_revocation_counts_on_every_old_button(house: House, action: str) -> None:
    await joined(house, MINH, Role.ADMIN)
    lan = await joined(house, LAN, Role.ADMIN)
    await house.press("invite:officer")
    await house.officers.revoke(lan.id, by=person(MINH))
    outcome = await house.press(action)
    assert "mã mời" in text(outcome)
    assert menu(outcome) == Menu(None), "and the menu goes"
    assert len(await house.officers.officers()) == 1
    assert await house.officers.invitations() == []


async def test_a_revocation_counts_while_a_unit_is_asked_for(house: House) -> None:
    lan = await joined(house, LAN, Role.ADMIN)
    await house.press("invite:officer")
    await house.officers.revoke(lan.id, by=CONSOLE)
    assert "🔒" in text(await house.say("xã quảng an"))
    assert await house.officers.invitations() == []


async def test_an_administrator_invites_by_buttons(house: House) -> None:
    await joined(house, LAN, Role.ADMIN)
    assert actions(await house.say("/moi"))[:5] == [f"invite:{role}" for role in Role]
    asked = await house.press("invite:leader")
    assert "gõ tên đơn vị" in text(asked)
    assert asked.replies[0].replaces
    made = await house.say("huyen dam ha")
    assert "Lãnh đạo đơn vị · Huyện Đầm Hà" in text(made)
    assert "30/11/2026" in text(made)
    leader = await house.officers.redeem(read_code(code_in(made)) or "", person(MINH))
    assert isinstance(leader, Officer)
    assert (leader.role, leader.unit) == (Role.LEADER, "unit:huyen-dam-ha")
    assert (await house.say("1.000001")).item == "1.000001", "and goes on as before"


@pytest.mark.parametrize("role", [Role.PROVINCE, Role.EDITOR, Role.ADMIN])
async def test_a_role_without_unit_is_invited_at_once(house: House, role: Role) -> None:
    await joined(house, LAN, Role.ADMIN)
    made = await house.press(f"invite:{role}")
    assert not made.replies[0].replaces, "the code stays in sight"
    assert [(one.role, one.unit) for one in await house.officers.invitations()] == [(role, None)]


async def test_a_code_comes_with_a_link_where_there_is_one(house: House) -> None:
    await joined(house, LAN, Role.ADMIN)
    sent = Message("test", person(LAN), LAN, "invite:editor", Kind.ACTION, link=LINK)
    outcome = await house.assistant.ask(sent)
    link = f"{LINK}{read_code(code_in(outcome))}"
    assert f'href="{link}"' in outcome.replies[0].html
    assert link in [button.copy for row in outcome.replies[0].buttons for button in row]
    assert re.fullmatch(r"https://t\.me/\w+\?start=[A-Za-z0-9_-]{1,64}", link)
    assert "href" not in (await house.press("invite:editor")).replies[0].html


async def test_a_name_of_several_units_is_asked_back(house: House) -> None:
    await joined(house, LAN, Role.ADMIN)
    await house.press("invite:officer")
    asked = await house.say("đoàn kết")
    assert actions(asked)[:2] == [
        "invite:officer:xa-doan-ket-huyen-hai-ha",
        "invite:officer:xa-doan-ket-huyen-van-don",
    ]
    assert "bạn chọn đúng đơn vị" in text(asked).lower()
    assert await house.officers.invitations() == []
    await house.press("invite:officer:xa-doan-ket-huyen-hai-ha")
    assert [one.unit for one in await house.officers.invitations()] == ["unit:xa-doan-ket-huyen-hai-ha"]


@pytest.mark.parametrize("typed", ["sao hỏa", "<b>x</b> & y", "?", "x" * 4000])
async def test_an_unknown_unit_is_told_and_asked_again(house: House, typed: str) -> None:
    await joined(house, LAN, Role.ADMIN)
    await house.press("invite:officer")
    outcome = await house.say(typed)
    assert "không thấy đơn vị" in text(outcome)
    assert len(text(outcome)) < 500
    assert await house.officers.invitations() == []
    assert "Sở Tư pháp" in text(await house.say("sở tp"))


@pytest.mark.parametrize("screen", sorted(ASKING_UNIT))
async def test_other_things_on_the_way_are_not_taken_for_a_unit(house: House, screen: str) -> None:
    await joined(house, LAN, Role.ADMIN)
    await house.press(screen)
    assert "1800 1111" in text(await house.say("/hotline"))
    await house.press(screen)
    await house.say("huyện đầm hà", kind=Kind.PHOTO)
    await house.press("home")
    assert "huyện" not in text(await house.say("huyện đầm hà")).lower()
    assert await house.officers.invitations() == []


@pytest.mark.parametrize(
    "action", ["invite:mayor", "invite::", "invite:officer:unit:x", "officers:0", "officers:x", "officers:99"]
)
async def test_odd_buttons_do_no_harm(house: House, action: str) -> None:
    await joined(house, LAN, Role.ADMIN)
    assert text(await house.press(action))
    assert house.memory.failed_ones == []
    assert await house.officers.invitations() == []


async def test_going_back_does_nothing_again(house: House) -> None:
    await joined(house, LAN, Role.ADMIN)
    await house.say("/moi")
    await house.press("invite:editor")
    await house.press("officers")
    await house.press("officer:i2")
    assert "Đã thu hồi" in text(await house.press("revoke:i2"))
    for _ in range(6):
        await house.press("back")
    assert await house.officers.invitations() == []
    assert len(await house.officers.officers()) == 1
    assert house.memory.failed_ones == []


async def test_back_leads_through_the_screens(house: House) -> None:
    await joined(house, LAN, Role.ADMIN)
    await house.press("topics")
    listed = await house.say("/canbo")
    await house.press("officer:1")
    assert text(await house.press("back")) == text(listed)
    assert "chủ đề" in text(await house.press("back")).lower()
    await house.press("officers")
    assert (await house.press("hotline")).replies[0].menu is None
    assert text(await house.press("back")) == text(listed)


def cards(outcome: Outcome) -> list[str]:
    return [action for action in actions(outcome) if action.startswith("officer:")]


async def test_many_officers_are_listed_in_pages(house: House) -> None:
    await joined(house, LAN, Role.ADMIN)
    for number in range(9):
        await joined(house, f"other:{number}", Role.OFFICER, UNIT)
    await invited(house, Role.EDITOR)
    first = await house.say("/canbo")
    assert "Cán bộ có quyền: 10 · mã mời chưa dùng: 1" in text(first)
    assert [action for action in actions(first) if action.startswith("officer:")] == [
        f"officer:{n}" for n in range(1, 9)
    ]
    second = await house.press("officers:2")
    assert [action for action in actions(second) if action.startswith("officer:")] == [
        "officer:9",
        "officer:10",
        "officer:i11",
    ]
    labels = [button.label for row in second.replies[0].buttons for button in row]
    assert "Cán bộ đơn vị · Xã Quảng An, Huyện Đầm Hà" in labels
    assert "Biên tập nội dung (mã mời chưa dùng)" in labels


async def test_an_administrator_revokes_by_button(house: House) -> None:
    await joined(house, LAN, Role.ADMIN)
    minh = await joined(house, MINH, Role.OFFICER, UNIT)
    card = await house.press(f"officer:{minh.id}")
    assert "Có quyền từ ngày 23/11/2026" in text(card)
    assert "chính bạn" not in text(card)
    assert await house.officers.of(person(MINH)) == minh, "a card revokes nobody"
    done = await house.press(f"revoke:{minh.id}")
    assert "Đã thu hồi: Cán bộ đơn vị · Xã Quảng An, Huyện Đầm Hà" in text(done)
    assert menu(done) == Menu(Role.ADMIN)
    assert await house.officers.of(person(MINH)) is None
    assert "không còn nữa" in text(await house.press(f"revoke:{minh.id}"))
    assert "không còn nữa" in text(await house.press(f"officer:{minh.id}"))


async def test_an_invitation_is_withdrawn_by_button(house: House) -> None:
    await joined(house, LAN, Role.ADMIN)
    code = await invited(house, Role.LEADER, UNIT)
    (waiting,) = await house.officers.invitations()
    assert "hết hạn lúc" in text(await house.press(f"officer:{waiting.id}"))
    assert "Đã thu hồi" in text(await house.press(f"revoke:{waiting.id}"))
    assert "Mã không đúng" in text(await house.say(f"/dangky {code}", MINH))


async def test_who_revokes_themselves_is_warned_and_loses_the_menu(house: House) -> None:
    lan = await joined(house, LAN, Role.ADMIN)
    assert "chính bạn" in text(await house.press(f"officer:{lan.id}"))
    done = await house.press(f"revoke:{lan.id}")
    assert menu(done) == Menu(None)
    assert "officers" not in actions(done)


def web(words: str, conversation: str = "web:secret", kind: Kind = Kind.TEXT) -> Message:
    return Message("web", "web:203.0.113.7", conversation, words, kind, anonymous=True)


@pytest.mark.parametrize("command", ["/ketnoi {}", "/dangky {}", "/start {}"])
async def test_the_web_chat_is_linked(house: House, command: str) -> None:
    lan = await joined(house, LAN, Role.OFFICER, UNIT)
    given = await house.say("/ketnoi")
    assert "10 phút" in text(given)
    assert menu(given) == Menu(Role.OFFICER)
    linked = await house.assistant.ask(web(command.format(code_in(given))))
    assert "Trang này nay làm việc với quyền của bạn" in text(linked)
    assert await house.officers.of("web:secret") == lan
    assert await house.officers.of("web:203.0.113.7") is None, "others behind that address have no rights"
    assert "đã có người dùng" in text(await house.assistant.ask(web(command.format(code_in(given)), "web:other")))


async def test_the_web_chat_asks_for_the_code(house: House) -> None:
    await joined(house, LAN, Role.EDITOR)
    assert "Telegram" in text(await house.assistant.ask(web("/ketnoi")))
    await house.assistant.ask(web(code_in(await house.say("/ketnoi"))))
    assert await house.officers.of("web:secret") is not None


async def test_an_invitation_is_not_redeemed_on_the_web(house: House) -> None:
    code = await invited(house, Role.ADMIN)
    assert "mã mời thì bạn gửi trong Telegram" in text(await house.assistant.ask(web(f"/dangky {code}")))
    assert await house.officers.officers() == []
    assert "Quản trị viên" in text(await house.say(f"/dangky {code}")), "it is still good"


async def test_a_link_is_ended_from_either_side(house: House) -> None:
    await joined(house, LAN, Role.ADMIN)
    for end in (lambda: house.press("unlink"), lambda: house.assistant.ask(web("unlink", kind=Kind.ACTION))):
        await house.assistant.ask(web(f"/ketnoi {code_in(await house.say('/ketnoi'))}"))
        assert actions(await house.assistant.ask(web("/ketnoi")))[0] == "unlink"
        assert "Đã ngắt 1 trang web" in text(await end())
        assert await house.officers.of("web:secret") is None
    assert "🔒" in text(await house.assistant.ask(web("/canbo")))


async def test_a_linked_page_may_do_what_its_officer_may(house: House) -> None:
    lan = await joined(house, LAN, Role.ADMIN)
    await house.assistant.ask(web(f"/ketnoi {code_in(await house.say('/ketnoi'))}"))
    await house.assistant.ask(web("invite:editor", kind=Kind.ACTION))
    assert len(await house.officers.invitations()) == 1
    await house.officers.revoke(lan.id, by=CONSOLE)
    assert "🔒" in text(await house.assistant.ask(web("invite:editor", kind=Kind.ACTION)))
    assert await house.officers.invitations() == []


@pytest.mark.parametrize("action", ["/ketnoi", "unlink"])
async def test_a_stranger_links_nothing(house: House, action: str) -> None:
    outcome = await house.say(action, kind=Kind.TEXT if action.startswith("/") else Kind.ACTION)
    assert "cán bộ được mời" in text(outcome)


async def test_without_officers_the_commands_lead_somewhere(house: House) -> None:
    house.officers = None
    house.assistant = house.build()
    for command in ("/dangky", "/moi", "/canbo", "/ketnoi", f"/start {new_code()}"):
        outcome = await house.say(command)
        assert outcome.decision is Decision.ANSWER
        assert menu(outcome) is None
    assert house.memory.failed_ones == []


async def test_a_failing_store_is_apologised_for(house: House) -> None:
    async def broken(_: str) -> None:
        raise RuntimeError("the disk is full")

    house.officers.of = broken  # type: ignore[method-assign]
    assert "Xin lỗi" in text(await house.say("/canbo"))
    assert (await house.say("1.000001")).item == "1.000001", "answers for everyone do not hang on it"


async def test_every_unit_fits_a_button(house: House) -> None:
    await joined(house, LAN, Role.ADMIN)
    for unit in UNITS:
        await house.press(f"invite:leader:{unit.removeprefix('unit:')}")
    assert {one.unit for one in await house.officers.invitations()} == set(UNITS)
