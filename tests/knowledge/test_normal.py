"""Vietnamese as people type it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import Lexicon
from knowledge.normal import MAX_JOINED, Abbreviations, Normaliser, Step, Vocabulary, telex
from knowledge.text import fold, tokens

LEXICON = Lexicon(
    abbreviations={"cccd": "căn cước công dân", "đx": "được", "mã": "mạng"},
    ambiguous={"tt": ("thông tin", "thường trú"), "đk": ("đăng ký", "điều kiện")},
    facets={},
    fillers=(),
)
TEXTS = [
    "đăng ký thường trú",
    "giấy khai sinh",
    "mức 2",
    "quên mật khẩu",
    "điều kiện cấp",
    "nước ngoài",
    "ma túy",
    "khách",
]
NORMALISER = Normaliser(
    LEXICON,
    Vocabulary(
        frozenset(word for text in TEXTS for word in tokens(fold(text))),
        frozenset(
            f"{first} {second}" for words in (tokens(fold(text)) for text in TEXTS) for first, second in pairwise(words)
        ),
    ),
)


def words(text: str) -> str:
    return " ".join(word for step in NORMALISER.steps(text) for word in step.words)


def whys(text: str) -> list[str]:
    return [step.why for step in NORMALISER.steps(text)]


@pytest.mark.parametrize("text", ["đăng ký thường trú", "giay khai sinh", "mức 2", "2026", "ma"])
def test_known_words_and_numbers_are_kept(text: str) -> None:
    assert words(text) == text
    assert whys(text) == [""] * len(text.split())


@pytest.mark.parametrize(
    ("typed", "meant", "why"),
    [
        ("cccd", "căn cước công dân", "abbreviation"),
        ("đx", "được", "abbreviation"),
        ("dx", "được", "abbreviation"),
        ("khaisinh", "khai sinh", "run together"),
        ("giaykhaisinh", "giay khai sinh", "run together"),
        ("muc2", "muc 2", "run together"),
        ("khaii", "khai", "doubled letter"),
        ("quennnn", "quen", "doubled letter"),
        ("ddawng", "dang", "Telex"),
        ("khaaur", "khau", "Telex"),
        ("sinh1", "sinh", "VNI"),
        ("ma65t", "mat", "VNI"),
        ("kahi", "khai", "typing slip"),
        ("thuong", "thuong", ""),
        ("zzzzqq", "zzzzqq", ""),
    ],
)
def test_what_is_typed_becomes_what_is_known(typed: str, meant: str, why: str) -> None:
    assert words(typed) == meant
    assert whys(typed) == [why]


def test_a_short_form_means_what_goes_with_its_neighbours() -> None:
    assert words("tt") == "thông tin"
    assert words("ký tt") == "ký thường trú"
    assert words("đk thường trú") == "đăng ký thường trú"
    assert words("đk cấp") == "điều kiện cấp"
    assert words("dk cấp") == "điều kiện cấp", "without its diacritics too"


def test_a_slip_that_could_be_two_words_is_left_alone() -> None:
    normaliser = Normaliser(LEXICON, Vocabulary(frozenset({"thuong", "truong"}), frozenset()))
    assert normaliser.steps("tuong") == [Step("tuong", ("tuong",))]


def test_short_words_are_not_repaired() -> None:
    assert words("khi") == "khi"


@pytest.mark.parametrize(
    ("typed", "bare"), [("tieengs", "tieng"), ("vieetj", "viet"), ("dduwowngf", "duong"), ("the", "the")]
)
def test_telex(typed: str, bare: str) -> None:
    assert telex(typed) == bare


def test_trusted_texts_are_only_written_out() -> None:
    short = Abbreviations(LEXICON)
    assert short.written_out("Làm CCCD qua mạng, khaisinh") == (
        "làm",
        "căn",
        "cước",
        "công",
        "dân",
        "qua",
        "mạng",
        "khaisinh",
    )


@given(st.text())
def test_every_token_becomes_at_least_one_word(text: str) -> None:
    steps = NORMALISER.steps(text)
    assert [step.typed for step in steps] == tokens(text)
    assert all(step.words for step in steps)
    assert all(step.why or step.words == (step.typed,) for step in steps)


def test_endless_words_are_not_taken_apart() -> None:
    endless = "khaisinh" * MAX_JOINED
    assert words(endless) == endless
