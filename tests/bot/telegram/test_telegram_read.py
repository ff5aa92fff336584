from __future__ import annotations

from typing import Any

import pytest

from handlers.model import Kind, Message
from tests.bot.telegram.running import LINK, FakeAssistant, asked, running
from tests.fake_telegram import BOT, GROUP, PERSON, PRIVATE, Data, FakeTelegram, message, pressed


async def test_a_private_message_is_asked_and_answered(telegram: FakeTelegram) -> None:
    assert await asked(telegram, {"message": message("lệ phí khai sinh?")}) == [
        Message("telegram", "telegram:7", "telegram:7", "lệ phí khai sinh?", link=LINK, reachable=True)
    ]
    sent = telegram.of("sendMessage")[0]
    assert sent == {
        "chat_id": 7,
        "text": "<b>lệ phí khai sinh?</b>",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ("/start", "/start"),
        ("/start@DvcBot x y", "/start x y"),
        ("/start@dvcbot", "/start"),
        ("/start@OtherBot x", "/start@OtherBot x"),
        ("hỏi @DvcBot giá", "hỏi @DvcBot giá"),
    ],
)
async def test_text_of_a_private_message(telegram: FakeTelegram, sent: str, text: str) -> None:
    assert [m.text for m in await asked(telegram, {"message": message(sent)})] == [text]


PHOTO = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
FILE = {"file_id": "f", "file_unique_id": "u"}
PLACE = {"latitude": 21.0, "longitude": 107.0}
VIDEO = {**FILE, "width": 1, "height": 1, "duration": 1}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"photo": PHOTO}, Kind.PHOTO),
        ({"voice": {**FILE, "duration": 1}}, Kind.VOICE),
        ({"audio": {**FILE, "duration": 1}}, Kind.VOICE),
        ({"video_note": {**FILE, "duration": 1, "length": 1}}, Kind.VOICE),
        (
            {"sticker": {**FILE, "width": 1, "height": 1, "type": "regular", "is_animated": False, "is_video": False}},
            Kind.STICKER,
        ),
        ({"location": PLACE}, Kind.LOCATION),
        ({"venue": {"location": PLACE, "title": "t", "address": "a"}}, Kind.LOCATION),
        ({"contact": {"phone_number": "1", "first_name": "x"}}, Kind.CONTACT),
        ({"document": FILE}, Kind.DOCUMENT),
        ({"animation": VIDEO, "document": FILE}, Kind.OTHER),
        ({"video": VIDEO}, Kind.OTHER),
        ({"dice": {"emoji": "🎲", "value": 1}}, Kind.OTHER),
    ],
)
async def test_kinds(telegram: FakeTelegram, content: dict[str, Any], kind: Kind) -> None:
    assert [m.kind for m in await asked(telegram, {"message": message(**content)})] == [kind]


async def test_a_caption_is_the_text(telegram: FakeTelegram) -> None:
    [photo] = await asked(telegram, {"message": message(photo=PHOTO, caption="giấy này là gì")})
    assert (photo.kind, photo.text) == (Kind.PHOTO, "giấy này là gì")


async def test_an_album_is_read_once(telegram: FakeTelegram) -> None:
    album = {"message": message(photo=PHOTO, media_group_id="1")}
    captioned = {"message": message(photo=PHOTO, media_group_id="1", caption="đây")}
    assert [m.text for m in await asked(telegram, album, album, captioned)] == ["", "đây"]


async def test_edited_and_forwarded_private_messages_are_answered(telegram: FakeTelegram) -> None:
    origin = {"type": "channel", "date": 1, "chat": {"id": -5, "type": "channel", "title": "News"}, "message_id": 3}
    found = await asked(
        telegram,
        {"edited_message": message("lệ phí", edit_date=2)},
        {"message": message("bài đăng", forward_origin=origin)},
    )
    assert [m.text for m in found] == ["lệ phí", "bài đăng"]


REPLY_TO_BOT = {"reply_to_message": {**message("đáp", GROUP), "from": BOT}}


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (message("/help", GROUP), "/help"),
        (message("/help@DvcBot a", GROUP), "/help a"),
        (message("/anything@DvcBot", GROUP), "/anything"),
        (message("@DvcBot lệ phí?", GROUP), "lệ phí?"),
        (message("@DVCBOT, lệ phí?", GROUP), "lệ phí?"),
        (message("cho hỏi @DvcBot lệ phí", GROUP), "cho hỏi lệ phí"),
        (message("lệ phí @DvcBot", GROUP), "lệ phí"),
        (message("còn lệ phí?", GROUP, **REPLY_TO_BOT), "còn lệ phí?"),
        (message(photo=PHOTO, caption="@DvcBot gì đây", chat=GROUP), "gì đây"),
    ],
)
async def test_heard_in_groups(telegram: FakeTelegram, sent: dict[str, Any], text: str) -> None:
    [found] = await asked(telegram, {"message": sent})
    assert (found.text, found.person, found.conversation) == (text, "telegram:7", "telegram:-100:7")
    assert telegram.of("sendMessage")[0]["reply_parameters"] == {"message_id": 5, "allow_sending_without_reply": True}


CHANNEL = {"id": -5, "type": "channel", "title": "News"}


@pytest.mark.parametrize(
    "update",
    [
        {"message": message("chuyện phiếm", GROUP)},
        {"message": message("/help@OtherBot", GROUP)},
        {"message": message("/help@OtherBot", GROUP, **REPLY_TO_BOT)},
        {"message": message("/ban", GROUP)},
        {"message": message("a@DvcBot.vn và @DvcBotX", GROUP)},
        {"message": message("trả lời", GROUP, reply_to_message=message("khác", GROUP))},
        {"edited_message": message("@DvcBot sửa", GROUP, edit_date=2)},
        {"message": message(chat=GROUP, new_chat_title="x", **REPLY_TO_BOT)},
        {"message": message(chat=GROUP, new_chat_members=[BOT])},
        {"message": message(chat=GROUP, photo=PHOTO)},
        {"message": message("/help", GROUP, **{"from": {**PERSON, "is_bot": True}})},
        {"message": message("/help", GROUP, sender_chat=CHANNEL, **{"from": {**PERSON, "is_bot": True}})},
        {"message": message("/help", GROUP, sender_chat=CHANNEL, is_automatic_forward=True)},
        {"message": {key: value for key, value in message("/help", GROUP).items() if key != "from"}},
        {"message": message(pinned_message=message("old"))},
        {"edited_message": message(location=PLACE, edit_date=2)},
        {"channel_post": message("/help", CHANNEL)},
        {"poll": {"id": "1"}},
        {"message": {"nonsense": True}},
        {"message": message("/help", {"id": -5})},
        {},
    ],
)
async def test_ignored(telegram: FakeTelegram, update: dict[str, Any]) -> None:
    assert await asked(telegram, update) == []


async def test_a_topic_keeps_its_answers(telegram: FakeTelegram) -> None:
    await asked(telegram, {"message": message("/help", GROUP, message_thread_id=9, is_topic_message=True)})
    assert telegram.of("sendMessage")[0]["message_thread_id"] == 9


@pytest.mark.parametrize(("chat", "in_group"), [(GROUP, True), (PRIVATE, False)])
async def test_a_group_is_told_from_a_private_chat(telegram: FakeTelegram, chat: Data, in_group: bool) -> None:
    assistant = FakeAssistant()
    async with running(telegram, assistant):
        telegram.feed(message=message("/help", chat))
        telegram.feed(callback_query=pressed("home", chat))
        await telegram.called("sendMessage", 2)
    assert [heard.in_group for heard in assistant.asked] == [in_group, in_group]
