"""The project's own content: whole, short enough, sound, and honest about its sources."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from bot.evaluate import read_questions
from handlers.items import Around, facet_screen, item_screen
from handlers.render import render
from handlers.screens import FIRST_ENTRIES
from knowledge.evaluate import Question
from knowledge.load import content_root
from knowledge.markup import errors, plain
from knowledge.model import Facet, Item, Knowledge
from knowledge.text import fold, tokens

QUESTIONS = Path(__file__).parents[1] / "questions"
LONGEST = 2000
#: After every review_by, so that the warnings count too.
LATE = date(2100, 1, 1)

OUTLINE = [
    "vneid.la-gi",
    "vneid.muc-1-muc-2",
    "vneid.dang-ky-muc-1",
    "vneid.dang-ky-muc-2",
    "vneid.trang-thai",
    "vneid.kich-hoat",
    "vneid.cai-dat",
    "vneid.dang-nhap-cong",
    "vneid.quen-mat-khau",
    "vneid.quen-passcode",
    "vneid.doi-may",
    "vneid.mat-may",
    "vneid.doi-so",
    "vneid.bi-khoa",
    "vneid.khong-nhan-otp",
    "vneid.loi-nfc",
    "vneid.sai-thong-tin",
    "vneid.tich-hop-giay-to",
    "vneid.gplx",
    "vneid.dang-ky-xe",
    "vneid.bhyt",
    "vneid.thay-can-cuoc",
    "vneid.tre-em",
    "vneid.nguoi-nuoc-ngoai",
    "vneid.to-chuc",
    "vneid.khong-smartphone",
    "vneid.nguoi-cao-tuoi",
    "vneid.lua-dao",
    "vneid.xac-nhan-cu-tru",
    "vneid.luu-tru",
    "vneid.chu-ky-so",
    "vneid.an-sinh",
    "dvc.la-gi",
    "dvc.toan-trinh-mot-phan",
    "dvc.nop-ho-so",
    "dvc.tim-thu-tuc",
    "dvc.cong-tinh",
    "dvc.khong-dang-nhap-duoc",
    "dvc.tra-cuu-ho-so",
    "dvc.bo-sung-ho-so",
    "dvc.bi-tu-choi",
    "dvc.tre-hen",
    "dvc.rut-ho-so",
    "dvc.thanh-toan",
    "dvc.thanh-toan-loi",
    "dvc.le-phi",
    "dvc.thoi-gian",
    "dvc.nhan-ket-qua",
    "dvc.buu-chinh",
    "dvc.ket-qua-dien-tu",
    "dvc.kho-du-lieu",
    "dvc.ky-so",
    "dvc.tep-dinh-kem",
    "dvc.uy-quyen",
    "dvc.to-chuc",
    "dvc.phi-dia-gioi",
    "dvc.ban-sao-dien-tu",
    "dvc.lien-thong-khai-sinh",
    "dvc.lien-thong-khai-tu",
    "dvc.thiet-yeu",
    "dvc.di-dong",
    "dvc.danh-gia",
    "dvc.phan-anh",
    "dvc.khong-ban-giay",
    "dvc.so-hoa",
    "dvc.an-toan",
    "ho-tro.tong-dai",
    "ho-tro.gio-lam-viec",
    "ho-tro.vneid",
    "ho-tro.gap-can-bo",
    "ho-tro.trung-tam",
    "ho-tro.mot-cua-xa",
    "ho-tro.ky-thuat",
    "ho-tro.phan-anh-can-bo",
    "ho-tro.khan-cap",
    "ho-tro.bhxh",
    "ho-tro.thue",
    "ho-tro.dien",
    "ho-tro.xa-moi",
]

#: Rule: a decree that another one has replaced may be named as replaced, not as where a statement comes from.
EXPIRED = ("42/2022/NĐ-CP", "61/2018/NĐ-CP", "59/2022/NĐ-CP", "13/2023/NĐ-CP")
REPLACED = re.compile(r"\((thay|thay thế|thay cho) [^)]*\)")

LONG_NUMBER = re.compile(r"(?<![\d.,/])(?:1[89]00|0\d{2,3}|\+84)(?:[ .-]?\d){4,8}(?!\d)")
SHORT_NUMBER = re.compile(r"(?<!Điều )(?<!khoản )(?<![\d.,/])11[1-5](?![\d/]|[.,]\d)")


def test_the_outline_is_filled(knowledge: Knowledge) -> None:
    assert len(OUTLINE) == 79
    assert [entry for entry in OUTLINE if entry not in knowledge.entries] == []


def test_the_procedures_are_there(knowledge: Knowledge) -> None:
    assert len(knowledge.procedures) > 2900
    assert all(code == procedure.code for code, procedure in knowledge.procedures.items())


def test_what_newcomers_are_shown_first_is_there(knowledge: Knowledge) -> None:
    assert [entry for entry in FIRST_ENTRIES if entry not in knowledge.entries] == []


def test_every_entry_stands_on_one_shelf(knowledge: Knowledge) -> None:
    shelved = [entry for topic in knowledge.topics.values() for entry in topic.entries]
    assert sorted(shelved) == sorted(knowledge.entries)


def replies(item: Item, around: Around) -> Iterator[tuple[str, str]]:
    """(name, HTML) of everything that is said of ``item``."""
    yield "whole", item_screen(item, around)
    yield "whole, not knowing the fee", item_screen(item, around, Facet.FEE)
    for facet in Facet:
        first, pages = facet_screen(item, facet, 1, around)
        yield facet, first
        for page in range(2, pages + 1):
            yield f"{facet}:{page}", facet_screen(item, facet, page, around)[0]


@pytest.mark.parametrize("kind", ["entries", "procedures"])
def test_every_reply_is_short_enough_and_sound(knowledge: Knowledge, kind: str) -> None:
    items: dict[str, Item] = getattr(knowledge, kind)
    around = Around("Việc gì đó " * 5, LATE, list(knowledge.hotlines.values())[:1])
    wrong = [
        f"{item.id} {name}: {len(plain(html))} characters, {errors(html)}"
        for item in items.values()
        for name, html in replies(item, around)
        if len(plain(html)) > LONGEST or errors(html)
    ]
    assert wrong == []


def test_small_talk_is_short_enough_and_sound(knowledge: Knowledge) -> None:
    for talk in knowledge.smalltalk.values():
        html = render("smalltalk.j2", reply=talk.reply)
        assert not errors(html)
        assert len(plain(html)) <= LONGEST


def sources_of_text() -> Iterator[tuple[str, dict[str, Any]]]:
    """(file, entry) as they are written, templates not yet filled in."""
    for path in sorted(content_root().glob("guidance/*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["entry"]:
            yield path.name, entry


def shown_texts(entry: dict[str, Any]) -> Iterator[str]:
    yield entry["answer"]
    yield from entry.get("steps", ())
    yield from entry.get("facets", {}).values()
    yield entry.get("unverified", "")


def test_no_phone_number_is_typed_by_hand() -> None:
    typed = [
        f"{file}: {entry['id']}: {number[0]}"
        for file, entry in sources_of_text()
        for text in shown_texts(entry)
        for pattern in (LONG_NUMBER, SHORT_NUMBER)
        for number in pattern.finditer(text)
    ]
    assert typed == []


def test_no_phone_number_is_typed_by_hand_elsewhere(knowledge: Knowledge) -> None:
    texts = [text for entry in knowledge.entries.values() for text in (entry.title, entry.label)]
    texts += [talk.reply for talk in knowledge.smalltalk.values()]
    texts += [spoken.label for spoken in knowledge.spoken.values()]
    texts += [path.read_text(encoding="utf-8") for path in (Path(str(files("handlers"))) / "templates").glob("*.j2")]
    assert [number[0] for text in texts for number in LONG_NUMBER.finditer(text)] == []


@pytest.mark.parametrize(
    "text", ["gọi 1900 0368", "số 18001096.", "0912 345 678", "0203.3835.678", "bấm 113 ngay", "115, 114"]
)
def test_a_typed_number_would_be_noticed(text: str) -> None:
    assert LONG_NUMBER.search(text) or SHORT_NUMBER.search(text)


@pytest.mark.parametrize(
    "text", ["118/2025/NĐ-CP", "113/2025", "Điều 112", "1.001193", "1.900.000 đồng", "01/07/2026", "{{ hotline('x') }}"]
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not LONG_NUMBER.search(text)
    assert not SHORT_NUMBER.search(text)


def test_expired_law_is_no_source(knowledge: Knowledge) -> None:
    cited = [
        f"{entry.id}: {source.title}"
        for entry in knowledge.entries.values()
        for source in entry.sources
        for decree in EXPIRED
        if decree in REPLACED.sub("", f"{source.title} {source.ref}")
    ]
    assert cited == []


def test_every_number_is_checked_again_within_a_year(knowledge: Knowledge) -> None:
    for number in knowledge.hotlines.values():
        if number.verified:
            assert timedelta() < number.review_by - number.verified_on <= timedelta(days=366), number.id


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return read_questions([QUESTIONS])


def words_of(text: str) -> str:
    return " ".join(tokens(fold(text)))


def test_questions_are_not_the_phrasings(knowledge: Knowledge, questions: list[Question]) -> None:
    phrasings = {
        words_of(phrasing): item_id
        for item_id, phrasings in (
            *((entry.id, entry.phrasings) for entry in knowledge.entries.values()),
            *((spoken.code, spoken.phrasings) for spoken in knowledge.spoken.values()),
        )
        for phrasing in phrasings
    }
    same = [
        f"{q.text!r} is a phrasing of {phrasings[words_of(q.text)]}" for q in questions if words_of(q.text) in phrasings
    ]
    assert same == []


def test_questions_expect_what_there_is(knowledge: Knowledge, questions: list[Question]) -> None:
    plan = knowledge.plan
    others = plan.units.by_id.keys() | plan.indicators.keys() | plan.tasks.keys()
    expected = {(q.text, item) for q in questions for item in q.expect}
    assert [(text, item) for text, item in expected if knowledge.item(item) is None and item not in others] == []


def test_every_entry_has_questions(knowledge: Knowledge, questions: list[Question]) -> None:
    asked = {item for question in questions for item in question.expect}
    assert [entry for entry in knowledge.entries if entry not in asked] == []


def test_every_topic_has_its_file_of_questions() -> None:
    topics = {path.name for path in content_root().glob("guidance/*.toml")}
    assert topics - {path.name for path in QUESTIONS.glob("*.toml")} == set()
