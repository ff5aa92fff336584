"""Files that come to the web chat: ``POST /api/files`` with the file as its body, read no sooner than it is wanted."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request

from handlers.model import Upload, UploadError
from knowledge.text import clean

PATH = "/api/files"
MAX_FILE = 5 * 1024 * 1024
FILE_SECONDS = 30
LONGEST_NAME = 255
FILE_WORDS = {
    400: "web.bad_file",
    408: "web.file_too_slow",
    413: "web.file_too_large",
    415: "web.file_kind",
}
CONVERSATION = r"^[A-Za-z0-9_-]{16,64}$"

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXCEL = "application/vnd.ms-excel"
#: What browsers call spreadsheets; what is really in a file is found out when it is read.
TYPES = frozenset(
    (
        _SHEET,
        _EXCEL,
        "application/vnd.ms-excel.sheet.macroenabled.12",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/octet-stream",
        "application/csv",
        "text/csv",
        "text/plain",
        "text/tab-separated-values",
    )
)

Read = Callable[[Request, int, float], Awaitable[bytes]]


class File:
    """The file in the body of ``request``. Raises HTTPException when it is plain beforehand that it is not taken."""

    def __init__(self, request: Request, read: Read) -> None:
        self._request = request
        self._read = read
        #: Why the body could not be read, once it was tried.
        self.refusal: HTTPException | None = None
        self.was_wanted = False
        self.conversation = request.query_params.get("conversation", "")
        if not re.fullmatch(CONVERSATION, self.conversation):
            raise HTTPException(400)
        if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() not in TYPES:
            raise HTTPException(415)
        told = request.headers.get("Content-Length", "")
        self._size = int(told) if told.isascii() and told.isdigit() else 0
        if self._size > MAX_FILE:
            raise HTTPException(413)

    @property
    def upload(self) -> Upload:
        name = clean(self._request.query_params.get("name", ""))[-LONGEST_NAME:]
        return Upload(name, self._size, self.read)

    async def read(self) -> bytes:
        self.was_wanted = True
        try:
            return await self._read(self._request, MAX_FILE, FILE_SECONDS)
        except HTTPException as refusal:
            self.refusal = refusal
            raise UploadError from None
