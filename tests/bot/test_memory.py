"""Memory once everything is loaded."""

import ctypes
import gc
from collections.abc import Iterator

import pytest

from bot.memory import BETWEEN_COLLECTIONS, settle


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    """The collector as it was."""
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)
    gc.enable()


def test_what_is_loaded_is_not_walked_again() -> None:
    gc.disable()
    loaded = [[] for _ in range(10)]  # type: ignore[var-annotated]
    settle()
    assert gc.isenabled()
    assert gc.get_threshold()[0] == BETWEEN_COLLECTIONS
    assert not any(found is loaded for found in gc.get_objects())


@pytest.mark.parametrize("error", [AttributeError, OSError, TypeError])
def test_other_systems_keep_what_they_have(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def refuse(_: None) -> object:
        raise error

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    settle()
    assert gc.get_freeze_count() > 0
