"""How typed words differ from the right ones: a slip of the finger, diacritics left out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from knowledge.text import fold, tokens

Words = tuple[str, ...]


def is_slip(typed: Sequence[str], bare: Words) -> bool:
    """Whether ``typed`` is ``bare`` with other spaces, or with one word mistyped: another first letter makes another
    name."""
    folded = [fold(word) for word in typed]
    if "".join(folded) == "".join(bare):
        return True
    if len(folded) != len(bare):
        return False
    other = [(word, right) for word, right in zip(folded, bare, strict=True) if word != right]
    return len(other) == 1 and (other[0][0][0] == other[0][1][0] or other[0][0] == other[0][1][1:])


def marks_of(word: str) -> set[str]:
    """The diacritics of ``word``, the bar of the d among them."""
    letters = unicodedata.normalize("NFD", word.lower())
    return {letter for letter in letters if unicodedata.combining(letter) or not (letter.isascii() or letter.isdigit())}


def words_of(phrases: Iterable[str]) -> list[Words]:
    return [tuple(tokens(phrase)) for phrase in phrases]


def is_said(phrases: Iterable[Words], typed: Sequence[str]) -> bool:
    """Whether one of ``phrases`` stands in ``typed``: "each" is not "new", which is spelt alike without its marks."""
    return any(
        all(
            fold(word) == fold(right) and marks_of(word) <= marks_of(right)
            for word, right in zip(typed[start : start + len(phrase)], phrase, strict=True)
        )
        for phrase in phrases
        for start in range(len(typed) - len(phrase) + 1)
    )
