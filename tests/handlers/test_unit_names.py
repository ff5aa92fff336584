"""Units by what people type."""

import pytest

from handlers.unit_names import units_named
from tests.units import UNITS


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("unit:so-tu-phap", ["so-tu-phap"]),
        ("Sở Tư pháp", ["so-tu-phap"]),
        ("so tu phap", ["so-tu-phap"]),
        ("SỞ TP", ["so-tu-phap"]),
        ("đầm hà", ["huyen-dam-ha", "xa-dam-ha-huyen-dam-ha", "xa-quang-an-huyen-dam-ha"]),
        ("huyện đầm hà", ["huyen-dam-ha"]),
        ("xã đầm hà", ["xa-dam-ha-huyen-dam-ha"]),
        ("quảng an", ["xa-quang-an-huyen-dam-ha"]),
        ("xã Quảng An, huyện Đầm Hà", ["xa-quang-an-huyen-dam-ha"]),
        ("xa quang an dam ha", ["xa-quang-an-huyen-dam-ha"]),
        ("xã đoàn kết", ["xa-doan-ket-huyen-hai-ha", "xa-doan-ket-huyen-van-don"]),
        ("đoàn kết vân đồn", ["xa-doan-ket-huyen-van-don"]),
        ("hà nội", []),
        ("", []),
        ("?!", []),
    ],
)
def test_units_are_found(typed: str, found: list[str]) -> None:
    slugs = [unit.id.removeprefix("unit:") for unit in units_named(typed, UNITS)]
    assert slugs == found
