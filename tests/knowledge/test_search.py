"""Finding what fits a question."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.decide import Decision, decide
from knowledge.model import Facet, Knowledge
from knowledge.search import Found, Search, is_elsewhere, texts_of
from knowledge.text import fold


def ids(found: Found) -> list[str]:
    return [hit.id for hit in found.hits]


def test_everything_can_be_found_by_its_own_words(small_knowledge: Knowledge, small_search: Search) -> None:
    for item_id, _, texts in texts_of(small_knowledge):
        for text in texts:
            assert item_id in ids(small_search.find(text)) or is_elsewhere(item_id), text


def test_what_is_not_ours_takes_the_place_of_an_answer(small_search: Search) -> None:
    text = "ngày mai trời có mưa không"
    assert not any(is_elsewhere(hit) for hit in ids(small_search.find(text)))
    assert decide(small_search.find(text)).decision in {Decision.NONE, Decision.SMALLTALK}
    assert small_search.ranked(small_search.read(text))[0][1].owner.id == "elsewhere:thoi-tiet"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("báo mất thẻ đọc sách", "giay-to.mat"),
        ("bao mat the doc sach", "giay-to.mat"),
        (unicodedata.normalize("NFD", "báo mất thẻ đọc sách"), "giay-to.mat"),
        ("BÁO MẤT THẺ ĐỌC SÁCH!!!", "giay-to.mat"),
        ("gia hạn mượn truyện", "giay-to.gia-han"),
        ("thành lập câu lạc bộ cờ tướng", "1.000002"),
        ("xin cấp thẻ thư viện lần đầu", "1.000001"),
        ("xin chào", "talk:chao"),
    ],
)
def test_the_right_one_comes_first(small_search: Search, text: str, first: str) -> None:
    assert ids(small_search.find(text))[0] == first


def test_hits_are_ordered_probabilities(small_search: Search) -> None:
    hits = small_search.find("thẻ đọc sách").hits
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert sum(scores) <= 1.001
    assert len({hit.id for hit in hits}) == len(hits)


def test_titles_are_the_items_titles(small_knowledge: Knowledge, small_search: Search) -> None:
    for hit in small_search.find("thẻ đọc sách").hits:
        item = small_knowledge.item(hit.id)
        assert item is None or hit.title == item.title


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_no_more_hits_than_asked_for(small_search: Search, limit: int) -> None:
    assert len(small_search.find("thẻ đọc sách thư viện", limit).hits) == limit
    assert len(small_search.find("1.000001 1.000002 1.000003", limit).hits) == limit


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("1.000001", ["1.000001"]),
        ("thủ tục 1.000002?", ["1.000002"]),
        ("(1.000003)", ["1.000003"]),
        ("1.000002 và 1.000001 và 1.000002", ["1.000002", "1.000001"]),
        ("Mã 1.000001.", ["1.000001"]),
    ],
)
def test_a_code_names_its_procedure(small_search: Search, text: str, codes: list[str]) -> None:
    found = small_search.find(text)
    assert found.exact
    assert ids(found) == codes
    assert {hit.score for hit in found.hits} == {1.0}


@pytest.mark.parametrize("text", ["1.999999", "11.000001", "1.0000011", "1.00001", "2.1.000001", "1,000001", "1000001"])
def test_what_only_looks_like_a_code_names_nothing(small_search: Search, text: str) -> None:
    assert not small_search.find(text).exact


def test_a_code_and_a_facet(small_search: Search) -> None:
    assert small_search.find("1.000001 lệ phí bao nhiêu").facet is Facet.FEE


@pytest.mark.parametrize("text", ["", " ", "?!…", "🙏", "\u0000"])
def test_no_words_no_hits(small_search: Search, text: str) -> None:
    found = small_search.find(text)
    assert (found.hits, found.exact, found.facet) == ((), False, None)


@settings(max_examples=50)
@given(st.text())
def test_any_text_can_be_searched_for(small_search: Search, text: str) -> None:
    assert all(0 <= hit.score <= 1 for hit in small_search.find(text).hits)


def test_the_same_question_finds_the_same(small_search: Search) -> None:
    assert small_search.find("mất thẻ") == small_search.find("mất thẻ")


def test_every_code_of_the_project_names_its_procedure(knowledge: Knowledge, search: Search) -> None:
    for code in list(knowledge.procedures)[::97]:
        assert ids(search.find(f"cho hỏi {code}")) == [code]


def test_phrasings_of_the_project_find_their_entry(knowledge: Knowledge, search: Search) -> None:
    """A phrasing typed as it is written, and without diacritics: nothing less may be expected."""
    missed = [
        f"{entry.id}: {text}"
        for entry in knowledge.entries.values()
        for phrasing in entry.phrasings[:1]
        for text in (phrasing, fold(phrasing))
        if entry.id not in ids(search.find(text))[:3]
    ]
    assert missed == []


def test_texts_to_be_found_are_not_empty(knowledge: Knowledge) -> None:
    for item_id, title, texts in texts_of(knowledge):
        assert title, item_id
        assert texts, item_id
        assert all(re.search(r"\w", text) for text in texts), item_id


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("chi phí làm hộ chiếu", "chi phí làm hộ chiếu"),
        ("cần giấy gì, làm ở mô", "cần giấy gì làm ở đâu"),
        ("mở chi nhánh công ty", "mở chi nhánh công ty"),
        ("đks cho con", "đăng ký khai sinh cho con"),
        ("bao nhiu tiền", "bao nhiêu tiền"),
    ],
)
def test_short_forms_and_regional_words_are_read_where_they_are_meant(search: Search, typed: str, words: str) -> None:
    assert " ".join(search.read(typed).words) == words


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("thế cần giấy tờ gì", Facet.DOCUMENTS),
        ("xin giấy xác nhận cần những thứ gì", Facet.DOCUMENTS),
        ("đổi bằng lái bao nhiu tiền", Facet.FEE),
        ("chi phi lam ho chieu", Facet.FEE),
        ("làm xong chừng nào lấy được", Facet.TIME),
        ("nộp hồ sơ cho ai", Facet.WHERE),
        ("nộp ở mô", Facet.WHERE),
        ("phí hộ chiếu", Facet.FEE),
        ("cho hỏi luật hộ tịch", Facet.LEGAL),
        ("kq xác nhận cư trú", Facet.RESULT),
        ("hs tách hộ", Facet.DOCUMENTS),
        ("gặp luật sư", None),
        ("luật sư tư vấn", None),
        ("gia hạn tạm trú", None),
        ("trợ giúp pháp lý", None),
    ],
)
def test_the_asked_side_is_heard(search: Search, text: str, facet: Facet | None) -> None:
    assert search.read(text).facet is facet
    assert search.read(text, following=True).facet is facet


def test_a_rare_variant_names_the_common_case_unless_it_is_asked_for(knowledge: Knowledge, search: Search) -> None:
    variants = {code: spoken.variant_of for code, spoken in knowledge.spoken.items() if spoken.variant_of}
    seen = {hit.id: hit.beside for hit in search.find("làm giấy khai sinh cho con").hits}
    assert any(seen.get(code) == common for code, common in variants.items())
    abroad = search.find("khai sinh có yếu tố nước ngoài").hits[0]
    assert (abroad.id, abroad.beside) == ("2.000528", None)
