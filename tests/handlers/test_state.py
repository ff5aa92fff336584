"""Where a conversation stands."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.state import HOME, MAX_TRAIL, State

SCREENS = st.sampled_from([HOME, *"abcdefghijklmnopqrstuvwxyz"])


def walk(*screens: str) -> State:
    state = State()
    for screen in screens:
        state = state.go(screen)
    return state


def test_at_first_one_is_at_home() -> None:
    assert State().screen == HOME
    assert State().back() == State()


def test_back_leads_the_way_one_came() -> None:
    state = walk("topics", "topic:a", "entry:a.b")
    assert state.screen == "entry:a.b"
    assert state.back().screen == "topic:a"
    assert state.back().back().back().screen == HOME


def test_where_one_has_been_the_trail_is_cut() -> None:
    assert walk("a", "b", "c", "a").trail == ("a",)
    assert walk("a", "b", "b").trail == ("a", "b")


def test_home_forgets_the_trail() -> None:
    assert walk("a", "b", HOME) == State()


def test_a_long_trail_loses_its_beginning() -> None:
    screens = [f"entry:a.{number}" for number in range(MAX_TRAIL + 3)]
    assert walk(*screens).trail == tuple(screens[3:])


@given(st.lists(SCREENS, max_size=60))
def test_a_trail_is_short_and_without_loops(screens: list[str]) -> None:
    trail = walk(*screens).trail
    assert len(trail) <= MAX_TRAIL
    assert len(set(trail)) == len(trail)
    assert HOME not in trail


@given(st.lists(SCREENS, max_size=60), st.sampled_from(["new", "other"]))
def test_back_undoes_a_step_to_a_new_screen(screens: list[str], new: str) -> None:
    before = walk(*screens)
    assert before.go(new).screen == new
    assert before.go(new).back().screen == before.screen
