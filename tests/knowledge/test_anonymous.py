"""What is kept of a question: its words, not the person."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from knowledge.anonymous import MAX_KEPT, Anonymiser, form_of
from knowledge.guards import Guards
from knowledge.model import Knowledge
from knowledge.search import Search


class Keeper:
    """Masks as the assistant does before it keeps a question."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._guards = Guards(knowledge.guards)
        self._anonymiser = Anonymiser(knowledge.guards)

    def __call__(self, text: str) -> str:
        return self._anonymiser.kept(self._guards.look(text).text)


@pytest.fixture(scope="session")
def keep(small_knowledge: Knowledge) -> Keeper:
    return Keeper(small_knowledge)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("tôi tên là đinh văn bảy muốn nuôi ong", "tôi tên là *** muốn nuôi ong"),
        ("Em tên là Vũ Thị Hòa, muốn nuôi ong", "Em tên là ***, muốn nuôi ong"),
        ("toi ten la dinh van bay, nuoi ong", "toi ten la ***, nuoi ong"),
        ("Tôi tên là Đinh Văn Bảy, 0912345678, nuôi ong", "Tôi tên là ***, nuôi ong"),
        ("em là lê đức tài ở Cẩm Phả", "em là *** ở Cẩm Phả"),
        ("họ tên: Phạm Quang Huy nuôi ong", "họ tên: *** nuôi ong"),
        ("nguyen thi sen mat the", "*** mat the"),
        ("hồ sơ của ông Tài đâu rồi", "hồ sơ của ông *** đâu rồi"),
        ("hồ sơ Bùi Ngọc Sáu đâu rồi", "hồ sơ *** đâu rồi"),
        ("chị Đoàn Thị Mơ, anh Sơn cùng nuôi ong", "chị ***, anh *** cùng nuôi ong"),
        ("ở số nhà 12A, ngõ 3 nuôi ong", "ở số nhà ***, ngõ *** nuôi ong"),
        ("số 15 đường Hoàng Diệu nuôi ong", "số *** đường *** nuôi ong"),
        ("o to 5 khu 3 nuoi ong", "o to *** khu *** nuoi ong"),
        ("em sinh ngày 12/03/1990 nuôi ong", "em sinh ngày *** nuôi ong"),
        ("em sinh năm 1990 nuôi ong", "em sinh năm *** nuôi ong"),
        ("ngày 2 tháng 9 năm 1985 tôi nuôi ong", "ngày *** tôi nuôi ong"),
        ("con sn 2015 nuôi ong", "con sn *** nuôi ong"),
        ("xe 14a1 234.56 chở ong", "xe *** chở ong"),
        ("xe 14A-12345 chở ong", "xe *** chở ong"),
        ("viết cho bay.dinh@example.vn hoặc @baydinh", "viết cho *** hoặc ***"),
        ("gọi 0912 345 678 hoặc 09-12-34-56-78", "gọi *** hoặc ***"),
        ("0 9 1 2 3 4 5 6 7 8 gọi nhé", "*** gọi nhé"),
        ("hộ chiếu C1234567 hết hạn", "hộ chiếu *** hết hạn"),
        ("hồ sơ H49.12.34-241120-0001 đâu rồi", "hồ sơ *** đâu rồi"),
        ("xem https://example.vn/x?id=7 có thật không", "xem *** có thật không"),
    ],
)
def test_what_tells_of_a_person_is_hidden(keep: Keeper, text: str, kept: str) -> None:
    assert keep(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "thủ tục 1.000001 nộp ở đâu",
        "theo nghị định 15/2020/NĐ-CP thì sao",
        "lệ phí 1.000.000 đồng phải không",
        "VNeID mức 2 có mấy bước",
        "gọi 1900 2222 có được không",
        "tên là gì thì được",
        "họ tên con trên giấy khai sinh sai",
        "tôi là sinh viên muốn vay vốn",
        "em đỗ thi bằng lái rồi",
        "quản lý đô thị phường ở đâu",
        "sinh con thứ 3 có được trợ cấp không",
        "ra đảo Cô Tô bằng gì",
        "đây là VNeID giả à",
        "ANH ĐI LÀM CĂN CƯỚC CHO CON",
        "mật khẩu là gì",
        "passcode là 6 số à",
        "quên mật khẩu thì sao",
    ],
)
def test_what_tells_of_nobody_stays(keep: Keeper, text: str) -> None:
    assert keep(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "mật khẩu của tôi là hoamai",
        "mat khau vneid cua em la hoamai thi sao",
        "passcode là hoamai nhé",
        "otp là 48 21 33",
        "mã otp 4 8 2 1 đúng không",
        "passcode: 48-21",
    ],
)
def test_a_secret_that_raised_no_alarm_is_not_kept_at_all(keep: Keeper, text: str) -> None:
    assert keep(text) == ""


