"""Vietnamese text as the search sees it: folding, tones, tokens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_DBAR = {"\u0111": "d", "\u0110": "D"}
#: Cyrillic and Greek letters and the Latin ones that they are taken for.
_LOOK_LATIN = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u0501\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0423\u03bf\u03b1\u03bd\u0391\u0392\u0395\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7",
    "aeopcyxisjdABEKMHOPCTXYoavABEHIKMNOPTX",
)
#: Letters that may be such: Greek, Coptic and Cyrillic.
_FOREIGN = re.compile("[\u0370-\u052f]")
_TOKEN = re.compile(r"\d+(?:[./]\d+)*|[^\W_]+")
_STOP = re.compile(r"\s*[^\w\s]*[,.;:!?](?=\s|$)")


def clean(text: str) -> str:
    """NFKC, without control and format characters, white space folded, look-alikes between Latin letters made Latin."""
    kept = unicodedata.normalize("NFKC", text)
    if not kept.isprintable():
        kept = "".join(
            " " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in kept if not _hidden(char)
        )
    words = kept.split()
    return unicodedata.normalize("NFKC", " ".join(map(_latin, words) if _FOREIGN.search(kept) else words))


def _latin(word: str) -> str:
    return word.translate(_LOOK_LATIN) if any("a" <= char <= "z" for char in word.lower()) else word


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Co", "Cs", "Cn")


def tokens(text: str) -> list[str]:
    """Lower-case words and numbers with their diacritics; "1.004222" and "53/2025" stay whole."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text).lower())


def stops(text: str) -> frozenset[int]:
    """The places of the tokens of ``text`` behind which a mark ends a part of it."""
    normal = unicodedata.normalize("NFC", text).lower()
    return frozenset(place for place, token in enumerate(_TOKEN.finditer(normal)) if _STOP.match(normal, token.end()))


def line_features(words: Sequence[str]) -> list[str]:
    """Words and pairs of neighbours."""
    return [*words, *map(" ".join, pairwise(words))]


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Lower case without any diacritic: the way people type on a hurried phone."""
    marked = unicodedata.normalize("NFD", text.lower())
    return "".join(_DBAR.get(char, char) for char in marked if not unicodedata.combining(char))


@lru_cache(maxsize=65536)
def sound(token: str) -> str:
    """``token`` with its tone moved to the end, so that both ways of placing it are one."""
    marked = unicodedata.normalize("NFD", token.lower())
    tones = "".join(char for char in marked if char in _TONES)
    return unicodedata.normalize("NFC", "".join(char for char in marked if char not in _TONES)) + tones


def accented(token: str) -> bool:
    """Whether ``token`` shows a Vietnamese diacritic."""
    return fold(token) != token.lower()


@lru_cache(maxsize=65536)
def marks(token: str) -> frozenset[str]:
    """The diacritics in ``token``, wherever they stand; the bar of the d is one."""
    decomposed = unicodedata.normalize("NFD", token.lower())
    return frozenset(char for char in decomposed if unicodedata.combining(char) or char in _DBAR)


def may_mean(typed: str, word: str) -> bool:
    """Whether ``typed`` is ``word`` with none, some or all of its diacritics."""
    return fold(typed) == fold(word) and marks(typed) <= marks(word)


def is_accented(words: list[str]) -> bool:
    """Whether the writer uses diacritics, so that a bare word is meant bare. Text of one bare word is not telling."""
    letters = [word for word in words if word.isalpha()]
    return sum(map(accented, letters)) * 3 >= len(letters) > 0
