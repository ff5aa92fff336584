"""Names of units in typed text: what they may mean, what is near a name, and what is none."""

from __future__ import annotations

import pytest

from knowledge.kpi_ask import KpiReader
from knowledge.model import Knowledge
from knowledge.places import Places
from knowledge.text import tokens

ORDINARY = ("đạt bao nhiêu", "còn thiếu", "thấp nhất", "có", "và", "với", "nào", "chưa đạt", "các")


@pytest.fixture(scope="module")
def places(knowledge: Knowledge) -> Places:
    return Places(knowledge.plan.units, knowledge.plan.place_words, ORDINARY)


def found(places: Places, text: str) -> list[list[str]]:
    return [[unit.removeprefix("unit:") for unit in mention.units] for mention in places.find(tokens(text))]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("xã Quảng An huyện Đầm Hà đạt bao nhiêu", ["xa-quang-an-huyen-dam-ha"]),
        ("huyện đầm hà xã quảng an", ["xa-quang-an-huyen-dam-ha"]),
        ("x quang an, h dam ha", ["xa-quang-an-huyen-dam-ha"]),
        ("quang an", ["xa-quang-an-huyen-dam-ha"]),
        ("xa quangan", ["xa-quang-an-huyen-dam-ha"]),
        ("xã quảng ann đầm hà", ["xa-quang-an-huyen-dam-ha"]),
        ("qang an huyen dam ha", ["xa-quang-an-huyen-dam-ha"]),
        ("phuong hong gia thanh pho ha long", ["phuong-hong-gai-thanh-pho-ha-long"]),
        ("tp ul", ["thanh-pho-uong-bi"]),
        ("tphl", ["thanh-pho-ha-long"]),
        ("huyện ĐH", ["huyen-dam-ha"]),
        ("huyện Cẩm Phả", ["thanh-pho-cam-pha"]),
        ("Quảng Yên thị xã đạt bao nhiêu", ["thi-xa-quang-yen"]),
        ("TT Cái Rồng", ["thi-tran-cai-rong-huyen-van-don"]),
        ("Phương Đông", ["phuong-phuong-dong-thanh-pho-uong-bi"]),
        ("phường phương nam", ["phuong-phuong-nam-thanh-pho-uong-bi"]),
        ("Phương Nam Uông Bí", ["phuong-phuong-nam-thanh-pho-uong-bi"]),
        ("hạ long vân đồn", ["xa-ha-long-huyen-van-don"]),
        ("phường Hạ Long", ["phuong-ha-long"]),
        ("phường Hùng Thẳng", ["phuong-hung-thang-thanh-pho-ha-long"]),
        ("STTTT", ["so-thong-tin-va-truyen-thong"]),
        ("sở gd đt", ["so-giao-duc-va-dao-tao"]),
        ("phường An Sinh", ["phuong-an-sinh"]),
        ("thành phố Quảng Ninh", ["tinh-quang-ninh"]),
        ("phường Ninh Dương cũ của thành phố Móng Cái", ["phuong-ninh-duong-thanh-pho-mong-cai"]),
        ("xa dong tien truoc day thuoc huyen co to", ["xa-dong-tien-huyen-co-to"]),
        ("xã Đầm Hà", ["xa-dam-ha-huyen-dam-ha"]),
        ("phường Quảng Yên", ["phuong-quang-yen-thi-xa-quang-yen"]),
        ("xã Tiên Yên", ["xa-tien-yen"]),
        ("thâp nhât huyện Bình Liêu", ["huyen-binh-lieu"]),
        ("HS TT TT Ba Chẽ", ["thi-tran-ba-che-huyen-ba-che"]),
    ],
)
def test_one_unit_is_meant(places: Places, text: str, units: list[str]) -> None:
    assert found(places, text) == [units]


@pytest.mark.parametrize(
    "text",
    [
        "xã Abc đạt bao nhiêu",
        "xã Abc huyện Đầm Hà",
        "phường Nguyễn Trãi thành phố Hạ Long",
        "xã Vĩnh Khê",
        "huyện Hoành Bồ",
        "thành phố Hải Phòng",
        "xã Quảng Trung",
        "xã Hồng Gai huyện Vân Đồn",
        "xã Bình Liêu huyện Tiên Yên",
        "quận Hoàn Kiếm",
        "Đà Nẵng",
        "sở Ngân hàng",
    ],
)
def test_what_is_no_unit_here_is_none(places: Places, text: str) -> None:
    assert found(places, text) == [[]]


