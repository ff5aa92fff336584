"""What words speak for which item."""

import math

import pytest

from knowledge.load import ContentError, load
from knowledge.model import Knowledge
from knowledge.search import Search
from knowledge.word_weights import WordWeights
from tests.small_content import SmallContent

FILE = ["# a comment", "", "a.1\tkhai 10\tkhai sinh 25", "a.2\tkhai -5"]


def test_words_and_pairs_count_for_the_items_that_have_them() -> None:
    told = WordWeights.read(FILE).told(["khai", "sinh", "khai"])
    assert list(told.words) == ["khai", "khai sinh"]
    assert told.speaks_for("a.1") == pytest.approx(3.5 / math.sqrt(2))
    assert told.speaks_for("a.2") == pytest.approx(-0.5 / math.sqrt(2))


def test_nothing_speaks_for_what_was_not_learned() -> None:
    told = WordWeights.read(FILE).told(["xa"])
    assert told.speaks_for("a.1") == 0
    assert told.speaks_for("a.3") is None
    assert WordWeights().told(["khai"]).speaks_for("a.1") is None


def test_what_is_written_can_be_read() -> None:
    assert list(WordWeights.read(FILE).written()) == FILE[2:]


@pytest.mark.parametrize("cell", ["khai", "khai x", "khai sinh 1.5"])
def test_a_damaged_line_is_named(cell: str) -> None:
    with pytest.raises(ValueError, match=r"line 2 \(a\.1\): "):
        WordWeights.read(["a.0\tkhai 1", f"a.1\t{cell}"])


def test_a_damaged_file_is_a_mistake_in_the_content(folder: SmallContent) -> None:
    folder.write("word-weights.tsv", "a.1\tkhai x\n")
    with pytest.raises(ContentError, match=r"word-weights\.tsv: line 1 \(a\.1\): "):
        load(folder.root)


def test_items_learn_what_sets_them_apart(small_knowledge: Knowledge, small_search: Search) -> None:
    pytest.importorskip("scipy", reason="learning is for those who work on the ranking")
    from benchmarks.word_weights import learn_words  # noqa: PLC0415 needs the same

    learned = learn_words(small_knowledge, small_search)
    assert {*small_knowledge.entries, *small_knowledge.spoken} < learned.of_items.keys()
    told = learned.told(["lam", "mat", "the", "doc", "sach"])
    scores = {item_id: told.speaks_for(item_id) for item_id in learned.of_items}
    assert max(scores, key=lambda item_id: scores[item_id] or 0.0) == "giay-to.mat"


def test_the_project_has_learned_of_all_that_people_have_words_for(knowledge: Knowledge) -> None:
    """An item that was added since is found without; train before a release."""
    learned = knowledge.words.of_items
    assert len(learned) > 500
    aside = ("talk:", "elsewhere:")
    assert [item for item in learned if knowledge.item(item) is None and not item.startswith(aside)] == []
