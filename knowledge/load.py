"""Reads the content files into ``Knowledge``. Everything wrong with them is found in one run.

- guidance/<topic>.toml: [topic] and its [[entry]] tables, the curated answers
- procedures/*.jsonl: official procedures, one a line; sets.toml tells where each file comes from
- spoken/<topic>.toml: [[procedure]], what people call the common procedures
- hotline.toml: [[number]], and how a number is written
- smalltalk.toml: [[talk]]
- elsewhere.toml: [[subject]], what people ask that is not ours
- lexicon.toml: abbreviations, facet phrases, fillers
- usual.toml: the procedure that a subject stands for when nothing else is said of it
- dialogue.toml: how people refer to what was said before
- guards.toml: what is looked for in every message before it is answered
- weights.toml: what the features of the ranking count
- word-weights.json: how much words speak for an item, see ``word_weights``; without it items are ranked without that
- units/, plan/: units and the plan that sets their targets, see ``load_plan``
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateRuntimeError
from markupsafe import Markup
from pydantic import TypeAdapter
from pydantic_core import from_json

from knowledge import markup
from knowledge.guard_words import GuardWords, Words
from knowledge.load_plan import PlanReader
from knowledge.model import (
    Code,
    Collection,
    DialogueWords,
    Elsewhere,
    Entry,
    Facet,
    Hotline,
    Knowledge,
    Lexicon,
    Procedure,
    Smalltalk,
    Spoken,
    Topic,
    Weights,
)
from knowledge.reading import ContentError, Problem, Reader
from knowledge.text import fold, tokens
from knowledge.word_weights import WordWeights

__all__ = ["ContentError", "Problem", "content_root", "garbled", "load"]

MAX_ANSWER = 2000
#: In dong. The source lost three noughts of what is below.
SMALLEST_FEE = 1000
DERIVED_FACETS = {Facet.HOW: "steps", Facet.LEGAL: "sources"}

_ENTRY = TypeAdapter(Entry)
_PROCEDURE = TypeAdapter(Procedure)
_COLLECTION = TypeAdapter(Collection)
_TOPIC = TypeAdapter(Topic)
_HOTLINE = TypeAdapter(Hotline)
_SPOKEN = TypeAdapter(Spoken)
_TALK = TypeAdapter(Smalltalk)
_ELSEWHERE = TypeAdapter(Elsewhere)
_LEXICON = TypeAdapter(Lexicon)
_USUAL = TypeAdapter(dict[Words, Code])
_GUARDS = TypeAdapter(GuardWords)
_DIALOGUE = TypeAdapter(DialogueWords)
_WEIGHTS = TypeAdapter(Weights)


def content_root() -> Path:
    """The content that comes with the project."""
    return Path(str(files("knowledge"))) / "content"


def load(root: Path | None = None) -> Knowledge:
    """Read all content under ``root``. Raises ContentError with every mistake found."""
    reader = _Reader(root or content_root())
    knowledge = reader.read()
    if reader.problems:
        raise ContentError(reader.problems)
    return knowledge


class _Reader(Reader):
    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.entry_files: dict[str, str] = {}
        self.spoken_files: dict[str, str] = {}

    def read(self) -> Knowledge:
        hotlines, styles = self._hotlines()
        topics, entries = self._guidance()
        entries = {entry.id: self._rendered(entry, hotlines, styles) for entry in entries.values()}
        knowledge = Knowledge(
            entries=entries,
            procedures=self._procedures(),
            spoken=self._spoken(),
            usual=self._usual(),
            topics=topics,
            hotlines=hotlines,
            smalltalk=self._smalltalk(),
            elsewhere=self._elsewhere(),
            lexicon=self._lexicon(),
            dialogue=self._dialogue(),
            guards=self._guards(),
            weights=self._weights(),
            words=self._word_weights(),
            plan=PlanReader(self.root, self.problems).read(),
        )
        self._check_together(knowledge)
        return knowledge

    def _unique(self, path: Path, known: dict[str, Any], item_id: str) -> bool:
        if item_id in known:
            self._problem(path, item_id, f"duplicate id, also in {self.entry_files.get(item_id, path.name)}")
            return False
        self.entry_files[item_id] = f"{path.parent.name}/{path.name}" if path.parent != self.root else path.name
        return True

    def _guidance(self) -> tuple[dict[str, Topic], dict[str, Entry]]:
        topics: dict[str, Topic] = {}
        entries: dict[str, Entry] = {}
        paths = sorted(self.root.glob("guidance/*.toml"))
        if not paths:
            self._problem("guidance", "", "has no content files")
        for path in paths:
            table = self._toml(path)
            topic = self._topic(path, table.pop("topic", None))
            own = []
            for entry in self._rows(path, table, "entry", _ENTRY, topic=path.stem):
                if self._unique(path, entries, entry.id):
                    entries[entry.id] = entry
                    own.append(entry.id)
            if topic is not None:
                topics[path.stem] = replace(topic, entries=tuple(own))
        return dict(sorted(topics.items(), key=lambda pair: pair[1].order)), entries

    def _topic(self, path: Path, head: Any) -> Topic | None:
        if isinstance(head, dict) and head.get("id") == path.stem and head.keys() == {"id", "title", "icon", "order"}:
            return self._valid(_TOPIC, {**head, "entries": ()}, path, "topic")
        self._problem(path, "topic", f"needs id = {path.stem!r}, title, icon, order and nothing else")
        return None

    def _hotlines(self) -> tuple[dict[str, Hotline], dict[str, str]]:
        path = self.root / "hotline.toml"
        table = self._toml(path)
        styles = table.pop("style", {})
        if not isinstance(styles, dict) or styles.keys() != {"verified", "unverified"}:
            self._problem(path, "style", "needs verified and unverified and nothing else")
            styles = dict.fromkeys(("verified", "unverified"), "{number}")
        found: dict[str, Hotline] = {}
        for hotline in sorted(self._rows(path, table, "number", _HOTLINE), key=lambda row: row.order):
            if self._unique(path, found, hotline.id):
                found[hotline.id] = hotline
        return found, styles

    def _smalltalk(self) -> dict[str, Smalltalk]:
        path = self.root / "smalltalk.toml"
        found: dict[str, Smalltalk] = {}
        for talk in self._rows(path, self._toml(path), "talk", _TALK):
            if self._unique(path, found, talk.id):
                found[talk.id] = talk
                for what in markup.errors(talk.reply):
                    self._problem(path, talk.id, what)
        return found

    def _elsewhere(self) -> dict[str, Elsewhere]:
        path = self.root / "elsewhere.toml"
        found: dict[str, Elsewhere] = {}
        for subject in self._rows(path, self._toml(path), "subject", _ELSEWHERE):
            if self._unique(path, found, subject.id):
                found[subject.id] = subject
        return found

    def _lexicon(self) -> Lexicon:
        path = self.root / "lexicon.toml"
        return self._valid(_LEXICON, self._toml(path), path, "") or Lexicon({}, {}, {}, ())

    def _usual(self) -> dict[str, str]:
        path = self.root / "usual.toml"
        return self._valid(_USUAL, self._toml(path).get("subjects", {}), path, "subjects") or {}

    def _dialogue(self) -> DialogueWords:
        path = self.root / "dialogue.toml"
        return self._valid(_DIALOGUE, self._toml(path), path, "") or DialogueWords()

    def _guards(self) -> GuardWords:
        path = self.root / "guards.toml"
        return self._valid(_GUARDS, self._toml(path), path, "") or GuardWords()

    def _weights(self) -> Weights:
        path = self.root / "weights.toml"
        return self._valid(_WEIGHTS, self._toml(path), path, "") or Weights(0.0, {})

    def _word_weights(self) -> WordWeights:
        path = self.root / "word-weights.json"
        try:
            return WordWeights.read(path.read_text(encoding="utf-8")) if path.exists() else WordWeights()
        except ValueError as error:
            self._problem(path, "", str(error))
            return WordWeights()

    def _procedures(self) -> dict[str, Procedure]:
        found: dict[str, Procedure] = {}
        sets = self.root / "procedures" / "sets.toml"
        collections = {
            name: collection
            for name, row in self._toml(sets).items()
            if (collection := self._valid(_COLLECTION, row, sets, name)) is not None
        }
        for name in collections:
            if not (sets.parent / f"{name}.jsonl").exists():
                self._problem(sets, name, f"there is no file {name}.jsonl")
        for path in sorted(self.root.glob("procedures/*.jsonl")):
            if path.stem not in collections:
                self._problem(path, "", "is not named in sets.toml")
                continue
            for procedure in self._lines(path, collections[path.stem]):
                if self._unique(path, found, procedure.code):
                    found[procedure.code] = procedure
        return found

    def _spoken(self) -> dict[str, Spoken]:
        found: dict[str, Spoken] = {}
        for path in sorted(self.root.glob("spoken/*.toml")):
            for spoken in self._rows(path, self._toml(path), "procedure", _SPOKEN):
                if spoken.code in found:
                    self._problem(path, spoken.code, f"duplicate code, also in {self.spoken_files[spoken.code]}")
                found[spoken.code] = spoken
                self.spoken_files[spoken.code] = f"{path.parent.name}/{path.name}"
        return found

    def _lines(self, path: Path, collection: Collection) -> Iterator[Procedure]:
        for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
            if not line.strip():
                continue
            try:
                row = dict(from_json(line))
            except (ValueError, TypeError) as error:
                self._problem(path, f"line {number}", f"is not a JSON object: {error}")
                continue
            where = f"line {number} ({row.get('code')})"
            procedure = self._valid(_PROCEDURE, {**row, "collection": collection}, path, where)
            if procedure is not None:
                for what in garbled(procedure):
                    self._problem(path, where, what)
                yield procedure

    def _rendered(self, entry: Entry, hotlines: dict[str, Hotline], styles: dict[str, str]) -> Entry:
        """``entry`` with its templates filled in and its HTML checked."""
        environment = _environment(hotlines, styles)

        def fill(part: str, text: str) -> str:
            try:
                html = environment.from_string(text).render().strip() if "{" in text else text.strip()
            except Exception as error:  # a template can go wrong in any way; its author is told which
                self._problem(self.entry_files[entry.id], entry.id, f"{part}: template error: {error}")
                return ""
            for what in markup.errors(html):
                self._problem(self.entry_files[entry.id], entry.id, f"{part}: {what}")
            return html

        filled = replace(
            entry,
            answer=fill("answer", entry.answer),
            steps=tuple(fill(f"steps {number}", step) for number, step in enumerate(entry.steps, 1)),
            facets={facet: fill(f"facets.{facet}", text) for facet, text in entry.facets.items()},
            unverified=fill("unverified", entry.unverified),
        )
        self._check_entry(filled)
        return filled

    def _check_entry(self, entry: Entry) -> None:
        file = self.entry_files[entry.id]
        size = len(markup.plain("\n".join((entry.title, entry.answer, *entry.steps, entry.unverified))))
        if size > MAX_ANSWER:
            self._problem(file, entry.id, f"the answer has {size} characters, more than {MAX_ANSWER}")
        for facet in DERIVED_FACETS.keys() & entry.facets.keys():
            self._problem(file, entry.id, f"facets.{facet} is made of {DERIVED_FACETS[facet]}: leave it out")
        if entry.review_by <= entry.verified_on:
            self._problem(file, entry.id, "review_by must be after verified_on")

    def _check_together(self, knowledge: Knowledge) -> None:
        known: dict[str, str] = {}
        for entry in knowledge.entries.values():
            file = self.entry_files[entry.id]
            for related in entry.related:
                if knowledge.item(related) is None:
                    self._problem(file, entry.id, f"related id {related} does not exist")
            self._check_phrasings(file, entry.id, entry.phrasings, known)
        for subject, code in knowledge.usual.items():
            if code not in knowledge.procedures:
                self._problem("usual.toml", subject, f"there is no procedure {code}")
        for spoken in knowledge.spoken.values():
            file = self.spoken_files[spoken.code]
            for code in (spoken.code, *spoken.same_as, *filter(None, [spoken.variant_of])):
                if code not in knowledge.procedures:
                    self._problem(file, spoken.code, f"there is no procedure {code}")
            self._check_phrasings(file, spoken.code, spoken.phrasings, known)
        for strange in knowledge.elsewhere.values():
            self._check_phrasings("elsewhere.toml", strange.id, strange.phrasings, known)

    def _check_phrasings(self, file: str, item_id: str, phrasings: tuple[str, ...], known: dict[str, str]) -> None:
        """No phrasing may lead to two items. ``known`` maps the folded ones seen so far to their items."""
        for phrasing in phrasings:
            other = known.setdefault(" ".join(map(fold, tokens(phrasing))), item_id)
            if other != item_id:
                self._problem(file, item_id, f"phrasing {phrasing!r} is also in {other}")


def _environment(hotlines: dict[str, Hotline], styles: dict[str, str]) -> Environment:
    def hotline(hotline_id: str) -> Markup:
        if hotline_id not in hotlines:
            raise TemplateRuntimeError(f"there is no number {hotline_id!r}")
        row = hotlines[hotline_id]
        style = styles["verified" if row.verified else "unverified"]
        return Markup(style).format(number=row.number, date=f"{row.verified_on:%d/%m/%Y}")  # noqa: S704 content is ours

    environment = Environment(undefined=StrictUndefined, autoescape=True)
    environment.globals = {"hotline": hotline}
    return environment


def garbled(procedure: Procedure) -> list[str]:
    """Fees and times that the source damaged and that must not be shown."""
    found = []
    for method in procedure.methods:
        time = fold(method.time)
        if time and not (time[0].isdigit() and any(unit in time for unit in ("ngay", "gio", "thang"))):
            found.append(f"time {method.time!r} has no number or no unit")
        amount = fold(method.fee).removesuffix(" dong").replace(".", "")
        if amount.isdigit() and int(amount) < SMALLEST_FEE:
            found.append(f"fee {method.fee!r} cannot be right")
    return found
