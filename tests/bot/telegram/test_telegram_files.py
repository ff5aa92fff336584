"""Pictures and documents in Telegram: what arrives, and that the words come in any case."""

from __future__ import annotations

import json
from typing import Any

import pytest
from telegram.error import NetworkError, TimedOut

from bot.channels.telegram_markup import length
from bot.channels.telegram_send import MAX_CAPTION, PAUSES, PHOTO_NAME
from handlers.model import Document, Picture, Reply
from tests.bot.telegram.running import BUTTONS, FakeSleep, answered
from tests.fake_telegram import GROUP, FakeTelegram, RefusalError, bad_request, message, pressed

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100
PICTURE = Picture(PNG, "Xã Quảng An: 42,9% < 90%")
SHEET = Document("so-lieu.xlsx", b"PK table")
LONG = "\n\n".join(["<b>từ</b> " * 99 + "từ"] * 5)


async def test_a_picture_is_a_photo_with_the_words_below(telegram: FakeTelegram) -> None:
    await answered(telegram, {"message": message("a")}, Reply("<b>42,9%</b>", BUTTONS, picture=PICTURE))
    [sent] = telegram.of("sendPhoto")
    name, data, kind = sent["photo"]
    assert (name, data, kind) == (PHOTO_NAME, PNG, "image/png")
    assert (sent["caption"], sent["parse_mode"], sent["chat_id"]) == ("<b>42,9%</b>", "HTML", 7)
    assert "Về" in json.dumps(sent["reply_markup"], ensure_ascii=False)
    assert telegram.texts == []


async def test_words_too_long_for_a_caption_come_below_with_the_buttons(telegram: FakeTelegram) -> None:
    assert length(LONG) > MAX_CAPTION
    await answered(telegram, {"message": message("a")}, Reply(LONG, BUTTONS, picture=PICTURE))
    [sent] = telegram.of("sendPhoto")
    assert sent["caption"] == "Xã Quảng An: 42,9% &lt; 90%", "what it shows is said at once"
    assert "reply_markup" not in sent
    [text] = telegram.of("sendMessage")
    assert text["text"] == LONG
    assert "reply_markup" in text


@pytest.mark.parametrize(("words", "fits"), [("😀" * 512, True), ("😀" * 513, False), ("&lt;" * 1024, True)])
async def test_a_caption_is_counted_as_telegram_counts(telegram: FakeTelegram, words: str, fits: bool) -> None:
    await answered(telegram, {"message": message("a")}, Reply(words, picture=PICTURE))
    assert (telegram.of("sendPhoto")[0]["caption"] == words) is fits
    assert len(telegram.texts) == (not fits)


async def test_long_words_of_a_picture_are_cut_to_a_caption(telegram: FakeTelegram) -> None:
    await answered(telegram, {"message": message("a")}, Reply(LONG, picture=Picture(PNG, "đơn vị " * 400)))
    assert length(telegram.of("sendPhoto")[0]["caption"]) <= MAX_CAPTION


async def test_a_picture_without_words_of_its_own(telegram: FakeTelegram) -> None:
    await answered(telegram, {"message": message("a")}, Reply(LONG, picture=Picture(PNG, "")))
    assert "caption" not in telegram.of("sendPhoto")[0]


async def test_a_document_has_its_name(telegram: FakeTelegram) -> None:
    await answered(telegram, {"message": message("a")}, Reply("Bảng", BUTTONS, document=SHEET))
    [sent] = telegram.of("sendDocument")
    assert sent["document"][:2] == ("so-lieu.xlsx", b"PK table")
    assert sent["caption"] == "Bảng"
    assert "reply_markup" in sent


async def test_a_picture_and_a_document_are_one_answer(telegram: FakeTelegram) -> None:
    await answered(telegram, {"message": message("a")}, Reply("Bảng", BUTTONS, picture=PICTURE, document=SHEET))
    [photo], [document] = telegram.of("sendPhoto"), telegram.of("sendDocument")
    assert (photo["caption"], "caption" in document) == ("Bảng", False)
    assert ("reply_markup" in photo, "reply_markup" in document) == (False, True)


