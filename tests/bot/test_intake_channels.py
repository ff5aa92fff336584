"""Figures brought in through the real channels: from the file to the next answer, and back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
import xlsxwriter
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import app
from bot.artist import StudioArtist
from bot.channels.web import create_app
from bot.config import Settings
from bot.store.engine import create_engine, upgrade
from bot.store.officers import StoredOfficers
from bot.store.subscriptions import StoredSubscriptions
from handlers.assistant import Assistant
from handlers.officers import CONSOLE, Role
from handlers.subscriptions import NoticeKind, Subscription
from knowledge.model import Knowledge
from knowledge.search import Search
from tests.bot.telegram.running import running
from tests.fake_telegram import FakeTelegram, message, pressed

ROWS = (
    ("BÁO CÁO KẾT QUẢ",),
    ("Số liệu đến ngày 30/9/2025",),
    ("TT", "Tên đơn vị", "Tổng số hồ sơ", "HS trực tuyến", "Tỷ lệ", "Chỉ tiêu"),
    (1, "Sở Tư pháp", 3000, 1500, 0.5, 0.9),
    (2, "UBND phường Bãi Cháy", "1.200", "600", "50%", "80%"),
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def book() -> bytes:
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return made.getvalue()


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'data.sqlite3'}")
    await upgrade(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
def officers(engine: AsyncEngine) -> StoredOfficers:
    return StoredOfficers(engine, app.now)


@pytest.fixture
async def assistant(
    engine: AsyncEngine, knowledge: Knowledge, search: Search, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Assistant]:
    monkeypatch.setattr(app, "Search", lambda _: search)
    parts = app.served(Settings(), engine, knowledge, StudioArtist())
    yield parts.assistant
    await parts.questions.close()


async def admitted(officers: StoredOfficers, person: str, role: Role = Role.PROVINCE) -> None:
    code, _ = await officers.invite(role, None, by=CONSOLE, lasts=timedelta(days=1))
    await officers.redeem(code, person)


def button(keyboard: Any, start: str) -> str:
    return next(one["callback_data"] for row in keyboard for one in row if one["callback_data"].startswith(start))


async def test_in_telegram(assistant: Assistant, officers: StoredOfficers, engine: AsyncEngine) -> None:
    await admitted(officers, "telegram:7")
    subscriptions = StoredSubscriptions(engine, app.now)
    await subscriptions.save(Subscription("telegram:7"))
    telegram = FakeTelegram()
    telegram.files["f"] = book()
    document = {"file_id": "f", "file_unique_id": "u", "file_name": "bc.xlsx", "file_size": len(book())}

    async def said(**update: Any) -> dict[str, Any]:
        before = len(telegram.of("sendMessage"))
        telegram.feed(**update)
        await telegram.called("sendMessage", before + 1)
        return telegram.of("sendMessage")[before]

    async with running(telegram, assistant):  # type: ignore[arg-type]
        preview = await said(message=message(document=document))
        assert "Số liệu đến <b>30/09/2025</b>, của <b>2 đơn vị</b>" in preview["text"]
        stored = await said(callback_query=pressed(button(preview["reply_markup"]["inline_keyboard"], "intake:store:")))
        assert "Đã lưu" in stored["text"]
        (alert,) = await subscriptions.claim(app.now() + timedelta(days=1), 10)
        assert alert.notice.kind is NoticeKind.ALERT
        assert alert.notice.about == ("unit:phuong-bai-chay",)
        answer = await said(message=message("phường Bãi Cháy đạt bao nhiêu"))
        assert "đến 30/09/2025: <b>50%</b> (600 trên 1.200 hồ sơ)" in answer["text"]
        again = await said(message=message(document=document))
        assert "đã được lưu từ trước" in again["text"]
        asked = await said(callback_query=pressed("intake:undo"))
        await said(callback_query=pressed(button(asked["reply_markup"]["inline_keyboard"], "intake:undo:")))
        assert "99,8%" in (await said(message=message("phường Bãi Cháy đạt bao nhiêu")))["text"]
    assert telegram.unexpected == []


async def test_many_bad_rows_come_as_a_file_in_telegram(assistant: Assistant, officers: StoredOfficers) -> None:
    await admitted(officers, "telegram:7")
    telegram = FakeTelegram()
    telegram.files["f"] = "\n".join(("Tên đơn vị,Tổng số,Trực tuyến", *(f"Xã Lạ {n},1,1" for n in range(30)))).encode()
    document = {"file_id": "f", "file_unique_id": "u", "file_name": "bc.csv"}
    async with running(telegram, assistant):  # type: ignore[arg-type]
        telegram.feed(message=message(document=document, caption="số liệu đến 30/9/2025"))
        (sent,) = await telegram.called("sendDocument")
    assert "30 chỗ phải sửa" in sent.get("caption", "") + "".join(telegram.texts)
    assert "Dòng 31" not in "".join(telegram.texts)


async def test_in_the_web_chat_of_a_linked_officer(assistant: Assistant, officers: StoredOfficers) -> None:
    await admitted(officers, "telegram:7")
    transport = httpx.ASGITransport(create_app(assistant, health=lambda: asyncio.sleep(0)), client=("203.0.113.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as web:

        async def say(conversation: str | None = None, **more: str) -> dict[str, Any]:
            answer = await web.post("/api/messages", json={"conversation": conversation, **more})
            found: dict[str, Any] = answer.json()
            return found

        async def send(conversation: str) -> dict[str, Any]:
            where = {"conversation": conversation, "name": "bc.xlsx"}
            answer = await web.post("/api/files", params=where, content=book(), headers={"Content-Type": XLSX})
            found: dict[str, Any] = answer.json()
            return found

        here = (await say(text="xin chào"))["conversation"]
        refused = await send(here)
        assert refused["upload"] is False
        assert "không xem và không lưu" in refused["replies"][0]["text"]
        code = await officers.link_code("telegram:7")
        assert (await say(here, text=f"/ketnoi {code}"))["upload"] is True
        preview = await send(here)
        assert "của 2 đơn vị" in preview["replies"][0]["text"]
        store = preview["replies"][0]["buttons"][0][0]
        assert store["label"] == "✅ Lưu và công bố"
        assert "Đã lưu" in (await say(here, action=store["action"]))["replies"][0]["text"]
        stranger = await say(text="phường Bãi Cháy đạt bao nhiêu")
        assert "50% (600 trên 1.200 hồ sơ)" in stranger["replies"][0]["text"]
        await officers.revoke("1", by=CONSOLE)
        assert "🔒" in (await say(here, action="intake:undo"))["replies"][0]["text"]
        assert (await send(here))["upload"] is False
