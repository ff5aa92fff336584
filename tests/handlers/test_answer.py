"""Free text: what is decided is what is shown."""

from dataclasses import replace

import pytest

from handlers.answer import MAX_QUESTION, Answering
from handlers.model import Outcome
from handlers.screens import Screens
from handlers.state import State
from handlers.understand import EARLIER
from knowledge.decide import Decision
from knowledge.markup import errors
from knowledge.model import Facet, Knowledge
from knowledge.search import Found, Hit, Search
from tests.fakes import Clock, House, actions


class Finder:
    """Reads as ``search`` does, but finds what it is told to, and remembers what it was asked."""

    def __init__(self, search: Search) -> None:
        self.read = search.read
        self.hits: tuple[Hit, ...] = ()
        self.asked: list[str] = []

    def find(self, text: str, limit: int = 10) -> Found:
        self.asked.append(text)
        return Found(self.read(text), self.hits[:limit])

    def finds(self, **scores: float) -> None:
        self.hits = tuple(Hit(name, name, score) for name, score in sorted(scores.items(), key=lambda pair: -pair[1]))


class Desk:
    def __init__(self, knowledge: Knowledge, search: Search) -> None:
        self.finder = Finder(search)
        self.screens = Screens(knowledge, Clock())
        self.answering = Answering(knowledge, self.finder, self.screens)  # type: ignore[arg-type]

    def ask(self, text: str, state: State | None = None, **scores: float) -> tuple[Outcome, State]:
        self.finder.finds(**scores)
        return self.answering.answer(text, state or State())


@pytest.fixture
def desk(small_knowledge: Knowledge, small_search: Search) -> Desk:
    return Desk(small_knowledge, small_search)


def test_one_clear_hit_is_answered(desk: Desk) -> None:
    outcome, after = desk.ask("mất thẻ", **{"giay-to.mat": 0.97, "1.000001": 0.01})
    assert (outcome.decision, outcome.item) == (Decision.ANSWER, "giay-to.mat")
    assert [hit.id for hit in outcome.hits] == ["giay-to.mat", "1.000001"]
    assert outcome.replies == (desk.screens.show("entry:giay-to.mat", after),)
    assert after.screen == "entry:giay-to.mat"
    assert not outcome.replies[0].replaces


@pytest.mark.parametrize(
    ("text", "item", "screen"),
    [
        ("mất thẻ lệ phí bao nhiêu", "giay-to.mat", "facet:giay-to.mat:fee"),
        ("mất thẻ mất bao lâu", "giay-to.mat", "entry:giay-to.mat:time"),
        ("mất thẻ có luôn không", "giay-to.mat", "entry:giay-to.mat:time"),
        ("mất thẻ nhận được gì", "giay-to.mat", "entry:giay-to.mat"),
        ("làm thẻ lệ phí bao nhiêu", "1.000001", "facet:1.000001:fee"),
        ("câu lạc bộ lệ phí bao nhiêu", "1.000002", "facet:1.000002:fee"),
        ("làm thẻ đọc sách", "1.000001", "entry:1.000001"),
    ],
)
def test_a_side_is_shown_when_it_is_asked_for(desk: Desk, text: str, item: str, screen: str) -> None:
    outcome, after = desk.ask(text, **{item: 0.99})
    assert after.screen == screen
    assert outcome.item == item


def test_the_asked_facet_is_told_even_where_it_is_not_known(desk: Desk) -> None:
    assert desk.ask("mất thẻ mất bao lâu", **{"giay-to.mat": 0.99})[0].facet is Facet.TIME
    assert desk.ask("mất thẻ", **{"giay-to.mat": 0.99})[0].facet is None


def test_a_side_that_is_not_known_is_said_so_with_where_to_ask(desk: Desk) -> None:
    entry = desk.ask("mất thẻ mất bao lâu", **{"giay-to.mat": 0.99})[0].replies[0].html
    procedure = desk.ask("giấy này mất bao lâu", **{"1.000003": 0.99})[0].replies[0].html
    assert "Mình không biết làm trong bao lâu" in entry
    assert "Mình không biết làm trong bao lâu" in procedure
    assert "trang thủ tục</a>" in procedure
    assert "1800 1111" in entry
    assert "1800 1111" in procedure


