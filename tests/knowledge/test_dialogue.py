"""How people refer to what was said before."""

import pytest

from knowledge.dialogue import Dialogue
from knowledge.model import Knowledge


@pytest.fixture(scope="module")
def dialogue(knowledge: Knowledge) -> Dialogue:
    return Dialogue(knowledge.dialogue)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2", 1),
        ("số 2 nhé", 1),
        ("cái thứ hai", 1),
        ("cai o giua", 1),
        ("phương án 3 đi bạn", 2),
        ("cái trên", 0),
        ("dòng đầu tiên", 0),
        ("câu cuối cùng ạ", 2),
        ("cái dưới", 2),
    ],
)
def test_a_choice_is_picked_by_its_place(dialogue: Dialogue, text: str, place: int) -> None:
    assert dialogue.picked(text, 3) == place


@pytest.mark.parametrize("text", ["4", "2 con", "số nào cũng được", "không cái nào", "đúng rồi", "hai vợ chồng tôi"])
def test_what_names_no_place_picks_nothing(dialogue: Dialogue, text: str) -> None:
    assert dialogue.picked(text, 3) is None


@pytest.mark.parametrize("text", ["đúng rồi", "vâng", "ừ", "phải"])
def test_yes_picks_the_only_one(dialogue: Dialogue, text: str) -> None:
    assert dialogue.picked(text, 1) == 0


def test_of_nothing_nothing_is_picked(dialogue: Dialogue) -> None:
    assert dialogue.picked("1", 0) is None
    assert dialogue.picked("cái cuối", 0) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("không phải, ý em là tạm vắng", "tạm vắng"),
        ("nhầm rồi, tôi hỏi là khai tử", "khai tử"),
        ("sai rồi", ""),
        ("không đúng bạn ơi", ""),
        ("nhâmm, tạm vắng", "tạm vắng"),
        ("không phải đổi thẻ, bị mất", "bị mất"),
        ("không phải sổ đâu bạn", "sổ đâu bạn"),
        ("thôi, đóng hẳn", "đóng hẳn"),
        ("thôi", None),
        ("thẻ bị mất cơ", "thẻ bị mất cơ"),
        ("bao giờ mới có", None),
        ("lệ phí bao nhiêu", None),
    ],
)
def test_a_correction_tells_what_was_meant(dialogue: Dialogue, text: str, meant: str | None) -> None:
    assert dialogue.corrected(text) == meant


@pytest.mark.parametrize(
    ("text", "left", "denied"),
    [
        ("không phải đổi, thẻ bị mất", "thẻ bị mất", "doi"),
        ("sổ bị mất chứ không phải cũ", "sổ bị mất", "cu"),
        ("thẻ bị mất", "thẻ bị mất", ""),
        ("", "", ""),
    ],
)
def test_what_is_not_so_is_set_apart(dialogue: Dialogue, text: str, left: str, denied: str) -> None:
    assert dialogue.denied(text) == (left, denied)


@pytest.mark.parametrize("text", ["thế còn lệ phí", "còn làm qua mạng", "vậy nếu nhờ người", "giấy đó dùng mấy năm"])
def test_some_words_go_on_with_the_subject(dialogue: Dialogue, text: str) -> None:
    assert dialogue.goes_on(text)


@pytest.mark.parametrize(
    "text", ["thời tiết hôm nay thế nào", "thế nào là một cửa", "căn cước còn hạn không", "tôi còn nợ thuế"]
)
def test_the_same_words_elsewhere_do_not(dialogue: Dialogue, text: str) -> None:
    assert not dialogue.goes_on(text)
