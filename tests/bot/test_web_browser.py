"""The chat page as people use it, in a real Chromium against a real server."""

import asyncio

import pytest
from playwright.async_api import Page, Route, expect

from handlers.model import Button, Kind, Reply, TooManyError
from tests.chat_page import CHART_ALT, Complaints, Town, Visit, ask, break_line, mend_line, mine, press, theirs

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_page_opens_with_the_welcome(visit: Visit, town: Town) -> None:
    page = await visit()
    await expect(theirs(page)).to_contain_text("Xin chào!")
    await expect(mine(page)).to_have_count(0)
    assert [(message.kind, message.text) for message in town.heard] == [(Kind.ACTION, "home")]


async def test_a_question_without_diacritics_is_answered(visit: Visit, town: Town) -> None:
    page = await visit()
    await ask(page, "lam giay khai sinh")
    await expect(mine(page)).to_contain_text("lam giay khai sinh")
    await expect(theirs(page).last.locator("b")).to_have_text("Đăng ký khai sinh")
    await expect(theirs(page).last.get_by_role("link", name="Cổng Dịch vụ công")).to_have_attribute("target", "_blank")
    await expect(page.get_by_label("Câu hỏi của bạn")).to_be_focused()
    await expect(page.get_by_label("Câu hỏi của bạn")).to_have_value("")
    assert len({message.conversation for message in town.heard}) == 1


async def test_choices_lead_on_and_back_and_stay_usable(visit: Visit, town: Town) -> None:
    page = await visit()
    await ask(page, "lam giay khai sinh")
    await press(page, "💰 Lệ phí")
    await expect(theirs(page).last).to_contain_text("Miễn phí.")
    await expect(mine(page).last).to_contain_text("💰 Lệ phí")
    await expect(theirs(page).last).to_be_focused()
    await press(page, "⬅️ Quay lại")
    await expect(theirs(page).last).to_contain_text("Đăng ký khai sinh")
    await theirs(page).first.get_by_role("button", name="Số hỗ trợ").click()
    await expect(theirs(page)).to_have_count(5)
    assert town.asked == ["home", "lam giay khai sinh", "fee", "back", "hotline"]


async def test_home_and_hotline_are_always_at_hand(visit: Visit, town: Town) -> None:
    page = await visit()
    tools = page.get_by_role("group", name="Lối tắt")
    await tools.get_by_role("button", name="Số hỗ trợ").click()
    await expect(theirs(page)).to_have_count(2)
    await tools.get_by_role("button", name="Trang đầu").click()
    await expect(theirs(page).last).to_contain_text("Xin chào!")
    assert town.asked == ["home", "hotline", "home"]


async def test_a_question_is_text_and_never_markup(visit: Visit, town: Town) -> None:
    page = await visit()
    attack = '<img src=x onerror=alert(1)><script>alert(2)</script>"><b>đậm</b>'
    await ask(page, attack)
    await expect(mine(page).locator(".words")).to_have_text(attack)
    await expect(mine(page).locator("img, script, b")).to_have_count(0)
    await expect(theirs(page)).to_have_count(2)
    await page.reload()
    await expect(mine(page).locator(".words")).to_have_text(attack)
    assert town.asked[1] == attack


async def test_markup_of_a_reply_is_sanitised(visit: Visit, complaints: Complaints) -> None:
    page = await visit()
    await ask(page, "hostile")
    await expect(theirs(page)).to_have_count(2)
    assert await theirs(page).last.locator(".words").inner_html() == (
        "<b>đậm</b>xấu"
        '<a href="https://a.vn" target="_blank" rel="noopener noreferrer">tốt</a>'
        '<a href="tel:18001096">gọi</a><i>chữ</i>'
    )
    await expect(theirs(page).last.locator(".rows")).to_have_text("Gọi")
    await theirs(page).last.locator("b").click()
    # Parsing alone makes the browser report what it will not run.
    assert all("has been blocked" in line for line in complaints.breaches)
    complaints.breaches.clear()


