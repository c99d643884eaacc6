"""Where sentences end, as far as punctuation tells it for sure.

In doubt a sentence goes on: a title that is too long is cut, and a list that is
not found stays in the body; a break in the wrong place spoils both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["sentence_ends"]

# A full stop after one of these belongs to it, in English, German, Spanish, French,
# Italian, Portuguese and Dutch. What also ends sentences ("no", "etc") is left out,
# unless a number follows (`_BEFORE_NUMBERS`).
_AS_WORDS = """
adm atty brig capt cmdr col cpl det dr drs gen gov hon insp jr lt maj messrs mlle mme mr mrs ms
mt pres prof rep reps rev sen sens sgt sr sra srta st ste supt dipl ing hr fr sig dott
jan feb febr mar apr jun jul aug sep sept oct okt nov dec dez déc janv févr avr juil ene abr
mon tue tues wed thu thur thurs fri
ala ariz ark calif colo conn del fla ga ind kan ky la md mich minn miss mo mont neb nev
okla ore pa tenn tex va vt wash wis wyo ont que
ave blvd rd vs eg ie cf al approx dept est univ bros co inc corp ltd bzw ca vgl ggf sog evtl
"""
_ABBREVIATIONS = frozenset(_AS_WORDS.split())
_BEFORE_NUMBERS = frozenset(("no", "nos", "nr", "núm", "nº", "pp", "vol", "art", "bd", "fig"))

# Here a number with a full stop is an ordinal: "am 8. November", "den 3. maj".
_NO_DOTTED_ORDINALS = frozenset(("en", "es", "fr", "it", "pt", "nl", "ru", "uk"))

_CLOSERS = "\"'”’»›)\\]"
_OPENERS = "\"'“‘„‚«‹(\\[¿¡—–-"
_END = re.compile(
    rf"(?P<stop>[.!?…؟।]+)[{_CLOSERS}]*(?=\s|$)|[。！？]+[{_CLOSERS}」』）]*",
)
_NEXT = re.compile(rf"[\s{_OPENERS}]*(.?)", re.DOTALL)
_LAST_WORD = re.compile(r"[^\s\"'“”‘’«»()\[\]—–-]+$")


def sentence_ends(text: str, language: str | None = None) -> Iterator[int]:
    """The offsets just behind each sentence of a text, its closing quotes included.

    Args:
        text: Running text, cleaned; line ends are white space.
        language: ISO 639-1, which decides whether `8.` can be an ordinal.
    """
    for match in _END.finditer(text):
        stop = match["stop"]
        if stop is None or _ends(text, match.start(), match.end(), stop, language):
            yield match.end()


def _ends(text: str, start: int, end: int, stop: str, language: str | None) -> bool:
    """Whether the stop at `start` ends a sentence; what follows it begins at `end`."""
    following = _NEXT.match(text, end)
    after = following[1] if following else ""
    if not after:
        return True
    if after.islower():
        return False
    if stop != ".":
        return True
    found = _LAST_WORD.search(text, max(0, start - 40), start)
    if found is None:
        return True
    word = found[0].lower()
    if (len(word) == 1 and word.isalpha()) or "." in word:
        # An initial or a dotted abbreviation: U. S., J. R., p.m., e.g.
        return False
    if word.isdigit() and len(word) <= 2:
        return language in _NO_DOTTED_ORDINALS
    if after.isdigit() and word in _BEFORE_NUMBERS:
        return False
    return word not in _ABBREVIATIONS
