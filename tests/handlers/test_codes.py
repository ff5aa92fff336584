"""Codes that an officer types once."""

import re
import unicodedata

import pytest

from handlers.codes import ALPHABET, LENGTH, grouped, new_code, read_code


def test_codes_are_many_and_fit_into_a_link() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", code) for code in codes)
    assert {len(code) for code in codes} == {LENGTH}
    assert set("".join(codes)) == set(ALPHABET), "every sign is used"
    assert len(ALPHABET) ** LENGTH > 2**55


def test_no_sign_is_mistaken_or_joined() -> None:
    assert not set(ALPHABET) & set("01OIL"), "look-alikes"
    assert not set(ALPHABET) & set("AEIOUYDW"), "a Vietnamese keyboard makes other letters of these"
    assert len(set(ALPHABET)) == len(ALPHABET)


def test_what_is_shown_is_read() -> None:
    code = new_code()
    assert re.fullmatch(r"\w{4}-\w{4}-\w{4}", grouped(code))
    assert read_code(grouped(code)) == code


@pytest.mark.parametrize(
    "typed",
    [
        "BCFGHJKM2345",
        "bcfg-hjkm-2345",
        " BCFG HJKM 2345 ",
        "BCFG – HJKM — 2345",
        "b c f g h j k m 2 3 4 5",
        "BCFG.HJKM_2345",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "BCFGHJKM2345"
    assert read_code(unicodedata.normalize("NFD", typed)) == "BCFGHJKM2345"


@pytest.mark.parametrize(
    "typed", ["", "-", "BCFGHJKM234", "BCFGHJKM23456", "BCFG-HJKM-234O", "from a link", "đcfghjkm2345", "²³45BCFGHJKM"]
)
def test_anything_else_is_no_code(typed: str) -> None:
    assert read_code(typed) is None
