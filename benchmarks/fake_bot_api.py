"""A Bot API server for the benchmarks: long polling, sending and profile calls, with a fixed latency on every call."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

Fields = Mapping[str, str]

UPDATES_A_CALL = 100
ANSWERS = ("sendMessage", "editMessageText")
_CONSTANTS: dict[str, Any] = {
    "getWebhookInfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "getMyCommands": [],
    "getChatMenuButton": {"type": "default"},
    "getMyName": {"name": ""},
    "getMyDescription": {"description": ""},
    "getMyShortDescription": {"short_description": ""},
}
_ACCEPTED = frozenset(
    {
        "answerCallbackQuery",
        "deleteMyCommands",
        "deleteWebhook",
        "sendChatAction",
        "setChatMenuButton",
        "setMyCommands",
        "setMyDescription",
        "setMyName",
        "setMyShortDescription",
    }
)


class Account:
    """One bot as the server knows it: the updates waiting for it, and when it answered whom."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.latency = 0.0
        self.first_delivery: float | None = None
        self.answers: dict[int, float] = {}
        self.last_call = 0.0
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._arrival = asyncio.Event()
        self._next_update = 1
        self._next_message = 1

    def put(self, *updates: dict[str, Any]) -> None:
        """Make ``updates`` available, all at once."""
        for update in updates:
            data = json.dumps({"update_id": self._next_update} | update, ensure_ascii=False)
            self._waiting.append((self._next_update, data.encode()))
            self._next_update += 1
        self._arrival.set()

    def forget(self) -> None:
        """Start a new record of deliveries and answers."""
        self._waiting.clear()
        self.first_delivery = None
        self.answers = {}

    async def take(self, offset: int = 0, limit: int = UPDATES_A_CALL, seconds: float = 0) -> list[bytes]:
        """What waits from ``offset`` on. Updates before it are confirmed and gone; others come again."""
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()
        if not self._waiting:
            await self._wait(seconds)
        count = min(limit, UPDATES_A_CALL, len(self._waiting))
        return [self._waiting[place][1] for place in range(count)]

    async def _wait(self, seconds: float) -> None:
        self._arrival.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._arrival.wait()
        except TimeoutError:
            return

    async def answer(self, method: str, fields: Fields) -> bytes | None:
        """The result of ``method`` as JSON; None when there is no such method."""
        if method == "getUpdates":
            return await self._deliver(fields)
        self.last_call = time.perf_counter()
        if method in ANSWERS:
            self.answers.setdefault(int(fields["chat_id"]), self.last_call)
        await self._lag()
        result = self._result(method, fields)
        return None if result is None else json.dumps(result, ensure_ascii=False).encode()

    async def _deliver(self, fields: Fields) -> bytes:
        updates = await self.take(*_window(fields))
        await self._lag()
        if updates and self.first_delivery is None:
            self.first_delivery = time.perf_counter()
        return b"[" + b",".join(updates) + b"]"

    async def _lag(self) -> None:
        if self.latency:
            await asyncio.sleep(self.latency)

    def _result(self, method: str, fields: Fields) -> Any:
        if method in ANSWERS:
            return self._message(fields)
        if method == "getMe":
            return {"id": int(self.token.partition(":")[0]), "is_bot": True, "first_name": "Bot", "username": "a_bot"}
        return True if method in _ACCEPTED else _CONSTANTS.get(method)

    def _message(self, fields: Fields) -> dict[str, Any]:
        message = {
            "message_id": int(fields.get("message_id", self._next_message)),
            "date": int(time.time()),
            "chat": {"id": int(fields["chat_id"]), "type": "private", "first_name": "Someone"},
            "text": fields["text"],
        }
        self._next_message += 1
        return message | ({"reply_markup": json.loads(fields["reply_markup"])} if "reply_markup" in fields else {})


def _window(fields: Fields) -> tuple[int, int, float]:
    return int(fields.get("offset", 0)), int(fields.get("limit", UPDATES_A_CALL)), float(fields.get("timeout", 0))


class FakeBotApi:
    """Serves the accounts on a free port of 127.0.0.1, within ``async with``."""

    def __init__(self) -> None:
        self.base_url = ""
        self._accounts: dict[str, Account] = {}
        self._web = web.Server(self._handle, access_log=None)

    def account(self) -> Account:
        """A bot of its own, with its own token."""
        made = Account(f"{1_000_000 + len(self._accounts)}:BENCHMARK")
        self._accounts[made.token] = made
        return made

    async def __aenter__(self) -> FakeBotApi:
        self._server = await asyncio.get_running_loop().create_server(self._web, "127.0.0.1", 0, backlog=2048)
        self.base_url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._web.shutdown(timeout=1)

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        token, _, method = request.path.removeprefix("/bot").partition("/")
        account = self._accounts.get(token)
        if account is None:
            return _refused(HTTPStatus.UNAUTHORIZED)
        result = await account.answer(method, dict(parse_qsl((await request.read()).decode())))
        if result is None:
            return _refused(HTTPStatus.NOT_FOUND)
        return web.Response(body=b'{"ok":true,"result":' + result + b"}", content_type="application/json")


def _refused(status: HTTPStatus) -> web.Response:
    return web.json_response({"ok": False, "error_code": status, "description": status.phrase}, status=status)