async def test_pictures_and_files_come_from_the_server_alone(visit: Visit) -> None:
    page = await visit()

    async def answer(route: Route) -> None:
        reply = {"html": "Biểu đồ", "text": "Biểu đồ", "buttons": []}
        good = reply | {"image": "/static/icon.svg", "document": "/static/icon.svg"}
        bad = reply | {"image": "data:image/svg+xml,<svg/>", "document": "javascript:alert(1)"}
        await route.fulfill(json={"conversation": "a" * 20, "replies": [good, bad]})

    await page.route("**/api/messages", answer)
    await ask(page, "biểu đồ")
    await expect(theirs(page)).to_have_count(3)
    await expect(theirs(page).nth(1).locator("img")).to_have_js_property("complete", True)
    await expect(theirs(page).nth(1).locator(".document")).to_have_attribute("href", "static/icon.svg")
    await expect(theirs(page).nth(2).locator("img, a")).to_have_count(3)
    await expect(theirs(page).nth(2).locator("img:visible, a:visible")).to_have_count(0)


async def test_a_chart_is_shown_with_its_words(visit: Visit) -> None:
    page = await visit()
    await ask(page, "chart")
    link = theirs(page).last.locator("a.picture")
    image = link.get_by_role("img", name=CHART_ALT)
    await expect(image).to_be_visible()
    await expect(image).to_have_js_property("naturalWidth", 1080)
    await expect(image).to_have_attribute("loading", "lazy")
    box, sheet = await image.bounding_box(), await theirs(page).last.locator(".words").bounding_box()
    assert box is not None
    assert sheet is not None
    assert box["width"] == pytest.approx(sheet["width"], abs=1), "as wide as the words"
    assert box["y"] < sheet["y"], "above the words"
    beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(beyond) == 0
    async with page.context.expect_page() as opened:
        await link.click()
    large = await opened.value
    assert "/media/" in large.url
    assert await large.evaluate("[...document.images].map((image) => image.naturalWidth)") == [1080]


async def test_a_document_is_saved_under_its_name(visit: Visit) -> None:
    page = await visit()
    await ask(page, "sheet")
    link = theirs(page).last.locator(".document")
    await expect(link).to_have_text("📎 Tải về: so-lieu.xlsx")
    async with page.expect_download() as started:
        await link.click()
    saved = await started.value
    assert saved.suggested_filename == "so-lieu.xlsx"
    assert await asyncio.to_thread((await saved.path()).read_bytes) == b"PK table"


async def test_a_picture_that_has_ended_is_said_to(visit: Visit) -> None:
    page = await visit()
    await page.route("**/media/**", lambda route: route.fulfill(status=404))
    await ask(page, "chart")
    await expect(theirs(page).last.locator(".gone")).to_be_visible()
    await expect(theirs(page).last.locator("a.picture")).to_be_hidden()
    await expect(theirs(page).last.locator(".words")).to_have_text("Biểu đồ: 42,9%")


async def test_a_failed_send_is_kept_and_sent_again(visit: Visit, town: Town) -> None:
    page = await visit()
    await break_line(page)
    await ask(page, "lam giay khai sinh")
    await expect(mine(page)).to_contain_text("Chưa gửi được")
    await mend_line(page)
    await page.get_by_role("button", name="Gửi lại").click()
    await expect(theirs(page).last).to_contain_text("Đăng ký khai sinh")
    await expect(mine(page)).to_have_count(1)
    await expect(page.get_by_role("button", name="Gửi lại")).to_have_count(0)
    assert town.asked == ["home", "lam giay khai sinh"]


async def test_a_failed_welcome_can_be_asked_for_again(visit: Visit, town: Town) -> None:
    page = await visit(prepare=break_line)
    await expect(mine(page)).to_contain_text("Trang đầu")
    await mend_line(page)
    await page.get_by_role("button", name="Gửi lại").click()
    await expect(theirs(page)).to_contain_text("Xin chào!")


