"""Files that people send: fetched from the same server, and only when they are wanted."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from telegram.error import NetworkError, TimedOut

from handlers.model import Kind, Message, Reply, UploadError
from tests.bot.telegram.running import SETTINGS, asked, running
from tests.fake_telegram import GROUP, TOKEN, Data, FakeTelegram, RefusalError, message


def sent(**more: object) -> Data:
    file = {"file_id": "so-lieu", "file_unique_id": "u", "file_name": "Số liệu.xlsx", "file_size": 7}
    return message(document={**file, **more}, caption="số liệu đến 30/9/2026")


class Fetching:
    """Fetches what it is sent, and tells what came of it."""

    async def answer(self, message: Message) -> Sequence[Reply]:
        assert message.upload is not None
        try:
            return (Reply(f"{len(await message.upload.read())} bytes"),)
        except UploadError:
            return (Reply("nothing"),)


async def fetched(telegram: FakeTelegram, base_url: str = "") -> str:
    settings = SETTINGS.model_copy(update={"base_url": base_url})
    async with running(telegram, Fetching(), settings):  # type: ignore[arg-type]
        telegram.feed(message=sent())
        await telegram.called("sendMessage")
    return telegram.texts[0]


async def test_a_document_brings_its_name_and_size_and_is_not_fetched(telegram: FakeTelegram) -> None:
    telegram.files["so-lieu"] = b"content"
    (found,) = await asked(telegram, {"message": sent()})
    assert (found.kind, found.text) == (Kind.DOCUMENT, "số liệu đến 30/9/2026")
    assert found.upload is not None
    assert (found.upload.name, found.upload.size) == ("Số liệu.xlsx", 7)
    assert telegram.of("getFile") == []
    assert telegram.fetched == []


async def test_a_document_may_tell_nothing_of_itself(telegram: FakeTelegram) -> None:
    (found,) = await asked(telegram, {"message": message(document={"file_id": "f", "file_unique_id": "u"})})
    assert found.upload is not None
    assert (found.upload.name, found.upload.size) == ("", 0)


async def test_only_documents_bring_a_file(telegram: FakeTelegram) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    video = {"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1, "duration": 1}
    animation = {"animation": video, "document": {"file_id": "f", "file_unique_id": "u"}}
    found = await asked(
        telegram, {"message": message(photo=photo)}, {"message": message(**animation)}, {"message": message("chữ")}
    )
    assert [one.upload for one in found] == [None, None, None]


async def test_a_document_for_this_bot_in_a_group(telegram: FakeTelegram) -> None:
    (found,) = await asked(telegram, {"message": {**sent(), "chat": GROUP, "caption": "@DvcBot số liệu"}})
    assert found.in_group
    assert found.upload is not None


@pytest.mark.parametrize(
    ("base_url", "server"),
    [("", "https://api.telegram.org"), ("https://bot.example/bot", "https://bot.example")],
)
async def test_it_is_fetched_from_the_same_server(telegram: FakeTelegram, base_url: str, server: str) -> None:
    telegram.files["so-lieu"] = b"content"
    assert await fetched(telegram, base_url) == "7 bytes"
    assert telegram.fetched == [f"{server}/file/bot{TOKEN}/documents/so-lieu"]


async def test_a_file_that_is_not_there_any_more(telegram: FakeTelegram) -> None:
    assert await fetched(telegram) == "nothing"


async def test_a_file_that_telegram_does_not_give(telegram: FakeTelegram) -> None:
    """More than 20 MB."""
    telegram.fail("getFile", RefusalError(400, "Bad Request: file is too big"))
    assert await fetched(telegram) == "nothing"


@pytest.mark.parametrize(
    "failure", [NetworkError("cut off"), TimedOut(), RefusalError(404, "Not Found"), RefusalError(502, "x")]
)
async def test_a_line_that_breaks_on_the_way(telegram: FakeTelegram, failure: Exception) -> None:
    telegram.files["so-lieu"] = b"content"
    telegram.fail("file", failure)
    assert await fetched(telegram) == "nothing"