@pytest.mark.parametrize(
    "text",
    [
        "xã nào thấp nhất",
        "các huyện chưa đạt",
        "phường có đạt bao nhiêu",
        "xã hội",
        "phương án",
        "sở thích",
        "có tờ rơi",
    ],
)
def test_a_kind_beside_no_name_names_nothing(places: Places, text: str) -> None:
    assert found(places, text) == []


def test_a_short_name_with_a_slip_is_not_sure_without_its_district(places: Places) -> None:
    (unsure,) = places.find(tokens("xã hà lâ"))
    assert (unsure.units, unsure.sure) == (("unit:xa-ha-lau-huyen-tien-yen",), False)
    (sure,) = places.find(tokens("xã hà lâ huyện tiên yên"))
    assert (sure.units, sure.sure) == (("unit:xa-ha-lau-huyen-tien-yen",), True)


def test_a_slip_that_fits_two_asks_back(places: Places) -> None:
    assert found(places, "phuong cam thnh thanh pho cam pha") == [
        ["phuong-cam-thanh-thanh-pho-cam-pha", "phuong-cam-thinh-thanh-pho-cam-pha"]
    ]


def test_every_name_that_fits_several_units_finds_all_of_them(knowledge: Knowledge, places: Places) -> None:
    """Reckoned from the names alone; one unit of today is left out beside the one before of its kind and name."""
    units = knowledge.plan.units
    communes = [unit for unit in units if unit.kind in ("commune", "district")]
    kinds = ("Thị trấn ", "Thành phố ", "Thị xã ", "Phường ", "Xã ", "Huyện ", "Đặc khu ")
    bare = {
        unit.id: next(unit.name.removeprefix(kind) for kind in kinds if unit.name.startswith(kind)) for unit in communes
    }
    several = {}
    for name in set(bare.values()):
        alike = [unit for unit in communes if bare[unit.id] == name]
        earlier = [unit for unit in alike if unit.valid_from is None]
        goes_on = len(earlier) == 1 and len({(unit.name, unit.kind) for unit in alike}) == 1
        if len(alike) > 1 and not goes_on:
            several[name] = {unit.id.removeprefix("unit:") for unit in alike}
    assert len(several) == 20
    for name, ids in several.items():
        assert [set(each) for each in found(places, name)] == [ids], name


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("HS TT Ba Chẽ", ["huyen-ba-che", "thi-tran-ba-che-huyen-ba-che", "xa-ba-che"]),
        ("Ba Chẽ cũ", ["huyen-ba-che", "thi-tran-ba-che-huyen-ba-che"]),
        ("Ba Chẽ mới", ["xa-ba-che"]),
        ("mỗi Ba Chẽ", ["huyen-ba-che", "thi-tran-ba-che-huyen-ba-che", "xa-ba-che"]),
    ],
)
def test_a_bare_name_is_of_then_and_now_unless_it_is_said_which(places: Places, text: str, units: list[str]) -> None:
    assert found(places, text) == [units]


def test_the_reader_knows_what_is_ordinary(knowledge: Knowledge) -> None:
    following = knowledge.dialogue.following
    reader = KpiReader(knowledge.plan, (*knowledge.lexicon.fillers, *following.fillers))
    texts = ["xã thấp nhất", "phường chưa đạt chỉ tiêu", "huyện có tỷ lệ cao nhất", "xã trong tỉnh", "xã còn thiếu"]
    assert [reader._places.find(tokens(text)) for text in texts] == [[]] * len(texts)


@pytest.mark.parametrize(
    ("text", "sure"), [("phường hà tú", False), ("phuong ha tu", True), ("phường bạch đăng", True)]
)
def test_a_mark_too_many_may_be_another_name_and_one_left_out_is_none(places: Places, text: str, *, sure: bool) -> None:
    (mention,) = places.find(tokens(text))
    assert (len(mention.units), mention.sure) == (1, sure)
