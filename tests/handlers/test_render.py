"""Templates: nothing missing goes unnoticed, nothing that is said goes unescaped, nothing old goes unmarked."""

import re
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from jinja2 import UndefinedError, meta

from handlers.items import Around, facet_screen, item_screen
from handlers.render import environment, render
from handlers.screens import Screens
from handlers.state import State
from knowledge.markup import errors, plain
from knowledge.model import Facet, Knowledge, Method, Paper
from tests.fakes import DAY, Clock

AROUND = Around("Nhãn", DAY)
MACROS = {"number.j2", "passport.j2", "kpi_parts.j2"}
TEMPLATES = sorted(path.name for path in (Path(str(files("handlers"))) / "templates").glob("*.j2"))
ATTACK = "<script>alert(1)</script> & \"x\" 'y' {{ 7 * 7 }}"


def needed(template: str) -> set[str]:
    source = (Path(str(files("handlers"))) / "templates" / template).read_text(encoding="utf-8")
    return meta.find_undeclared_variables(environment().parse(source)) - environment().globals.keys()


@pytest.mark.parametrize("template", [name for name in TEMPLATES if needed(name)])
def test_a_missing_variable_is_noticed(template: str) -> None:
    with pytest.raises(UndefinedError):
        render(template)


@pytest.mark.parametrize("template", [name for name in TEMPLATES if not needed(name) and name not in MACROS])
def test_a_screen_of_fixed_words_is_sound(template: str) -> None:
    html = render(template)
    assert html == html.strip() != ""
    assert errors(html) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_only_checked_html_goes_in_as_it_is(template: str) -> None:
    source = (Path(str(files("handlers"))) / "templates" / template).read_text(encoding="utf-8")
    raw = set(re.findall(r"([\w.\[\]]+)\s*\|\s*(?:html|safe)\b", source))
    assert raw <= {"entry.answer", "step", "entry.unverified", "entry.facets[facet]", "reply"}


def test_an_entry_escapes_its_words(small_knowledge: Knowledge) -> None:
    entry = small_knowledge.entries["giay-to.mat"]
    source = replace(entry.sources[0], title=ATTACK, ref=ATTACK, url='https://example.org/"onclick="x()')
    wicked = replace(entry, title=ATTACK, sources=(source,))
    for html in [
        item_screen(wicked, AROUND),
        *(facet_screen(wicked, facet, 1, AROUND)[0] for facet in Facet),
    ]:
        assert errors(html) == []
        assert "<script" not in html
        assert ATTACK in plain(html)


def test_a_procedure_escapes_its_words(small_knowledge: Knowledge) -> None:
    wicked = replace(
        small_knowledge.procedures["1.000001"],
        name=ATTACK,
        field=ATTACK,
        agency=ATTACK,
        documents=(Paper(case=ATTACK), Paper(name=ATTACK, copy=1)),
        methods=(Method("desk", ATTACK, ATTACK, ATTACK, ATTACK), Method("post", "3 Ngày")),
        result=ATTACK,
        legal_basis=(ATTACK,),
        collection=replace(small_knowledge.procedures["1.000001"].collection, title=ATTACK),
    )
    for item in (wicked, replace(wicked, name_official=False), replace(wicked, one_stop=False)):
        for html in [
            item_screen(item, AROUND),
            *(facet_screen(item, facet, 1, AROUND)[0] for facet in Facet),
        ]:
            assert errors(html) == []
            assert "<script" not in html
            assert "49" not in html


def test_lists_escape_their_words(small_knowledge: Knowledge) -> None:
    numbers = {
        "x": replace(small_knowledge.hotlines["thu-vien"], name=ATTACK, purpose=ATTACK, note=ATTACK, number=ATTACK)
    }
    topics = {"giay-to": replace(small_knowledge.topics["giay-to"], title=ATTACK, icon=ATTACK)}
    card = replace(small_knowledge.procedures["1.000001"], name=ATTACK)
    wicked = replace(small_knowledge, hotlines=numbers, topics=topics, procedures={card.code: card})
    screens = Screens(wicked, Clock())
    for action in ("hotline", "none", "topics", "topic:giay-to", "offer:1.000001"):
        html = screens.show(action, State((action,))).html
        assert errors(html) == []
        assert "<script" not in html
    assert errors(screens.apology().html) == []


