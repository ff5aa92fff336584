"""What words speak for which item."""

import math

import pytest

from knowledge.load import ContentError, load
from knowledge.model import Knowledge
from knowledge.search import Search
from knowledge.word_weights import WordWeights
from tests.small_content import SmallContent

FILE = '{\n"a.1":{"khai":10,"khai sinh":25},\n"a.2":{"khai":-5}\n}\n'


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
    assert WordWeights.read(FILE).written() == FILE


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[]", "is not an object"),
        ('{"a.1": 1}', r"a\.1: needs a whole number for each word"),
        ('{"a.1": {"khai": 1.5}}', r"a\.1: needs a whole number for each word"),
        ('{"a.1": {', "Expecting property name"),
    ],
)
def test_a_damaged_file_is_a_mistake_in_the_content(folder: SmallContent, text: str, what: str) -> None:
    folder.write("word-weights.json", text)
    with pytest.raises(ContentError, match=rf"word-weights\.json: {what}"):
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
