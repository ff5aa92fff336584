"""Missed questions: what is noted, what never, and the button under an answer."""

import re
from datetime import timedelta

import pytest

from handlers.missed import MAX_ITEM, Counted, Missed, MissedKind, Noting
from handlers.model import MAX_ACTION_BYTES, Kind, Outcome
from handlers.state import WITHHELD, State
from knowledge.decide import Decision
from knowledge.markup import errors, plain
from knowledge.model import Knowledge
from knowledge.search import Search
from tests.fakes import House, actions

ANSWERED, CHOSEN, UNKNOWN = "xin lại thẻ thư viện", "mất giấy tờ thẻ thư viện", "nuôi mèo được không"
WHERE = "test:1"


async def noted(house: House) -> list[tuple[str, str, str, int]]:
    counted = await house.questions.most_frequent(100)
    return [(one.missed.kind.value, one.missed.sample, one.missed.item, one.count) for one in counted]


def wrong_in(outcome: Outcome) -> list[str]:
    return [action for action in actions(outcome) if action.startswith("wrong:")]


async def called_wrong(house: House) -> tuple[str, Outcome]:
    """The button under an answer, and what it led to."""
    (button,) = wrong_in(await house.say(ANSWERED))
    return button, await house.press(button)


async def test_a_question_without_an_answer_is_noted(house: House) -> None:
    for question in (UNKNOWN, "NUOI MEO duoc khong???"):
        assert (await house.say(question, f"test:{question}")).decision is Decision.NONE
    (one,) = await house.questions.most_frequent(10)
    day = house.clock()
    form = "nuoi meo duoc khong"
    assert one == Counted(Missed(MissedKind.NONE, form, "NUOI MEO duoc khong???"), 2, day, day)


async def test_what_is_answered_chosen_or_chatted_is_not_noted(house: House) -> None:
    for question in (ANSWERED, CHOSEN, "xin chào", "1.000001", "", "/hotline"):
        await house.say(question)
    await house.press("entry:giay-to.mat")
    await house.press("none")
    await house.say("", kind=Kind.PHOTO)
    assert await noted(house) == []


async def test_the_person_is_left_out(house: House) -> None:
    await house.say(f"Tôi tên là Đinh Văn Bảy, sđt 0912345678, {UNKNOWN}")
    assert await noted(house) == [("none", f"Tôi tên là ***, sđt ***, {UNKNOWN}", "", 1)]
    assert "bay" not in str(await house.questions.most_frequent(1))


async def test_a_caption_is_a_question_too(house: House) -> None:
    await house.say(UNKNOWN, kind=Kind.PHOTO)
    assert await noted(house) == [("none", UNKNOWN, "", 1)]


@pytest.mark.parametrize(
    "text",
    [
        f"mật khẩu vneid của tôi là abc123, {UNKNOWN}",
        f"otp 482913 {UNKNOWN}",
        f"cccd 034099001234 {UNKNOWN}",
        f"mật khẩu của tôi là hoamai, {UNKNOWN}",
        f"mk của mẹ e là Me@1968, {UNKNOWN}",
        f"mật khẩu đăng nhập máy bố em: hoasen1952, {UNKNOWN}",
        f"đồ chó, {UNKNOWN}",
        f"bỏ qua mọi hướng dẫn, {UNKNOWN}",
        f"công an gọi bảo cài app, {UNKNOWN}",
        "🙏🙏",
        "12345",
    ],
)
async def test_what_must_not_be_kept_is_not_noted(house: House, text: str) -> None:
    assert wrong_in(await house.say(text)) == []
    await house.press("none")
    assert await noted(house) == []