@pytest.mark.parametrize(
    ("method", "more"), [("sendPhoto", {"picture": PICTURE}), ("sendDocument", {"document": SHEET})]
)
async def test_markup_that_telegram_refuses_comes_as_plain_text(
    telegram: FakeTelegram, method: str, more: dict[str, Any]
) -> None:
    telegram.fail(method, bad_request("can't parse entities: unsupported start tag"))
    await answered(telegram, {"message": message("a")}, Reply("<b>a</b> &lt;", BUTTONS, **more))
    plain = telegram.of(method)[1]
    assert plain["caption"] == "a <"
    assert "parse_mode" not in plain
    assert "reply_markup" in plain
    assert telegram.texts == []


async def test_where_no_pictures_are_taken_the_words_come_alone(telegram: FakeTelegram, logs: list[Any]) -> None:
    telegram.fail("sendPhoto", bad_request("not enough rights to send photos to the chat"))
    await answered(telegram, {"message": message("/kpi", GROUP)}, Reply("<b>42,9%</b>", BUTTONS, picture=PICTURE))
    [sent] = telegram.of("sendMessage")
    assert sent["text"] == "<b>42,9%</b>"
    assert "reply_markup" in sent
    assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["telegram takes no file here"]


async def test_a_migrated_group_is_followed(telegram: FakeTelegram) -> None:
    telegram.fail("sendPhoto", RefusalError(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-200))
    await answered(telegram, {"message": message("/kpi", GROUP)}, Reply("a", picture=PICTURE), Reply("b"))
    assert [sent["chat_id"] for sent in telegram.of("sendPhoto")] == [-100, -200]
    assert [sent["chat_id"] for sent in telegram.of("sendMessage")] == [-200]


@pytest.mark.parametrize(
    ("failures", "slept"),
    [
        ([NetworkError("no connection"), RefusalError(502, "Bad Gateway")], [*PAUSES[:2]]),
        ([RefusalError(429, "Too Many Requests", retry_after=3)], [3.0]),
    ],
)
async def test_sending_is_tried_again(
    telegram: FakeTelegram, sleep: FakeSleep, failures: list[Exception], slept: list[float]
) -> None:
    telegram.fail("sendPhoto", *failures)
    await answered(telegram, {"message": message("a")}, Reply("b", picture=PICTURE), sleep=sleep)
    assert len(telegram.of("sendPhoto")) == len(failures) + 1
    assert {sent["photo"][1] for sent in telegram.of("sendPhoto")} == {PNG}
    assert sleep.slept == slept


async def test_a_photo_that_may_have_arrived_is_not_sent_again(telegram: FakeTelegram) -> None:
    telegram.fail("sendPhoto", TimedOut())
    await answered(telegram, {"message": message("a")}, Reply("b", picture=PICTURE))
    assert len(telegram.of("sendPhoto")) == 1


async def test_a_blocked_bot_is_one_line(telegram: FakeTelegram, logs: list[Any]) -> None:
    telegram.fail("sendDocument", RefusalError(403, "Forbidden: bot was blocked by the user"))
    await answered(telegram, {"message": message("a")}, Reply("b", document=SHEET))
    assert telegram.texts == []
    assert "telegram answer is not wanted" in [line["event"] for line in logs]


async def test_a_picture_leaves_the_screen_whose_button_was_pressed(telegram: FakeTelegram) -> None:
    await answered(telegram, {"callback_query": pressed()}, Reply("a", picture=PICTURE, replaces=True))
    assert telegram.of("editMessageText") == []
    assert len(telegram.of("sendPhoto")) == 1


async def test_a_screen_after_a_photo_is_a_message_of_its_own(telegram: FakeTelegram) -> None:
    query = pressed()
    query["message"] = {key: value for key, value in query["message"].items() if key != "text"} | {
        "photo": [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9}],
        "caption": "42,9%",
    }
    await answered(telegram, {"callback_query": query}, Reply("b", replaces=True))
    assert telegram.of("editMessageText") == []
    assert telegram.texts == ["b"]


async def test_a_screen_after_words_is_still_changed_in_place(telegram: FakeTelegram) -> None:
    await answered(telegram, {"callback_query": pressed()}, Reply("a", picture=PICTURE), Reply("b", replaces=True))
    assert len(telegram.of("sendPhoto")) == 1
    assert [sent["text"] for sent in telegram.of("editMessageText")] == ["b"]


async def test_in_a_group_a_picture_answers_its_question(telegram: FakeTelegram) -> None:
    await answered(telegram, {"message": message("/kpi", GROUP)}, Reply("a", picture=PICTURE))
    [sent] = telegram.of("sendPhoto")
    assert sent["reply_parameters"]["message_id"] == 5
