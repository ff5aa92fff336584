"""The short words of the interface, from ``templates/words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[str, str]:
    tree = tomllib.loads(files("handlers").joinpath("templates/words.toml").read_text(encoding="utf-8"))
    return {f"{section}.{key}": text.strip() for section, words in tree.items() for key, text in words.items()}


def word(key: str, **values: object) -> str:
    """The words under ``section.key``, with ``{name}`` filled from ``values``. An unknown key raises KeyError."""
    text = _table()[key]
    return text.format(**values) if values else text


def shortened(text: str, length: int) -> str:
    """``text`` cut at a word within ``length`` characters."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;(") + "…"