async def test_an_answer_that_does_not_come_is_given_up(visit: Visit) -> None:
    page = await visit(prepare=lambda page: page.clock.install())
    await expect(theirs(page)).to_have_count(1)
    await ask(page, "wait")
    await expect(page.locator(".typing")).to_be_visible()
    await expect(page.locator("#status")).to_have_text("Trợ lý đang trả lời…")
    await page.clock.fast_forward(20_000)
    await expect(mine(page)).to_contain_text("Chưa gửi được")
    await expect(page.locator(".typing")).to_have_count(0)
    await expect(page.locator("#status")).to_contain_text("Chưa gửi được")


async def test_an_error_page_of_a_proxy_is_a_failed_send(visit: Visit) -> None:
    page = await visit()
    await page.route("**/api/messages", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
    await ask(page, "a")
    await expect(mine(page)).to_contain_text("Chưa gửi được. Mạng chậm hoặc đang mất.")


async def test_questions_wait_for_one_another_in_order(visit: Visit, town: Town) -> None:
    page = await visit()
    await ask(page, "wait")
    await ask(page, "lam giay khai sinh")
    await expect(mine(page)).to_have_count(2)
    await expect(page.locator(".typing")).to_be_visible()
    assert town.asked == ["home", "wait"]
    town.let.set()
    await expect(theirs(page)).to_have_count(3)
    order = "[...document.querySelectorAll('#log > :not([hidden])')].map(e => e.className.split(' ')[0])"
    assert await page.evaluate(order) == ["theirs", "mine", "theirs", "mine", "theirs"]
    assert town.asked == ["home", "wait", "lam giay khai sinh"]


async def test_pressing_twice_sends_once(visit: Visit, town: Town) -> None:
    page = await visit()
    town.answers["lam giay khai sinh"] = Reply("a", ((Button("Chờ", action="wait"),),))
    await ask(page, "lam giay khai sinh")
    await page.get_by_role("button", name="Chờ").dblclick()
    town.let.set()
    await expect(theirs(page)).to_have_count(3)
    assert town.asked == ["home", "lam giay khai sinh", "wait"]


async def test_who_sends_too_fast_reads_why_and_can_send_again(visit: Visit, town: Town) -> None:
    page = await visit()
    town.error = TooManyError(5, Reply("Bạn gửi nhanh quá, chờ <b>5 giây</b> nhé."))
    await ask(page, "lam giay khai sinh")
    await expect(mine(page)).to_contain_text("Bạn gửi nhanh quá, chờ 5 giây nhé.")
    town.error = None
    await page.get_by_role("button", name="Gửi lại").click()
    await expect(theirs(page).last).to_contain_text("Đăng ký khai sinh")


async def test_being_offline_is_told_and_loses_nothing(visit: Visit) -> None:
    page = await visit()
    banner = page.get_by_text("Máy đang mất mạng")
    await expect(banner).to_be_hidden()
    await page.context.set_offline(True)
    await expect(banner).to_be_visible()
    await ask(page, "lam giay khai sinh")
    await expect(mine(page)).to_contain_text("Chưa gửi được")
    await page.context.set_offline(False)
    await expect(banner).to_be_hidden()
    await page.get_by_role("button", name="Gửi lại").click()
    await expect(theirs(page)).to_have_count(2)


async def test_a_reload_keeps_conversation_and_draft(visit: Visit, town: Town) -> None:
    page = await visit()
    await ask(page, "lam giay khai sinh")
    await expect(theirs(page)).to_have_count(2)
    await page.get_by_label("Câu hỏi của bạn").fill("còn dở")
    before = await page.locator("#log").inner_text()
    await page.reload()
    await expect(theirs(page)).to_have_count(2)
    assert await page.locator("#log").inner_text() == before
    await expect(page.get_by_label("Câu hỏi của bạn")).to_have_value("còn dở")
    await press(page, "💰 Lệ phí")
    await expect(theirs(page)).to_have_count(3)
    assert town.asked == ["home", "lam giay khai sinh", "fee"]
    assert len({message.conversation for message in town.heard}) == 1


async def test_a_reload_while_waiting_offers_to_send_again(visit: Visit, town: Town) -> None:
    page = await visit()
    await ask(page, "wait")
    await expect(page.locator(".typing")).to_be_visible()
    await page.reload()
    await expect(mine(page)).to_contain_text("Chưa gửi được")
    town.let.set()
    await page.get_by_role("button", name="Gửi lại").click()
    await expect(theirs(page)).to_have_count(2)


async def test_a_reload_keeps_the_last_fifty_messages(visit: Visit, town: Town) -> None:
    page = await visit()
    for number in range(30):
        await ask(page, f"câu {number}")
    await expect(theirs(page)).to_have_count(31)
    await page.reload()
    await expect(theirs(page)).to_have_count(25)
    await expect(mine(page)).to_have_count(25)
    await expect(mine(page).last).to_contain_text("câu 29")


async def test_it_works_where_storage_is_closed(visit: Visit) -> None:
    closed = """for (const name of ["sessionStorage", "localStorage"])
        Object.defineProperty(window, name, { get() { throw new Error(); } });"""
    page = await visit(prepare=lambda page: page.add_init_script(closed))
    await expect(theirs(page)).to_have_count(1)
    await page.get_by_role("button", name="Chữ to").click()
    await expect(page.get_by_role("button", name="Chữ to")).to_have_attribute("aria-pressed", "true")
    await ask(page, "lam giay khai sinh")
    await expect(theirs(page)).to_have_count(2)


async def test_enter_sends_but_not_amid_a_composed_word(visit: Visit, town: Town) -> None:
    page = await visit()
    field = page.get_by_label("Câu hỏi của bạn")
    await field.fill("đang gõ")
    await field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    await field.press("Shift+Enter")
    await field.press_sequentially("hai dòng")
    assert town.asked == ["home"]
    await field.press("Enter")
    await expect(theirs(page)).to_have_count(2)
    assert town.asked[1] == "đang gõ\nhai dòng"


async def test_an_empty_field_sends_nothing(visit: Visit, town: Town) -> None:
    page = await visit()
    await ask(page, "  \n ")
    await page.get_by_role("button", name="Gửi").click()
    await ask(page, "lam giay khai sinh")
    await expect(theirs(page)).to_have_count(2)
    assert town.asked == ["home", "lam giay khai sinh"]


NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: undefined });"


