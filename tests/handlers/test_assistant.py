"""The one door."""

import asyncio

import pytest

from bot.store.memory import MemoryConversations
from handlers.model import Kind, Message, TooManyError
from handlers.state import State
from knowledge.decide import Decision
from knowledge.markup import errors
from knowledge.model import Facet, Knowledge
from knowledge.search import Search
from tests.fakes import BrokenConversations, Gate, House, actions

ERROR = RuntimeError("the disk is full")


async def test_an_answer_is_recorded_once(house: House) -> None:
    outcome = await house.say("1.000001")
    ((message, recorded),) = house.memory.answered_ones
    assert message.text == "1.000001"
    assert recorded is outcome
    assert (outcome.decision, outcome.item) == (Decision.ANSWER, "1.000001")


async def test_answer_gives_the_replies_of_ask(house: House) -> None:
    message = Message("test", "p", "c", "1.000001")
    assert await house.assistant.answer(message) == (await house.assistant.ask(message)).replies


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.ACTION, Kind.PHOTO])
async def test_a_failure_is_recorded_and_apologised_for(house: House, kind: Kind) -> None:
    house.assistant = house.build(BrokenConversations(ERROR))
    outcome = await house.say("1.000001", kind=kind)
    (reply,) = outcome.replies
    assert "Xin lỗi" in reply.html
    assert "1800 1111" in reply.html, "the first number to call"
    assert not errors(reply.html)
    assert "disk" not in reply.html
    assert actions(outcome) == ["home"]
    assert outcome.decision is Decision.NONE
    ((message, error),) = house.memory.failed_ones
    assert (message.kind, error) == (kind, ERROR)
    assert house.memory.answered_ones == []


async def test_after_a_failure_it_goes_on(house: House) -> None:
    class Flaky(MemoryConversations):
        broken = True

        async def save(self, conversation: str, state: State) -> None:
            if self.broken:
                raise ERROR
            await super().save(conversation, state)

    conversations = Flaky()
    house.assistant = house.build(conversations)
    await house.say("1.000001")
    assert await conversations.load("test:1") == State()
    conversations.broken = False
    assert (await house.say("1.000001")).item == "1.000001"
    assert len(house.memory.failed_ones) == len(house.memory.answered_ones) == 1


async def test_a_broken_limiter_is_apologised_for(house: House) -> None:
    class Broken(Gate):
        async def retry_after(self, person: str) -> float:
            raise ERROR

    house.gate = Broken()
    house.assistant = house.build()
    assert "Xin lỗi" in (await house.say("1.000001")).replies[0].html
    assert [error for _, error in house.memory.failed_ones] == [ERROR]


async def test_being_stopped_is_no_failure(house: House) -> None:
    class Endless(MemoryConversations):
        async def load(self, conversation: str) -> State:
            await asyncio.Event().wait()
            raise AssertionError

    house.assistant = house.build(Endless())
    asking = asyncio.create_task(house.say("1.000001"))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert house.memory.failed_ones == []


async def test_too_many_are_told_once(house: House) -> None:
    house.gate.left = 1
    await house.say("1.000001")
    with pytest.raises(TooManyError) as first:
        await house.say("1.000001")
    with pytest.raises(TooManyError) as second:
        await house.say("1.000001")
    assert first.value.retry_after == second.value.retry_after == 7.0
    assert first.value.reply is not None
    assert "7 giây" in first.value.reply.html
    assert not errors(first.value.reply.html)
    assert second.value.reply is None
    assert len(house.memory.refused_ones) == 2
    assert len(house.memory.answered_ones) == 1
    assert house.memory.failed_ones == []


async def test_a_limit_is_of_the_person_not_of_the_conversation(house: House) -> None:
    class Asked(Gate):
        async def retry_after(self, person: str) -> float:
            return self.wait if person == "loud" else 0.0

    house.gate = Asked()
    assistant = house.build()
    assert await assistant.answer(Message("test", "quiet", "group", "1.000001"))
    with pytest.raises(TooManyError):
        await assistant.answer(Message("test", "loud", "group", "1.000001"))


