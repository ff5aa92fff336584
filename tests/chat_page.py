"""What the tests of the chat page share: a small assistant to talk to, and what a visitor does."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from io import BytesIO

from PIL import Image
from playwright.async_api import Dialog, Locator, Page

from handlers.model import Button, Document, Kind, Menu, Message, Picture, Reply
from handlers.officers import Role

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}

Visit = Callable[..., Awaitable[Page]]

WELCOME = Reply(
    "<b>Xin chào!</b>\nBạn cứ hỏi bằng lời thường.",
    (
        (Button("📚 Xem theo chủ đề", action="topics"), Button("☎️ Số hỗ trợ", action="hotline")),
        (Button("Giấy tờ", action="papers"), Button("Lệ phí", action="fee"), Button("Thời gian", action="time")),
        (Button("Một thủ tục có tên rất dài, dài đến mức không vừa một dòng trên điện thoại", action="long"),),
    ),
)
BIRTH = Reply(
    "<b>Đăng ký khai sinh</b>\nNộp ở <i>UBND cấp xã</i>.\n"
    '<blockquote>Nguồn: <a href="https://dichvucong.gov.vn">Cổng Dịch vụ công</a>, '
    "mã <code>1.001193</code></blockquote>",
    (
        (Button("💰 Lệ phí", action="fee"),),
        (Button("🌐 Mở trang", url="https://dichvucong.gov.vn/x"), Button("📋 Chép số", copy="1800 1096")),
        (Button("⬅️ Quay lại", action="back"),),
    ),
)
FEE = Reply("<b>Lệ phí</b>\nMiễn phí.", ((Button("⬅️ Quay lại", action="back"),),))
LINKED = Reply("Đã nối với quyền lãnh đạo", menu=Menu(Role.LEADER))
REVOKED = Reply("Quyền đã hết", menu=Menu(None))
CHART_ALT = 'Xã Quảng An: 42,9% < 90% "chưa đạt"'
TOPICS = Reply("<b>Chủ đề</b>\n" + "Dòng chữ\n" * 60)
SHEET = Reply("Bảng số liệu", document=Document("so-lieu.xlsx", b"PK table"))
HOSTILE = Reply(
    '<b onclick="alert(1)" class="unseen" style="color:red">đậm</b>'
    "<img src=x onerror=alert(2)><script>alert(3)</script><svg onload=alert(4)></svg><style>*{display:none}</style>"
    '<a href="javascript:alert(5)">xấu</a><a href="https://a.vn" onmouseover="alert(6)">tốt</a>'
    '<a href="tel:18001096">gọi</a><iframe src="javascript:alert(7)"></iframe><form action="//evil"><i>chữ</i></form>',
    ((Button("Bẫy", url="javascript:alert(8)"), Button("Gọi", url="tel:18001096")),),
)


def chart() -> Reply:
    paper = BytesIO()
    Image.new("P", (1080, 900), 255).save(paper, "png")
    return Reply("Biểu đồ: <b>42,9%</b>", picture=Picture(paper.getvalue(), CHART_ALT))


class Town:
    """A small assistant: fixed answers, and "wait" holds its answer back until ``let`` is set. It reads the files that
    are sent into ``files``."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.files: list[bytes] = []
        self.let = asyncio.Event()
        self.error: Exception | None = None
        self.answers = {
            "home": WELCOME,
            "lam giay khai sinh": BIRTH,
            "fee": FEE,
            "back": BIRTH,
            "topics": TOPICS,
            "hostile": HOSTILE,
            "/ketnoi": LINKED,
            "/dangky": REVOKED,
            "chart": chart(),
            "sheet": SHEET,
        }

    async def answer(self, message: Message) -> Sequence[Reply]:
        self.heard.append(message)
        if message.upload:
            self.files.append(await message.upload.read())
            return (Reply(f"Xem trước: <b>{message.upload.name}</b>"),)
        if message.text.startswith("wait"):
            await self.let.wait()
        if self.error and message.kind is Kind.TEXT:
            raise self.error
        return (self.answers.get(message.text, Reply(f"Trả lời thứ {len(self.heard)}")),)

    @property
    def asked(self) -> list[str]:
        return [message.text for message in self.heard]


class Street:
    """The server's address, with the assistant behind it changed for each test."""

    def __init__(self) -> None:
        self.town = Town()
        self.url = ""

    async def answer(self, message: Message) -> Sequence[Reply]:
        return await self.town.answer(message)


class Complaints:
    """What a page must not do: open a dialog, fail in a script, breach the content policy."""

    def __init__(self) -> None:
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        self.breaches: list[str] = []

    def watch(self, page: Page) -> None:
        page.on("dialog", self._dismiss)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self._read(message.text))

    async def _dismiss(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        await dialog.dismiss()

    def _read(self, line: str) -> None:
        if "Content Security Policy" in line:
            self.breaches.append(line)


def theirs(page: Page) -> Locator:
    return page.locator("#log .theirs")


def mine(page: Page) -> Locator:
    return page.locator("#log .mine:visible")


async def ask(page: Page, text: str) -> None:
    await page.get_by_label("Câu hỏi của bạn").fill(text)
    await page.keyboard.press("Enter")


async def press(page: Page, label: str) -> None:
    await page.locator("#log").get_by_role("button", name=label).last.click()


async def break_line(page: Page) -> None:
    await page.route("**/api/*", lambda route: route.abort())


async def mend_line(page: Page) -> None:
    await page.unroute("**/api/*")
