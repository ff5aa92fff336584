"""The event loop around a command."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any


def wait_for(work: Coroutine[Any, Any, None]) -> None:
    """Run ``work`` to its end; an interruption ends the program as shells expect."""
    try:
        if sys.platform == "win32":
            asyncio.run(work)
        else:
            import uvloop  # noqa: PLC0415 does not exist on Windows

            uvloop.run(work)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
