"""Reading content: every mistake is refused by name, and all of them in one run."""

from pathlib import Path

import pytest

from knowledge.load import ContentError, garbled, load
from knowledge.model import Knowledge
from tests.small_content import CARD, CLUB, LOST, RENEW, TOPIC, SmallContent

GUIDE = "guidance/giay-to.toml"
PORTAL = "procedures/portal.jsonl"


def problems(folder: SmallContent) -> list[str]:
    """What is wrong with the content, one line each."""
    with pytest.raises(ContentError) as caught:
        load(folder.root)
    lines = [str(problem) for problem in caught.value.problems]
    assert str(caught.value) == "\n".join(lines)
    return lines


def only_problem(folder: SmallContent) -> str:
    found = problems(folder)
    assert len(found) == 1, found
    return found[0]


def test_sound_content(folder: SmallContent) -> None:
    knowledge = load(folder.root)
    assert list(knowledge.entries) == ["giay-to.mat", "giay-to.gia-han"]
    assert list(knowledge.procedures) == ["1.000001", "1.000002", "1.000003"]
    assert list(knowledge.hotlines) == ["thu-vien", "duong-day"], "by their order"
    assert list(knowledge.smalltalk) == ["chao"]
    assert knowledge.topics["giay-to"].entries == ("giay-to.mat", "giay-to.gia-han")
    assert knowledge.spoken["1.000001"].label == "Làm thẻ đọc sách"
    assert knowledge.procedures["1.000001"].collection.title == "Cổng thử"


def test_numbers_are_filled_in_as_they_are_verified(small_knowledge: Knowledge) -> None:
    assert small_knowledge.entries["giay-to.mat"].answer == "Bạn báo cho thủ thư, số <b>1800 1111</b>."
    assert "<b>1900 2222</b> <i>(chưa xác minh, 06/05/2024)</i>" in small_knowledge.entries["giay-to.gia-han"].answer


def test_an_item_is_found_by_its_id_whatever_it_is(small_knowledge: Knowledge) -> None:
    assert small_knowledge.item("giay-to.mat") is small_knowledge.entries["giay-to.mat"]
    assert small_knowledge.item("1.000003") is small_knowledge.procedures["1.000003"]
    assert small_knowledge.item("nothing") is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('owner = "Thư viện"\n', 'owner = "Thư viện"\ncolour = "red"\n', "colour"),
        ('owner = "Thư viện"\n', "", "owner"),
        ('owner = "Thư viện"\n', 'owner = " "\n', "owner"),
        ('title = "Mất thẻ đọc sách"', 'title = "' + "x" * 61 + '"', "title"),
        ('label = "Mất thẻ"', 'label = "' + "x" * 33 + '"', "label"),
        ('  "báo mất thẻ đọc sách",\n', "", "phrasings"),
        ('"giay-to.gia-han", "1.000001"', '"giay-to.gia-han", "vneid.gone"', "related id vneid.gone does not exist"),
        ('"giay-to.gia-han", "1.000001"', '"giay-to.gia-han", "1.999999"', "related id 1.999999 does not exist"),
        ('"giay-to.gia-han", "1.000001"', '"Not An Id"', "related.0"),
        ("{{ hotline('thu-vien') }}", "{{ hotline('gone') }}", "answer: template error: there is no number 'gone'"),
        ("{{ hotline('thu-vien') }}", "{{ hotline() }}", "answer: template error"),
        ("{{ hotline('thu-vien') }}", "{{ hotline('thu-vien') }", "answer: template error"),
        ("{{ hotline('thu-vien') }}", "{{ 1 / 0 }}", "answer: template error"),
        ("{{ hotline('thu-vien') }}", "{{ unknown }}", "answer: template error: 'unknown' is undefined"),
        ('"Nhận thẻ mới."', '"Nhận {% thẻ."', "steps 2: template error"),
        ("<b>20.000 đồng</b>", "<b>20.000 đồng", "facets.fee: <b> is not closed"),
        ("<b>20.000 đồng</b>", "{{ x }}", "facets.fee: template error"),
        ('"Giờ trực có thể đã đổi."', '"<h1>Giờ trực</h1>"', "unverified: tag <h1> is not allowed"),
        ('"Nhận thẻ mới."', '"Nhận & giữ."', "steps 2: write & as &amp;"),
        ("Bạn báo cho thủ thư", "x" * 2000, "characters, more than 2000"),
        ("[entry.facets]\nfee", "[entry.facets]\ncolour", "facets.colour"),
        ("[entry.facets]\nfee", "[entry.facets]\nhow", "facets.how is made of steps"),
        ("[entry.facets]\nfee", "[entry.facets]\nlegal", "facets.legal is made of sources"),
        ("review_by = 2027-01-31", "review_by = 2026-11-01", "review_by must be after verified_on"),
        ("review_by = 2027-01-31", "review_by = 2026-10-01", "review_by must be after verified_on"),
        ("review_by = 2027-01-31", 'review_by = "next spring"', "review_by"),
        ("verified_on = 2026-11-01", "", "verified_on"),
        ("date = 2025-01-02", 'date = "2025-02-30"', "sources.0.date"),
        ("date = 2025-01-02", "", "sources.0.date"),
        ('title = "Nội quy thư viện"', "", "sources.0.title"),
        ('ref = "Điều 4"', 'page = "4"', "sources.0.page"),
        ('url = "https://example.org/noi-quy?a=1&b=2"', 'url = "example.org"', "sources.0.url"),
    ],
)
def test_a_mistake_in_an_entry_names_file_and_entry(folder: SmallContent, old: str, new: str, told: str) -> None:
    folder.replace(GUIDE, old, new)
    found = problems(folder)
    first = found[0]
    assert first.startswith(f"{GUIDE}: giay-to.mat: "), first
    assert told in first
    assert all(line.startswith(f"{GUIDE}: ") for line in found)


