"""What Telegram brings, read as a message for the assistant."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import telegram
from telegram.constants import ChatType
from telegram.ext.filters import StatusUpdate

from bot.channels.telegram_send import Place
from handlers.commands import COMMANDS
from handlers.model import Kind, Message, Upload

CHANNEL = "telegram"
REMEMBERED_ALBUMS = 256

_COMMAND = re.compile(r"(/\w{1,32})(?:@(\w+))?(?=\s|$)", re.ASCII)
_NAMES = frozenset(f"/{command.name}" for command in COMMANDS)

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

    def read(self, update: telegram.Update) -> Question | None:
        """None when there is nothing to answer."""
        if update.callback_query is not None:
            return self._pressed(update.callback_query)
        sent = update.message or update.edited_message
        if sent is None or not _is_from_a_person(sent) or self._is_more_of_an_album(sent):
            return None
        private = sent.chat.type == ChatType.PRIVATE
        kind = _kind(update, sent)
        if kind is None or (update.edited_message is not None and not (private and kind is Kind.TEXT)):
            return None
        text = self._heard(sent, sent.text or sent.caption or "", private=private)
        return None if text is None else self._question(sent, text, kind, private=private)

    def _pressed(self, query: telegram.CallbackQuery) -> Question | None:
        pressed = query.message
        if pressed is None or not query.data:
            return None
        seen = pressed if isinstance(pressed, telegram.Message) and pressed.is_accessible else None
        place = Place(
            chat=pressed.chat.id,
            thread=_thread(seen) if seen else None,
            reply_to=None if pressed.chat.type == ChatType.PRIVATE else pressed.message_id,
            edit=seen.message_id if seen and seen.text is not None else None,  # a photo has no text to change
        )
        return Question(self._message(query.from_user.id, pressed.chat.id, query.data, Kind.ACTION), place)

    def _heard(self, sent: telegram.Message, text: str, *, private: bool) -> str | None:
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

    def _question(self, sent: telegram.Message, text: str, kind: Kind, *, private: bool) -> Question:
        assert sent.from_user is not None
        place = Place(sent.chat.id, _thread(sent), reply_to=None if private else sent.message_id)
        upload = self._upload(sent.document) if kind is Kind.DOCUMENT and sent.document else None
        return Question(self._message(sent.from_user.id, sent.chat.id, text, kind, upload), place)

    def _upload(self, sent: telegram.Document) -> Upload:
        return Upload(sent.file_name or "", sent.file_size or 0, partial(self._fetch, sent.file_id))

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

    def _is_reply_to_me(self, sent: telegram.Message) -> bool:
        replied = sent.reply_to_message
        return replied is not None and replied.from_user is not None and replied.from_user.id == self._id

    def _is_more_of_an_album(self, sent: telegram.Message) -> bool:
        """Telegram brings an album as many messages: the first and those with words are read."""
        album = sent.media_group_id
        if album is None or sent.caption:
            return False
        if album in self._albums:
            return True
        self._albums.append(album)
        return False


def _is_from_a_person(sent: telegram.Message) -> bool:
    """Not from a bot, a channel or a group, nor the automatic copy of a channel's post."""
    return sent.from_user is not None and not sent.from_user.is_bot and sent.sender_chat is None


def _kind(update: telegram.Update, sent: telegram.Message) -> Kind | None:
    """None for what Telegram itself says, such as "pinned a message"."""
    if sent.text is not None:
        return Kind.TEXT
    for name, kind in _KINDS:
        if getattr(sent, name):
            return kind
    return None if StatusUpdate.ALL.check_update(update) else Kind.OTHER


def _thread(sent: telegram.Message) -> int | None:
    return sent.message_thread_id if sent.is_topic_message else None
