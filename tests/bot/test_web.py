"""The web chat seen from outside: what goes in, what comes out, what is refused."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.media import Shelf
from bot.channels.web import MAX_BODY, MAX_UPDATE, create_app
from bot.channels.web_headers import SECURITY_HEADERS
from handlers.model import MAX_ACTION_BYTES, Button, Document, Kind, Message, Picture, Reply, TooManyError
from handlers.words import word
from tests.fakes import House

MESSAGES = "/api/messages"
ID = "abcdefghijklmnop"


class Desk:
    """Answers every message with ``replies``, or fails with ``error``, and keeps what was asked."""

    def __init__(self) -> None:
        self.replies: Sequence[Reply] = (Reply("Chào <b>bạn</b>"),)
        self.error: Exception | None = None
        self.heard: list[Message] = []

    async def answer(self, message: Message) -> Sequence[Reply]:
        self.heard.append(message)
        if self.error:
            raise self.error
        return self.replies


class Hook:
    def __init__(self) -> None:
        self.heard: list[tuple[bytes, str | None]] = []

    async def __call__(self, body: bytes, secret: str | None) -> int:
        self.heard.append((body, secret))
        return 204 if secret == "s" else 401


class Health:
    reason: str | None = None

    async def __call__(self) -> str | None:
        return self.reason


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def health() -> Health:
    return Health()


@pytest.fixture
def hook() -> Hook:
    return Hook()


def visit(app: Starlette) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 4711), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://chat.test")


@pytest.fixture
async def web(desk: Desk, health: Health, hook: Hook) -> AsyncIterator[httpx.AsyncClient]:
    async with visit(create_app(desk, health=health, webhook=hook)) as client:
        yield client


async def send_raw(web: httpx.AsyncClient, body: bytes, **headers: str) -> httpx.Response:
    return await web.post(MESSAGES, content=body, headers={"Content-Type": "application/json"} | headers)


PICTURE = Picture(b"\x89PNG picture" * 200, "Xã Quảng An: 42,9% < 90%")
SHEET = Document("so-lieu-huyen-dam-ha.xlsx", b"PK table")


async def test_a_picture_is_fetched_from_its_address(web: httpx.AsyncClient, desk: Desk) -> None:
    desk.replies = (Reply("Biểu đồ", picture=PICTURE),)
    [reply] = (await web.post(MESSAGES, json={"text": "a"})).json()["replies"]
    assert reply.keys() == {"html", "text", "buttons", "image", "document", "alt"}
    assert (reply["alt"], reply["document"]) == (PICTURE.alt, None)
    found = await web.get(reply["image"])
    assert found.status_code == 200
    assert found.content == PICTURE.png
    assert found.headers["Content-Type"] == "image/png"
    assert found.headers["Cache-Control"] == "no-store"
    assert found.headers["Content-Disposition"].startswith("inline")
    for name, value in SECURITY_HEADERS.items():
        assert found.headers[name] == value


async def test_a_document_is_fetched_under_its_name(web: httpx.AsyncClient, desk: Desk) -> None:
    desk.replies = (Reply("Bảng", document=SHEET),)
    [reply] = (await web.post(MESSAGES, json={"text": "a"})).json()["replies"]
    assert reply.keys() == {"html", "text", "buttons", "image", "document"}
    assert reply["image"] is None
    assert reply["document"].endswith("/so-lieu-huyen-dam-ha.xlsx")
    found = await web.get(reply["document"])
    assert found.content == SHEET.data
    assert found.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    assert found.headers["Content-Disposition"] == "attachment; filename*=UTF-8''so-lieu-huyen-dam-ha.xlsx"
    assert found.headers["Cache-Control"] == "no-store"


async def test_an_address_that_ended_or_never_was_is_not_found(desk: Desk, health: Health) -> None:
    now = [0.0]
    shelf = Shelf(seconds=10, clock=lambda: now[0])
    desk.replies = (Reply("Biểu đồ", picture=PICTURE),)
    async with visit(create_app(desk, health=health, shelf=shelf)) as web:
        [reply] = (await web.post(MESSAGES, json={"text": "a"})).json()["replies"]
        assert (await web.get(reply["image"])).status_code == 200
        now[0] = 10.0
        for address in (reply["image"], "/media/x/bieu-do.png", "/media/x", "/media/"):
            assert (await web.get(address)).status_code == 404, address


async def test_a_question_is_answered_in_a_new_conversation(web: httpx.AsyncClient, desk: Desk) -> None:
    answer = await web.post(MESSAGES, json={"conversation": None, "text": "lam giay khai sinh"})
    assert answer.status_code == 200
    conversation = answer.json()["conversation"]
    assert len(conversation) >= 16
    assert answer.json() == {
        "conversation": conversation,
        "replies": [{"html": "Chào <b>bạn</b>", "text": "Chào bạn", "buttons": [], "image": None, "document": None}],
    }
    assert desk.heard == [
        Message("web", "web:203.0.113.7", f"web:{conversation}", "lam giay khai sinh", anonymous=True)
    ]


async def test_a_conversation_goes_on_under_its_id(web: httpx.AsyncClient, desk: Desk) -> None:
    answer = await web.post(MESSAGES, json={"conversation": ID, "action": "home"})
    assert answer.json()["conversation"] == ID
    assert desk.heard == [Message("web", "web:203.0.113.7", f"web:{ID}", "home", Kind.ACTION, anonymous=True)]


async def test_every_new_conversation_has_an_id_of_its_own(web: httpx.AsyncClient) -> None:
    answers = [await web.post(MESSAGES, json={"text": "a"}) for _ in range(3)]
    ids = [answer.json()["conversation"] for answer in answers]
    assert len(set(ids)) == 3
    again = await web.post(MESSAGES, json={"conversation": ids[0], "text": "b"})
    assert again.json()["conversation"] == ids[0]


async def test_buttons_keep_their_rows_and_kinds(web: httpx.AsyncClient, desk: Desk) -> None:
    rows = ((Button("A", action="a"), Button("B", url="https://b.vn")), (Button("C", copy="123"),))
    desk.replies = (Reply('<a href="https://b.vn">xem</a>', rows), Reply("hai"))
    replies = (await web.post(MESSAGES, json={"text": "a"})).json()["replies"]
    assert replies[0]["buttons"] == [
        [{"label": "A", "action": "a"}, {"label": "B", "url": "https://b.vn"}],
        [{"label": "C", "copy": "123"}],
    ]
    assert [reply["text"] for reply in replies] == ["xem (https://b.vn)", "hai"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"NaN",
        b"{}",
        b'{"text": NaN}',
        b'{"text": null}',
        b'{"text": 5}',
        b'{"text": ["a"]}',
        b'{"text": ""}',
        b'{"text": " \\n\\t\\u00a0"}',
        b'{"action": ""}',
        b'{"action": true}',
        b'{"text": "a", "action": "home"}',
        b'{"text": "", "action": "home"}',
        b'{"text": "a", "person": "web:1"}',
        b'{"text": "\\ud800"}',
        b'{"text": "\\udc00\\ud800"}',
        b'{"text": "\xff\xfe"}',
        b'\xef\xbb\xbf{"text": "a"}',
        b'{"text": "a"} x',
        b'{"text": "a", "conversation": 1}',
        b'{"text": "a", "conversation": ""}',
        b'{"text": "a", "conversation": "short"}',
        b'{"text": "a", "conversation": "abcdefghijklmnop\\n"}',
        b'{"text": "a", "conversation": "../abcdefghijklmnop"}',
        b'{"text": "a", "conversation": "' + b"a" * 65 + b'"}',
        b'{"action": "' + b"a" * 65 + b'"}',
        b'{"text": ' + b"[" * 20_000,
    ],
)
async def test_what_is_no_message_is_refused(web: httpx.AsyncClient, desk: Desk, body: bytes) -> None:
    answer = await send_raw(web, body)
    assert (answer.status_code, answer.json()) == (400, {"error": word("web.bad_input")})
    assert desk.heard == []


async def test_the_longest_text_is_read_and_one_more_letter_refused(web: httpx.AsyncClient, desk: Desk) -> None:
    assert (await web.post(MESSAGES, json={"text": "ệ" * 4_000})).status_code == 200
    answer = await web.post(MESSAGES, json={"text": "ệ" * 4_001})
    assert (answer.status_code, answer.json()) == (413, {"error": word("web.too_long")})
    assert len(desk.heard) == 1


async def test_a_large_body_is_not_read_to_its_end(web: httpx.AsyncClient, desk: Desk) -> None:
    read = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1_000):
            read += 1024
            yield b" " * 1024

    answer = await web.post(MESSAGES, content=flood(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (413, {"error": word("web.too_long")})
    assert read <= MAX_BODY + 2 * 1024
    assert desk.heard == []


async def test_a_body_of_just_the_limit_is_read(web: httpx.AsyncClient) -> None:
    message = b'{"text": "a"}'
    assert (await send_raw(web, message + b" " * (MAX_BODY - len(message)))).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
async def test_only_json_is_read(web: httpx.AsyncClient, kind: str) -> None:
    answer = await send_raw(web, b'{"text": "a"}', **{"Content-Type": kind})
    assert (answer.status_code, answer.json()) == (415, {"error": word("web.not_json")})


async def test_the_content_type_may_name_a_charset(web: httpx.AsyncClient) -> None:
    answer = await send_raw(web, b'{"text": "a"}', **{"Content-Type": "Application/JSON; charset=utf-8"})
    assert answer.status_code == 200


@pytest.mark.parametrize(("site", "status"), [("cross-site", 403), ("same-origin", 200), ("none", 200)])
async def test_other_sites_cannot_send(web: httpx.AsyncClient, site: str, status: int) -> None:
    answer = await send_raw(web, b'{"text": "a"}', **{"Sec-Fetch-Site": site})
    assert answer.status_code == status
    if status == 403:
        assert answer.json() == {"error": word("web.cross_site")}


@pytest.mark.parametrize(
    ("reply", "line"), [(Reply("Bạn <b>chờ</b> nhé"), "Bạn chờ nhé"), (None, word("web.too_many"))]
)
async def test_who_sends_too_fast_is_told_when_to_come_back(
    web: httpx.AsyncClient, desk: Desk, reply: Reply | None, line: str
) -> None:
    desk.error = TooManyError(2.1, reply)
    answer = await web.post(MESSAGES, json={"text": "a"})
    assert (answer.status_code, answer.json()) == (429, {"error": line})
    assert answer.headers["Retry-After"] == "3"


async def test_an_unforeseen_error_tells_nothing_of_itself(web: httpx.AsyncClient, desk: Desk) -> None:
    desk.error = RuntimeError("secret")
    answer = await web.post(MESSAGES, json={"text": "a"})
    assert (answer.status_code, answer.json()) == (500, {"error": word("web.broken")})


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_messages_are_only_posted(web: httpx.AsyncClient, method: str) -> None:
    answer = await web.request(method, MESSAGES)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    if method != "HEAD":
        assert answer.json() == {"error": word("web.not_allowed")}


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/messages/", "/api/other"])
async def test_unknown_paths_of_the_api_answer_in_json(web: httpx.AsyncClient, path: str) -> None:
    answer = await web.get(path)
    assert (answer.status_code, answer.json()) == (404, {"error": word("web.not_found")})


@pytest.mark.parametrize("path", ["/nowhere", "/static/nothing.css", "/static/../web.py", "/static/%2e%2e/web.py"])
async def test_other_unknown_paths_answer_in_words(web: httpx.AsyncClient, path: str) -> None:
    answer = await web.get(path)
    assert (answer.status_code, answer.text) == (404, word("web.not_found"))


@pytest.mark.parametrize("path", ["/", "/static/chat.js", "/healthz", "/metrics", MESSAGES, "/nowhere", "/static/no"])
async def test_every_response_has_the_security_headers(web: httpx.AsyncClient, path: str) -> None:
    answer = await web.get(path)
    assert answer.headers.items() >= {name.lower(): value for name, value in SECURITY_HEADERS.items()}.items()


async def test_even_a_breakdown_has_the_security_headers(web: httpx.AsyncClient, desk: Desk) -> None:
    desk.error = RuntimeError()
    answer = await web.post(MESSAGES, json={"text": "a"})
    assert answer.headers.items() >= {name.lower(): value for name, value in SECURITY_HEADERS.items()}.items()
    assert answer.headers["Cache-Control"] == "no-store"


async def test_answers_are_not_stored_and_files_are_asked_for_anew(web: httpx.AsyncClient) -> None:
    assert (await web.post(MESSAGES, json={"text": "a"})).headers["Cache-Control"] == "no-store"
    script = await web.get("/static/chat.js")
    assert script.headers["Cache-Control"] == "no-cache"
    again = await web.get("/static/chat.js", headers={"If-None-Match": script.headers["ETag"]})
    assert again.status_code == 304


async def test_the_page_has_nothing_inline(web: httpx.AsyncClient) -> None:
    page = await web.get("/")
    assert page.status_code == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert '<html lang="vi">' in page.text
    assert 'maxlength="4000"' in page.text
    assert "1800 1096" in page.text.partition("<noscript>")[2].partition("</noscript>")[0]
    assert [part for part in ("<style", " style=", " onclick=", "<script>") if part in page.text] == []


@pytest.mark.parametrize(
    ("name", "kind"), [("chat.css", "text/css"), ("chat.js", "javascript"), ("icon.svg", "image/svg+xml")]
)
async def test_the_files_of_the_page_are_served(web: httpx.AsyncClient, name: str, kind: str) -> None:
    file = await web.get(f"/static/{name}")
    assert file.status_code == 200
    assert kind in file.headers["Content-Type"]


async def test_the_script_has_no_words_of_its_own(web: httpx.AsyncClient) -> None:
    assert (await web.get("/static/chat.js")).text.isascii()


async def test_health_tells_the_reason(web: httpx.AsyncClient, health: Health) -> None:
    answer = await web.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    health.reason = "database: locked"
    answer = await web.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "reason": "database: locked"})


async def test_metrics_are_prometheus_text(web: httpx.AsyncClient) -> None:
    answer = await web.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert "# TYPE python_info gauge" in answer.text


async def test_updates_go_to_the_webhook(web: httpx.AsyncClient, hook: Hook) -> None:
    answer = await web.post("/telegram", content=b"{}", headers={"X-Telegram-Bot-Api-Secret-Token": "s"})
    assert answer.status_code == 204
    assert (await web.post("/telegram", content=b"x")).status_code == 401
    assert hook.heard == [(b"{}", "s"), (b"x", None)]
    assert (await web.post("/telegram", content=b" " * (MAX_UPDATE + 1))).status_code == 413
    assert len(hook.heard) == 2


async def test_without_a_webhook_there_is_no_such_address(desk: Desk, health: Health) -> None:
    async with visit(create_app(desk, health=health)) as web:
        assert (await web.post("/telegram", content=b"{}")).status_code == 404


async def test_a_body_that_does_not_end_is_given_up(
    web: httpx.AsyncClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.channels.web.BODY_SECONDS", 0)
    answer = await web.post(MESSAGES, content=trickle(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (408, {"error": word("web.too_slow")})
    assert desk.heard == []


async def test_a_visitor_who_leaves_midway_is_no_error(desk: Desk, health: Health) -> None:
    app = create_app(desk, health=health)
    headers = [(b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": MESSAGES,
        "headers": headers,
        "query_string": b"",
        "client": None,
    }
    sent = []

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    await app(scope, receive, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 400
    assert json.loads(sent[1]["body"]) == {"error": word("web.bad_input")}  # type: ignore[arg-type]


async def test_an_answer_is_called_wrong(house: House, health: Health) -> None:
    async with visit(create_app(house.assistant, health=health)) as web:
        first = (await web.post(MESSAGES, json={"text": "xin lại thẻ thư viện"})).json()
        conversation, (answer,) = first["conversation"], first["replies"]
        (button,) = [one for row in answer["buttons"] for one in row if one["label"] == "👎 Không đúng ý tôi"]
        assert len(button["action"].encode()) <= MAX_ACTION_BYTES
        pressed = {"conversation": conversation, "action": button["action"]}
        other, late = [(await web.post(MESSAGES, json=pressed)).json()["replies"][0] for _ in range(2)]
    assert other["text"].startswith("🙏 Cảm ơn bạn đã báo.")
    assert other["buttons"][0] == [{"label": "1. Làm thẻ đọc sách", "action": "entry:1.000001"}]
    assert late["text"].startswith("Nút này đã bấm rồi")
    (noted,) = await house.questions.most_frequent(10)
    assert (noted.missed.sample, noted.missed.item, noted.count) == ("xin lại thẻ thư viện", "giay-to.mat", 1)
