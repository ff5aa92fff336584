"""The screens: every button leads somewhere, and home and back are always there."""

from collections import deque
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.model import MAX_ACTION_BYTES, Button, Outcome, Reply
from handlers.screens import Screens, number_of, page_of, turners
from handlers.state import HOME, State
from handlers.words import shortened
from knowledge.markup import errors, plain
from knowledge.model import Knowledge, Paper
from tests.fakes import Clock, actions

LONGEST_LABEL = 72


def screens_of(knowledge: Knowledge) -> Screens:
    return Screens(knowledge, Clock())


def buttons(reply: Reply) -> list[Button]:
    return [button for row in reply.buttons for button in row]


def check(reply: Reply) -> None:
    """What holds for each screen."""
    assert reply.html
    assert errors(reply.html) == []
    assert len(plain(reply.html)) <= 2000
    assert all(row for row in reply.buttons)
    for button in buttons(reply):
        assert 0 < len(button.label) <= LONGEST_LABEL, button
        assert button.action is None or len(button.action.encode()) <= MAX_ACTION_BYTES
    pressed = [button.action for button in buttons(reply) if button.action]
    assert len(set(pressed)) == len(pressed), "two buttons lead to the same screen"


def test_every_button_within_reach_of_home_works(knowledge: Knowledge) -> None:
    screens = screens_of(knowledge)
    seen = {HOME}
    waiting = deque([(HOME, State())])
    while waiting:
        action, before = waiting.popleft()
        outcome, state = screens.press(action, before)
        (reply,) = outcome.replies
        check(reply)
        assert state.screen == action, f"{action} leads elsewhere"
        assert reply.replaces
        if action != HOME:
            assert actions(outcome)[-2:] == ["back", HOME]
            assert screens.press(HOME, state)[1] == State()
            assert screens.press("back", state)[1].screen == before.screen
        for further in actions(outcome):
            if further != "back" and further not in seen:
                seen.add(further)
                waiting.append((further, state))
    assert seen >= {f"entry:{entry}" for entry in knowledge.entries}
    assert seen >= {f"topic:{topic}" for topic in knowledge.topics}


def test_every_procedure_has_a_screen_whose_buttons_work(knowledge: Knowledge) -> None:
    screens = screens_of(knowledge)
    for code in knowledge.procedures:
        outcome, _ = screens.press(f"entry:{code}", State())
        check(outcome.replies[0])
        assert outcome.item == code
        assert any(button.url for button in buttons(outcome.replies[0]))


def test_everything_can_be_offered(knowledge: Knowledge) -> None:
    screens = screens_of(knowledge)
    ids = [*knowledge.entries, *knowledge.procedures]
    for start in range(0, len(ids), 3):
        offered = ids[start : start + 3]
        reply = screens.show("offer:" + ",".join(offered), State(("x",)))
        check(reply)
        assert [button.action for button in buttons(reply)][: len(offered)] == [f"entry:{item}" for item in offered]


GARBAGE = st.one_of(
    st.text(),
    st.builds(
        "{}:{}".format,
        st.sampled_from(["entry", "facet", "topic", "offer", "home", "help", "topics", "hotline", "none", "back"]),
        st.one_of(
            st.text(), st.sampled_from(["x", "giay-to.mat:colour", "1.000001:fee:x:y", ",,,", "giay-to:99999999"])
        ),
    ),
)


@given(GARBAGE)
def test_garbage_leads_home_or_to_a_screen(small_knowledge: Knowledge, action: str) -> None:
    screens = screens_of(small_knowledge)
    outcome, after = screens.press(action, State(("topics",)))
    check(outcome.replies[0])
    if action not in (after.screen, "back"):
        assert after == State()
        assert outcome.replies[0].html == screens.show(HOME, State()).html
        assert outcome.item == ""


@pytest.mark.parametrize(
    "action",
    [
        "",
        ":",
        "nothing",
        "entry",
        "entry:",
        "entry:gone",
        "entry:giay-to.mat:more",
        "facet:giay-to.mat",
        "facet:giay-to.mat:colour",
        "facet:gone:fee",
        "topic:gone",
        "offer:",
        "offer:gone,gone",
        "home:words of somebody",
        "none:words of somebody",
        "HOME",
        " home",
        "entry:giay-to.mat\x00",
        "đ" * 33,
        "offer:" + "giay-to.mat," * 6,
    ],
)
def test_what_is_not_there_leads_home_and_is_not_remembered(small_knowledge: Knowledge, action: str) -> None:
    outcome, after = screens_of(small_knowledge).press(action, State(("topics", "hotline")))
    assert after == State()
    assert actions(outcome) == actions(screens_of(small_knowledge).press(HOME, State())[0])
    assert outcome.item == ""


def test_a_screen_that_is_gone_since_shows_home_and_the_way_on(small_knowledge: Knowledge) -> None:
    screens = screens_of(small_knowledge)
    outcome, state = screens.press("back", State(("topics", "entry:gone", "hotline")))
    assert outcome.replies[0].html == screens.show(HOME, State()).html
    assert screens.press("back", state)[1].screen == "topics"


def test_back_at_home_stays_at_home(small_knowledge: Knowledge) -> None:
    outcome, after = screens_of(small_knowledge).press("back", State())
    assert after == State()
    assert "back" not in actions(outcome)


def test_a_button_has_one_purpose_and_fits() -> None:
    for wrong in ({}, {"action": "a", "url": "https://b"}, {"action": "x" * 65}, {"action": "đ" * 33}):
        with pytest.raises(ValueError, match="button"):
            Button("label", **wrong)
    assert Button("label", action="x" * 64).action == "x" * 64


