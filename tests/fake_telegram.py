"""A Telegram server without a network, at the library's ``BaseRequest``."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from telegram.request import BaseRequest, RequestData

from bot import config

TOKEN = "42:AAF-a_secret"
BOT = {"id": 42, "is_bot": True, "first_name": "Assistant", "username": "DvcBot"}
PERSON = {"id": 7, "is_bot": False, "first_name": "Lan"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Lan"}
GROUP = {"id": -100, "type": "supergroup", "title": "Neighbours"}

Data = dict[str, Any]


class RefusalError(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.body = {"ok": False, "error_code": status, "description": description, "parameters": parameters}


def bad_request(description: str) -> RefusalError:
    return RefusalError(400, f"Bad Request: {description}")


class FakeTelegram:
    """Records calls. ``feed`` brings updates, ``fail`` makes the next calls of a method ("file": the fetching of files)
    go wrong (None: this one works), ``hang`` makes all of them wait for ever. A method it does not know ends up in
    ``unexpected``. ``files`` are there by their ids.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, Data]] = []
        self.unexpected: list[str] = []
        self.files: dict[str, bytes] = {}
        self.fetched: list[str] = []
        self.profile: Data = {
            "commands": {},
            "menu_button": {"type": "default"},
            "name": "",
            "description": "",
            "short_description": "",
        }
        self._updates: list[Data] = []
        self._failures: dict[str, list[Exception | None]] = defaultdict(list)
        self._hanging: set[str] = set()
        self._changed = asyncio.Event()
        self._fed = asyncio.Event()
        self._ids = iter(range(1000, 10**6))
        self._methods: dict[str, Callable[[Data], Any]] = {
            "getMe": lambda _: BOT,
            "getFile": self._get_file,
            "deleteWebhook": lambda _: True,
            "setWebhook": lambda _: True,
            "answerCallbackQuery": lambda _: True,
            "sendMessage": self._send,
            "editMessageText": self._send,
            "sendPhoto": self._send,
            "sendDocument": self._send,
            "getMyCommands": self._get_commands,
            "setMyCommands": self._set_commands,
            "deleteMyCommands": self._delete_commands,
            "getChatMenuButton": lambda _: self.profile["menu_button"],
            "setChatMenuButton": self._set_profile,
            "getMyName": lambda _: {"name": self.profile["name"]},
            "setMyName": self._set_profile,
            "getMyDescription": lambda _: {"description": self.profile["description"]},
            "setMyDescription": self._set_profile,
            "getMyShortDescription": lambda _: {"short_description": self.profile["short_description"]},
            "setMyShortDescription": self._set_profile,
        }

    def requests(self, settings: config.Telegram) -> tuple[BaseRequest, BaseRequest]:
        assert settings.token.get_secret_value() == TOKEN
        return FakeRequest(self, polling=False), FakeRequest(self, polling=True)

    def feed(self, **update: Any) -> int:
        update_id = next(self._ids)
        self._updates.append({"update_id": update_id, **update})
        self._fed.set()
        return update_id

    def fail(self, method: str, *failures: Exception | None) -> None:
        self._failures[method] += failures

    def hang(self, method: str) -> None:
        self._hanging.add(method)

    def of(self, method: str) -> list[Data]:
        return [data for name, data in self.calls if name == method]

    @property
    def texts(self) -> list[str]:
        return [data["text"] for data in self.of("sendMessage")]

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until calls have made ``condition`` true."""
        async with asyncio.timeout(5):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    async def called(self, method: str, times: int = 1) -> list[Data]:
        await self.until(lambda: len(self.of(method)) >= times)
        return self.of(method)

    async def answer(self, method: str, data: Data) -> Any:
        self.calls.append((method, data))
        self._changed.set()
        if self._failures[method] and (failure := self._failures[method].pop(0)):
            raise failure
        if method in self._hanging:
            await asyncio.Event().wait()
        if method == "getUpdates":
            return await self._bring_updates(data)
        if method in self._methods:
            return self._methods[method](data)
        self.unexpected.append(method)
        raise RefusalError(404, "Not Found: method not found")

    async def _bring_updates(self, data: Data) -> list[Data]:
        self._updates = [update for update in self._updates if update["update_id"] >= data.get("offset", 0)]
        while not self._updates and data["timeout"]:
            self._fed.clear()
            await self._fed.wait()
        return self._updates[: data["limit"]]

    def bring(self, url: str) -> bytes:
        """A file, under the address that goes with the path that getFile told."""
        self.fetched.append(url)
        self._changed.set()
        if self._failures["file"] and (failure := self._failures["file"].pop(0)):
            raise failure
        return self.files[url.rsplit("/", 1)[1]]

    def _get_file(self, data: Data) -> Data:
        file_id = data["file_id"]
        if file_id not in self.files:
            raise bad_request("invalid file_id")
        return {"file_id": file_id, "file_unique_id": "u", "file_path": f"documents/{file_id}"}

    def _send(self, data: Data) -> Data:
        return {
            "message_id": next(self._ids),
            "date": 1,
            "chat": {**PRIVATE, "id": data["chat_id"]},
            **({"text": data["text"]} if "text" in data else {}),
        }

    def _get_commands(self, data: Data) -> list[Data]:
        commands: list[Data] = self.profile["commands"].get(_scope(data), [])
        return commands

    def _set_commands(self, data: Data) -> bool:
        self.profile["commands"][_scope(data)] = data["commands"]
        return True

    def _delete_commands(self, data: Data) -> bool:
        self.profile["commands"].pop(_scope(data), None)
        return True

    def _set_profile(self, data: Data) -> bool:
        self.profile.update(data)
        return True


def _scope(data: Data) -> Any:
    """A chat's own commands are kept under its id, others under the kind of chats they are for."""
    return data["scope"].get("chat_id", data["scope"]["type"])


class FakeRequest(BaseRequest):
    def __init__(self, server: FakeTelegram, *, polling: bool) -> None:
        self._server = server
        self._polling = polling

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more_timeouts: Any
    ) -> tuple[int, bytes]:
        address = unquote(url)
        assert f"/bot{TOKEN}/" in address
        name = url.rsplit("/", 1)[1]
        assert self._polling == (name == "getUpdates")
        try:
            if "/file/bot" in address:
                assert method == "GET"
                return 200, self._server.bring(address)
            result = await self._server.answer(name, _fields(request_data) if request_data else {})
        except RefusalError as refusal:
            return refusal.status, json.dumps(refusal.body).encode()
        return 200, json.dumps({"ok": True, "result": result}).encode()


def _fields(request_data: RequestData) -> Data:
    """The fields of a call as a server gets them: files as (name, bytes, type)."""
    return {**request_data.parameters, **(request_data.multipart_data if request_data.contains_files else {})}


def message(text: str | None = None, chat: Data = PRIVATE, **more: Any) -> Data:
    words = {} if text is None else {"text": text}
    return {"message_id": 5, "date": 1, "chat": chat, "from": PERSON, **words, **more}


def pressed(data: str | None = "home", chat: Data = PRIVATE, **more: Any) -> Data:
    query = {"id": "q1", "from": PERSON, "chat_instance": "c", "message": {**message("old", chat), "from": BOT}}
    return {**query, **({} if data is None else {"data": data}), **more}