WORDS = st.lists(st.sampled_from(["nuôi", "ong", "xin", "giấy", "ở", "the", "muon", "2", "lần,"]), max_size=6).map(
    " ".join
)
NUMBER = st.builds(
    lambda groups, mark: mark.join(groups),
    st.lists(st.text("0123456789", min_size=1, max_size=7), min_size=2, max_size=6),
    st.sampled_from(["", " ", ".", "-", " - ", "/", "_"]),
).filter(lambda text: sum(map(str.isdigit, text)) >= 9)
HARMLESS = re.compile(
    r"\d\.\d{6}|\d{1,4}/20\d{2}|[1-9]\d{0,2}(?:(?:\.\d{3}|[. ]000)*[. ]000|\.\d{3})|11\d(?:[ .\-]11\d)+"
)


@given(before=WORDS, number=NUMBER, after=WORDS)
def test_no_long_number_is_kept(keep: Keeper, before: str, number: str, after: str) -> None:
    kept = keep(f"{before} {number} {after}")
    runs = re.findall(r"\d(?:[\s./_\-]*\d){5,}", kept)
    assert all(HARMLESS.fullmatch(run) for run in runs), kept


SURNAMES = st.sampled_from(["Nguyễn", "Trần", "Phạm", "Bùi", "nguyễn", "trần", "nguyen", "tran", "bui", "PHẠM"])
MIDDLE = st.sampled_from(["Văn", "Thị", "văn", "thị", "van", "thi", "VĂN"])
GIVEN = st.sampled_from(["Sáu", "mười", "tham", "QUYẾN", "Chắt", "nhàn"])


@given(before=WORDS, name=st.tuples(SURNAMES, MIDDLE, GIVEN), after=WORDS)
def test_no_full_name_is_kept(keep: Keeper, before: str, name: tuple[str, str, str], after: str) -> None:
    surname, middle, given_name = name
    assume(surname.isascii() or not middle.isascii())
    assert given_name not in keep(f"{before} {' '.join(name)} {after}").split()


@given(
    before=WORDS,
    user=st.text("abcxyz.", min_size=1, max_size=9).filter(lambda text: text.strip(".")),
    after=WORDS,
)
def test_no_address_is_kept(keep: Keeper, before: str, user: str, after: str) -> None:
    assert "@" not in keep(f"{before} {user}@example.vn {after}")


@given(st.dates(), st.sampled_from(["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d tháng %m năm %Y"]), WORDS)
def test_no_day_of_birth_is_kept(keep: Keeper, day: object, written: str, after: str) -> None:
    assert format(day, written) not in keep(f"sinh ngày {format(day, written)} {after}")


@given(st.text(max_size=1500))
def test_what_is_kept_is_short_and_can_be_kept_again(keep: Keeper, text: str) -> None:
    kept = keep(text)
    assert len(kept) <= MAX_KEPT
    assert len(keep(kept)) <= MAX_KEPT


def test_a_long_question_is_cut_between_words(keep: Keeper) -> None:
    kept = keep("nuôi ong " * 100)
    assert MAX_KEPT - 10 < len(kept) <= MAX_KEPT
    assert kept.endswith(("nuôi", "ong"))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Nuôi ONG ở đâu?", "nuoi ong o dau"),
        ("nuoi ong o dau", "nuoi ong o dau"),
        ("theo 15/2020 mức 2", "theo # muc #"),
        ("*** ***", ""),
        ("???", ""),
    ],
)
def test_equal_questions_have_one_form(small_search: Search, text: str, form: str) -> None:
    assert form_of(small_search.read(text)) == form


@given(st.text(max_size=1500))
def test_a_form_is_short_and_bare(small_search: Search, text: str) -> None:
    form = form_of(small_search.read(text))
    assert len(form) <= MAX_KEPT
    assert not re.search(r"\d\d", form)
    assert form == form.lower().strip()