def with_papers(knowledge: Knowledge, count: int) -> Knowledge:
    papers = tuple(Paper(name=f"Giấy {number} " + "x" * 500, original=1) for number in range(count))
    card = replace(knowledge.procedures["1.000001"], documents=papers)
    return replace(knowledge, procedures=knowledge.procedures | {card.code: card})


def test_long_papers_are_turned_page_by_page(small_knowledge: Knowledge) -> None:
    screens = screens_of(with_papers(small_knowledge, 7))
    state, read = State(), []
    action = "facet:1.000001:documents"
    while action:
        outcome, state = screens.press(action, state)
        check(outcome.replies[0])
        read.append(outcome.replies[0].html)
        following = f"facet:1.000001:documents:{len(read) + 1}"
        action = following if following in actions(outcome) else ""
    assert len(read) == 4
    assert all(any(f"Giấy {number} " in page for page in read) for number in range(7))
    assert "Trang 4/4" in read[-1]


@pytest.mark.parametrize(
    ("page", "around"), [("0", [2]), ("1", [2]), ("2", [1, 3]), ("4", [3]), ("50", [3]), ("x", [2]), ("²", [2])]
)
def test_an_odd_page_is_the_nearest_there_is(small_knowledge: Knowledge, page: str, around: list[int]) -> None:
    screens = screens_of(with_papers(small_knowledge, 7))
    outcome, _ = screens.press(f"facet:1.000001:documents:{page}", State())
    turning = [action for action in actions(outcome) if action.startswith("facet:1.000001:documents:")]
    assert turning == [f"facet:1.000001:documents:{number}" for number in around]


def test_a_long_shelf_has_pages(small_knowledge: Knowledge) -> None:
    entry = small_knowledge.entries["giay-to.mat"]
    entries = {f"a.{number}": replace(entry, id=f"a.{number}", related=()) for number in range(20)}
    topic = replace(small_knowledge.topics["giay-to"], entries=tuple(entries))
    screens = screens_of(replace(small_knowledge, entries=entries, topics={"giay-to": topic}))
    listed: list[str] = []
    for page in (1, 2, 3):
        outcome, _ = screens.press(f"topic:giay-to:{page}", State())
        check(outcome.replies[0])
        listed += [action for action in actions(outcome) if action.startswith("entry:")]
    assert listed == [f"entry:{entry}" for entry in entries]
    assert (
        screens.press("topic:giay-to", State())[0].replies[0].html
        == screens.press("topic:giay-to:1", State())[0].replies[0].html
    )


@given(st.lists(st.uuids().map(str)), st.integers(-3, 50), st.integers(1, 9))
def test_a_page_is_never_off_the_list(ids: list[str], page: int, size: int) -> None:
    shown, _ = page_of(ids, page, size, "x:")
    assert len(shown) <= size
    assert bool(shown) == bool(ids)


def test_turners() -> None:
    assert turners(1, 1, "x:") == ()
    ((more,),) = turners(1, 2, "x:")
    ((before, after),) = turners(2, 3, "x:")
    assert (more.action, before.action, after.action) == ("x:2", "x:1", "x:3")


@given(st.text())
def test_any_page_name_is_a_number(page: str) -> None:
    assert number_of(page) >= 0


@given(st.text(), st.integers(10, 80))
def test_a_shortened_text_fits(text: str, length: int) -> None:
    assert len(shortened(text, length)) <= length
    assert shortened(text, length) == text or shortened(text, length).endswith("…")


def test_an_entry_shows_its_sides_and_where_to_go_on(small_knowledge: Knowledge) -> None:
    outcome, _ = screens_of(small_knowledge).press("entry:giay-to.mat", State())
    assert actions(outcome) == [
        "facet:giay-to.mat:fee",
        "facet:giay-to.mat:legal",
        "entry:giay-to.gia-han",
        "entry:1.000001",
        "back",
        "home",
    ]
    assert "<b>1.</b> Báo mất." in outcome.replies[0].html
    assert "Chưa xác minh" in outcome.replies[0].html


def test_a_fee_can_be_asked_for_where_none_is_stated(small_knowledge: Knowledge) -> None:
    screens = screens_of(small_knowledge)
    assert "facet:1.000002:fee" in actions(screens.press("entry:1.000002", State())[0])
    assert "facet:1.000003:fee" not in actions(screens.press("entry:1.000003", State())[0])


def test_a_name_only_procedure_says_so(small_knowledge: Knowledge) -> None:
    (reply,) = screens_of(small_knowledge).press("entry:1.000003", State())[0].replies
    assert "mới có tên" in reply.html
    assert "chưa đối chiếu" in reply.html


def test_numbers_can_be_copied(small_knowledge: Knowledge) -> None:
    (reply,) = screens_of(small_knowledge).press("hotline", State())[0].replies
    assert [button.copy for button in buttons(reply) if button.copy] == ["18001111", "19002222"]
    assert "Chưa xác minh; nguồn ghi ngày 06/05/2024" in reply.html


def test_outcomes_of_pressed_buttons_count_as_answers(small_knowledge: Knowledge) -> None:
    outcome: Outcome = screens_of(small_knowledge).press("facet:1.000001:fee", State())[0]
    assert (outcome.decision, outcome.item, outcome.hits) == ("answer", "1.000001", ())


@pytest.mark.parametrize("action", ["entry:1.000001", "facet:1.000001:where"])
def test_an_agency_written_with_a_full_stop_gets_no_second_one(small_knowledge: Knowledge, action: str) -> None:
    card = replace(small_knowledge.procedures["1.000001"], agency="Thư viện xã.", one_stop=False)
    knowledge = replace(small_knowledge, procedures=small_knowledge.procedures | {card.code: card})
    html = Screens(knowledge, Clock()).show(action, State()).html
    assert "Thư viện xã." in html
    assert ".." not in html
