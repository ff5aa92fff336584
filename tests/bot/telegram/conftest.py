from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.bot.telegram.running import SECRET_WORDS, FakeSleep
from tests.fake_telegram import PERSON, TOKEN, FakeTelegram


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    server = FakeTelegram()
    yield server
    assert server.unexpected == []


@pytest.fixture
def sleep() -> FakeSleep:
    return FakeSleep()


@pytest.fixture(autouse=True)
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[list[Any]]:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as lines:
        yield lines
    logged = "\n".join([str(lines), *(record.getMessage() for record in caplog.get_records("call"))])
    for private in (TOKEN, SECRET_WORDS, PERSON["first_name"]):
        assert private not in logged
