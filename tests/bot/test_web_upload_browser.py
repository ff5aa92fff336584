"""Sending files on the chat page, in a real Chromium against a real server."""

import pytest
from playwright.async_api import FilePayload, Locator, Page, expect

from bot.channels.web_files import MAX_FILE
from handlers.model import Kind
from tests.chat_page import Town, Visit, ask, break_line, mend_line, mine, theirs

pytestmark = pytest.mark.asyncio(loop_scope="module")

TABLE = FilePayload(name="Số liệu tháng 9.csv", mimeType="text/csv", buffer="Đơn vị,Tổng\n".encode())


def clip(page: Page) -> Locator:
    return page.get_by_role("button", name="Gửi bảng số liệu")


async def linked(visit: Visit) -> Page:
    page = await visit()
    await ask(page, "/ketnoi")
    await expect(clip(page)).to_be_visible()
    return page


async def choose(page: Page, *files: FilePayload) -> None:
    async with page.expect_file_chooser() as chooser:
        await clip(page).click()
    await (await chooser.value).set_files(list(files))


async def test_the_clip_is_there_for_who_may_send_files(visit: Visit) -> None:
    page = await visit()
    await expect(clip(page)).to_be_hidden()
    await ask(page, "lam giay khai sinh")
    await expect(theirs(page)).to_have_count(2)
    await expect(clip(page)).to_be_hidden()
    await ask(page, "/ketnoi")
    await expect(clip(page)).to_be_visible()
    await page.reload()
    await expect(clip(page)).to_be_visible()
    await ask(page, "/dangky")
    await expect(clip(page)).to_be_hidden()


async def test_a_file_is_sent_and_answered(visit: Visit, town: Town) -> None:
    page = await linked(visit)
    await choose(page, TABLE)
    await expect(mine(page).last).to_contain_text("Số liệu tháng 9.csv")
    await expect(theirs(page).last.locator("b")).to_have_text("Số liệu tháng 9.csv")
    assert town.files == [TABLE["buffer"]]
    sent = town.heard[-1]
    assert (sent.kind, sent.conversation) == (Kind.DOCUMENT, town.heard[0].conversation)


async def test_several_files_go_one_after_the_other(visit: Visit, town: Town) -> None:
    page = await linked(visit)
    for name in ("một.csv", "hai.csv"):
        await choose(page, {**TABLE, "name": name})
    await expect(theirs(page).last).to_contain_text("hai.csv")
    assert [message.upload.name for message in town.heard if message.upload] == ["một.csv", "hai.csv"]


async def test_a_file_without_a_type_is_sent_all_the_same(visit: Visit, town: Town) -> None:
    page = await linked(visit)
    await choose(page, {**TABLE, "name": "so-lieu.xlsx", "mimeType": ""})
    await expect(theirs(page).last).to_contain_text("so-lieu.xlsx")


async def test_too_large_a_file_is_not_sent(visit: Visit, town: Town) -> None:
    page = await linked(visit)
    await choose(page, {**TABLE, "buffer": b"x" * (MAX_FILE + 1)})
    await expect(mine(page).last).to_contain_text("Tệp lớn hơn 5 MB.")
    assert not any(message.upload for message in town.heard)


async def test_what_is_no_spreadsheet_is_refused(visit: Visit) -> None:
    page = await linked(visit)
    await choose(page, {**TABLE, "name": "ảnh.png", "mimeType": "image/png"})
    await expect(mine(page).last).to_contain_text("Mình chỉ nhận bảng số liệu")


async def test_a_file_that_did_not_arrive_is_sent_again(visit: Visit, town: Town) -> None:
    page = await linked(visit)
    await break_line(page)
    await choose(page, TABLE)
    await expect(mine(page).last).to_contain_text("Chưa gửi được")
    await mend_line(page)
    await page.get_by_role("button", name="Gửi lại").click()
    await expect(theirs(page).last).to_contain_text("Xem trước")
    assert town.files == [TABLE["buffer"]]


async def test_after_a_reload_the_file_is_chosen_again(visit: Visit, town: Town) -> None:
    page = await linked(visit)
    await break_line(page)
    await choose(page, TABLE)
    await expect(mine(page).last).to_contain_text("Chưa gửi được")
    await mend_line(page)
    await page.reload()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Gửi lại").click()
    await (await chooser.value).set_files([TABLE])
    await expect(theirs(page).last).to_contain_text("Xem trước")
    assert town.files == [TABLE["buffer"]]


async def test_the_clip_fits_on_a_small_phone_and_has_a_size_to_touch(visit: Visit) -> None:
    page = await visit(viewport={"width": 320, "height": 600})
    await ask(page, "/ketnoi")
    box = await clip(page).bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    field = await page.get_by_label("Câu hỏi của bạn").bounding_box()
    assert field is not None
    assert field["width"] >= 120
    await page.get_by_role("button", name="Chữ to").click()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