def test_the_asked_side_is_kept_until_a_choice_is_made(desk: Desk) -> None:
    scores = {"1.000001": 0.4, "giay-to.mat": 0.3}
    outcome, state = desk.ask("thẻ lệ phí bao nhiêu", **scores)
    assert actions(outcome)[:2] == ["facet:1.000001:fee", "facet:giay-to.mat:fee"]
    picked, after = desk.ask("1", state)
    assert (picked.item, picked.facet, after.screen) == ("1.000001", Facet.FEE, "facet:1.000001:fee")


def test_a_side_asked_for_beside_choices_is_asked_of_them(desk: Desk) -> None:
    _, state = desk.ask("thẻ", **{"1.000001": 0.4, "giay-to.mat": 0.3})
    outcome, after = desk.ask("lệ phí", state, **{"1.000002": 0.99})
    assert outcome.decision is Decision.CHOOSE
    assert after.screen == "offer:1.000001,giay-to.mat:fee"
    assert after.offered == ("1.000001", "giay-to.mat")
    assert desk.ask("1", after)[1].screen == "facet:1.000001:fee"


def test_a_side_asked_for_beside_the_only_choice_takes_it(desk: Desk) -> None:
    _, state = desk.ask("thẻ", **{"1.000001": 0.5})
    assert desk.ask("lệ phí", state)[1].screen == "facet:1.000001:fee"


def test_another_subject_is_no_side_of_the_one_before(desk: Desk) -> None:
    _, state = desk.ask("làm thẻ", **{"1.000001": 0.99})
    outcome, _ = desk.ask("việc khác, mất thẻ lệ phí bao nhiêu", state, **{"giay-to.mat": 0.6})
    assert outcome.decision is Decision.CHOOSE
    assert desk.finder.asked[-1] == "việc khác, mất thẻ lệ phí bao nhiêu"


def test_yes_takes_the_only_choice(desk: Desk) -> None:
    _, state = desk.ask("thẻ", **{"giay-to.mat": 0.5})
    assert desk.ask("đúng rồi", state)[0].item == "giay-to.mat"


def test_after_a_wrong_answer_the_others_are_weighed_anew(desk: Desk) -> None:
    scores = {"1.000001": 0.96, "giay-to.mat": 0.035}
    _, state = desk.ask("thẻ", **scores)
    outcome, _ = desk.ask("không đúng", state, **scores)
    assert outcome.decision is Decision.CHOOSE
    assert [(hit.id, hit.score) for hit in outcome.hits] == [("giay-to.mat", pytest.approx(0.875))]


def test_what_is_denied_is_no_longer_searched_for(desk: Desk) -> None:
    _, state = desk.ask("đổi thẻ", **{"1.000001": 0.99})
    outcome, after = desk.ask("không phải đổi, thẻ bị mất", state, **{"giay-to.mat": 0.6})
    assert outcome.decision is Decision.CHOOSE
    assert desk.finder.asked[-1] == "thẻ bị mất thẻ thẻ bị mất"
    assert after.question == "thẻ thẻ bị mất"


def test_a_talk_that_goes_on_does_not_grow(desk: Desk) -> None:
    state = desk.ask("thẻ " * 90, **{"1.000001": 0.6})[1]
    state = desk.ask("còn thẻ bị mất thì sao", state, **{"1.000001": 0.6, "giay-to.mat": 0.3})[1]
    assert len(state.question.split()) <= EARLIER + 6


def test_a_question_nobody_can_answer_does_not_take_the_place_of_the_subject(desk: Desk) -> None:
    _, state = desk.ask("làm thẻ", **{"1.000001": 0.99})
    _, state = desk.ask("thời tiết hôm nay thế nào", state, **{"1.000001": 0.01})
    assert (state.screen, state.subject, state.question) == ("none", "1.000001", "làm thẻ")
    assert desk.ask("lệ phí", state)[1].screen == "facet:1.000001:fee"


