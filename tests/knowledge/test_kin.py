"""What sets near-identical procedures apart."""

from knowledge.kin import Kin
from knowledge.load import load
from tests.small_content import CLUB, NAMED, SmallContent

CARD = {"code": "1.000001", "name": "Cấp thẻ bạn đọc"}
AGAIN = {"code": "1.000004", "name": "Cấp lại thẻ bạn đọc ở trường"}


def kin(folder: SmallContent, usual: str) -> Kin:
    folder.procedures("portal", CARD, AGAIN, CLUB, NAMED)
    folder.write("usual.toml", f"[subjects]\n{usual}\n")
    return Kin(load(folder.root))


def test_a_procedure_stands_beside_the_usual_one_of_the_longest_subject_in_its_name(folder: SmallContent) -> None:
    found = kin(folder, '"lại thẻ" = "1.000002"\n"thẻ bạn đọc" = "1.000001"')
    assert found.apart("1.000004") == {"lai", "o", "truong"}
    assert found.subjects("1.000001") == (frozenset({"the", "ban", "doc"}),)
    assert found.apart("1.000001") is None, "it is the usual one itself"
    assert found.apart("1.000003") is None, "no subject is in its name"


def test_of_subjects_as_long_the_first_in_the_file_counts(folder: SmallContent) -> None:
    other = kin(folder, '"bạn đọc" = "1.000002"\n"cấp lại" = "1.000001"')
    assert other.apart("1.000004") == {"cap", "lai", "the", "ban", "doc", "o", "truong"}
    first = kin(folder, '"cấp lại" = "1.000001"\n"bạn đọc" = "1.000002"')
    assert first.apart("1.000004") == {"lai", "o", "truong"}
