"""The web chat: one page and one JSON endpoint, with the Telegram webhook, health and metrics beside them."""

from __future__ import annotations

import asyncio
import contextlib
import math
import secrets
import socket
from collections.abc import Awaitable, Callable, Generator, Sequence
from pathlib import Path
from typing import Annotated, Any, Protocol
from urllib.parse import quote

import structlog
import uvicorn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels import media, web_files
from bot.channels.media import Shelf
from bot.channels.web_files import CONVERSATION, FILE_WORDS, File
from bot.channels.web_headers import SECURITY_HEADERS, SecurityHeaders
from bot.config import Web
from bot.errors import UserError
from handlers.model import MAX_ACTION_BYTES, Button, Kind, Message, Reply, TooManyError
from handlers.officers import IMPORTERS
from handlers.words import word
from knowledge import markup

log = structlog.get_logger()

MAX_TEXT = 4_000
MAX_BODY = 32 * 1024
MAX_UPDATE = 1024 * 1024
BODY_SECONDS = 7
SHUTDOWN_SECONDS = 8

PICTURE_NAME = "bieu-do.png"
HERE = Path(__file__).parent
API = "/api"
ERROR_WORDS = {
    400: "web.bad_input",
    403: "web.cross_site",
    404: "web.not_found",
    405: "web.not_allowed",
    408: "web.too_slow",
    413: "web.too_long",
    415: "web.not_json",
    429: "web.too_many",
    500: "web.broken",
}

Health = Callable[[], Awaitable[str | None]]
Webhook = Callable[[bytes, str | None], Awaitable[int]]


class Answers(Protocol):
    """What the chat needs of the assistant."""

    async def answer(self, message: Message) -> Sequence[Reply]: ...


class Incoming(BaseModel):
    """The body of ``POST /api/messages``: exactly one of ``text`` and ``action``."""

    model_config = ConfigDict(extra="forbid", strict=True)

    conversation: Annotated[str, Field(pattern=CONVERSATION)] | None = None
    text: str = ""
    action: str = ""

    @property
    def is_sound(self) -> bool:
        """Exactly one of the two is there, says something, and is of a length that a person or a button makes."""
        one = len(self.model_fields_set & {"text", "action"}) == 1
        return one and bool((self.text + self.action).strip()) and len(self.action.encode()) <= MAX_ACTION_BYTES


def create_app(
    assistant: Answers, *, health: Health, webhook: Webhook | None = None, shelf: Shelf | None = None
) -> Starlette:
    """The web application: chat page, messages, files that come in, pictures and files that go out, health, metrics
    and, when ``webhook`` is given, Telegram's updates."""
    shelf = shelf or Shelf()
    routes = [
        Route("/", _page()),
        Route(f"{API}/messages", _messages(assistant, shelf), methods=["POST"]),
        Route(web_files.PATH, _files(assistant, shelf), methods=["POST"]),
        Route(f"{media.PATH}/{{token}}/{{name}}", _media(shelf)),
        Route("/healthz", _health(health)),
        Route("/metrics", _metrics),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    if webhook is not None:
        routes.append(Route("/telegram", _telegram(webhook), methods=["POST"]))
    app = Starlette(
        routes=routes,
        middleware=[Middleware(SecurityHeaders), Middleware(GZipMiddleware, minimum_size=1024)],
        exception_handlers={HTTPException: _refuse, Exception: _break_down},
    )
    app.router.redirect_slashes = False
    return app


class WebChannel:
    """Serves ``app`` where ``settings`` say. ``port`` is the bound port once the server has started."""

    def __init__(self, settings: Web, app: Starlette) -> None:
        self.port = settings.port
        self._settings = settings
        self._app = app

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until ``stop`` is set; requests under way may finish. Raises UserError when the port is not free."""
        listener = self._listen()
        host = self._settings.host
        log.info("web chat is open", url=f"http://{f'[{host}]' if ':' in host else host}:{self.port}/")
        server = _Server(
            uvicorn.Config(
                self._app,
                lifespan="off",
                ws="none",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=True,
                forwarded_allow_ips=self._settings.trusted_proxies,
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            server.should_exit = True
            await serving

    def _listen(self) -> socket.socket:
        host, port = self._settings.host, self._settings.port
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listener = socket.create_server((host, port), family=family, backlog=2048)
        except OSError as error:
            raise UserError(f"cannot serve the web chat on {host}:{port}: {error.strerror}") from error
        # Accepted sockets inherit it; without, the second packet of an answer waits 40 ms for the first one's receipt.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.port = listener.getsockname()[1]
        return listener


class _Server(uvicorn.Server):
    """Leaves the signals to the program around it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


Endpoint = Callable[[Request], Awaitable[Response]]


def _page() -> Endpoint:
    templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
    html = templates.get_template("chat.html").render(max_text=MAX_TEXT, max_file=web_files.MAX_FILE)

    async def page(_: Request) -> Response:
        return HTMLResponse(html)

    return page


def _messages(assistant: Answers, shelf: Shelf) -> Endpoint:
    async def messages(request: Request) -> Response:
        incoming = await _read_message(request)
        conversation = incoming.conversation or secrets.token_urlsafe(16)
        message = Message(
            channel="web",
            person=_person(request),
            conversation=f"web:{conversation}",
            text=incoming.text or incoming.action,
            kind=Kind.ACTION if incoming.action else Kind.TEXT,
            anonymous=True,
        )
        try:
            replies = await assistant.answer(message)
        except TooManyError as error:
            return _too_many(error)
        return _answered(conversation, replies, shelf)

    return messages


def _files(assistant: Answers, shelf: Shelf) -> Endpoint:
    async def files(request: Request) -> Response:
        _refuse_other_sites(request)
        file = File(request, _read)
        message = Message(
            channel="web",
            person=_person(request),
            conversation=f"web:{file.conversation}",
            kind=Kind.DOCUMENT,
            anonymous=True,
            upload=file.upload,
        )
        try:
            replies = await assistant.answer(message)
        except TooManyError as error:
            return _too_many(error)
        if file.refusal is not None:
            raise file.refusal
        return _answered(file.conversation, replies, shelf, welcome=file.was_wanted)

    return files


def _person(request: Request) -> str:
    return f"web:{request.client.host if request.client else 'unknown'}"


def _answered(conversation: str, replies: Sequence[Reply], shelf: Shelf, *, welcome: bool = True) -> Response:
    """``upload`` tells whether files are welcome, once that is known."""
    menus = [reply.menu for reply in replies if reply.menu is not None]
    known = {"upload": menus[-1].role in IMPORTERS} if menus else {} if welcome else {"upload": False}
    shown = [_show(reply, shelf) for reply in replies]
    return JSONResponse({"conversation": conversation, "replies": shown} | known)


def _refuse_other_sites(request: Request) -> None:
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise HTTPException(403)


async def _read_message(request: Request) -> Incoming:
    _refuse_other_sites(request)
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415)
    body = await _read(request, MAX_BODY, BODY_SECONDS)
    try:
        incoming = Incoming.model_validate_json(body)
    except ValidationError:
        raise HTTPException(400) from None
    if len(incoming.text) > MAX_TEXT:
        raise HTTPException(413)
    if not incoming.is_sound:
        raise HTTPException(400)
    return incoming