@pytest.mark.parametrize(
    ("told", "secret", "kind"),
    [
        ("otp là 771204", "771204", "mã OTP"),
        ("mk của mẹ e là Me@1968", "Me@1968", "mật khẩu"),
        ("mật khẩu đăng nhập trên máy bố em: hoasen1952", "hoasen1952", "mật khẩu"),
        ("mật khẩu là hoalan", "hoalan", "mật khẩu"),
    ],
)
def test_what_is_asked_beside_a_secret_is_answered_below_the_warning(
    desk: Desk, told: str, secret: str, kind: str
) -> None:
    outcome, after = desk.ask(f"{told}, làm thẻ lệ phí bao nhiêu", **{"1.000001": 0.99})
    assert outcome.decision is Decision.ANSWER
    assert [hit.id for hit in outcome.hits] == ["bot.khong-gui-giay-to", "1.000001"]
    assert kind in outcome.replies[0].html
    assert not any(secret in reply.html for reply in outcome.replies)
    assert after.screen == "facet:1.000001:fee"
    assert secret not in after.question
    assert not any(secret in asked for asked in desk.finder.asked)
    assert outcome.missed is None


def test_whom_to_call_stands_above_the_answer_where_papers_of_a_mishap_are_surely_asked_for(
    small_knowledge: Knowledge, small_search: Search
) -> None:
    rescue = replace(small_knowledge.hotlines["thu-vien"], id="cuu-hoa", number="114")
    desk = Desk(replace(small_knowledge, hotlines={rescue.id: rescue}), small_search)
    outcome, after = desk.ask("mất trong vụ tai nạn, cháu vào câu lạc bộ", **{"1.000002": 0.99})
    assert outcome.decision is Decision.ANSWER
    assert [hit.id for hit in outcome.hits][:2] == ["1.000002", "ho-tro.khan-cap"]
    assert "114" in outcome.replies[0].html
    assert "1.000002" in outcome.replies[1].html
    assert after.subject == "1.000002"


@pytest.mark.parametrize("sure", [{}, {"1.000001": 0.9}])
def test_danger_is_the_answer_where_nothing_else_is_surely_meant(desk: Desk, sure: dict[str, float]) -> None:
    for before in (State(), CARD):
        outcome, _ = desk.ask("thế có vụ tai nạn thì sao, mất bao lâu", before, **sure)
        assert [hit.id for hit in outcome.hits] == ["ho-tro.khan-cap"]


def test_what_is_asked_after_figures_of_a_unit_is_no_side_of_them(desk: Desk) -> None:
    unit = State(("kpi:xa-mot-huyen-tren",), question="xã Một", answer="kpi:xa-mot-huyen-tren")
    outcome, after = desk.ask("cần giấy tờ gì", unit, **{"1.000001": 0.99})
    assert (outcome.item, after.screen) == ("1.000001", "facet:1.000001:documents")
    outcome, _ = desk.ask("thế mất bao lâu", unit)
    assert outcome.decision is Decision.NONE


def test_an_unstated_fee_is_never_called_free(desk: Desk) -> None:
    outcome, _ = desk.ask("lệ phí bao nhiêu", **{"1.000002": 0.99})
    assert "Không ghi không có nghĩa là miễn phí" in outcome.replies[0].html


def test_several_likely_hits_are_offered(desk: Desk) -> None:
    outcome, after = desk.ask("thẻ", **{"1.000001": 0.4, "giay-to.mat": 0.3, "1.000002": 0.2, "1.000003": 0.1})
    assert outcome.decision is Decision.CHOOSE
    assert outcome.item == ""
    offered = ["entry:1.000001", "entry:giay-to.mat", "entry:1.000002"]
    assert actions(outcome) == [*offered, "none", "back", "home"]
    assert after.screen == "offer:1.000001,giay-to.mat,1.000002"
    labels = [button.label for row in outcome.replies[0].buttons for button in row]
    assert labels[:2] == ["1. Làm thẻ đọc sách", "2. Mất thẻ"]


def test_one_can_come_back_to_an_offer(desk: Desk) -> None:
    offer, state = desk.ask("thẻ", **{"1.000001": 0.4, "giay-to.mat": 0.3})
    _, state = desk.screens.press("entry:giay-to.mat", state)
    back, _ = desk.screens.press("back", state)
    assert back.replies[0].html == offer.replies[0].html


def test_nothing_likely_is_said_so_with_a_number_to_call(desk: Desk) -> None:
    outcome, after = desk.ask("thời tiết", **{"1.000001": 0.01})
    assert outcome.decision is Decision.NONE
    assert outcome.item == ""
    assert "chưa có câu trả lời" in outcome.replies[0].html
    assert "1800 1111" in outcome.replies[0].html
    assert after.screen == "none"
    assert [hit.id for hit in outcome.hits] == ["1.000001"], "what came closest is told to whoever measures"


