"""The drawing functions of ``bot.charts``, done by a process of its own; see ``bot.drawing.process``."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from threading import Lock, Timer

from handlers.pictures import Bar, Headline, SummaryRow

SECONDS = 20.0


class EaselError(Exception):
    """The process ended, or was ended because it took too long. The next picture gets a new one."""


class Easel:
    """Starts its process with the first picture and keeps it."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._turn = Lock()

    def trend(
        self, title: str, points: Sequence[tuple[date, Decimal]], target: tuple[date, Decimal] | None, footer: str
    ) -> bytes:
        """See ``bot.charts.trend``."""
        return self._drawn("trend", title, points, target, footer)

    def bars(self, title: str, rows: Sequence[Bar], footer: str) -> bytes:
        """See ``bot.charts.bars``."""
        return self._drawn("bars", title, rows, footer)

    def summary(self, title: str, headlines: Sequence[Headline], rows: Sequence[SummaryRow], footer: str) -> bytes:
        """See ``bot.charts.summary``."""
        return self._drawn("summary", title, headlines, rows, footer)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._closed = True
        if self._process is not None:
            self._process.kill()
        with self._turn:
            self._end()

    def _drawn(self, name: str, *arguments: object) -> bytes:
        with self._turn:
            found = self._asked(self._started(), (name, arguments))
        if isinstance(found, bytes):
            return found
        assert isinstance(found, Exception)
        raise found

    def _asked(self, process: subprocess.Popen[bytes], request: tuple[object, ...]) -> object:
        assert process.stdin is not None
        assert process.stdout is not None
        patience = Timer(self._seconds, process.kill)
        patience.start()
        try:
            pickle.dump(request, process.stdin)
            process.stdin.flush()
            return pickle.load(process.stdout)  # noqa: S301 from our own process
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self._end()
            raise EaselError("the process that draws has ended") from error
        finally:
            patience.cancel()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise EaselError("the easel is closed")
        if self._process is None or self._process.poll() is not None:
            self._end()
            environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.drawing.process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
            )
        return self._process

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not sent is lost with its reader
                if stream is not None:
                    stream.close()
        self._process.wait()
        self._process = None
