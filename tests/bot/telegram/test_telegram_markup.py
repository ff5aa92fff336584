from __future__ import annotations

import re
from html import escape, unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram_markup import MAX_COPY, keyboard, split, split_plain
from handlers.model import Button
from knowledge import markup


def shown(html: str) -> str:
    return unescape(re.sub(r"</?[a-z]+[^<>]*>", "", html))


def units(html: str) -> int:
    return len(shown(html).encode("utf-16-le")) // 2


def words(html: str) -> str:
    return "".join(shown(html).split())


def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    opening = st.sampled_from(["<b>", "<i>", "<code>", "<blockquote>", '<a href="https://vneid.gov.vn/?a=1&amp;b=2">'])
    together = st.lists(inner, min_size=1, max_size=6).map("".join)
    return st.tuples(opening, together).map(lambda p: f"{p[0]}{p[1]}</{p[0].strip('<>').split()[0]}>") | together


def texts() -> st.SearchStrategy[str]:
    letters = st.sampled_from(
        ["a", "ệ", "e\u0323", "😀", "&amp;", "&lt;", "&#128512;", ".", "!", " ", "  ", "\n", "\n\n"]
    )
    anything = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).map(escape)
    return st.lists(letters | anything, max_size=12).map("".join)


@given(st.recursive(texts(), wrapped, max_leaves=12), st.integers(2, 60))
def test_pieces_are_whole_within_the_limit_and_lose_no_word(html: str, limit: int) -> None:
    pieces = split(html, limit)

    assert words("".join(pieces)) == words(html)
    for piece in pieces:
        assert markup.errors(piece) == []
        assert units(piece) <= limit


@given(st.recursive(texts(), wrapped, max_leaves=12), st.integers(2, 60))
def test_plain_pieces_lose_no_word_either(html: str, limit: int) -> None:
    pieces = split_plain(html, limit)

    assert "".join("".join(pieces).split()) == "".join(markup.plain(html).split())
    assert all(len(piece.encode("utf-16-le")) <= 2 * limit for piece in pieces)


def test_a_text_that_fits_stays_as_it_is() -> None:
    html = "<b>Lệ phí</b>\n\n  8.000 đồng "
    assert split(html) == [html]
    assert split("", 10) == [""]


def test_markup_does_not_count() -> None:
    html = f'<a href="https://dichvucong.gov.vn/{"x" * 5000}">mở</a>' * 3
    assert split(html) == [html]


def test_characters_beyond_the_basic_plane_count_twice() -> None:
    assert split("😀" * 5, 4) == ["😀😀", "😀😀", "😀"]
    assert split("&#128512;" * 3, 4) == ["&#128512;&#128512;", "&#128512;"]


@pytest.mark.parametrize(
    ("html", "pieces"),
    [
        ("một hai\n\nba bốn\nnăm sáu", ["một hai", "ba bốn\nnăm sáu"]),
        ("một hai ba\nbốn. năm sáu bảy", ["một hai ba", "bốn. năm sáu bảy"]),
        ("Một hai ba. Bốn năm sáu bảy tám", ["Một hai ba.", "Bốn năm sáu bảy", "tám"]),
        ("một hai ba bốn năm sáu", ["một hai ba bốn", "năm sáu"]),
        ("x" * 20, ["x" * 17, "xxx"]),
        ("a &lt; b &amp; c &gt; ddd e", ["a &lt; b &amp; c &gt; ddd e"]),
        ("<b>một hai <i>ba bốn năm</i></b> sáu", ["<b>một hai <i>ba bốn</i></b>", "<b><i>năm</i></b> sáu"]),
        ("xxxxxxxxxxxxxxxxx<b>yy</b>", ["xxxxxxxxxxxxxxxxx", "<b>yy</b>"]),
    ],
    ids=["paragraph", "line", "sentence", "word", "nowhere", "entities", "nested", "no empty tag"],
)
def test_cuts_are_made_where_it_hurts_least(html: str, pieces: list[str]) -> None:
    assert split(html, 17) == pieces


def test_a_piece_is_not_made_tiny_for_a_paragraph() -> None:
    first, *_ = split("A\n\n" + "từ " * 30, 30)
    assert len(first) > 20


def test_markup_that_is_wrong_does_not_break_splitting() -> None:
    assert words("".join(split("a < b </b> c & d <b>e" * 3, 10))) == "a<bc&de" * 3


def test_keyboard() -> None:
    rows = (
        (Button("Về", action="home"), Button("Mở", url="https://dichvucong.gov.vn")),
        (Button("Chép", copy="18001091"), Button("Dài", copy="x" * (MAX_COPY + 1))),
        (Button("Dài", copy="x" * (MAX_COPY + 1)),),
    )
    assert keyboard(rows) == {
        "inline_keyboard": [
            [{"text": "Về", "callback_data": "home"}, {"text": "Mở", "url": "https://dichvucong.gov.vn"}],
            [{"text": "Chép", "copy_text": {"text": "18001091"}}],
        ]
    }


@pytest.mark.parametrize("rows", [(), ((),), ((Button("Dài", copy="x" * (MAX_COPY + 1)),),)])
def test_no_keyboard_without_buttons(rows: tuple[tuple[Button, ...], ...]) -> None:
    assert keyboard(rows) is None
