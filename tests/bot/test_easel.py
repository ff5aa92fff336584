"""Drawing in a process of its own: it gives what drawing here gives, and its end is nobody else's."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from bot import charts
from bot.easel import Easel, EaselError
from handlers.pictures import Bar, Headline, SummaryRow

POINTS = ((date(2023, 8, 23), Decimal("42.9")),)
TARGET = (date(2023, 12, 31), Decimal(60))
BARS = (Bar("Xã Quảng An", Decimal("42.9"), Decimal(90)),)


@pytest.fixture
def easel() -> Iterator[Easel]:
    made = Easel()
    yield made
    made.close()


def process_of(easel: Easel) -> "subprocess.Popen[bytes]":
    assert easel._process is not None
    return easel._process


def test_it_draws_what_is_drawn_here(easel: Easel) -> None:
    assert easel.trend("a", POINTS, TARGET, "b") == charts.trend("a", POINTS, TARGET, "b")
    process = process_of(easel)
    assert easel.bars("a", BARS, "b") == charts.bars("a", BARS, "b")
    rows = (SummaryRow(BARS[0], 10, 4, Decimal(-47)),)
    heads = (Headline("42,9%", "c"),)
    assert easel.summary("a", heads, rows, "b") == charts.summary("a", heads, rows, "b")
    assert process_of(easel) is process, "it is kept"


def test_what_drawing_raises_comes_back(easel: Easel) -> None:
    with pytest.raises(ValueError, match="a trend needs a point"):
        easel.trend("a", (), None, "b")
    assert easel.bars("a", BARS, "b")


def test_after_its_process_ended_it_starts_another(easel: Easel) -> None:
    easel.bars("a", BARS, "b")
    first = process_of(easel)
    first.kill()
    first.wait()
    assert easel.bars("a", BARS, "b")
    assert process_of(easel) is not first


def test_a_process_that_ends_over_a_picture_is_told(easel: Easel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(EaselError):
        easel.bars("a", BARS, "b")
    monkeypatch.undo()
    assert easel.bars("a", BARS, "b")


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    easel = Easel(seconds=0.0)
    with pytest.raises(EaselError):
        easel.bars("a", BARS, "b")
    assert easel._process is None
    easel.close()


def test_a_closed_easel_draws_no_more(easel: Easel) -> None:
    easel.bars("a", BARS, "b")
    process = process_of(easel)
    easel.close()
    assert process.poll() is not None
    with pytest.raises(EaselError):
        easel.bars("a", BARS, "b")
    easel.close()


def test_the_process_ends_with_its_program() -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, "-m", "bot.drawing.process"], input=b"", capture_output=True, env=environment, check=True
    )
    assert (done.stdout, done.stderr) == (b"", b"")
