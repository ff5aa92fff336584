"""Pictures and files of the web chat, each at an address that nobody can guess and that soon ends.

They are kept in memory: whoever was given the address may fetch it for a while, and after a restart nobody.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

PATH = "/media"
SECONDS = 20 * 60.0
MOST_BYTES = 32 * 1024 * 1024

TYPES = {
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OTHER = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Medium:
    """``name`` as who saves it sees it."""

    name: str
    data: bytes
    since: float

    @property
    def type(self) -> str:
        return TYPES.get(PurePosixPath(self.name).suffix, OTHER)

    @property
    def is_picture(self) -> bool:
        return self.type.startswith("image/")


class Shelf:
    """Keeps what was put on it for ``seconds``, and no more than ``most`` bytes: the oldest goes first."""

    def __init__(
        self, seconds: float = SECONDS, most: int = MOST_BYTES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._media: OrderedDict[str, Medium] = OrderedDict()
        self._bytes = 0

    def put(self, name: str, data: bytes) -> str:
        """The address of ``data`` from now on."""
        token = secrets.token_urlsafe(24)
        self._media[token] = Medium(name, data, self._clock())
        self._bytes += len(data)
        self._clear()
        return f"{PATH}/{token}/{name}"

    def get(self, token: str, name: str) -> Medium | None:
        """What was put under that address; None when it has ended or never was."""
        self._clear()
        found = self._media.get(token)
        return found if found is not None and found.name == name else None

    def _clear(self) -> None:
        while self._media:
            token, oldest = next(iter(self._media.items()))
            if self._bytes <= self._most and self._clock() - oldest.since < self._seconds:
                return
            del self._media[token]
            self._bytes -= len(oldest.data)
