"""What every test may ask for: small content to see through, and the project's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.load import load
from knowledge.model import Knowledge
from knowledge.search import Search
from tests.fakes import House
from tests.small_content import SmallContent


@pytest.fixture
def folder(tmp_path: Path) -> SmallContent:
    return SmallContent(tmp_path / "content")


@pytest.fixture(scope="session")
def small_knowledge(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    return load(SmallContent(tmp_path_factory.mktemp("content")).root)


@pytest.fixture(scope="session")
def small_search(small_knowledge: Knowledge) -> Search:
    return Search(small_knowledge)


@pytest.fixture
def house(small_knowledge: Knowledge, small_search: Search) -> House:
    """An assistant that knows the small content."""
    return House(small_knowledge, small_search)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The project's own content."""
    return load()


@pytest.fixture(scope="session")
def search(knowledge: Knowledge) -> Search:
    return Search(knowledge)