class Watched(MemoryConversations):
    """Remembers the order of what is done, and lets others run in between. ``held`` conversations wait for ``let``."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.held: set[str] = set()
        self.let = asyncio.Event()

    async def load(self, conversation: str) -> State:
        self.done.append(f"load {conversation}")
        await asyncio.sleep(0)
        if conversation in self.held:
            await self.let.wait()
        return await super().load(conversation)

    async def save(self, conversation: str, state: State) -> None:
        await asyncio.sleep(0)
        await super().save(conversation, state)
        self.done.append(f"save {conversation}")


def press(action: str, conversation: str) -> Message:
    return Message("test", "p", conversation, action, Kind.ACTION)


async def test_messages_of_one_conversation_are_taken_one_after_the_other(house: House) -> None:
    watched = Watched()
    assistant = house.build(watched)
    steps = ["topics", "topic:giay-to", "entry:giay-to.mat", "hotline"]
    await asyncio.gather(*(assistant.ask(press(step, "a")) for step in steps))
    assert watched.done == ["load a", "save a"] * len(steps)
    assert (await watched.load("a")).trail == tuple(steps)


async def test_different_conversations_go_side_by_side(house: House) -> None:
    watched = Watched()
    watched.held = {"slow"}
    assistant = house.build(watched)
    waiting = asyncio.create_task(assistant.ask(press("topics", "slow")))
    await asyncio.sleep(0)
    assert (await assistant.ask(press("topics", "quick"))).replies
    assert not waiting.done()
    watched.let.set()
    await waiting
    assert watched.done == ["load slow", "load quick", "save quick", "save slow"]


async def test_nothing_leaks_between_conversations(house: House) -> None:
    await asyncio.gather(
        *(house.press("topic:giay-to", f"test:{number}") for number in range(0, 100, 2)),
        *(house.press("hotline", f"test:{number}") for number in range(1, 100, 2)),
    )
    for number in range(100):
        state = await house.conversations.load(f"test:{number}")
        assert state.trail == ("hotline" if number % 2 else "topic:giay-to",)


async def test_a_state_that_did_not_change_is_not_saved(house: House) -> None:
    watched = Watched()
    house.assistant = house.build(watched)
    await house.say("", kind=Kind.STICKER)
    await house.press("home")
    await house.press("back")
    assert watched.done == ["load test:1"] * 3


async def test_another_assistant_goes_on_where_this_one_stood(house: House) -> None:
    await house.press("topic:giay-to")
    await house.press("entry:giay-to.mat")
    house.assistant = house.build()
    outcome = await house.press("back")
    assert "Giấy tờ" in outcome.replies[0].html
    assert (await house.conversations.load("test:1")).trail == ("topic:giay-to",)


async def test_what_one_asked_is_no_subject_for_another(house: House) -> None:
    await house.say("1.000001", "group:lan")
    assert (await house.say("lệ phí bao nhiêu", "group:lan")).item == "1.000001"
    assert (await house.say("lệ phí bao nhiêu", "group:minh")).item != "1.000001"
    assert (await house.conversations.load("group:minh")).subject == ""


async def test_after_half_an_hour_nothing_is_a_follow_up(house: House) -> None:
    await house.say("1.000001")
    house.clock.hour += 0.49
    assert (await house.say("lệ phí bao nhiêu")).item == "1.000001"
    house.clock.hour += 0.51
    assert (await house.say("lệ phí bao nhiêu")).item != "1.000001"


async def test_the_subject_outlives_a_restart(house: House) -> None:
    await house.say("1.000001")
    house.assistant = house.build()
    assert (await house.say("lệ phí bao nhiêu")).item == "1.000001"


@pytest.mark.parametrize(("talk", "closes"), [("cảm ơn bạn nhé", False), ("tạm biệt", True), ("ok", False)])
async def test_only_a_farewell_closes_the_subject(
    knowledge: Knowledge, search: Search, talk: str, closes: bool
) -> None:
    house = House(knowledge, search)
    await house.say("thủ tục 1.001193")
    assert (await house.say(talk)).decision is Decision.SMALLTALK
    assert ((await house.say("lệ phí bao nhiêu")).item == "1.001193") is not closes


@pytest.mark.parametrize(
    ("first", "then", "item", "facet"),
    [
        ("làm thẻ căn cước cho con", "bé mới tám tuổi", "1.014062", None),
        ("đăng ký thường trú", "em ở xa, nộp ở đâu", "1.004222", Facet.WHERE),
        ("tích hợp thẻ bảo hiểm y tế vào VNeID", "mất điện thoại rồi thì sao", "vneid.mat-may", None),
        ("mức 1 và mức 2 khác nhau thế nào", "làm mức 2 ở đâu", "vneid.dang-ky-muc-2", Facet.WHERE),
        ("xin phép xây nhà", "tôi bận, nhờ người khác nộp được không", "dvc.uy-quyen", None),
        ("giải thể công ty", "thôi chỉ tạm ngừng công ty một năm", "2.002029", None),
    ],
)
async def test_what_is_said_next_is_understood(
    knowledge: Knowledge, search: Search, *, first: str, then: str, item: str, facet: Facet | None
) -> None:
    house = House(knowledge, search)
    await house.say(first)
    outcome = await house.say(then)
    assert outcome.hits[0].id == item
    assert facet in (None, outcome.facet)
