"""Files that come to the web chat, seen from outside."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from urllib.parse import quote

import httpx
import pytest

from bot.channels import web_files
from bot.channels.web import create_app
from bot.channels.web_files import MAX_FILE, TYPES
from handlers.model import Kind, Menu, Message, Reply, TooManyError, UploadError
from handlers.officers import Role
from handlers.words import word

ID = "abcdefghijklmnop"
CSV = "text/csv; charset=utf-8"


class Desk:
    """Fetches the file when ``fetches``, and answers with the number of its bytes."""

    def __init__(self) -> None:
        self.fetches = True
        self.menu: Menu | None = None
        self.error: Exception | None = None
        self.heard: list[Message] = []
        self.data: bytes | None = None

    async def answer(self, message: Message) -> Sequence[Reply]:
        self.heard.append(message)
        if self.error:
            raise self.error
        if message.upload and self.fetches:
            try:
                self.data = await message.upload.read()
            except UploadError:
                return (Reply("lost"),)
        return (Reply("đã xem", menu=self.menu),)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def healthy() -> str | None:
    return None


@pytest.fixture
async def web(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_app(desk, health=healthy), client=("203.0.113.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        yield client


async def send(
    web: httpx.AsyncClient,
    data: bytes | AsyncIterator[bytes] = b"a,b",
    kind: str = CSV,
    conversation: str | None = ID,
    name: str = "Số liệu.csv",
    **headers: str,
) -> httpx.Response:
    query = f"name={quote(name)}" + (f"&conversation={conversation}" if conversation is not None else "")
    headers = {"Content-Type": kind} | headers
    return await web.post(f"/api/files?{query}", content=data, headers=headers)


def error(answer: httpx.Response) -> tuple[int, str]:
    assert answer.json().keys() == {"error"}
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.status_code, answer.json()["error"]


async def test_a_file_is_answered_like_a_message(web: httpx.AsyncClient, desk: Desk) -> None:
    answer = await send(web)
    assert answer.status_code == 200
    assert answer.json()["conversation"] == ID
    assert [reply["text"] for reply in answer.json()["replies"]] == ["đã xem"]
    (heard,) = desk.heard
    assert (heard.kind, heard.person, heard.actor) == (Kind.DOCUMENT, "web:203.0.113.7", f"web:{ID}")
    assert heard.upload is not None
    assert (heard.upload.name, heard.upload.size, desk.data) == ("Số liệu.csv", 3, b"a,b")


@pytest.mark.parametrize("kind", sorted(TYPES))
async def test_what_browsers_call_spreadsheets(web: httpx.AsyncClient, kind: str) -> None:
    assert (await send(web, kind=kind.upper())).status_code == 200


@pytest.mark.parametrize("kind", ["", "application/json", "multipart/form-data; boundary=x", "text/html", "image/png"])
async def test_other_kinds_are_refused(web: httpx.AsyncClient, desk: Desk, kind: str) -> None:
    assert error(await send(web, kind=kind)) == (415, word("web.file_kind"))
    assert desk.heard == []


@pytest.mark.parametrize("conversation", [None, "", "short", "x" * 65, "a" * 16 + "!", "a" * 16 + "%0A"])
async def test_a_file_belongs_to_a_conversation(web: httpx.AsyncClient, desk: Desk, conversation: str | None) -> None:
    assert error(await send(web, conversation=conversation)) == (400, word("web.bad_file"))
    assert desk.heard == []


async def test_a_name_is_cleaned_and_cut(web: httpx.AsyncClient, desk: Desk) -> None:
    await send(web, name="x" * 300 + "\u202e\n.csv")
    assert desk.heard[0].upload is not None
    assert desk.heard[0].upload.name == "x" * 250 + " .csv"


async def test_a_large_file_is_refused_before_it_is_read(web: httpx.AsyncClient, desk: Desk) -> None:
    assert error(await send(web, b"x" * (MAX_FILE + 1))) == (413, word("web.file_too_large"))
    assert desk.heard == []
    assert (await send(web, b"x" * MAX_FILE)).status_code == 200


async def test_a_large_file_that_does_not_say_so_is_read_no_further(web: httpx.AsyncClient, desk: Desk) -> None:
    given = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal given
        for _ in range(1000):
            given += 1
            yield b"x" * 64 * 1024

    assert error(await send(web, pieces())) == (413, word("web.file_too_large"))
    assert given <= MAX_FILE // (64 * 1024) + 2
    assert desk.data is None


async def test_a_file_that_does_not_arrive(web: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_files, "FILE_SECONDS", 0)

    async def pieces() -> AsyncIterator[bytes]:
        await asyncio.sleep(5)
        yield b""

    assert error(await send(web, pieces())) == (408, word("web.file_too_slow"))


async def test_other_sites_send_nothing(web: httpx.AsyncClient, desk: Desk) -> None:
    assert error(await send(web, **{"Sec-Fetch-Site": "cross-site"})) == (403, word("web.cross_site"))
    assert desk.heard == []


async def test_too_many_files(web: httpx.AsyncClient, desk: Desk) -> None:
    desk.error = TooManyError(7.2, None)
    answer = await send(web)
    assert error(answer) == (429, word("web.too_many"))
    assert answer.headers["Retry-After"] == "8"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_files_are_only_sent(web: httpx.AsyncClient, method: str) -> None:
    assert (await web.request(method, "/api/files")).status_code == 405


@pytest.mark.parametrize(
    ("role", "welcome"), [(None, False), (Role.OFFICER, False), (Role.LEADER, True), (Role.ADMIN, True)]
)
async def test_the_page_is_told_who_may_send_files(
    web: httpx.AsyncClient, desk: Desk, role: Role | None, welcome: bool
) -> None:
    plain = await web.post("/api/messages", json={"text": "a"})
    assert "upload" not in plain.json()
    desk.menu = Menu(role)
    told = await web.post("/api/messages", json={"conversation": ID, "text": "/ketnoi"})
    assert told.json()["upload"] is welcome
    assert (await send(web)).json()["upload"] is welcome


async def test_a_file_that_nobody_wanted_says_that_none_are(web: httpx.AsyncClient, desk: Desk) -> None:
    desk.fetches = False
    assert (await send(web)).json()["upload"] is False
    assert desk.data is None
