"""What is known of an item from each side."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from knowledge.facets import channels, fees, known_facets, paper_pages, times
from knowledge.model import Facet, Knowledge, Method, Paper, Procedure


def card(knowledge: Knowledge, *methods: Method) -> Procedure:
    return replace(knowledge.procedures["1.000001"], methods=methods)


def test_facets_of_an_entry(small_knowledge: Knowledge) -> None:
    entries = small_knowledge.entries
    assert known_facets(entries["giay-to.mat"]) == (Facet.FEE, Facet.HOW, Facet.LEGAL)
    assert known_facets(entries["giay-to.gia-han"]) == (Facet.LEGAL,)


def test_facets_of_a_procedure(small_knowledge: Knowledge) -> None:
    procedures = small_knowledge.procedures
    assert known_facets(procedures["1.000001"]) == tuple(facet for facet in Facet if facet is not Facet.CONDITIONS)
    assert known_facets(procedures["1.000002"]) == (Facet.TIME, Facet.HOW)
    assert known_facets(procedures["1.000003"]) == ()


def test_the_same_time_in_two_ways_is_one_term(small_knowledge: Knowledge) -> None:
    procedure = card(
        small_knowledge,
        Method("online", time="3 Ngày"),
        Method("desk", time="3 Ngày"),
        Method("desk", time="3 Ngày"),
        Method("post", time="5 Ngày"),
    )
    assert [(term.value, term.channels) for term in times(procedure)] == [
        ("3 Ngày", ("online", "desk")),
        ("5 Ngày", ("post",)),
    ]
    assert channels(procedure) == ("online", "desk", "post")


def test_different_cases_stay_apart(small_knowledge: Knowledge) -> None:
    procedure = card(
        small_knowledge,
        Method("desk", time="3 Ngày", case="trẻ em"),
        Method("desk", time="3 Ngày", case="người lớn"),
    )
    assert [term.case for term in times(procedure)] == ["trẻ em", "người lớn"]


def test_no_fee_stated_is_not_a_fee_of_nothing(small_knowledge: Knowledge) -> None:
    procedure = card(small_knowledge, Method("desk", time="3 Ngày", fee_note="theo quy định"))
    assert fees(procedure) == []
    assert Facet.FEE not in known_facets(procedure)


def test_a_heading_goes_with_the_paper_after_it() -> None:
    heading, long, short = Paper(case="Trẻ em"), Paper(name="x" * 90), Paper(name="y")
    assert paper_pages([long, heading, short], 95) == [[long], [heading, short]]


def test_no_papers_are_one_empty_page() -> None:
    assert paper_pages([], 100) == [[]]


PAPERS = st.lists(
    st.one_of(
        st.builds(Paper, name=st.text("x", min_size=1, max_size=60)),
        st.builds(Paper, case=st.text("C", min_size=1, max_size=60)),
    )
)


@given(PAPERS)
def test_pages_lose_no_paper_and_keep_their_order(papers: list[Paper]) -> None:
    pages = paper_pages(papers, 100)
    assert [paper for page in pages for paper in page if paper.name] == [paper for paper in papers if paper.name]
    for page in pages:
        assert not page or page[-1].name
        assert sum(len(paper.name + paper.case) for paper in page) <= 100 or len(page) <= 2
