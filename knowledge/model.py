"""What is known, as frozen values. Shapes of the content files: see ``load``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date as Day  # noqa: N812 a field is called date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints, with_config

from knowledge.guard_words import GuardWords, Words
from knowledge.plan import Plan
from knowledge.word_weights import WordWeights


class Facet(StrEnum):
    """The side of a procedure that a question asks for. The values are part of ``dvcbot ask --json``."""

    DOCUMENTS = "documents"
    FEE = "fee"
    TIME = "time"
    WHERE = "where"
    HOW = "how"
    CONDITIONS = "conditions"
    RESULT = "result"
    LEGAL = "legal"


Channel = Literal["online", "desk", "post"]

Label = Annotated[str, StringConstraints(min_length=1, max_length=32)]
EntryId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$", max_length=40)]
Code = Annotated[str, StringConstraints(pattern=r"^\d\.\d{6}$")]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=32)]
Url = Annotated[str, StringConstraints(pattern=r"^(https://\S+)?$")]

#: Content files are read straight into these classes; a key that they do not have is a mistake in the file.
_STRICT = with_config(ConfigDict(extra="forbid"))


@_STRICT
@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from: a document number or page title, an article or page of it, its date."""

    title: Words
    date: Day
    ref: str = ""
    url: Url = ""


@_STRICT
@dataclass(frozen=True, slots=True)
class Entry:
    """A curated answer. ``answer``, ``steps``, ``facets`` and ``unverified`` are rendered HTML. ``general``: it tells
    one side of whatever is talked about, which stays what is talked about."""

    id: EntryId
    title: Annotated[Words, StringConstraints(max_length=60)]
    label: Label
    topic: Slug
    phrasings: Annotated[tuple[Words, ...], Field(min_length=10)]
    answer: Words
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    owner: Words
    verified_on: Day
    review_by: Day
    keywords: tuple[Words, ...] = ()
    steps: tuple[Words, ...] = ()
    facets: dict[Facet, Words] = dataclass_field(default_factory=dict)
    unverified: str = ""
    related: tuple[EntryId, ...] = ()
    general: bool = False


@_STRICT
@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to hand in (``name``, numbers of originals and copies), or a heading (``case``) for those after it."""

    name: str = ""
    case: str = ""
    original: int = 0
    copy: int = 0


@_STRICT
@dataclass(frozen=True, slots=True)
class Method:
    """One way to file. ``fee`` is empty when the source's figure is not to be relied on: that does not mean free."""

    channel: Channel
    time: str = ""
    fee: str = ""
    fee_note: str = ""
    case: str = ""


@_STRICT
@dataclass(frozen=True, slots=True)
class Collection:
    """Where a batch of procedures was taken from, and when."""

    title: Words
    url: Url
    as_of: Day
    review_by: Day


@_STRICT
@dataclass(frozen=True, slots=True)
class Procedure:
    """An official procedure by its code. Unless ``name_official``, the wording of the name is not the official one."""

    code: Code
    name: Words
    collection: Collection
    name_official: bool = True
    field: str = ""
    agency: str = ""
    applicants: str = ""
    levels: tuple[str, ...] = ()
    one_stop: bool = False
    documents: tuple[Paper, ...] = ()
    methods: tuple[Method, ...] = ()
    time_limit: str = ""
    result: str = ""
    legal_basis: tuple[str, ...] = ()
    url: Url = ""
    keywords: str = ""

    @property
    def id(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        return self.name

    @property
    def known(self) -> bool:
        """Whether there is more than a name."""
        return bool(self.documents or self.methods or self.result)


Item = Entry | Procedure


@dataclass(frozen=True, slots=True)
class Topic:
    """A shelf of entries, for browsing."""

    id: str
    title: str
    icon: str
    order: int
    entries: tuple[str, ...]


@_STRICT
@dataclass(frozen=True, slots=True)
class Hotline:
    """A number to call. ``verified`` says whether its present validity was confirmed on ``verified_on``."""

    id: Slug
    name: Words
    number: Words
    dial: Annotated[str, StringConstraints(pattern=r"^\d{3,11}$")]
    purpose: Words
    verified: bool
    verified_on: Day
    review_by: Day
    source: Words
    order: int
    note: str = ""


@_STRICT
@dataclass(frozen=True, slots=True)
class Smalltalk:
    """A kind of small talk: what people say and what is said back (HTML)."""

    id: Slug
    phrasings: Annotated[tuple[Words, ...], Field(min_length=1)]
    reply: Words


@_STRICT
@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A subject that is not ours, and what people ask about it."""

    id: Slug
    phrasings: Annotated[tuple[Words, ...], Field(min_length=1)]


@_STRICT
@dataclass(frozen=True, slots=True)
class Spoken:
    """What people call a procedure and how they ask for it. ``variant_of`` names the common case of a rare variant,
    ``same_as`` the codes of the same procedure at another level."""

    code: Code
    label: Annotated[Words, StringConstraints(max_length=48)]
    phrasings: Annotated[tuple[Words, ...], Field(min_length=5)]
    keywords: tuple[Words, ...] = ()
    variant_of: Code | None = None
    same_as: tuple[Code, ...] = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words about words: ``abbreviations`` give a token its long form, ``ambiguous`` several of which the neighbours
    choose, ``facets`` list the phrases that ask for one ("^": only at the beginning), ``named`` those that sound so
    but belong to a subject, ``fillers`` those that say nothing about the subject."""

    abbreviations: dict[str, str]
    ambiguous: dict[str, tuple[Words, ...]]
    facets: dict[Facet, tuple[str, ...]]
    fillers: tuple[str, ...]
    named: tuple[str, ...] = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class ChoiceWords:
    """``places`` lists what the first, second, third choice is called, ``aside`` what is said around it. ``yes`` takes
    the only one."""

    places: tuple[tuple[str, ...], ...] = ()
    last: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class CorrectionWords:
    """What follows ``meant`` is what counts. ``wrong`` stands at the beginning, as does ``instead``, which only counts
    before something else; ``aside`` says nothing after them. ``insisting`` words, written with their diacritics, stand
    at the end. What follows ``denied`` is not so."""

    meant: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    insisting: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class FollowingWords:
    """``cues`` tell that a question goes on, ``openings`` do so at its beginning, unless they are ``unlike`` them;
    ``turning`` words leave the subject. ``fillers`` and ``facets`` are read so only where there is a subject."""

    cues: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    turning: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    facets: dict[Facet, tuple[str, ...]] = dataclass_field(default_factory=dict)


@_STRICT
@dataclass(frozen=True, slots=True)
class DialogueWords:
    """The words of ``content/dialogue.toml``; ``address`` is said to somebody, of nothing."""

    address: tuple[str, ...] = ()
    choice: ChoiceWords = ChoiceWords()
    correction: CorrectionWords = CorrectionWords()
    following: FollowingWords = FollowingWords()


@_STRICT
@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature of ``rank`` counts, and the score that "none of them" starts with."""

    none: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that is known, checked and ready. ``usual``: the procedure (code) that a subject stands for when
    nothing else is said of it."""

    entries: dict[str, Entry]
    procedures: dict[str, Procedure]
    spoken: dict[str, Spoken]
    usual: dict[str, str]
    topics: dict[str, Topic]
    hotlines: dict[str, Hotline]
    smalltalk: dict[str, Smalltalk]
    elsewhere: dict[str, Elsewhere]
    lexicon: Lexicon
    dialogue: DialogueWords
    guards: GuardWords
    weights: Weights
    words: WordWeights
    plan: Plan

    def item(self, item_id: str) -> Item | None:
        return self.entries.get(item_id) or self.procedures.get(item_id)