@pytest.mark.parametrize("script", ["", NO_CLIPBOARD], ids=["clipboard", "plain-http"])
async def test_a_number_is_copied(visit: Visit, script: str) -> None:
    async def prepare(page: Page) -> None:
        await page.clock.install()
        await page.add_init_script(script)

    page = await visit(prepare=prepare, permissions=["clipboard-write"])
    await expect(theirs(page)).to_have_count(1)
    await ask(page, "lam giay khai sinh")
    button = theirs(page).last.locator("button", has_text="Chép số")
    await button.click()
    await expect(page.locator("#status")).to_have_text("Đã chép")
    await expect(theirs(page).last.get_by_role("button", name="Đã chép")).to_be_focused()
    await page.get_by_label("Câu hỏi của bạn").focus()
    await page.keyboard.press("Control+V")
    await expect(page.get_by_label("Câu hỏi của bạn")).to_have_value("1800 1096")
    await page.clock.fast_forward(2_000)
    await expect(button).to_have_text("📋 Chép số")


async def test_what_cannot_be_copied_is_read_out(visit: Visit) -> None:
    closed = NO_CLIPBOARD + "document.execCommand = () => false;"
    page = await visit(prepare=lambda page: page.add_init_script(closed))
    await expect(theirs(page)).to_have_count(1)
    await ask(page, "lam giay khai sinh")
    await press(page, "Chép số")
    await expect(page.locator("#status")).to_have_text("Chưa chép được, bạn ghi lại giúp: 1800 1096")