def test_small_talk_is_answered_and_leads_nowhere(desk: Desk) -> None:
    before = State(("topics",))
    outcome, after = desk.ask("xin chào ạ", before, **{"talk:chao": 1.0, "1.000001": 0.0})
    assert outcome.decision is Decision.SMALLTALK
    assert outcome.replies[0].html == "Chào bạn, <b>mời</b> bạn hỏi."
    assert after == before
    assert "topics" in actions(outcome)


def test_small_talk_is_no_candidate(desk: Desk) -> None:
    outcome, _ = desk.ask("chào thẻ", **{"1.000001": 0.9, "talk:chao": 0.1})
    assert [hit.id for hit in outcome.hits] == ["1.000001"]


def test_an_endless_question_is_cut_and_cleaned(desk: Desk) -> None:
    desk.ask("mất\u0000\u200b thẻ " + "x" * 100_000)
    (asked,) = desk.finder.asked
    assert asked.startswith("mất thẻ xxx")
    assert len(asked) <= MAX_QUESTION


@pytest.mark.parametrize(
    "text", ["", " ", "?!…", "\u200b\u0000", "🙏🙏", "😀" * 5000, "<b>", "﷽", "\ud800", "a\u0301" * 900]
)
async def test_odd_text_gets_an_answer(house: House, text: str) -> None:
    outcome = await house.say(text)
    assert house.memory.failed_ones == []
    assert all(reply.html and not errors(reply.html) for reply in outcome.replies)


async def test_what_a_person_writes_is_not_repeated(house: House) -> None:
    for text in ("<script>alert(1)</script> thẻ", "1.000001 <img src=x onerror=alert(1)>"):
        for reply in (await house.say(text)).replies:
            assert "alert" not in reply.html


async def test_a_code_is_answered_and_several_are_offered(house: House) -> None:
    assert (await house.say("thủ tục 1.000002 là gì")).item == "1.000002"
    outcome = await house.say("1.000001 hay 1.000002")
    assert outcome.decision is Decision.CHOOSE
    assert actions(outcome)[:2] == ["entry:1.000001", "entry:1.000002"]


@pytest.fixture
def general(small_knowledge: Knowledge, small_search: Search) -> Desk:
    """Where "giay-to.gia-han" tells of one side, the time, of whatever is talked about."""
    renew = small_knowledge.entries["giay-to.gia-han"]
    renew = replace(renew, general=True, facets={Facet.TIME: "Một ngày."})
    return Desk(replace(small_knowledge, entries=small_knowledge.entries | {renew.id: renew}), small_search)


CARD = State(("entry:1.000001",), question="làm thẻ", answer="entry:1.000001")


def test_the_fee_of_what_is_talked_about_is_asked_for_where_only_a_general_answer_is_found(general: Desk) -> None:
    outcome, after = general.ask("câu lạc bộ phí bao nhiêu", CARD, **{"giay-to.gia-han": 0.99})
    assert (outcome.item, after.screen) == ("1.000001", "facet:1.000001:fee")
    assert [hit.id for hit in outcome.hits] == ["1.000001", "giay-to.gia-han"]
    assert outcome.replies[0].buttons[0][0].action == "entry:giay-to.gia-han", "the general answer is a press away"


def test_how_it_is_brought_is_answered_in_general_and_it_stays_what_is_talked_about(general: Desk) -> None:
    outcome, after = general.ask("gửi câu lạc bộ được không", CARD, **{"giay-to.gia-han": 0.99})
    assert outcome.item == "giay-to.gia-han"
    outcome, after = general.ask("thế phí bao nhiêu", after)
    assert (outcome.item, after.screen) == ("1.000001", "facet:1.000001:fee")


def test_a_general_answer_is_asked_for_the_side_that_it_knows(general: Desk) -> None:
    _, after = general.ask("gửi câu lạc bộ được không", CARD, **{"giay-to.gia-han": 0.99})
    outcome, _ = general.ask("thế mất bao lâu", after)
    assert outcome.item == "giay-to.gia-han"


def test_a_question_that_names_nothing_leaves_the_case_before_it(desk: Desk) -> None:
    desk.ask("truyện quá hạn rồi, giờ làm sao", CARD, **{"giay-to.gia-han": 0.6})
    whole = desk.finder.asked.index("truyện quá hạn rồi, giờ làm sao")
    assert desk.finder.asked[whole + 1] == "truyện quá hạn rồi"
