"""The short words: none missing, none left over."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import get_args

import pytest

from bot.channels.web import ERROR_WORDS
from bot.channels.web_files import FILE_WORDS
from handlers.commands import COMMANDS
from handlers.kpi_view import LEVELS
from handlers.missed import MissedKind
from handlers.notice_screens import WEEKDAYS
from handlers.officers import Role
from handlers.words import word
from knowledge.intake_model import Code
from knowledge.mask import DELICATE
from knowledge.model import Channel, Facet

ROOT = Path(__file__).parents[2]
TEMPLATES = Path(str(files("handlers"))) / "templates"
SECTIONS = tomllib.loads((TEMPLATES / "words.toml").read_text(encoding="utf-8"))
KEYS = {f"{section}.{key}" for section, words in SECTIONS.items() for key in words}
#: Sections whose keys are made in code from the values of something.
MADE = {
    "facet": set(Facet),
    "unknown": set(Facet),
    "channel": set(get_args(Channel)),
    "way": set(get_args(Channel)),
    "delicate": set(DELICATE),
    "command": {command.name for command in COMMANDS},
    "role": set(Role),
    "problem": {*Code, "nameless"},
    "sum": {"together", *LEVELS},
    "weekday": {str(day) for day in WEEKDAYS},
    "switch": {f"{name}_{turn}" for name in ("digest", "alerts", "reminders") for turn in ("on", "off")},
    "missed": set(MissedKind),
}
IN_TEMPLATE = re.compile(r"""\bword\(\s*["']([^"']+)["']\s*(~)?""")


def python_files() -> Iterator[Path]:
    for package in ("bot", "handlers", "knowledge"):
        yield from (ROOT / package).rglob("*.py")


def said_in_python() -> Iterator[tuple[str, bool]]:
    """(key, whole) of every ``word(…)``; of an f-string only the part before the first value."""
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "word":
                match node.args[0]:
                    case ast.Constant(value=str(key)):
                        yield key, True
                    case ast.JoinedStr(values=[ast.Constant(value=str(start)), *_]):
                        yield start, False


def said_in_templates() -> Iterator[tuple[str, bool]]:
    for path in [*TEMPLATES.glob("*.j2"), *(ROOT / "bot").rglob("*.html")]:
        for key, more in IN_TEMPLATE.findall(path.read_text(encoding="utf-8")):
            yield key, not more


def said() -> set[tuple[str, bool]]:
    errors = (*ERROR_WORDS.values(), *FILE_WORDS.values())
    return {*said_in_python(), *said_in_templates(), *((key, True) for key in errors)}


def test_every_word_that_is_said_is_there() -> None:
    assert {key for key, whole in said() if whole} - KEYS == set()


def test_every_word_that_is_made_is_there() -> None:
    sections = {key.removesuffix(".") for key, whole in said() if not whole}
    assert sections == MADE.keys()
    for section, values in MADE.items():
        assert SECTIONS[section].keys() == values


def test_every_word_that_is_there_is_said() -> None:
    made = {f"{section}.{value}" for section, values in MADE.items() for value in values}
    assert KEYS - {key for key, whole in said() if whole} - made == set()


@pytest.mark.parametrize("key", sorted(KEYS))
def test_a_word_says_something(key: str) -> None:
    assert word(key).strip() == word(key) != ""


def test_words_are_filled_in() -> None:
    assert "Thủ thư: 1800" in word("button.copy", name="Thủ thư", number="1800")


def test_an_unknown_word_is_an_error() -> None:
    with pytest.raises(KeyError):
        word("button.nothing")


def test_no_vietnamese_stands_in_code() -> None:
    letters = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
    code = [*python_files(), *(ROOT / "bot").rglob("*.js")]
    assert [str(path.relative_to(ROOT)) for path in code if letters.search(path.read_text(encoding="utf-8"))] == []
