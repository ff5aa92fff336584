"""Units through time: the project's 208 of 2023 and 54 of today, and the walk from one to the other."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from knowledge.kpi_model import Successor, Unit, UnitKind
from knowledge.load_units import slug
from knowledge.model import Knowledge
from knowledge.text import fold
from knowledge.units import Units

THEN = date(2023, 8, 23)
NOW = date(2026, 11, 22)
BEFORE_2024 = date(2024, 10, 31)
CITY = "unit:tinh-quang-ninh"

#: Communes of the plan by district, in the order of Appendix III.
COMMUNES = {
    "Thị xã Đông Triều": 21,
    "Thành phố Uông Bí": 10,
    "Thị xã Quảng Yên": 19,
    "Thành phố Hạ Long": 33,
    "Thành phố Cẩm Phả": 16,
    "Huyện Vân Đồn": 12,
    "Huyện Cô Tô": 3,
    "Huyện Tiên Yên": 11,
    "Huyện Ba Chẽ": 8,
    "Huyện Bình Liêu": 7,
    "Huyện Đầm Hà": 9,
    "Huyện Hải Hà": 11,
    "Thành phố Móng Cái": 17,
}

#: Communes of 2023 that went to several of today's.
SPLIT = {
    "Phường Hà Khẩu",
    "Xã Đồng Lâm",
    "Phường Trưng Vương",
    "Xã Vô Ngại",
    "Xã Đại Dực",
    "Xã Đông Ngũ",
    "Xã Yên Than",
    "Xã Hải Lạng",
    "Xã Quảng Long",
    "Phường Đức Chính",
    "Xã Liên Hòa",
    "Phường Đông Triều",
    "Xã Cẩm Hải",
    "Xã Cộng Hòa",
}

#: Merged into others on 1/11/2024.
MERGED_2024 = {
    "Phường Đông Triều",
    "Xã Tân Việt",
    "Phường Yết Kiêu",
    "Xã Cẩm Hải",
    "Xã Cộng Hòa",
    "Xã Lương Mông",
    "Xã Minh Cầm",
    "Phường Hòa Lạc",
}

#: Raised to wards on 1/11/2024.
RAISED_2024 = {"Phường Bình Dương", "Phường Bình Khê", "Phường Thủy An", "Phường Yên Đức"}


@pytest.fixture(scope="module")
def units(knowledge: Knowledge) -> Units:
    return knowledge.plan.units


def of_2023(units: Units, kind: UnitKind) -> list[Unit]:
    """The units of Appendix III of one kind. Bodies that exist beside it have a note."""
    return [unit for unit in units.today(THEN) if unit.kind is kind and "Phụ lục III" not in unit.note]


def of_today(units: Units, kind: UnitKind) -> list[Unit]:
    return [unit for unit in units.today(NOW) if unit.kind is kind]


def test_the_units_of_the_plan_recounted(units: Units) -> None:
    assert [len(of_2023(units, kind)) for kind in (UnitKind.DEPARTMENT, UnitKind.DISTRICT, UnitKind.COMMUNE)] == [
        18,
        13,
        177,
    ]
    counted = Counter(units.by_id[unit.parent or ""].name for unit in of_2023(units, UnitKind.COMMUNE))
    assert list(counted.items()) == list(COMMUNES.items())


def test_the_units_of_today_recounted(units: Units) -> None:
    communes = of_today(units, UnitKind.COMMUNE)
    assert Counter(unit.name.split()[0] for unit in communes) == {"Phường": 30, "Xã": 22, "Đặc": 2}
    assert all(unit.parent == CITY and unit.title == unit.name for unit in communes)
    assert all(len(unit.code) == 5 for unit in communes)
    assert len({unit.code for unit in communes}) == 54
    assert of_today(units, UnitKind.DISTRICT) == []
    assert {unit.name for unit in of_today(units, UnitKind.DEPARTMENT)} == {
        "Ban Quản lý Khu kinh tế",
        "Sở Công Thương",
        "Sở Dân tộc và Tôn giáo",
        "Sở Giáo dục và Đào tạo",
        "Sở Khoa học và Công nghệ",
        "Sở Ngoại vụ",
        "Sở Nông nghiệp và Môi trường",
        "Sở Nội vụ",
        "Sở Tài chính",
        "Sở Tư pháp",
        "Sở Văn hóa, Thể thao và Du lịch",
        "Sở Xây dựng",
        "Sở Y tế",
        "Thanh tra tỉnh",
        "Văn phòng UBND tỉnh",
    }


def test_171_communes_between_the_two_reforms(units: Units) -> None:
    """177 less eight that were merged, and two that they made: Hải Hòa and Lương Minh are not in the plan."""
    merged = [unit for unit in of_2023(units, UnitKind.COMMUNE) if unit.valid_to == date(2024, 11, 1)]
    assert {unit.name for unit in merged} == MERGED_2024
    made = {unit.note for unit in merged if unit.note.startswith("Nhập thành")}
    between = [unit for unit in units.today(date(2025, 1, 1)) if unit.kind is UnitKind.COMMUNE]
    assert (len(between), len(made)) == (169, 2)


def test_ids_and_titles_name_kind_name_and_parent(units: Units) -> None:
    assert units.title("unit:xa-quang-an-huyen-dam-ha") == "Xã Quảng An, Huyện Đầm Hà"
    assert units.title("unit:huyen-dam-ha") == "Huyện Đầm Hà"
    assert units.title("unit:phuong-ha-long") == "Phường Hạ Long"
    assert all(unit.id == f"unit:{slug(unit.title)}" for unit in units)
    assert len({fold(unit.title) for unit in units}) == len(units)


def test_nothing_dangles(units: Units) -> None:
    for unit in units:
        assert unit.parent is None or unit.parent in units.by_id
        assert {successor.unit for successor in unit.successors} <= units.by_id.keys()


def test_every_old_commune_is_somewhere_today(units: Units) -> None:
    today = {unit.id for unit in of_today(units, UnitKind.COMMUNE)}
    reached = set()
    for unit in of_2023(units, UnitKind.COMMUNE):
        current = {successor.unit for successor in units.current(unit.id, NOW)}
        assert current, unit.id
        assert current <= today, unit.id
        reached |= current
    assert reached == today


def test_split_communes_are_parts(units: Units) -> None:
    split = [unit for unit in of_2023(units, UnitKind.COMMUNE) if len(unit.successors) > 1]
    assert {unit.name for unit in split} == SPLIT
    assert len(split) == len(SPLIT)
    for unit in of_2023(units, UnitKind.COMMUNE):
        assert {successor.part for successor in unit.successors} == {unit in split}, unit.id


def test_doubt_is_kept(units: Units) -> None:
    doubtful = {
        unit.name
        for unit in of_2023(units, UnitKind.COMMUNE)
        if any(successor.confidence == "medium" for successor in unit.successors)
    }
    assert doubtful == {"Phường Đông Triều", "Xã Cẩm Hải", "Xã Cộng Hòa", "Phường Hòa Lạc"}


def test_predecessors_mirror_successors(units: Units) -> None:
    listed = [
        (old.id, successor)
        for unit in of_today(units, UnitKind.COMMUNE)
        for old, successor in units.predecessors(unit.id)
    ]
    told = [(unit.id, successor) for unit in of_2023(units, UnitKind.COMMUNE) for successor in unit.successors]
    assert sorted(listed, key=str) == sorted(told, key=str)
    assert [old.name for old, _ in units.predecessors("unit:phuong-dong-mai")] == [
        "Phường Đông Mai",
        "Phường Minh Thành",
    ]


@pytest.mark.parametrize(
    ("district", "now"),
    [
        ("unit:huyen-van-don", [("unit:dac-khu-van-don", False, "high")]),
        ("unit:huyen-co-to", [("unit:dac-khu-co-to", False, "high")]),
        ("unit:huyen-dam-ha", [("unit:xa-dam-ha", True, "high"), ("unit:xa-quang-tan", True, "high")]),
        (
            "unit:huyen-hai-ha",
            [
                ("unit:xa-quang-ha", True, "high"),
                ("unit:xa-cai-chien", True, "high"),
                ("unit:xa-duong-hoa", True, "high"),
                ("unit:xa-quang-duc", True, "high"),
            ],
        ),
        (
            "unit:thanh-pho-cam-pha",
            [
                ("unit:phuong-cam-pha", True, "high"),
                ("unit:phuong-cua-ong", True, "high"),
                ("unit:phuong-quang-hanh", True, "high"),
                ("unit:phuong-mong-duong", True, "high"),
                ("unit:xa-hai-hoa", True, "medium"),
                ("unit:xa-hai-lang", True, "medium"),
            ],
        ),
    ],
)
def test_a_district_became_what_its_communes_became(
    units: Units, district: str, now: list[tuple[str, bool, str]]
) -> None:
    found = [(each.unit, each.part, each.confidence) for each in units.current(district, NOW)]
    assert found == now
    assert units.predecessors(district) == ()


@pytest.mark.parametrize(
    ("old", "now"),
    [
        ("unit:so-ke-hoach-va-dau-tu", {"unit:so-tai-chinh": False}),
        ("unit:so-tai-chinh", {"unit:so-tai-chinh": False}),
        ("unit:so-y-te", {"unit:so-y-te": False}),
        ("unit:ban-quan-ly-khu-kinh-te", {"unit:ban-quan-ly-khu-kinh-te": False}),
        ("unit:so-giao-thong-van-tai", {"unit:so-xay-dung": True}),
        (
            "unit:so-thong-tin-va-truyen-thong",
            {"unit:so-khoa-hoc-va-cong-nghe": True, "unit:so-van-hoa-the-thao-va-du-lich": True},
        ),
        ("unit:so-du-lich", {"unit:so-van-hoa-the-thao-va-du-lich": False}),
        ("unit:so-tai-nguyen-va-moi-truong", {"unit:so-nong-nghiep-va-moi-truong": False}),
    ],
)
def test_departments_since_march_2025(units: Units, old: str, now: dict[str, bool]) -> None:
    assert {each.unit: each.part for each in units.current(old, NOW)} == now
    assert units.current(old, BEFORE_2024) == (Successor(old, part=False),)


def test_slips_of_the_print_are_aliases(units: Units) -> None:
    by_alias = {alias: unit.name for unit in units for alias in unit.aliases}
    assert by_alias["Phường Hùng Thẳng"] == "Phường Hùng Thắng"
    assert by_alias["Phường Cẩm Phủ"] == "Phường Cẩm Phú"
    assert by_alias["Sở Giao thông - Vận tải"] == "Sở Giao thông vận tải"
    assert by_alias["Thành phố Quảng Ninh"] == "Tỉnh Quảng Ninh"
    assert by_alias["Thành phố Đông Triều"] == "Thị xã Đông Triều"
    assert by_alias.keys() >= RAISED_2024


def test_short_forms_of_departments_lead_to_one(units: Units) -> None:
    owners: dict[str, set[str]] = {}
    for unit in units:
        for name in (unit.name, *unit.aliases):
            if unit.kind is UnitKind.DEPARTMENT:
                owners.setdefault(fold(name), set()).add(unit.id)
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}
    for short in ("so gtvt", "so tnmt", "so ld-tb&xh", "ban qlkkt", "so tttt", "so nn&ptnt", "so nnmt"):
        assert short in owners, short


UNITS = (
    Unit(
        "unit:a", UnitKind.COMMUNE, "A", "A", valid_to=date(2024, 1, 1), successors=(Successor("unit:b", part=False),)
    ),
    Unit(
        "unit:b",
        UnitKind.COMMUNE,
        "B",
        "B",
        valid_to=date(2025, 1, 1),
        successors=(Successor("unit:c", part=True), Successor("unit:d", part=True, confidence="medium")),
    ),
    Unit("unit:c", UnitKind.COMMUNE, "C", "C", valid_from=date(2025, 1, 1)),
    Unit("unit:d", UnitKind.COMMUNE, "D", "D", valid_from=date(2025, 2, 1)),
)


@pytest.mark.parametrize(
    ("day", "now"),
    [
        (date(2023, 12, 31), [("unit:a", False, "high")]),
        (date(2024, 1, 1), [("unit:b", False, "high")]),
        (date(2024, 12, 31), [("unit:b", False, "high")]),
        (date(2025, 1, 1), [("unit:c", True, "high")]),
        (date(2025, 2, 1), [("unit:c", True, "high"), ("unit:d", True, "medium")]),
    ],
)
def test_a_chain_is_followed_to_the_day(day: date, now: list[tuple[str, bool, str]]) -> None:
    found = Units(UNITS).current("unit:a", day)
    assert [(each.unit, each.part, each.confidence) for each in found] == now


def test_a_unit_that_ended_without_a_trace_is_nowhere() -> None:
    gone = Unit("unit:x", UnitKind.DEPARTMENT, "X", "X", valid_to=date(2024, 1, 1))
    assert Units([gone]).current("unit:x", NOW) == ()
    assert Units([gone]).today(NOW) == ()


def test_an_unknown_unit_is_an_error() -> None:
    units = Units(UNITS)
    for ask in (units.title, units.children, units.predecessors, units.successors):
        with pytest.raises(KeyError):
            ask("unit:none")
    with pytest.raises(KeyError):
        units.current("unit:none", NOW)


def test_children_keep_the_order_of_the_source(units: Units) -> None:
    assert [unit.name for unit in units.children("unit:huyen-co-to")] == [
        "Thị trấn Cô Tô",
        "Xã Đồng Tiến",
        "Xã Thanh Lân",
    ]
    assert units.children("unit:so-y-te") == ()
    assert len([unit for unit in units.children(CITY) if unit.kind is UnitKind.DISTRICT]) == 13


def test_names_are_spelt_with_the_tone_on_the_vowel_before_a_final(units: Units) -> None:
    """Of "oa" and "oe" the second carries the tone where a letter follows: Hoàng, not Hòang."""
    wrong = re.compile(r"[òóỏõọ][ae]\w|[ùúủũụ]y\w", re.IGNORECASE)
    assert [name for unit in units for name in (unit.name, *unit.aliases) if wrong.search(name)] == []