async def _read(request: Request, limit: int, seconds: float) -> bytes:
    """The body, read no further than ``limit`` bytes and no longer than ``seconds``: a stopping server cannot wait."""
    body = bytearray()
    try:
        async with asyncio.timeout(seconds), contextlib.aclosing(request.stream()) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) > limit:
                    raise HTTPException(413)
    except ClientDisconnect:
        raise HTTPException(400) from None
    except TimeoutError:
        raise HTTPException(408) from None
    return bytes(body)


def _show(reply: Reply, shelf: Shelf) -> dict[str, Any]:
    """``alt``, the words of a picture, is there only with one."""
    picture, document = reply.picture, reply.document
    return {
        "html": reply.html,
        "text": markup.plain(reply.html),
        "buttons": [[_show_button(button) for button in row] for row in reply.buttons],
        "image": shelf.put(PICTURE_NAME, picture.png) if picture else None,
        "document": shelf.put(document.name, document.data) if document else None,
    } | ({"alt": picture.alt} if picture else {})


def _show_button(button: Button) -> dict[str, str]:
    kinds = {"action": button.action, "url": button.url, "copy": button.copy}
    return {"label": button.label} | {name: value for name, value in kinds.items() if value is not None}


def _media(shelf: Shelf) -> Endpoint:
    async def fetched(request: Request) -> Response:
        found = shelf.get(request.path_params["token"], request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        shown = "inline" if found.is_picture else "attachment"
        headers = {"Content-Disposition": f"{shown}; filename*=UTF-8''{quote(found.name)}"}
        return Response(found.data, media_type=found.type, headers=headers)

    return fetched


def _too_many(error: TooManyError) -> Response:
    line = markup.plain(error.reply.html) if error.reply else word(ERROR_WORDS[429])
    headers = {"Retry-After": str(max(1, math.ceil(error.retry_after)))}
    return JSONResponse({"error": line}, 429, headers)


def _health(health: Health) -> Endpoint:
    async def healthz(_: Request) -> Response:
        reason = await health()
        if reason is None:
            return JSONResponse({"status": "ok"})
        return JSONResponse({"status": "unavailable", "reason": reason}, 503)

    return healthz


async def _metrics(_: Request) -> Response:
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _telegram(webhook: Webhook) -> Endpoint:
    async def telegram(request: Request) -> Response:
        body = await _read(request, MAX_UPDATE, BODY_SECONDS)
        return Response(status_code=await webhook(body, request.headers.get("X-Telegram-Bot-Api-Secret-Token")))

    return telegram


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _error(request, error.status_code, error.headers)


async def _break_down(request: Request, _: Exception) -> Response:
    """Answers for an error nobody foresaw. It is sent outside the middleware, so it brings the headers along."""
    return _error(request, 500, SECURITY_HEADERS | {"Cache-Control": "no-store"})


def _error(request: Request, status: int, headers: Any = None) -> Response:
    words = ERROR_WORDS | FILE_WORDS if request.url.path == web_files.PATH else ERROR_WORDS
    line = word(words[status])
    if f"{request.url.path}/".startswith(f"{API}/"):
        return JSONResponse({"error": line}, status, headers)
    return PlainTextResponse(line, status, headers)
