"""How the chat page looks and who can use it: small phones, keyboards, big letters, contrast, no scripts."""

import pytest
from playwright.async_api import expect

from tests.chat_page import DESKTOP, PHONE, Visit, ask, break_line, press, theirs

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_long_answer_is_shown_from_its_beginning(visit: Visit) -> None:
    page = await visit()
    await press(page, "Xem theo chủ đề")
    await expect(theirs(page).last.locator("b")).to_be_in_viewport()
    assert await page.evaluate("document.scrollingElement.scrollTop") == 0


@pytest.mark.parametrize("big", [False, True])
async def test_it_fits_a_small_phone(visit: Visit, big: bool) -> None:
    page = await visit()
    if big:
        await page.get_by_role("button", name="Chữ to").click()
    await ask(page, "lam giay khai sinh")
    await ask(page, "mot tu rat dai " + "a" * 300)
    await break_line(page)
    await ask(page, "hỏng")
    await expect(page.get_by_role("button", name="Gửi lại")).to_be_visible()
    beyond = "box => { const e = document.querySelector(box); return e.scrollWidth - e.clientWidth; }"
    for box in ("html", "#log", ".top"):
        assert await page.evaluate(beyond, box) == 0, box
    heights = (
        "[...document.querySelectorAll('button, .row > a')].filter(b => b.checkVisibility()).map(b => b.offsetHeight)"
    )
    assert min(await page.evaluate(heights)) >= 44


async def test_the_field_stays_in_sight_above_an_open_keyboard(visit: Visit) -> None:
    page = await visit()
    await page.set_viewport_size({"width": 360, "height": 380})
    await ask(page, "lam giay khai sinh")
    await expect(theirs(page)).to_have_count(2)
    await expect(page.get_by_label("Câu hỏi của bạn")).to_be_in_viewport(ratio=1)
    await expect(theirs(page).last.locator("b")).to_be_in_viewport()


async def test_big_text_stays_on(visit: Visit) -> None:
    page = await visit()
    size = "parseFloat(getComputedStyle(document.querySelector('.words')).fontSize)"
    switch = page.get_by_role("button", name="Chữ to")
    normal = await page.evaluate(size)
    await switch.click()
    await expect(switch).to_have_attribute("aria-pressed", "true")
    assert await page.evaluate(size) >= normal * 1.25
    await page.reload()
    await expect(switch).to_have_attribute("aria-pressed", "true")
    assert await page.evaluate(size) >= normal * 1.25
    await switch.click()
    await expect(switch).to_have_attribute("aria-pressed", "false")
    assert await page.evaluate(size) == normal


async def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    page = await visit()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Đến ô nhập câu hỏi")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Câu hỏi của bạn")).to_be_focused()
    await page.keyboard.type("lam giay khai sinh")
    await page.keyboard.press("Enter")
    await expect(theirs(page)).to_have_count(2)
    await page.keyboard.press("Shift+Tab")
    await expect(theirs(page).last.get_by_role("button", name="⬅️ Quay lại")).to_be_focused()
    for _ in range(3):
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(theirs(page)).to_have_count(3)
    await expect(theirs(page).last).to_be_focused()
    await expect(theirs(page).last).to_contain_text("Miễn phí.")
    await page.keyboard.press("Tab")
    await expect(theirs(page).last.get_by_role("button", name="⬅️ Quay lại")).to_be_focused()


async def test_an_address_opens_beside_the_chat(visit: Visit) -> None:
    page = await visit()
    await ask(page, "lam giay khai sinh")
    link = theirs(page).last.get_by_role("link", name="🌐 Mở trang")
    await expect(link).to_have_attribute("href", "https://dichvucong.gov.vn/x")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")


async def test_without_scripts_the_page_tells_where_to_ask(visit: Visit) -> None:
    page = await visit(java_script_enabled=False)
    await expect(page.get_by_role("link", name="1800 1096")).to_have_attribute("href", "tel:18001096")
    await expect(page.get_by_role("link", name="dichvucong.gov.vn")).to_be_visible()
    await expect(page.get_by_label("Câu hỏi của bạn")).to_be_hidden()


CONTRAST = """
(selector) => {
  const numbers = (colour) => colour.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    const colour = numbers(getComputedStyle(element).backgroundColor);
    return colour[3] === 0 ? ground(element.parentElement) : colour;
  };
  const [query, pseudo] = selector.split("::");
  return [...document.querySelectorAll(query)].filter((e) => e.checkVisibility()).map((element) => {
    const ink = light(numbers(getComputedStyle(element, pseudo && "::" + pseudo).color));
    const paper = light(ground(element));
    return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
  });
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
async def test_words_stand_out_from_their_ground(visit: Visit, scheme: str, viewport: dict[str, int]) -> None:
    page = await visit(viewport=viewport, color_scheme=scheme)
    await ask(page, "lam giay khai sinh")
    await expect(theirs(page)).to_have_count(2)
    await page.context.set_offline(True)
    await ask(page, "hỏng")
    await expect(page.get_by_role("button", name="Gửi lại")).to_be_visible()
    await page.get_by_role("button", name="Chữ to").click()
    await page.mouse.move(1, 1)
    for selector in (
        "h1",
        "h1 span",
        ".tools button",
        ".banner",
        ".bubble",
        ".failure",
        ".resend",
        ".words",
        ".words a",
        ".words blockquote",
        ".words code",
        ".row > *",
        "textarea",
        "textarea::placeholder",
        ".send",
        "#caution",
    ):
        ratios = await page.evaluate(CONTRAST, selector)
        assert ratios, selector
        assert min(ratios) >= 4.5, (selector, ratios)


async def test_motion_stops_for_who_asks_for_it(visit: Visit) -> None:
    still = await visit()
    moving = await visit(reduced_motion="no-preference")
    motion = "getComputedStyle(document.querySelector('.theirs')).animationName"
    assert await still.evaluate(motion) == "none"
    assert await moving.evaluate(motion) != "none"