def test_an_entry_needs_a_source(folder: SmallContent) -> None:
    head, _, _ = LOST.partition("[[entry.sources]]")
    folder.write(GUIDE, TOPIC + head + RENEW)
    assert only_problem(folder) == f"{GUIDE}: giay-to.mat: sources: Field required"
    folder.write(GUIDE, TOPIC + head.replace("owner =", "sources = []\nowner =") + RENEW)
    assert only_problem(folder).startswith(f"{GUIDE}: giay-to.mat: sources: ")


@pytest.mark.parametrize("size", [2000, 2001])
def test_the_limit_counts_what_is_read(folder: SmallContent, size: int) -> None:
    words = "x" * (size - len("Gia hạn mượn truyện\n\n"))
    answer = next(line for line in RENEW.splitlines() if line.startswith("answer"))
    folder.replace(GUIDE, answer, f'answer = "<b>{words}</b>"')
    if size > 2000:
        assert only_problem(folder) == f"{GUIDE}: giay-to.gia-han: the answer has {size} characters, more than 2000"
    else:
        load(folder.root)


@pytest.mark.parametrize("bad_id", ["giayto", "Giay.To", "giay-to.mất", "a.b.c", "x." + "y" * 40])
def test_an_entry_id_has_a_form(folder: SmallContent, bad_id: str) -> None:
    folder.replace(GUIDE, 'id = "giay-to.gia-han"', f'id = "{bad_id}"')
    assert any(line.startswith(f"{GUIDE}: {bad_id}: id: ") for line in problems(folder))


def test_an_entry_without_an_id_is_named_by_its_place(folder: SmallContent) -> None:
    folder.replace(GUIDE, 'id = "giay-to.gia-han"\n', "")
    assert f"{GUIDE}: entry 2: id: Field required" in problems(folder)


def test_a_duplicate_id_in_one_file(folder: SmallContent) -> None:
    folder.replace(GUIDE, 'id = "giay-to.gia-han"', 'id = "giay-to.mat"')
    assert f"{GUIDE}: giay-to.mat: duplicate id, also in {GUIDE}" in problems(folder)


def test_a_duplicate_id_in_another_file(folder: SmallContent) -> None:
    folder.write("guidance/sach.toml", TOPIC.replace("giay-to", "sach") + RENEW)
    assert f"guidance/sach.toml: giay-to.gia-han: duplicate id, also in {GUIDE}" in problems(folder)


@pytest.mark.parametrize("same", ["mất thẻ mượn sách", "MAT THE muon sach?"])
def test_the_same_phrasing_in_two_entries(folder: SmallContent, same: str) -> None:
    folder.replace(GUIDE, "gia hạn mượn truyện", same)
    assert only_problem(folder) == f"{GUIDE}: giay-to.gia-han: phrasing {same!r} is also in giay-to.mat"


