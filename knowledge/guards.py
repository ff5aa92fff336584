"""What is looked for in a message before it is answered: danger, fraud, secrets, games with the assistant, abuse."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.guard_words import FraudWords, GuardWords
from knowledge.mask import DELICATE, HIDDEN, LINK, Kind, Masked, Masker
from knowledge.phrases import Phrases
from knowledge.text import fold, may_mean, sound, tokens


class Alarm(StrEnum):
    """What a message calls for first."""

    EMERGENCY = "emergency"
    FRAUD = "fraud"
    SECRET = "secret"  # noqa: S105 a name
    GAME = "game"
    ABUSE = "abuse"


#: The entries that are shown for an alarm.
IDENTITY_FRAUD = "vneid.lua-dao"
PORTAL_FRAUD = "dvc.an-toan"
#: The end of a host's name that only the state can have.
OFFICIAL = ".gov.vn"
_HOST = re.compile(r"(?<![\w@.-])(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?![\w@])", re.IGNORECASE)
#: Fewer words beside a secret are no question of their own.
MIN_QUESTION = 3
ENTRIES = {Alarm.EMERGENCY: "ho-tro.khan-cap", Alarm.SECRET: "bot.khong-gui-giay-to"}


@dataclass(frozen=True, slots=True)
class Seen:
    """``text`` with personal data masked, the ``alarm`` with the ``entry`` to show for it ("" for none), the delicate
    ``kinds`` that were sent, and ``rests``: what may be left to be answered, in the order to try."""

    text: str
    alarm: Alarm | None = None
    entry: str = ""
    kinds: frozenset[Kind] = frozenset()
    rests: tuple[str, ...] = ()


class Guards:
    """Looks at messages with one set of words."""

    def __init__(self, words: GuardWords) -> None:
        self._masker = Masker(words.secrets)
        secrets = words.secrets
        told = (*secrets.words, *secrets.between, *secrets.account, *secrets.code, *secrets.number)
        self._announcing = frozenset(fold(token) for phrase in told for token in tokens(phrase))
        self._fraud = _Fraud(words.fraud)
        self._danger = _Signs(words.emergency.signs)
        self._spelt_danger = _Signs(words.emergency.spelt, spelt=True)
        self._no_danger = _Signs(words.emergency.other)
        self._papers = _Signs(words.emergency.unless)
        self._games = _Signs(words.games.signs)
        self._no_games = _Signs(words.games.unless)
        self._abuse = _Signs(words.abuse.words, spelt=True)

    def look(self, text: str) -> Seen:
        """What ``text`` (cleaned) calls for."""
        masked = self._masker.mask(text)
        kinds = masked.kinds & DELICATE
        rest = masked.text.replace(HIDDEN, " ").strip()
        said = _Said.of(rest)
        alarm = self._alarm(said, text)
        if alarm:
            entry = self._fraud.entry(said) if alarm is Alarm.FRAUD else ENTRIES.get(alarm, "")
            return Seen(masked.text, alarm, entry, kinds)
        if kinds:
            return Seen(masked.text, Alarm.SECRET, ENTRIES[Alarm.SECRET], kinds, self._rests(masked))
        if rude := self._abuse.places(said):
            polite = " ".join(word for place, word in enumerate(said.typed) if place not in rude)
            return Seen(masked.text, Alarm.ABUSE, rests=(polite,) if polite else ())
        return Seen(masked.text)

    def _rests(self, masked: Masked) -> tuple[str, ...]:
        """What is asked beside a secret: with the words that announce it and without. The number of a paper is rarely
        what is asked about, a code or password often is."""
        whole = masked.text.replace(HIDDEN, " ").strip()
        if not set(_Said.of(whole).folded) - self._announcing:
            return ()
        kept: list[str] = []
        for word in masked.text.split():
            if HIDDEN in word:
                while kept and set(_Said.of(kept[-1]).folded) <= self._announcing:
                    kept.pop()
            else:
                kept.append(word)
        pure = " ".join(kept)
        if len(kept) < MIN_QUESTION or pure == whole:
            return (whole,)
        return (whole, pure) if Kind.SECRET in masked.kinds else (pure, whole)

    def mask(self, text: str) -> str:
        """``text`` fit to be kept."""
        return self._masker.mask(text).text

    def _alarm(self, said: _Said, text: str) -> Alarm | None:
        told = said.without(self._no_danger.places(said))
        in_danger = self._danger.places(told) or self._spelt_danger.places(told)
        if in_danger and not self._papers.places(said):
            return Alarm.EMERGENCY
        if self._fraud.seen(said, text):
            return Alarm.FRAUD
        played = self._games.places(said) and not self._no_games.places(said)
        return Alarm.GAME if played else None


class _Fraud:
    """Signs that somebody is being cheated."""

    def __init__(self, words: FraudWords) -> None:
        self._caller = _Signs(words.caller)
        self._whom = _Signs(words.whom)
        self._demand = _Signs(words.demand)
        self._errand = _Signs(words.errand)
        self._desk = _Signs(words.desk)
        self._plain = _Signs(words.plain)
        self._other = _Signs(words.other)
        self._alike = words.alike
        self._portal = _Signs(words.about_portal)
        self._identity = _Signs(words.about_identity)

    def seen(self, said: _Said, text: str) -> bool:
        """Whether ``text``, of which ``said`` are the words but for links and secrets, shows such a sign."""
        said = said.without(self._other.places(said))
        if self._plain.places(said) or any(self._is_alike(host[1]) for host in _HOST.finditer(text)):
            return True
        told = said.without(self._whom.places(said))
        return bool(self._caller.places(told)) and self._is_demanded(told, LINK.search(text) is not None)

    def _is_demanded(self, said: _Said, linked: bool) -> bool:
        if linked or self._demand.places(said):
            return True
        return bool(self._errand.places(said)) and not self._desk.places(said)

    def _is_alike(self, host: str) -> bool:
        name = host.lower()
        return not name.endswith(OFFICIAL) and any(word in re.sub(r"[.\-]", "", name) for word in self._alike)

    def entry(self, said: _Said) -> str:
        """The entry that warns of it."""
        portal = self._portal.places(said) and not self._identity.places(said)
        return PORTAL_FRAUD if portal else IDENTITY_FRAUD


@dataclass(frozen=True, slots=True)
class _Said:
    """Words as they were typed, and the same folded."""

    typed: tuple[str, ...]
    folded: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> _Said:
        typed = tuple(tokens(text))
        return cls(typed, tuple(map(fold, typed)))

    def without(self, places: set[int]) -> _Said:
        """The same with nothing at ``places``."""
        if not places:
            return self
        return _Said(
            tuple("" if place in places else word for place, word in enumerate(self.typed)),
            tuple("" if place in places else word for place, word in enumerate(self.folded)),
        )


class _Signs:
    """Phrases to be seen in typed words. Diacritics may be missing but not be others; ``spelt``: all must be there."""

    def __init__(self, phrases: Sequence[str], *, spelt: bool = False) -> None:
        self._phrases = Phrases([(None, phrase) for phrase in phrases])
        self._words = [tuple(tokens(phrase)) for phrase in phrases]
        self._fits = _sounds_like if spelt else may_mean

    def places(self, said: _Said) -> set[int]:
        """The places of the words of all phrases seen."""
        if not self._phrases.may_stand_in(said.folded):
            return set()
        return {
            place
            for match in self._phrases.found(said.folded)
            if all(
                self._fits(said.typed[at], word) for at, word in zip(match.places, self._words[match.rank], strict=True)
            )
            for place in match.places
        }


def _sounds_like(typed: str, word: str) -> bool:
    return sound(typed) == sound(word)
