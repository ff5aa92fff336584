"""The words of ``content/guards.toml``, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import ConfigDict, StringConstraints, with_config

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_STRICT = with_config(ConfigDict(extra="forbid"))


@_STRICT
@dataclass(frozen=True, slots=True)
class SecretWords:
    """``words`` announce a code or password, ``between`` may follow; ``account`` and ``name`` announce those, ``code``
    one of six digits, ``number`` what stands on papers and cards. A number before an ``amount`` word or right after a
    ``harmless`` one is no secret. ``telling``: what stands right before a value; ``plain``: how a word begins that is
    none, though no syllable."""

    words: tuple[Words, ...] = ()
    between: tuple[Words, ...] = ()
    account: tuple[Words, ...] = ()
    name: tuple[Words, ...] = ()
    code: tuple[Words, ...] = ()
    amount: tuple[Words, ...] = ()
    harmless: tuple[Words, ...] = ()
    number: tuple[Words, ...] = ()
    telling: tuple[Words, ...] = ()
    plain: tuple[Words, ...] = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class FraudWords:
    """A ``caller`` who makes a ``demand`` (or sends on an ``errand``, but not to a ``desk``), or a ``plain`` sign, or a
    link to a host that looks like an ``alike`` one. ``whom`` asks who is to be called; ``other`` is about something
    else. What it is about chooses the entry."""

    caller: tuple[Words, ...] = ()
    whom: tuple[Words, ...] = ()
    demand: tuple[Words, ...] = ()
    errand: tuple[Words, ...] = ()
    desk: tuple[Words, ...] = ()
    plain: tuple[Words, ...] = ()
    other: tuple[Words, ...] = ()
    alike: tuple[Words, ...] = ()
    about_portal: tuple[Words, ...] = ()
    about_identity: tuple[Words, ...] = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class DangerWords:
    """Signs of danger to people, ``unless`` papers are asked for. ``spelt`` ones need their diacritics. ``other``: the
    same words about something else."""

    signs: tuple[Words, ...] = ()
    spelt: tuple[Words, ...] = ()
    other: tuple[Words, ...] = ()
    unless: tuple[Words, ...] = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class GameWords:
    """Signs of an attempt to make the assistant into something else, ``unless`` it is about something else."""

    signs: tuple[Words, ...] = ()
    unless: tuple[Words, ...] = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class AbuseWords:
    """Insults, with their diacritics."""

    words: tuple[Words, ...] = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class PersonalWords:
    """What tells of a person, see ``anonymous``. A name follows ``name``; it may follow ``maybe_name`` and ``kin``.
    It begins with one of ``surnames``, often goes on with one of ``middle``, and ends before one of ``stops``. The
    ``sure`` ones are no other words even without their diacritics."""

    name: tuple[Words, ...] = ()
    maybe_name: tuple[Words, ...] = ()
    surnames: tuple[Words, ...] = ()
    sure_surnames: tuple[Words, ...] = ()
    middle: tuple[Words, ...] = ()
    sure_middle: tuple[Words, ...] = ()
    kin: tuple[Words, ...] = ()
    stops: tuple[Words, ...] = ()
    house: tuple[Words, ...] = ()
    street: tuple[Words, ...] = ()
    born: tuple[Words, ...] = ()
    calendar: tuple[Words, ...] = ()


@_STRICT
@dataclass(frozen=True, slots=True)
class GuardWords:
    """The words of ``content/guards.toml``."""

    secrets: SecretWords = SecretWords()
    personal: PersonalWords = PersonalWords()
    fraud: FraudWords = FraudWords()
    emergency: DangerWords = DangerWords()
    abuse: AbuseWords = AbuseWords()
    games: GameWords = GameWords()