WARNING = "có thể đã cũ"
ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(("days", "old"), [(-1, False), (0, False), (1, True), (400, True)])
@pytest.mark.parametrize("action", ["entry:giay-to.mat", "facet:giay-to.mat:fee", "facet:giay-to.mat:legal"])
def test_an_entry_warns_from_the_day_after_its_review(
    small_knowledge: Knowledge, action: str, days: int, old: bool
) -> None:
    clock = Clock(small_knowledge.entries["giay-to.mat"].review_by + days * ONE_DAY)
    html = Screens(small_knowledge, clock).show(action, State()).html
    assert (WARNING in html) is old
    assert ("31/01/2027" in html) is old
    assert "Kiểm tra ngày 01/11/2026" in html


@pytest.mark.parametrize(("days", "old"), [(0, False), (1, True)])
@pytest.mark.parametrize("action", ["entry:1.000001", "entry:1.000003", "facet:1.000001:fee", "facet:1.000002:result"])
def test_a_procedure_warns_from_the_day_after_its_review(
    small_knowledge: Knowledge, action: str, days: int, old: bool
) -> None:
    clock = Clock(date(2027, 1, 31) + days * ONE_DAY)
    html = Screens(small_knowledge, clock).show(action, State()).html
    assert ("lẽ ra phải được lấy lại trước ngày 31/01/2027" in html) is old
    assert "dữ liệu lấy đến 31/07/2026" in html


@pytest.mark.parametrize(("days", "old"), [(0, False), (1, True)])
def test_a_number_warns_from_the_day_after_its_review(small_knowledge: Knowledge, days: int, old: bool) -> None:
    clock = Clock(date(2027, 1, 31) + days * ONE_DAY)
    html = Screens(small_knowledge, clock).show("hotline", State()).html
    assert html.count("quá hạn kiểm tra lại") == (1 if old else 0), "what was never verified says so anyway"


def test_the_clock_is_asked_each_time(small_knowledge: Knowledge) -> None:
    clock = Clock()
    screens = Screens(small_knowledge, clock)
    assert WARNING not in screens.show("entry:giay-to.mat", State()).html
    clock.day = date(2028, 1, 1)
    assert WARNING in screens.show("entry:giay-to.mat", State()).html


@pytest.mark.parametrize(
    ("paper", "said"),
    [
        (Paper("Đơn", original=1), "• Đơn <i>(1 bản chính)</i>"),
        (Paper("Đơn", copy=2), "• Đơn <i>(2 bản sao)</i>"),
        (Paper("Đơn", original=1, copy=2), "• Đơn <i>(1 bản chính, 2 bản sao)</i>"),
        (Paper("Đơn"), "• Đơn\n"),
    ],
)
def test_papers_tell_how_many(small_knowledge: Knowledge, paper: Paper, said: str) -> None:
    procedure = replace(small_knowledge.procedures["1.000001"], documents=(paper, Paper("Ảnh")))
    html, _ = facet_screen(procedure, Facet.DOCUMENTS, 1, AROUND)
    assert said in html
    assert "Ảnh" in html


def test_the_ways_to_file_and_their_fees(small_knowledge: Knowledge) -> None:
    html, _ = facet_screen(small_knowledge.procedures["1.000001"], Facet.FEE, 1, AROUND)
    assert "<b>20.000 đồng</b> (trực tuyến)" in html
    assert "<b>30.000 đồng</b> (trực tiếp): gồm ảnh" in html
    assert "có thể đã đổi" in html
