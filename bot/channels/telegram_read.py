"""What Telegram brings, read as a message for the assistant.

Updates are read as the Bot API's data: for each of them the library would make a dozen objects.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import Update
from telegram.constants import ChatType
from telegram.ext.filters import StatusUpdate

from bot.channels.telegram_send import Place
from handlers.commands import COMMANDS
from handlers.model import Kind, Message, Upload

CHANNEL = "telegram"
REMEMBERED_ALBUMS = 256

_COMMAND = re.compile(r"(/\w{1,32})(?:@(\w+))?(?=\s|$)", re.ASCII)
_NAMES = frozenset(f"/{command.name}" for command in COMMANDS)

#: An object of the Bot API.
Data = dict[str, Any]

#: In this order: an animation also comes as a document, a venue also as a location.
_KINDS = (
    ("animation", Kind.OTHER),
    ("photo", Kind.PHOTO),
    ("voice", Kind.VOICE),
    ("audio", Kind.VOICE),
    ("video_note", Kind.VOICE),
    ("sticker", Kind.STICKER),
    ("location", Kind.LOCATION),
    ("venue", Kind.LOCATION),
    ("contact", Kind.CONTACT),
    ("document", Kind.DOCUMENT),
)


#: Brings the file with this id; raises UploadError.
Fetch = Callable[[str], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Question:
    """What a person sent, and where the answer belongs."""

    message: Message
    place: Place


class Reader:
    """Reads updates for the bot with this id and name. ``fetch`` is left for who takes the message to call."""

    def __init__(self, bot_id: int, username: str, fetch: Fetch) -> None:
        self._id = bot_id
        self._fetch = fetch
        self._name = username.lower()
        self._link = f"https://t.me/{username}?start="
        self._mention = re.compile(rf"(?<!\w)@{re.escape(username)}(?!\w)[,:]?\s*", re.IGNORECASE)
        self._albums: deque[str] = deque(maxlen=REMEMBERED_ALBUMS)

    def read(self, update: Data) -> Question | None:
        """None when there is nothing to answer."""
        if query := update.get("callback_query"):
            return self._pressed(query)
        edited = update.get("edited_message")
        sent = update.get("message") or edited
        if not sent or not _is_from_a_person(sent) or self._is_more_of_an_album(sent):
            return None
        private = sent["chat"]["type"] == ChatType.PRIVATE
        kind = _kind(update, sent)
        if kind is None or (edited and not (private and kind is Kind.TEXT)):
            return None
        text = self._heard(sent, sent.get("text") or sent.get("caption") or "", private=private)
        return None if text is None else self._question(sent, text, kind, private=private)

    def _pressed(self, query: Data) -> Question | None:
        pressed = query.get("message")
        if not pressed or not query.get("data"):
            return None
        chat = pressed["chat"]
        # Of a message that is no longer accessible little more than its number is told, and no date.
        seen = pressed if pressed["date"] else None
        place = Place(
            chat=chat["id"],
            thread=_thread(seen) if seen else None,
            reply_to=None if chat["type"] == ChatType.PRIVATE else pressed["message_id"],
            edit=seen["message_id"] if seen and "text" in seen else None,  # a photo has no text to change
        )
        return Question(self._message(query["from"]["id"], chat["id"], query["data"], Kind.ACTION), place)

    def _heard(self, sent: Data, text: str, *, private: bool) -> str | None:
        """The words meant for this bot, without its name. In a group most words are not: None."""
        command, addressee = _COMMAND.match(text), ""
        if command:
            addressee = (command[2] or "").lower()
            text = command[1] + text[command.end() :] if addressee == self._name else text
        if private or addressee == self._name:
            return text
        if addressee:
            return None
        if self._is_reply_to_me(sent) or (command and command[1] in _NAMES):
            return text
        rest, mentions = self._mention.subn("", text)
        return rest.strip() if mentions else None

    def _question(self, sent: Data, text: str, kind: Kind, *, private: bool) -> Question:
        chat = sent["chat"]["id"]
        place = Place(chat, _thread(sent), reply_to=None if private else sent["message_id"])
        upload = self._upload(sent["document"]) if kind is Kind.DOCUMENT else None
        return Question(self._message(sent["from"]["id"], chat, text, kind, upload), place)

    def _upload(self, sent: Data) -> Upload:
        return Upload(sent.get("file_name", ""), sent.get("file_size", 0), partial(self._fetch, sent["file_id"]))

    def _message(self, person: int, chat: int, text: str, kind: Kind, upload: Upload | None = None) -> Message:
        """A private chat has the id of its person. In a group each person has a conversation of their own."""
        return Message(
            CHANNEL,
            f"{CHANNEL}:{person}",
            f"{CHANNEL}:{chat}" if person == chat else f"{CHANNEL}:{chat}:{person}",
            text,
            kind,
            in_group=person != chat,
            link=self._link,
            upload=upload,
            reachable=person == chat,
        )

    def _is_reply_to_me(self, sent: Data) -> bool:
        writer: Data = sent.get("reply_to_message", {}).get("from", {})
        return writer.get("id") == self._id

    def _is_more_of_an_album(self, sent: Data) -> bool:
        """Telegram brings an album as many messages: the first and those with words are read."""
        album = sent.get("media_group_id")
        if album is None or sent.get("caption"):
            return False
        if album in self._albums:
            return True
        self._albums.append(album)
        return False


def _is_from_a_person(sent: Data) -> bool:
    """Not from a bot, a channel or a group, nor the automatic copy of a channel's post."""
    return "from" in sent and not sent["from"]["is_bot"] and "sender_chat" not in sent


def _kind(update: Data, sent: Data) -> Kind | None:
    """None for what Telegram itself says, such as "pinned a message"."""
    if "text" in sent:
        return Kind.TEXT
    for name, kind in _KINDS:
        if sent.get(name):
            return kind
    return None if StatusUpdate.ALL.check_update(Update.de_json(update, None)) else Kind.OTHER


def _thread(sent: Data) -> int | None:
    return sent.get("message_thread_id") if sent.get("is_topic_message") else None
