"""What is looked for in a message before it is answered: danger, fraud, secrets, games with the assistant, abuse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from knowledge.mask import DELICATE, HIDDEN, Kind, Masker
from knowledge.model import GuardWords
from knowledge.query import Phrases
from knowledge.text import fold, tokens


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
ENTRIES = {Alarm.EMERGENCY: "ho-tro.khan-cap", Alarm.SECRET: "bot.khong-gui-giay-to"}


@dataclass(frozen=True, slots=True)
class Seen:
    """``text`` with personal data masked, the ``alarm`` with the ``entry`` to show for it ("" for none), the delicate
    ``kinds`` that were sent, and ``rest``: what is left to be answered."""

    text: str
    alarm: Alarm | None = None
    entry: str = ""
    kinds: frozenset[Kind] = frozenset()
    rest: str = ""


class Guards:
    """Looks at messages with one set of words."""

    def __init__(self, words: GuardWords) -> None:
        self._masker = Masker(words.secrets)
        told = (*words.secrets.words, *words.secrets.between, *words.secrets.account)
        self._announcing = frozenset(fold(token) for phrase in told for token in tokens(phrase))
        self._caller = _phrases(words.fraud.caller)
        self._demand = _phrases(words.fraud.demand)
        self._plain = _phrases(words.fraud.plain)
        self._portal = _phrases(words.fraud.about_portal)
        self._identity = _phrases(words.fraud.about_identity)
        self._danger = _phrases(words.emergency.signs)
        self._papers = _phrases(words.emergency.unless)
        self._games = _phrases(words.games.signs)
        self._abuse = Phrases([(None, word) for word in words.abuse.words], folded=False)

    def look(self, text: str) -> Seen:
        """What ``text`` (cleaned) calls for."""
        masked = self._masker.mask(text)
        kinds = masked.kinds & DELICATE
        rest = masked.text.replace(HIDDEN, " ").strip()
        folded = [fold(token) for token in tokens(rest)]
        alarm = self._alarm(folded, Kind.LINK in masked.kinds)
        if alarm:
            entry = self._fraud_entry(folded) if alarm is Alarm.FRAUD else ENTRIES.get(alarm, "")
            return Seen(masked.text, alarm, entry, kinds)
        if kinds:
            left = rest if set(folded) - self._announcing else ""
            return Seen(masked.text, Alarm.SECRET, ENTRIES[Alarm.SECRET], kinds, left)
        typed = tokens(rest)
        rude = {place for match in self._abuse.found(typed) for place in match.places}
        if rude:
            polite = " ".join(word for place, word in enumerate(typed) if place not in rude)
            return Seen(masked.text, Alarm.ABUSE, rest=polite)
        return Seen(masked.text, rest=masked.text)

    def mask(self, text: str) -> str:
        """``text`` fit to be kept."""
        return self._masker.mask(text).text

    def _alarm(self, folded: list[str], linked: bool) -> Alarm | None:
        if _any(self._danger, folded) and not _any(self._papers, folded):
            return Alarm.EMERGENCY
        demanded = linked or _any(self._demand, folded)
        if _any(self._plain, folded) or (demanded and _any(self._caller, folded)):
            return Alarm.FRAUD
        return Alarm.GAME if _any(self._games, folded) else None

    def _fraud_entry(self, folded: list[str]) -> str:
        portal = _any(self._portal, folded) and not _any(self._identity, folded)
        return PORTAL_FRAUD if portal else IDENTITY_FRAUD


def _phrases(words: Iterable[str]) -> Phrases:
    return Phrases([(None, word) for word in words])


def _any(phrases: Phrases, folded: list[str]) -> bool:
    return next(phrases.found(folded), None) is not None
