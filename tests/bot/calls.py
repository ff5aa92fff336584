"""Calls of the console script."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner, Result

from bot.cli import main


@contextmanager
def kept_logging(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    """In ``folder``, without settings around; afterwards logging is as it was before."""
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.upper().startswith("DVCBOT_")]:
        monkeypatch.delenv(name)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def call(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=stdin, prog_name="dvcbot")


def done(*arguments: str, stdin: str = "") -> str:
    result = call(*arguments, stdin=stdin)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def refused(*arguments: str, stdin: str = "") -> str:
    """What is said of a mistake: nothing on stdout, exit code 2."""
    result = call(*arguments, stdin=stdin)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert result.stderr.startswith("dvcbot: ")
    assert "Traceback" not in result.stderr
    return result.stderr.removeprefix("dvcbot: ").removesuffix("\n")
