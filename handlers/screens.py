"""The screens: each action (the data of a button) leads to one. Back and home are on every screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy

from handlers.board import Sees
from handlers.items import Around, facet_screen, item_screen
from handlers.kpi import KpiScreens
from handlers.model import MAX_ACTION_BYTES, Button, Outcome, Reply, Rows
from handlers.ports import Today
from handlers.render import render
from handlers.state import HOME, State
from handlers.words import shortened, word
from knowledge.facets import known_facets
from knowledge.model import Entry, Facet, Hotline, Item, Knowledge, Procedure

#: What a newcomer finds under the welcome.
FIRST_ENTRIES = ("vneid.dang-ky-muc-2", "dvc.nop-ho-so", "dvc.tra-cuu-ho-so")
TOPIC_PAGE = 8
LABEL_LENGTH = 60
FACET_NAMES = frozenset(facet.value for facet in Facet)
#: Who asks for one of these of an entry that does not have it is told so before the answer; the others may stand in it.
TELLING = frozenset({Facet.FEE, Facet.TIME, Facet.DOCUMENTS})
PORTAL = "https://dichvucong.gov.vn"

Screen = tuple[str, Rows]


class Screens:
    """Shows what there is to see of ``knowledge``."""

    def __init__(self, knowledge: Knowledge, today: Today, kpi: KpiScreens | None = None) -> None:
        self._knowledge = knowledge
        self._today = today
        self._kpi = kpi
        self._figures: dict[str, Callable[[str], Screen | None]] = {}
        self._fixed: dict[str, Callable[[], Screen]] = {
            HOME: self._home,
            "help": self._help,
            "topics": self._topics,
            "hotline": self._hotline,
            "none": self._none,
        }
        self._makers: dict[str, Callable[[str], Screen | None]] = {
            "topic": self._topic,
            "entry": self._item,
            "facet": self._facet,
            "offer": self._offer,
        }

    def seen_by(self, sees: Sees | None) -> Screens:
        """The same screens, with those of figures as who ``sees`` some unpublished ones is shown them."""
        seen = copy(self)
        seen._figures = self._kpi.makers(sees) if self._kpi else {}
        return seen

    def press(self, action: str, state: State) -> tuple[Outcome, State]:
        """A pressed button: the next screen takes the place of the present one."""
        if action == "back":
            after = state.back()
            return self._outcome(after.screen, self._made(after.screen), after, replaces=True), after
        return self._move(action, state, replaces=True)

    def open(self, action: str, state: State) -> tuple[Outcome, State]:
        """A screen asked for by a command, shown below what was said."""
        return self._move(action, state, replaces=False)

    def show(self, action: str, state: State, *, replaces: bool = False) -> Reply:
        """The screen of ``action``; home when there is no such screen (any more)."""
        return self._framed(action, self._made(action), state, replaces=replaces)

    def action_for(self, item_id: str, facet: Facet | None) -> str:
        """Where a question leads: to the asked side of the item, or to the item itself."""
        item = self._knowledge.item(item_id)
        if facet is None or item is None:
            return f"entry:{item_id}"
        if isinstance(item, Entry) and facet not in item.facets:
            return f"entry:{item_id}" + (f":{facet}" if facet in TELLING else "")
        return f"facet:{item_id}:{facet}"

    def footer(self, state: State) -> Rows:
        """Back (when there is a way back) and home."""
        home = Button(word("button.home"), action=HOME)
        return ((Button(word("button.back"), action="back"), home),) if state.trail else ((home,),)

    def apology(self) -> Reply:
        """What is said when something broke."""
        return Reply(render("error.j2", numbers=self._main_number()), self.footer(State()))

    def _main_number(self) -> list[Hotline]:
        return list(self._knowledge.hotlines.values())[:1]

    def first_steps(self) -> Rows:
        """The first things to press."""
        entries = [self._knowledge.entries[entry] for entry in FIRST_ENTRIES if entry in self._knowledge.entries]
        return (
            *((Button(entry.title, action=f"entry:{entry.id}"),) for entry in entries),
            (Button(word("button.topics"), action="topics"), Button(word("button.hotline"), action="hotline")),
        )

    def _move(self, action: str, state: State, *, replaces: bool) -> tuple[Outcome, State]:
        """What leads nowhere leads home, so that only real screens are remembered and logged."""
        made = self._made(action) if len(action.encode()) <= MAX_ACTION_BYTES else None
        action = action if made else HOME
        after = state.go(action)
        return self._outcome(action, made, after, replaces=replaces), after

    def _made(self, action: str) -> Screen | None:
        if action in self._fixed:
            return self._fixed[action]()
        name, _, argument = action.partition(":")
        makers = self._makers if name in self._makers else self._figures
        return makers[name](argument) if name in makers else None

    def _outcome(self, action: str, made: Screen | None, state: State, *, replaces: bool) -> Outcome:
        name, _, argument = action.partition(":")
        item = argument.partition(":")[0] if made and name in ("entry", "facet", "kpi") else ""
        return Outcome((self._framed(action, made, state, replaces=replaces),), item=item)

    def _framed(self, action: str, made: Screen | None, state: State, *, replaces: bool) -> Reply:
        html, rows = made or self._home()
        if made and action == state.answer and state.wrong:
            rows += ((Button(word("button.wrong"), action=state.wrong),),)
        return Reply(html, rows + (self.footer(state) if action != HOME else ()), replaces)

    def _home(self) -> Screen:
        return render("home.j2"), (*self.first_steps(), (Button(word("button.help"), action="help"),))

    def _help(self) -> Screen:
        return render("help.j2"), self.first_steps()

    def _topics(self) -> Screen:
        topics = self._knowledge.topics.values()
        return render("topics.j2"), tuple(
            (Button(f"{topic.icon} {topic.title}", action=f"topic:{topic.id}"),) for topic in topics
        )

    def _topic(self, argument: str) -> Screen | None:
        topic_id, _, page = argument.partition(":")
        topic = self._knowledge.topics.get(topic_id)
        if topic is None:
            return None
        shown, around = page_of(topic.entries, number_of(page), TOPIC_PAGE, f"topic:{topic_id}:")
        entries = [self._knowledge.entries[entry] for entry in shown]
        rows = tuple((Button(entry.title, action=f"entry:{entry.id}"),) for entry in entries)
        return render("topic.j2", topic=topic), rows + around

    def _item(self, argument: str) -> Screen | None:
        item_id, _, name = argument.partition(":")
        item = self._knowledge.item(item_id)
        if item is None or (name and name not in TELLING):
            return None
        unknown = Facet(name) if name in TELLING else None
        html = item_screen(item, self._around(item), unknown)
        return html, self._sides(item) + self._onward(item)

    def _facet(self, argument: str) -> Screen | None:
        item_id, name, page = [*argument.split(":"), "", ""][:3]
        item = self._knowledge.item(item_id)
        if item is None or name not in FACET_NAMES:
            return None
        facet = Facet(name)
        html, pages = facet_screen(item, facet, number_of(page), self._around(item))
        around = turners(min(max(number_of(page), 1), pages), pages, f"facet:{item_id}:{facet}:")
        whole = ((Button(word("button.whole"), action=f"entry:{item_id}"),),)
        return html, around + self._sides(item, but=facet) + whole + self._onward(item)

    def _sides(self, item: Item, but: Facet | None = None) -> Rows:
        """Buttons for the facets of ``item``; the steps of an entry stand in its answer already."""
        shown = [facet for facet in known_facets(item) if facet is not but]
        if isinstance(item, Entry) and but is None:
            shown = [facet for facet in shown if facet is not Facet.HOW]
        if isinstance(item, Procedure) and item.known and Facet.FEE not in (*shown, but):
            shown.append(Facet.FEE)
        buttons = [Button(word(f"facet.{facet}"), action=f"facet:{item.id}:{facet}") for facet in shown]
        return rows_of(buttons, 2)

    def _onward(self, item: Item) -> Rows:
        """Where to go from ``item``: related entries, or the page of the procedure."""
        if isinstance(item, Procedure):
            return ((Button(word("button.portal"), url=item.url or item.collection.url),),)
        related = [found for entry in item.related[:3] if (found := self._knowledge.item(entry))]
        return tuple((Button(f"➡️ {self._label(found)}", action=f"entry:{found.id}"),) for found in related)

    def _offer(self, argument: str) -> Screen | None:
        ids, _, name = argument.partition(":")
        items = [found for item_id in ids.split(",") if (found := self._knowledge.item(item_id))]
        if not items:
            return None
        facet = Facet(name) if name in FACET_NAMES else None
        rows = tuple(
            (Button(f"{number}. {self._label(item)}", action=self.action_for(item.id, facet)),)
            for number, item in enumerate(items, 1)
        )
        none_of_these = ((Button(word("button.none_of_these"), action="none"),),)
        return render("offer.j2", choices=[self._choice(item) for item in items]), rows + none_of_these

    def _around(self, item: Item) -> Around:
        return Around(self._label(item), self._today(), self._main_number())

    def _choice(self, item: Item) -> tuple[str, str]:
        """How ``item`` is offered: in plain words, and the name it has on paper where that is another."""
        if isinstance(item, Entry):
            return item.title, ""
        label = self._label(item)
        return label, item.name if item.code in self._knowledge.spoken and item.name_official else ""

    def _label(self, item: Item) -> str:
        if isinstance(item, Entry):
            return item.label
        spoken = self._knowledge.spoken.get(item.code)
        return spoken.label if spoken else shortened(item.name, LABEL_LENGTH)

    def _hotline(self) -> Screen:
        numbers = self._knowledge.hotlines.values()
        copies = tuple(
            (Button(word("button.copy", name=number.name, number=number.number), copy=number.dial),)
            for number in numbers
        )
        return render("hotline.j2", numbers=numbers, today=self._today()), copies

    def _none(self) -> Screen:
        return render("none.j2", numbers=self._main_number()), (
            (Button(word("button.topics"), action="topics"), Button(word("button.hotline"), action="hotline")),
            (Button(word("button.search_portal"), url=PORTAL),),
        )


def number_of(page: str) -> int:
    """A page number from a button's data; anything odd is the first page."""
    return int(page) if page.isascii() and page.isdigit() else 1


def page_of(ids: Sequence[str], page: int, size: int, action: str) -> tuple[Sequence[str], Rows]:
    """The ids of one page, and the buttons to turn pages."""
    pages = -(-len(ids) // size)
    page = min(max(page, 1), pages)
    return ids[(page - 1) * size : page * size], turners(page, pages, action)


def turners(page: int, pages: int, action: str) -> Rows:
    """Buttons to the pages before and after ``page``."""
    buttons = []
    if page > 1:
        buttons.append(Button(word("button.previous"), action=f"{action}{page - 1}"))
    if page < pages:
        buttons.append(Button(word("button.more"), action=f"{action}{page + 1}"))
    return (tuple(buttons),) if buttons else ()


def rows_of(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))
