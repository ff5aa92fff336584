"""What goes in and out of the assistant. A channel translates to and from these, and does nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from handlers.missed import Missed
from handlers.officers import Role
from knowledge.decide import Decision
from knowledge.model import Facet
from knowledge.search import Hit


class Kind(StrEnum):
    """What a person sent. Everything but TEXT and ACTION is something the assistant cannot read."""

    TEXT = "text"
    ACTION = "action"
    PHOTO = "photo"
    VOICE = "voice"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACT = "contact"
    DOCUMENT = "document"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that a person sent. ``read`` fetches it, which is done only for who may bring figures in; it raises
    UploadError when the channel cannot. ``size`` in bytes, 0 when the channel does not tell."""

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]]


class UploadError(Exception):
    """The channel cannot fetch what was sent; nothing is lost by sending it again."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of one person.

    ``person`` and ``conversation`` are opaque and start with the channel ("telegram:42"). In a group each person has a
    conversation of their own. ``text`` holds the words, or the data of the pressed button when ``kind`` is ACTION.
    ``anonymous``: the channel knows no person, ``person`` is an address that many may share, and the conversation's id
    is a secret. ``link``: an address that opens a talk here; what is appended to it comes back behind /start.
    ``upload``: what a DOCUMENT brings, None where the channel cannot fetch files; ``text`` is then its caption.
    ``reachable``: this conversation is the person's own and can be written to later.
    """

    channel: str
    person: str
    conversation: str
    text: str = ""
    kind: Kind = Kind.TEXT
    anonymous: bool = False
    in_group: bool = False
    link: str = ""
    upload: Upload | None = None
    reachable: bool = False

    @property
    def actor(self) -> str:
        """Who has rights: the person, or the conversation where the channel knows no person."""
        return self.conversation if self.anonymous else self.person


@dataclass(frozen=True, slots=True)
class Button:
    """A label and exactly one of: ``action`` (comes back as a message), ``url`` to open, ``copy`` text to copy."""

    label: str
    action: str | None = None
    url: str | None = None
    copy: str | None = None

    def __post_init__(self) -> None:
        if (self.action, self.url, self.copy).count(None) != 2:  # noqa: PLR2004 of three
            raise ValueError(f"button {self.label!r} needs exactly one of action, url, copy")
        if self.action is not None and len(self.action.encode()) > MAX_ACTION_BYTES:
            raise ValueError(f"button action {self.action!r} is over {MAX_ACTION_BYTES} bytes")


#: Telegram's limit for callback_data, the narrowest of the channels.
MAX_ACTION_BYTES = 64

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands a person is offered from now on: those of ``role``, of everyone when it is None."""

    role: Role | None


@dataclass(frozen=True, slots=True)
class Picture:
    """``png`` with the words that say the same (``alt``) for who cannot see it."""

    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file to give out. The ending of ``name`` tells its kind: .xlsx, .csv or .pdf."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show: ``html`` in Telegram's HTML subset, rows of buttons below it.

    ``replaces`` says that the reply is the next screen of a navigation: a channel that can should show it in place of
    the message whose button was pressed. ``menu``: a channel that has one should show this one; None: as before.
    ``picture`` is shown above the words, ``document`` beside them.
    """

    html: str
    buttons: Rows = field(default=())
    replaces: bool = False
    menu: Menu | None = None
    picture: Picture | None = None
    document: Document | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a message was dealt with: ``replies`` to show, and why. Pressed buttons and commands count as ANSWER.

    ``hits`` are the candidates best first, ``item`` the id of what was shown. ``missed``: what is to be noted for the
    editors.
    """

    replies: tuple[Reply, ...]
    decision: Decision = Decision.ANSWER
    hits: tuple[Hit, ...] = ()
    facet: Facet | None = None
    item: str = ""
    missed: Missed | None = None


class TooManyError(Exception):
    """The person sends faster than is answered. ``reply`` is None when the person was told just before."""

    def __init__(self, retry_after: float, reply: Reply | None) -> None:
        super().__init__(f"retry after {retry_after:.0f} s")
        self.retry_after = retry_after
        self.reply = reply
