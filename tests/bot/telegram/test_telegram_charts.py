"""From a pressed button to a photo: the assistant behind the channel, with real pictures and tables."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.artist import StudioArtist
from bot.channels.telegram import TelegramChannel
from bot.sheets import read_sheet
from handlers.officers import CONSOLE, INVITATION_LASTS, Role
from knowledge.model import Knowledge
from knowledge.search import Search
from tests.bot.telegram.running import running
from tests.fake_telegram import GROUP, FakeTelegram, message, pressed
from tests.fakes import House

UNIT = "unit:huyen-dam-ha"


@pytest.fixture
async def house(knowledge: Knowledge, search: Search) -> AsyncIterator[House]:
    """The person of the fake server is a leader there."""
    made = House(knowledge, search)
    artist = StudioArtist()
    made.easel = artist  # type: ignore[assignment]
    made.assistant = made.build()
    assert made.officers is not None
    code, _ = await made.officers.invite(Role.LEADER, UNIT, by=CONSOLE, lasts=INVITATION_LASTS)
    await made.officers.redeem(code, "telegram:7")
    yield made
    artist.close()
    assert not made.memory.failed_ones


@pytest.fixture
async def channel(telegram: FakeTelegram, house: House) -> AsyncIterator[TelegramChannel]:
    async with running(telegram, house.assistant) as channel:  # type: ignore[arg-type]
        yield channel


@pytest.mark.usefixtures("channel")
async def test_own_figures_are_a_photo_with_their_words_and_buttons(telegram: FakeTelegram) -> None:
    telegram.feed(message=message("/kpi"))
    [sent] = await telegram.called("sendPhoto")
    assert sent["photo"][1].startswith(b"\x89PNG")
    for words in ("Huyện Đầm Hà", "72,5%", "528 hồ sơ", "23/08/2023", "Nguồn"):
        assert words in sent["caption"]
    for action in (
        "chart:huyen-dam-ha",
        "below:huyen-dam-ha",
        "indicators",
        "tasks:huyen-dam-ha",
        "export:huyen-dam-ha",
    ):
        assert action in str(sent["reply_markup"])


@pytest.mark.usefixtures("channel")
async def test_a_chart_is_asked_for_and_left_again(telegram: FakeTelegram) -> None:
    telegram.feed(callback_query=pressed("chart:huyen-dam-ha"))
    trend, bars = await telegram.called("sendPhoto", 2)
    assert "72,5%" in trend["caption"]
    assert "Xã Quảng Lâm" in bars["caption"]
    assert ("reply_markup" in trend, "reply_markup" in bars) == (False, True)
    photo = pressed("kpi:huyen-dam-ha")
    del photo["message"]["text"]
    telegram.feed(callback_query=photo)
    await telegram.called("sendMessage")
    assert "72,5%" in telegram.texts[0]
    telegram.feed(callback_query=pressed("below:huyen-dam-ha"))
    [edited] = await telegram.called("editMessageText")
    assert "Xã Quảng Lâm" in edited["text"]


@pytest.mark.usefixtures("channel")
async def test_files_come_as_documents(telegram: FakeTelegram) -> None:
    telegram.feed(message=message("/xuat"))
    table, summary = await telegram.called("sendDocument", 2)
    name, data, _ = table["document"]
    assert name == "so-lieu-huyen-dam-ha-2023-08-23.xlsx"
    assert any("Xã Quảng An, Huyện Đầm Hà" in row for row in read_sheet(data, name).rows)
    assert "10 đơn vị" in table["caption"]
    assert summary["document"][1].startswith(b"%PDF")


@pytest.mark.usefixtures("channel")
async def test_in_a_group_a_chart_is_of_what_is_published(telegram: FakeTelegram) -> None:
    telegram.feed(message=message("/xuat huyện đầm hà", GROUP))
    table, _ = await telegram.called("sendDocument", 2)
    assert table["chat_id"] == GROUP["id"]
    assert "nội bộ" not in table["caption"]
