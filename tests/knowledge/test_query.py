"""From what was typed to what is searched for."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import Facet, FollowingWords, Lexicon
from knowledge.normal import Vocabulary
from knowledge.phrases import Phrases
from knowledge.query import Query, QueryReader

LEXICON = Lexicon(
    abbreviations={"cccd": "căn cước công dân", "sđt": "số điện thoại", "ko": "không"},
    ambiguous={},
    facets={
        Facet.FEE: ("lệ phí", "phí bao nhiêu", "bao nhiêu tiền"),
        Facet.TIME: ("bao lâu", "mấy ngày"),
        Facet.DOCUMENTS: ("giấy tờ gì", "cần những giấy tờ gì", "^giấy"),
    },
    fillers=("cho tôi hỏi", "làm sao", "tôi", "không", "ạ"),
    named=("^giấy mời",),
)
WORDS = (
    "mat the doc sach lam le phi bao nhieu tien lau giay to gi can nhung cho toi hoi sao so dien thoai cuoc cong dan"
)
READER = QueryReader(LEXICON, Vocabulary(frozenset(WORDS.split()), frozenset()))


def read(text: str) -> Query:
    return READER.read(text)


@pytest.mark.parametrize(
    ("text", "facet", "core"),
    [
        ("mất thẻ", None, "mất thẻ"),
        ("làm thẻ lệ phí", Facet.FEE, "làm thẻ"),
        ("lam the le phi", Facet.FEE, "lam the"),
        ("làm thẻ mất bao lâu ạ", Facet.TIME, "làm thẻ mất"),
        ("cho tôi hỏi làm thẻ cần những giấy tờ gì", Facet.DOCUMENTS, "làm thẻ"),
        ("LÀM THẺ LỆ PHÍ?!", Facet.FEE, "làm thẻ"),
        ("phí bao nhiêu tiền", Facet.FEE, "tiền"),
        ("bao", None, "bao"),
        ("giấy làm thẻ", Facet.DOCUMENTS, "làm thẻ"),
        ("cho tôi hỏi giấy làm thẻ", Facet.DOCUMENTS, "làm thẻ"),
        ("đọc giấy", None, "đọc giấy"),
        ("giấy mời đọc sách", None, "giấy mời đọc sách"),
    ],
)
def test_facets_and_fillers_are_set_apart(text: str, facet: Facet | None, core: str) -> None:
    query = read(text)
    assert query.facet is facet
    assert query.core == tuple(core.split())


def test_of_two_facets_the_longer_phrase_counts_and_none_is_searched_for() -> None:
    query = read("làm thẻ mấy ngày, cần những giấy tờ gì")
    assert query.facet is Facet.DOCUMENTS
    assert query.core == ("làm", "thẻ")


def test_a_longer_phrase_goes_before_a_shorter_one_in_it() -> None:
    assert read("cho tôi hỏi").is_core == (True, True, True), "nothing else is left"
    assert read("cho tôi hỏi thẻ").core == ("thẻ",)
    assert read("cho thẻ tôi").core == ("cho", "thẻ")


@pytest.mark.parametrize("text", ["lệ phí bao lâu", "tôi ạ", "làm sao"])
def test_there_is_always_something_to_search_for(text: str) -> None:
    query = read(text)
    assert query.core == query.words == tuple(text.split())


@pytest.mark.parametrize("text", ["", "  ", "?!", "🙏"])
def test_no_words_no_core(text: str) -> None:
    assert (read(text).words, read(text).core, read(text).facet) == ((), (), None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cccd", "căn cước công dân"),
        ("CCCD", "căn cước công dân"),
        ("sđt", "số điện thoại"),
        ("sdt", "số điện thoại"),
        (unicodedata.normalize("NFD", "sđt thẻ"), "số điện thoại thẻ"),
    ],
)
def test_abbreviations_are_written_out(text: str, words: str) -> None:
    assert read(text).words == tuple(words.split())


def test_an_abbreviation_may_be_a_filler() -> None:
    assert read("thẻ ko").core == ("thẻ",)


def test_whether_the_writer_uses_diacritics() -> None:
    assert read("mất thẻ đọc sách").accented
    assert not read("mat the doc sach").accented
    assert not read("mat the cccd").accented, "what was written out was not typed"


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    query = read(text)
    assert len(query.words) == len(query.is_core)
    assert bool(query.core) == bool(query.words)
    assert query.words == tuple(word for step in query.steps for word in step.words)


def test_of_phrases_that_overlap_the_longest_is_found() -> None:
    phrases = Phrases([(None, "bao nhiêu"), (None, "nhiêu tiền"), (None, "bao nhiêu tiền"), (None, "mấy * ngày")])
    words = ["het", "bao", "nhieu", "tien", "va", "may", "cai", "ngay"]
    assert [match.rank for match in phrases.found(words)] == [2, 3]
    assert list(phrases.found(["bao", "tien"])) == []


def test_a_text_means_something_else_where_it_may_go_on() -> None:
    reader = QueryReader(LEXICON, Vocabulary(frozenset(), frozenset()), FollowingWords(fillers=("còn thẻ",)))
    assert reader.read("còn thẻ").has_subject
    assert not reader.read("còn thẻ", following=True).has_subject
    assert reader.read("còn thẻ").has_subject, "and the one reading is not taken for the other"