def test_the_same_phrasing_in_an_entry_and_a_procedure(folder: SmallContent) -> None:
    folder.replace("spoken/the.toml", "làm thẻ mượn sách", "mat the muon sach")
    assert only_problem(folder) == "spoken/the.toml: 1.000001: phrasing 'mat the muon sach' is also in giay-to.mat"


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("", "needs id = 'giay-to'"),
        (TOPIC.replace('"giay-to"', '"other"'), "needs id = 'giay-to'"),
        (TOPIC.replace("order = 10", ""), "needs id = 'giay-to'"),
        (TOPIC + 'colour = "red"\n', "needs id = 'giay-to'"),
        ("topic = 3\n", "needs id = 'giay-to'"),
        (TOPIC.replace("order = 10", 'order = "first"'), "order: "),
        (TOPIC.replace('title = "Giấy tờ"', "title = 5"), "title: "),
    ],
)
def test_a_topic_has_a_head(folder: SmallContent, head: str, told: str) -> None:
    folder.write(GUIDE, head + LOST + RENEW.replace('owner = "Thư viện"', ""))
    topic, *rest = problems(folder)
    assert topic.startswith(f"{GUIDE}: topic: ")
    assert told in topic
    assert f"{GUIDE}: giay-to.gia-han: owner: Field required" in rest, "its entries are checked all the same"


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        (GUIDE, TOPIC + "[extra]\nx = 1\n", f"{GUIDE}: extra: unknown key"),
        (GUIDE, TOPIC + '[entry]\nid = "a.b"\n', f"{GUIDE}: entry: needs [[entry]] tables"),
        (GUIDE, "entry = [1, 2]\n" + TOPIC, f"{GUIDE}: entry: needs [[entry]] tables"),
        (GUIDE, TOPIC + "[[entry]\n", f"{GUIDE}: is not TOML: "),
        ("hotline.toml", "[style", "hotline.toml: is not TOML: "),
        ("hotline.toml", "style = 1", "hotline.toml: style: needs verified and unverified"),
        ("smalltalk.toml", "talk = ", "smalltalk.toml: is not TOML: "),
        ("lexicon.toml", "fillers = []\n[abbreviations]\n[facets]\ncolour = []", "lexicon.toml: facets.colour"),
        ("weights.toml", 'none = "x"\n[features]\nwords = 1', "weights.toml: none: "),
        ("procedures/sets.toml", "portal = 1", "procedures/sets.toml: portal: "),
        ("spoken/the.toml", "[[procedure]]\n", "spoken/the.toml: procedure 1: code: Field required"),
    ],
)
def test_a_damaged_file_is_named(folder: SmallContent, file: str, text: str, told: str) -> None:
    folder.write(file, text)
    assert any(line.startswith(told) for line in problems(folder)), problems(folder)


@pytest.mark.parametrize(
    "file", ["hotline.toml", "smalltalk.toml", "lexicon.toml", "weights.toml", "procedures/sets.toml"]
)
def test_a_missing_file_is_named(folder: SmallContent, file: str) -> None:
    (folder.root / file).unlink()
    assert f"{file}: is missing" in problems(folder)


def test_missing_guidance_and_procedures_are_named(folder: SmallContent) -> None:
    (folder.root / GUIDE).unlink()
    (folder.root / PORTAL).unlink()
    found = problems(folder)
    assert "guidance: has no content files" in found
    assert "procedures/sets.toml: portal: there is no file portal.jsonl" in found


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        load(tmp_path)
    assert {problem.file for problem in caught.value.problems} >= {"guidance", "hotline.toml", "lexicon.toml"}


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("hotline.toml", 'dial = "18001111"', 'dial = "1800 1111"', "hotline.toml: thu-vien: dial: "),
        ("hotline.toml", "verified = true", "", "hotline.toml: thu-vien: verified: Field required"),
        ("hotline.toml", 'source = "Bảng tin"', 'origin = "x"', "hotline.toml: duong-day: origin: "),
        ("hotline.toml", 'id = "thu-vien"', 'id = "duong-day"', "hotline.toml: duong-day: duplicate id"),
        ("hotline.toml", "2024-05-06", "2024-13-06", "hotline.toml: is not TOML"),
        ("smalltalk.toml", "<b>mời</b>", "<b>mời", "smalltalk.toml: chao: <b> is not closed"),
        ("smalltalk.toml", '["xin chào", "chào bạn", "hello"]', "[]", "smalltalk.toml: chao: phrasings: "),
        ("spoken/the.toml", '  "làm thẻ mượn sách",\n', "", "spoken/the.toml: 1.000001: phrasings: "),
        (
            "spoken/the.toml",
            '["1.000002"]',
            '["1.777777"]',
            "spoken/the.toml: 1.000001: there is no procedure 1.777777",
        ),
        (
            "spoken/the.toml",
            'code = "1.000001"',
            'code = "1.777777"',
            "spoken/the.toml: 1.777777: there is no procedure",
        ),
        ("procedures/sets.toml", "as_of = 2026-07-31", "", "procedures/sets.toml: portal: as_of: Field required"),
        ("procedures/sets.toml", "[portal]", "[other]", "procedures/portal.jsonl: is not named in sets.toml"),
    ],
)
def test_a_mistake_beside_the_entries(folder: SmallContent, file: str, old: str, new: str, told: str) -> None:
    folder.replace(file, old, new)
    assert any(line.startswith(told) for line in problems(folder)), problems(folder)


