"""The assistant in a terminal."""

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.channels.console import Talk, answer_lines, answer_one, chat, keep, shown
from bot.errors import UserError
from handlers.model import Button, Document, Kind, Message, Outcome, Picture, Reply
from knowledge.decide import Decision
from knowledge.model import Facet
from knowledge.search import Hit
from tests.fakes import House


class Desk:
    """Answers everything with the same outcome, and remembers what it heard."""

    def __init__(self, *replies: Reply) -> None:
        self.outcome = Outcome(replies or (Reply("Chào <b>bạn</b>"),))
        self.heard: list[Message] = []

    async def ask(self, message: Message) -> Outcome:
        self.heard.append(message)
        return self.outcome

    async def answer(self, message: Message) -> Sequence[Reply]:
        return (await self.ask(message)).replies


BUTTONS = (
    (Button("Mở", action="entry:a.b"), Button("Trang", url="https://example.org")),
    (Button("Chép", copy="113"),),
)


async def lines_of(desk: Desk, *lines: str, shared: bool = False) -> list[dict[str, object]]:
    return [json.loads(line) async for line in answer_lines(desk, lines, "console:lan", shared=shared)]  # type: ignore[arg-type]


async def test_an_answer_has_the_agreed_shape() -> None:
    desk = Desk(Reply("<b>Một</b> &lt; 2", BUTTONS), Reply("Hai"))
    hits = tuple(Hit(f"a.{number}", f"T{number}", 0.5) for number in range(12))
    desk.outcome = Outcome(desk.outcome.replies, Decision.CHOOSE, hits, Facet.FEE)
    answer = await answer_one(desk, "hỏi", "console:lan", "console:1")  # type: ignore[arg-type]
    assert list(answer) == ["query", "decision", "hits", "facet", "text", "ms"]
    assert (answer["query"], answer["decision"], answer["facet"]) == ("hỏi", "choose", "fee")
    assert len(answer["hits"]) == 10
    assert answer["hits"][0] == {"id": "a.0", "title": "T0", "score": 0.5}
    assert answer["text"] == "Một < 2\n\n[Mở]  [Trang]\n[Chép]\n\nHai"
    assert answer["ms"] >= 0
    json.dumps(answer)


PICTURE = Picture(b"png", "Xã Quảng An: 42,9%")
FILES = (Reply("Biểu đồ", BUTTONS, picture=PICTURE), Reply("Bảng", document=Document("a.xlsx", b"table")))


async def test_pictures_and_files_are_told_where_words_are_shown() -> None:
    desk = Desk(*FILES)
    assert (await answer_one(desk, "hỏi", "p", "c"))["text"].startswith("Biểu đồ\n\n[Mở]")  # type: ignore[arg-type]
    said = "Biểu đồ\n\n[ảnh] Xã Quảng An: 42,9%\n\n[Mở]  [Trang]\n[Chép]\n\nBảng\n\n[tệp] a.xlsx"
    assert shown(desk.outcome) == said
    talk = Talk(desk, "console:lan")  # type: ignore[arg-type]
    assert "[ảnh] Xã Quảng An: 42,9%" in await talk.open()


def test_pictures_and_files_are_kept_where_it_is_asked_for(tmp_path: Path) -> None:
    kept = keep(Outcome(FILES), tmp_path / "new")
    assert [path.name for path in kept] == ["hinh-1.png", "a.xlsx"]
    assert [path.read_bytes() for path in kept] == [b"png", b"table"]
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot write into"):
        keep(Outcome(FILES), tmp_path / "file")


async def test_no_facet_is_null() -> None:
    assert (await answer_one(Desk(), "hỏi", "p", "c"))["facet"] is None  # type: ignore[arg-type]


async def test_each_line_is_a_conversation_of_its_own() -> None:
    desk = Desk()
    answers = await lines_of(desk, "một\n", "hai\r\n", "\n", "ba")
    assert [answer["query"] for answer in answers] == ["một", "hai", "", "ba"], "as many answers as lines"
    assert len({message.conversation for message in desk.heard}) == 4
    assert {message.person for message in desk.heard} == {"console:lan"}


async def test_shared_lines_are_one_conversation_up_to_an_empty_one() -> None:
    desk = Desk()
    await lines_of(desk, "một\n", "hai\n", "  \n", "ba\n", "\n", "\n", "bốn\n", shared=True)
    first, second, third, fourth = (message.conversation for message in desk.heard)
    assert first == second
    assert len({first, third, fourth}) == 3


async def test_a_typed_number_presses_a_button() -> None:
    desk = Desk(Reply("Chọn", BUTTONS))
    talk = Talk(desk, "console:lan")  # type: ignore[arg-type]
    shown = await talk.open()
    assert (desk.heard[-1].text, desk.heard[-1].kind) == ("home", Kind.ACTION)
    for number, label in (("1", "Mở"), ("2", "Trang"), ("3", "Chép")):
        assert f"[{number}]" in shown
        assert label in shown
    await talk.say(" 1 ")
    assert (desk.heard[-1].text, desk.heard[-1].kind) == ("entry:a.b", Kind.ACTION)
    heard = len(desk.heard)
    assert await talk.say("2") == "https://example.org\n"
    assert await talk.say("3") == "113\n"
    assert len(desk.heard) == heard, "an address is shown, not sent"


@pytest.mark.parametrize("line", ["4", "0", "-1", "01", "1.", "²", "١", "9" * 5000, "1 2", "mất thẻ"])
async def test_anything_else_is_a_question(line: str) -> None:
    desk = Desk(Reply("Chọn", BUTTONS))
    talk = Talk(desk, "console:lan")  # type: ignore[arg-type]
    await talk.open()
    await talk.say(line)
    assert (desk.heard[-1].text, desk.heard[-1].kind) == (line, Kind.TEXT)


async def test_buttons_of_all_replies_are_counted() -> None:
    desk = Desk(Reply("Một", BUTTONS), Reply("Hai", ((Button("Cuối", action="home"),),)))
    talk = Talk(desk, "console:lan")  # type: ignore[arg-type]
    await talk.open()
    await talk.say("4")
    assert desk.heard[-1].text == "home"


async def test_a_talk_through_a_pipe(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("1.000001\n\n   \n1\nxin chào"))
    await chat(house.assistant, "console:lan")
    shown = capsys.readouterr().out
    assert "\x1b" not in shown, "colours are for a terminal"
    assert "> " not in shown, "so is the prompt"
    assert "Chào bạn! Mình là trợ lý" in shown
    assert "Cấp thẻ bạn đọc" in shown
    assert shown.index("Mã thủ tục") < shown.index("Giấy khai sinh"), "the first button shows the papers"
    assert len(house.memory.answered_ones) == 4
    assert not house.memory.failed_ones


async def test_a_talk_in_a_terminal(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal("1\n"))
    await chat(house.assistant, "console:lan")
    assert capsys.readouterr().out.count("> ") == 2
