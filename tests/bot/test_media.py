"""Addresses of pictures and files: nobody can guess them, and they end."""

import pytest

from bot.channels.media import Shelf


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def parts(address: str) -> tuple[str, str]:
    _, _, token, name = address.split("/")
    return token, name


def test_what_is_put_is_found_under_its_whole_address() -> None:
    shelf = Shelf()
    token, name = parts(shelf.put("a.png", b"1"))
    found = shelf.get(token, name)
    assert found is not None
    assert (found.data, found.type, found.is_picture) == (b"1", "image/png", True)
    assert shelf.get(token, "b.png") is None
    assert shelf.get("x" * 32, name) is None


def test_no_two_addresses_are_the_same_or_short() -> None:
    shelf = Shelf()
    tokens = {parts(shelf.put("a.png", b"1"))[0] for _ in range(100)}
    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 32


def test_an_address_ends() -> None:
    clock = Clock()
    shelf = Shelf(seconds=10, clock=clock)
    old = parts(shelf.put("a.png", b"1"))
    clock.now = 9.9
    young = parts(shelf.put("a.png", b"1"))
    assert shelf.get(*old)
    clock.now = 10.0
    assert shelf.get(*old) is None
    assert shelf.get(*young)


def test_the_oldest_make_room() -> None:
    shelf = Shelf(most=10)
    first, second, third = (parts(shelf.put("a.pdf", b"12345")) for _ in range(3))
    assert shelf.get(*first) is None
    assert shelf.get(*second)
    assert shelf.get(*third)


def test_what_is_larger_than_the_shelf_is_not_kept_and_harms_nothing() -> None:
    shelf = Shelf(most=10)
    assert shelf.get(*parts(shelf.put("a.pdf", b"x" * 11))) is None
    assert shelf.get(*parts(shelf.put("a.pdf", b"x" * 10)))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.png", "image/png"),
        ("a.pdf", "application/pdf"),
        ("a.csv", "text/csv; charset=utf-8"),
        ("a", "application/octet-stream"),
    ],
)
def test_the_ending_tells_the_type(name: str, kind: str) -> None:
    shelf = Shelf()
    found = shelf.get(*parts(shelf.put(name, b"1")))
    assert found is not None
    assert found.type == kind