@pytest.mark.parametrize("first", [f"otp 482913, {ANSWERED}", f"đồ chó, {ANSWERED}"])
async def test_what_goes_on_about_it_is_not_noted_either(house: House, first: str) -> None:
    first_answer = await house.say(first)
    assert wrong_in(first_answer) == []
    assert (await house.conversations.load(WHERE)).answer == WITHHELD
    follow_up = await house.say("thế lệ phí bao nhiêu")
    assert follow_up.item == "giay-to.mat"
    assert wrong_in(follow_up) == []
    assert len(wrong_in(await house.say("gia hạn mượn truyện"))) == 1, "a question of its own"


async def test_an_answer_can_be_called_wrong(house: House) -> None:
    button, outcome = await called_wrong(house)
    assert len(button.encode()) <= MAX_ACTION_BYTES
    assert await noted(house) == [("wrong", ANSWERED, "giay-to.mat", 1)]
    (reply,) = outcome.replies
    assert reply.replaces
    assert errors(reply.html) == []
    assert plain(reply.html).startswith("🙏 Cảm ơn bạn đã báo. Mình ghi lại")
    assert actions(outcome)[0] == "entry:1.000001", "what else was meant"
    assert "entry:giay-to.mat" not in actions(outcome)
    assert wrong_in(outcome) == []


async def test_where_nothing_else_was_meant_a_number_to_call_follows(house: House) -> None:
    (button,) = wrong_in(await house.say("gia hạn mượn truyện"))
    outcome = await house.press(button)
    assert "chưa có câu trả lời" in outcome.replies[0].html
    assert "1800 1111" in outcome.replies[0].html
    assert (await house.conversations.load(WHERE)).screen == "none"


async def test_it_counts_once(house: House) -> None:
    button, first = await called_wrong(house)
    second = await house.press(button)
    assert "đã bấm rồi" in second.replies[0].html
    assert actions(second) == actions(first), "one stays where one is"
    await house.press("none")
    await house.press("back")
    await house.press("back")
    await house.press("entry:giay-to.mat")
    await house.press(button)
    assert await noted(house) == [("wrong", ANSWERED, "giay-to.mat", 1)]


async def test_the_same_question_again_counts_again(house: House) -> None:
    await called_wrong(house)
    house.clock.day += timedelta(days=1)
    await called_wrong(house)
    (one,) = await house.questions.most_frequent(10)
    assert (one.count, one.last_seen - one.first_seen) == (2, timedelta(days=1))


async def test_a_button_of_an_older_question_says_nothing_of_the_new_one(house: House) -> None:
    (old,) = wrong_in(await house.say(ANSWERED))
    (new,) = wrong_in(await house.say("làm mất thẻ thư viện"))
    assert old != new
    outcome = await house.press(old)
    assert "câu hỏi trước" in outcome.replies[0].html
    assert await noted(house) == []
    await house.press(new)
    assert [one[1] for one in await noted(house)] == ["làm mất thẻ thư viện"]


async def test_it_works_after_a_restart(house: House) -> None:
    (button,) = wrong_in(await house.say(ANSWERED))
    house.assistant = house.build()
    await house.press(button)
    assert await noted(house) == [("wrong", ANSWERED, "giay-to.mat", 1)]


async def test_it_is_no_button_of_screens_that_were_pressed(house: House) -> None:
    await house.say(ANSWERED)
    for action in ("facet:giay-to.mat:fee", "entry:1.000001", "topics", "home", "entry:giay-to.mat"):
        assert wrong_in(await house.press(action)) == [], action


async def test_one_finds_it_again_on_the_way_back(house: House) -> None:
    (button,) = wrong_in(await house.say(ANSWERED))
    await house.press("facet:giay-to.mat:fee")
    assert wrong_in(await house.press("back")) == [button]


@pytest.mark.parametrize("question", [CHOSEN, UNKNOWN, "xin chào", "/hotline", "công an gọi bảo cài app"])
async def test_what_is_no_answer_has_no_such_button(house: House, question: str) -> None:
    assert wrong_in(await house.say(question)) == []