def test_a_procedure_is_spoken_of_once(folder: SmallContent) -> None:
    folder.write("spoken/more.toml", (folder.root / "spoken/the.toml").read_text(encoding="utf-8"))
    assert only_problem(folder) == "spoken/the.toml: 1.000001: duplicate code, also in spoken/more.toml"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("{not json", "line 2: is not a JSON object"),
        ("[1, 2]", "line 2: is not a JSON object"),
        ("7", "line 2: is not a JSON object"),
        ({**CLUB, "code": "1.22"}, "line 2 (1.22): code: "),
        ({**CLUB, "code": "1.000001"}, "1.000001: duplicate id, also in procedures/portal.jsonl"),
        ({**CLUB, "colour": "red"}, "line 2 (1.000002): colour: "),
        ({**CLUB, "name": ""}, "line 2 (1.000002): name: "),
        ({"name": "Không mã"}, "line 2 (None): code: Field required"),
        ({**CLUB, "methods": [{"channel": "fax"}]}, "line 2 (1.000002): methods.0.channel: "),
        ({**CLUB, "methods": [{"channel": "desk", "time": "Ngày"}]}, "line 2 (1.000002): time 'Ngày' has no number"),
        (
            {**CLUB, "methods": [{"channel": "desk", "time": "12"}]},
            "line 2 (1.000002): time '12' has no number or no unit",
        ),
        (
            {**CLUB, "methods": [{"channel": "desk", "fee": "20 đồng"}]},
            "line 2 (1.000002): fee '20 đồng' cannot be right",
        ),
        (
            {**CLUB, "methods": [{"channel": "desk", "fee": "0 đồng"}]},
            "line 2 (1.000002): fee '0 đồng' cannot be right",
        ),
    ],
)
def test_a_mistake_in_a_procedure_names_its_line(folder: SmallContent, row: object, told: str) -> None:
    folder.write("spoken/the.toml", "")
    folder.procedures("portal", CARD, row)
    found = problems(folder)
    assert any(line.startswith(f"{PORTAL}: {told}") for line in found), found


@pytest.mark.parametrize("time", ["3 Ngày làm việc", "24 Giờ", "1 Tháng", "0,5 Ngày", ""])
@pytest.mark.parametrize("fee", ["20.000 đồng", "1.000 đồng", "Theo thỏa thuận", ""])
def test_sound_fees_and_times(folder: SmallContent, time: str, fee: str) -> None:
    folder.procedures("portal", CARD, {**CLUB, "methods": [{"channel": "desk", "time": time, "fee": fee}]})
    assert garbled(load(folder.root).procedures["1.000002"]) == []


def test_a_file_that_is_not_utf_8(folder: SmallContent) -> None:
    (folder.root / GUIDE).write_bytes(b"\xff\xfe[topic]")
    (folder.root / PORTAL).write_bytes(b'{"code": "\xe9"}\n')
    found = problems(folder)
    assert any(line.startswith(f"{GUIDE}: is not TOML") for line in found)
    assert any(line.startswith(f"{PORTAL}: line 1: is not a JSON object") for line in found)


def test_all_mistakes_are_told_in_one_run(folder: SmallContent) -> None:
    folder.replace(GUIDE, 'owner = "Thư viện"\n', "")
    folder.replace(GUIDE, "{{ hotline('duong-day') }}", "{{ hotline('gone') }} <b>")
    folder.replace("hotline.toml", 'dial = "18001111"', 'dial = "x"')
    folder.replace("smalltalk.toml", "</b>", "")
    folder.replace("procedures/sets.toml", "as_of = 2026-07-31", "as_of = 7")
    folder.write("lexicon.toml", "")
    folder.write("guidance/more.toml", "x = ")
    folder.replace("spoken/the.toml", 'label = "Làm thẻ đọc sách"\n', "")
    files = {line.partition(":")[0] for line in problems(folder)}
    assert files == {
        GUIDE,
        "guidance/more.toml",
        "hotline.toml",
        "lexicon.toml",
        PORTAL,
        "procedures/sets.toml",
        "smalltalk.toml",
        "spoken/the.toml",
    }
    entries = [line for line in problems(folder) if line.startswith(GUIDE)]
    assert {line.split(": ")[1] for line in entries} == {"giay-to.mat", "giay-to.gia-han"}
