"""The updates people send: questions in Vietnamese, and pressed buttons."""

from __future__ import annotations

import time
from itertools import count, cycle
from pathlib import Path
from typing import Any

BUTTONS = ("topics", "hotline", "back")
#: In a load with buttons, every third update is a pressed one.
PRESSED = 3
_chats = count(1_000_001)


class Updates:
    """Makes updates, every one from a private chat that was never seen before."""

    def __init__(self) -> None:
        lines = (Path(__file__).parent / "questions.txt").read_text(encoding="utf-8").splitlines()
        self._questions = cycle(lines)
        self._buttons = cycle(BUTTONS)

    def make(self, number: int, *, buttons: bool) -> list[dict[str, Any]]:
        return [self.press() if buttons and place % PRESSED == 0 else self.text() for place in range(number)]

    def text(self) -> dict[str, Any]:
        chat, person = _someone()
        return {"message": _message(chat) | {"from": person, "text": next(self._questions)}}

    def press(self) -> dict[str, Any]:
        chat, person = _someone()
        shown = _message(chat) | {"from": {"id": 1, "is_bot": True, "first_name": "Bot"}, "text": "…"}
        query = {"id": str(chat["id"]), "from": person, "chat_instance": "1", "data": next(self._buttons)}
        return {"callback_query": query | {"message": shown}}


def chat_of(update: dict[str, Any]) -> int:
    message = update.get("message") or update["callback_query"]["message"]
    return int(message["chat"]["id"])


def _someone() -> tuple[dict[str, Any], dict[str, Any]]:
    number = next(_chats)
    person = {"id": number, "is_bot": False, "first_name": "Someone", "username": "someone", "language_code": "vi"}
    return {"id": number, "type": "private", "first_name": "Someone", "username": "someone"}, person


def _message(chat: dict[str, Any]) -> dict[str, Any]:
    return {"message_id": 1, "date": int(time.time()), "chat": chat}
