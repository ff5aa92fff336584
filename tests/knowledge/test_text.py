"""Vietnamese text: folding, tones, tokens, cleaning."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import accented, clean, fold, is_accented, sound, stops, tokens

#: Letters that people in Vietnam type, composed and decomposed, with marks on their own.
VIETNAMESE = st.text(
    st.sampled_from(
        "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
        "AĂÂĐÊÔƠƯ 0123456789.,/\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
    )
)
ANY = st.one_of(VIETNAMESE, st.text())


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đăng ký THƯỜNG TRÚ", "dang ky thuong tru"),
        ("đường Đỗ Đức Dục", "duong do duc duc"),
        ("hoà", "hoa"),
        ("hòa", "hoa"),
        ("thuỷ", "thuy"),
        ("thủy", "thuy"),
        ("Uỷ ban", "uy ban"),
        ("ƯỚC, ẬP, Ỡ", "uoc, ap, o"),
        ("khong dau 123", "khong dau 123"),
        ("", ""),
    ],
)
def test_fold_leaves_no_diacritic(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@given(ANY)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_fold_does_not_mind_how_letters_are_composed(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@given(VIETNAMESE)
def test_fold_does_not_mind_case(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower())


@given(VIETNAMESE)
def test_folded_vietnamese_is_ascii(text: str) -> None:
    assert fold(text).isascii()


@given(VIETNAMESE)
def test_folding_and_splitting_go_either_way_round(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    loose_marks = any(map(unicodedata.combining, composed))
    assert loose_marks or tokens(fold(text)) == [fold(token) for token in tokens(text)]


@pytest.mark.parametrize(
    ("old", "new"), [("hoà", "hòa"), ("thuý", "thúy"), ("khoẻ", "khỏe"), ("uỷ", "ủy"), ("HOÀ", "hòa")]
)
def test_both_ways_of_placing_a_tone_sound_the_same(old: str, new: str) -> None:
    assert sound(old) == sound(new)
    assert sound(unicodedata.normalize("NFD", old)) == sound(new)


def test_different_tones_and_letters_sound_different() -> None:
    words = ["ma", "má", "mà", "mả", "mã", "mạ", "mơ", "mô", "da", "đa"]
    assert len({sound(word) for word in words}) == len(words)


@given(st.sampled_from(["thẻ", "giấy", "đường", "nước", "chuyển"]))
def test_sound_is_told_apart_from_the_bare_word(word: str) -> None:
    assert sound(word) != sound(fold(word))
    assert fold(sound(word)) == fold(word)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mã 1.004222, theo 53/2025!", ["mã", "1.004222", "theo", "53/2025"]),
        ("15/2020/NĐ-CP", ["15/2020", "nđ", "cp"]),
        ("VNeID: mức 2?", ["vneid", "mức", "2"]),
        ("quên_mật_khẩu", ["quên", "mật", "khẩu"]),
        ("ко 한국 中文 thẻ", ["ко", "한국", "中文", "thẻ"]),
        ("(...) 🙏 --- !?", []),
        ("hết hạn.mai làm", ["hết", "hạn", "mai", "làm"]),
    ],
)
def test_tokens(text: str, found: list[str]) -> None:
    assert tokens(text) == found
    assert tokens(unicodedata.normalize("NFD", text)) == found


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  mất \t thẻ\r\n rồi ", "mất thẻ rồi"),
        ("mất\u0000thẻ\u0007", "mất thẻ"),
        ("m\u200bất\ufeff th\u00adẻ\u202e", "mất thẻ"),
        ("mất\u2028thẻ\u00a0đọc", "mất thẻ đọc"),
        ("\ue000\ud800thẻ\U0010ffff", "thẻ"),
        (unicodedata.normalize("NFD", "thẻ đọc"), "thẻ đọc"),
        ("\u0000\u200b ", ""),
        ("привет 你好 thẻ 🙏", "привет 你好 thẻ 🙏"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(ANY)
def test_clean_leaves_nothing_to_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not {unicodedata.category(char) for char in cleaned} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(("word", "shown"), [("the", False), ("thẻ", True), ("đa", True), ("ĐA", True), ("THE", False)])
def test_accented(word: str, shown: bool) -> None:
    assert accented(word) is shown


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("quên mật khẩu", True),
        ("quen mat khau", False),
        ("quen mat khau vneid cua toi rồi", False),
        ("làm thẻ cho con tôi", True),
        ("123 1.004222", False),
        ("", False),
    ],
)
def test_is_accented(text: str, uses: bool) -> None:
    assert is_accented(tokens(text)) is uses


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("của phường, tải lên", {1}),
        ("xã Bắc Sơn.", {2}),
        ("mã 1.004222 (mới), xã", {2}),
        ("không dấu gì", set()),
        ("53/2025, 1.5", {0}),
        ("", set()),
    ],
)
def test_marks_end_parts(text: str, places: set[int]) -> None:
    assert stops(text) == places
