"""What the assistant cannot read."""

import pytest

from handlers.model import Kind
from handlers.state import State
from knowledge.decide import Decision
from knowledge.markup import errors
from tests.fakes import House, actions

UNREADABLE = [kind for kind in Kind if kind not in (Kind.TEXT, Kind.ACTION)]


@pytest.mark.parametrize("kind", UNREADABLE)
async def test_it_says_so_and_stays_where_it_was(house: House, kind: Kind) -> None:
    await house.press("topics")
    before = await house.conversations.load("test:1")
    outcome = await house.say("", kind=kind)
    (reply,) = outcome.replies
    assert reply.html
    assert not errors(reply.html)
    assert outcome.decision is Decision.NONE
    assert actions(outcome) == ["back", "home"]
    assert await house.conversations.load("test:1") == before


@pytest.mark.parametrize("kind", UNREADABLE)
async def test_a_caption_is_answered_too(house: House, kind: Kind) -> None:
    outcome = await house.say("1.000001", kind=kind)
    notice, answer = outcome.replies
    assert not errors(notice.html)
    assert answer.html == (await house.say("1.000001", "test:2")).replies[0].html
    assert outcome.item == "1.000001"
    assert (await house.conversations.load("test:1")).screen == "entry:1.000001"


@pytest.mark.parametrize("kind", [Kind.PHOTO, Kind.DOCUMENT])
async def test_papers_are_warned_of(house: House, kind: Kind) -> None:
    (reply,) = (await house.say(" \n", kind=kind)).replies
    assert "không lưu" in reply.html
    assert "OTP" in reply.html


async def test_a_caption_that_looks_like_a_command_is_a_question(house: House) -> None:
    outcome = await house.say("/start", kind=Kind.PHOTO)
    assert len(outcome.replies) == 2
    assert await house.conversations.load("test:1") != State()