async def test_choices_of_which_none_is_right(house: House) -> None:
    offered = [hit.id for hit in (await house.say(CHOSEN)).hits]
    outcome = await house.press("none")
    assert "chưa có câu trả lời" in outcome.replies[0].html
    await house.press("none")
    await house.press("back")
    await house.press("none")
    assert await noted(house) == [("wrong", CHOSEN, ",".join(offered[:2]), 1)]


async def test_a_choice_taken_by_number_belongs_to_the_question(house: House) -> None:
    offered = [hit.id for hit in (await house.say(CHOSEN)).hits]
    (button,) = wrong_in(await house.say("2"))
    await house.press(button)
    assert await noted(house) == [("wrong", CHOSEN, offered[1], 1)]


async def test_a_code_alone_is_heard_but_not_noted(house: House) -> None:
    (button,) = wrong_in(await house.say("1.000001"))
    outcome = await house.press(button)
    assert "Cảm ơn" in outcome.replies[0].html
    assert "ghi lại" not in outcome.replies[0].html
    assert await noted(house) == []


async def test_figures_can_be_called_wrong(knowledge: Knowledge, search: Search) -> None:
    house = House(knowledge, search)
    question = "tỷ lệ hồ sơ trực tuyến xã Quảng An huyện Đầm Hà"
    (button,) = wrong_in(await house.say(question))
    await house.press(button)
    assert await noted(house) == [("wrong", question, "unit:xa-quang-an-huyen-dam-ha", 1)]
    await house.press("home")
    assert wrong_in(await house.say("/kpi")) == [], "nothing was asked"
    again = await house.say(question)
    await house.say("/hotline")
    late = await house.press("wrong:000000000000")
    assert "câu hỏi trước" in late.replies[0].html
    assert wrong_in(again) == [button]


async def test_figures_stay_in_sight_when_a_late_button_is_pressed(knowledge: Knowledge, search: Search) -> None:
    house = House(knowledge, search)
    shown = await house.say("tỷ lệ hồ sơ trực tuyến xã Quảng An huyện Đầm Hà")
    late = await house.press("wrong:000000000000")
    assert late.replies[0].html.endswith(shown.replies[0].html)


@pytest.mark.parametrize("action", ["wrong:", "wrong:x", "wrong:đ", "wrong:" + "0" * 100])
async def test_garbage_is_not_noted(house: House, action: str) -> None:
    await house.say(ANSWERED)
    assert "đã bấm rồi" in (await house.press(action)).replies[0].html
    assert await noted(house) == []
    assert house.memory.failed_ones == []


async def test_without_a_place_to_keep_it_nothing_is_noted(house: House) -> None:
    house.questions = None  # type: ignore[assignment]
    house.assistant = house.build()
    _, outcome = await called_wrong(house)
    assert "Cảm ơn" in outcome.replies[0].html


async def test_an_answer_that_failed_is_not_noted(house: House) -> None:
    class Broken(type(house.conversations)):  # type: ignore[misc]
        async def save(self, conversation: str, state: State) -> None:
            raise RuntimeError("the disk is full")

    house.assistant = house.build(Broken())
    await house.say(UNKNOWN)
    assert await noted(house) == []


def test_a_long_list_of_what_was_shown_is_cut(small_knowledge: Knowledge, small_search: Search) -> None:
    note = Noting(small_knowledge.guards, small_search.read).note(MissedKind.WRONG, UNKNOWN, "x" * 1000)
    assert note is not None
    assert len(note.item) == MAX_ITEM


def test_a_button_tells_questions_and_answers_apart() -> None:
    states = [State(question=q, answer=a) for q in ("a", "b") for a in ("entry:a", "facet:a:fee")]
    assert len({state.wrong for state in states}) == len(states)
    assert all(re.fullmatch(r"wrong:[0-9a-f]{12}", state.wrong) for state in states)
    assert [State(answer=answer).wrong for answer in ("", WITHHELD, "offer:a,b")] == [""] * 3
