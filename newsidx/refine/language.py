"""The language of an article: as declared, else as its first words tell.

A wrong language is worse than none: it stems wrongly and hides the article from
`lang:`. So each way of telling answers only where it is clear, and the next is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import chain
from typing import Any

from newsidx.refine.language_codes import language_code
from newsidx.text.stems import STEMMERS
from newsidx.text.stopwords import stop_words
from newsidx.text.tokens import forms

__all__ = ["detect"]

# How much of a text is looked at, in characters: some 80 words, where running text
# has 30 stop words. Where that isn't clear (names of players, scores) more is looked at.
_HEAD = 500
_LONGER_HEAD = 2000

# Stop words decide where at least so many are found, and such a share of the words is
# on the list, and other lists have so many times fewer.
_CLEAR = ((6, 0.2, 1.5), (12, 0.15, 3))

# The detector is asked about texts of this many letters, and believed from this
# probability on; it is calibrated for the length of the text.
_MIN_LETTERS = 60
_MIN_PROBABILITY = 0.9

# The commonest words of languages that have no stemmer here and share many of them with
# one that has. They win for nobody: where they come near, the detector is asked.
_LOOKALIKES = {
    "af": "die in van en nie is het wat dit om vir op te sy hy was hulle met aan word deur ook uit",
    "an": "de la lo os as en que ta un una no con por ha se ye dal dels esta o a y",
    "az": "və bu bir da də ki ilə üçün olan isə edib daha o sonra belə çox ya ola onun",
    "ca": "de la el en que un una els les al del per amb es se no si ha com dels va aquest més",
    "cs": "na se že je do za po jsou jako byl také který ale si by ve od pro při jeho",
    "eo": "la de kaj en al estas por ne ke se per kun oni el aŭ vi tiu kiu da ili sed ties plu",
    "et": "ja on ei et ning kui oli mis aga see ka oma kes seda tema sest või ta ma ole",
    "gl": "de da do que en un unha os as para con por se non ao no na dos das como entre foi máis",
    "hr": "je na se da za su od koji koja kao što nije bi iz ali ili će samo nakon do ne po",
    "ia": "le de un in es que non per pro con del al esser ab como se iste ille o si plus",
    "id": "yang dan di dari untuk dengan pada ini itu tidak dalam akan oleh juga karena ke",
    "oc": "de la lo los las es que pas per en un una del dels se al amb dins sus o son aquel",
    "pl": "na do się że nie to jest od przez jak dla po za są był oraz ale co tym ze",
}

# As text: to compile all takes milliseconds, and most archives need none.
_SCRIPTS = {
    "ko": "[\uac00-\ud7af\u1100-\u11ff]",
    "th": "[\u0e01-\u0e5b]",
    "el": "[\u0370-\u03ff\u1f00-\u1fff]",
    "he": "[\u05d0-\u05ea]",
}
_KANA = "[\u3041-\u3096\u30a1-\u30fa]"
_HAN = "[\u4e00-\u9fff]"
# Yiddish writes with Hebrew letters: with these, and with points that Hebrew leaves out.
_YIDDISH = "[\u05f0-\u05f2\ufb1d-\ufb4f]|\u05d0[\u05b7\u05b8]"
_MIN_SCRIPT_LETTERS = 5

# What the detector tells apart and ISO 639-1 has one code for, or two names for one.
_ONE_CODE = {"arz": "ar", "ary": "ar", "yue": "zh", "wuu": "zh", "nb": "no", "nn": "no"}
_PARTED = frozenset((*_ONE_CODE, *_ONE_CODE.values()))  # parted among several


def detect(text: str, declared: str | None = None) -> tuple[str | None, str | None]:
    """The language of a text and how it is known.

    Args:
        text: The body, or the title of an article without one.
        declared: The language as the record has it, a code or a name.

    Returns:
        The language (ISO 639-1) and one of `declared`, `script`, `stop-words` and
        `detector`; None and None where it is not clear.
    """
    code = language_code(declared) if declared else None
    if code:
        return code, "declared"
    head = text[:_HEAD]
    if code := _by_script(head):
        return code, "script"
    code = _by_stop_words(head)
    if code is None and len(text) > _HEAD:
        code = _by_stop_words(text[:_LONGER_HEAD])
    if code:
        return code, "stop-words"
    code = _by_detector(head)
    return (code, "detector") if code else (None, None)


def _by_script(head: str) -> str | None:
    """The language of a script that (nearly) one language alone is written in."""
    if _is_western(head):
        return None
    letters = sum(map(str.isalpha, head))
    kana = len(re.findall(_KANA, head))
    # Chinese has a の here and there; Japanese rarely ten letters without kana.
    is_japanese = kana >= max(_MIN_SCRIPT_LETTERS, letters / 10)
    if is_japanese and kana + len(re.findall(_HAN, head)) > letters / 2:
        return "ja"
    for code, script in _SCRIPTS.items():
        if len(re.findall(script, head)) > max(letters // 2, _MIN_SCRIPT_LETTERS - 1):
            return None if code == "he" and re.search(_YIDDISH, head) else code
    return None


def _is_western(head: str) -> bool:
    """Whether it is all in Windows-1252, which has Latin letters and newspapers' typography."""
    try:
        head.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _lists_by_word() -> dict[str, tuple[str, ...]]:
    """Folded stop word -> the languages on whose lists it stands.

    Without Russian: other languages of its script have half of its stop words. Without
    single letters: they are on every list.
    """
    lists = {code: stop_words(code) for code in STEMMERS if code != "ru"}
    lists |= {f"~{code}": frozenset(forms(words)) for code, words in _LOOKALIKES.items()}
    by_word: dict[str, tuple[str, ...]] = {}
    for code, words in lists.items():
        for word in words:
            if len(word) > 1:
                by_word[word] = (*by_word.get(word, ()), code)
    return by_word


def _by_stop_words(head: str) -> str | None:
    """The language whose stop words a text has, where no other's come near."""
    words = forms(head)
    by_word = _lists_by_word()
    hits = Counter(chain.from_iterable(filter(None, map(by_word.get, words))))
    if not hits:
        return None
    best = max(hits, key=hits.__getitem__)
    most = hits.pop(best)
    second = max(hits.values(), default=0)
    clear = any(
        most >= least and most >= share * len(words) and most >= margin * second
        for least, share, margin in _CLEAR
    )
    return best if clear and not best.startswith("~") else None


@cache
def _detector() -> Any:
    # It takes 0.8 s to load; most articles never need it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _by_detector(head: str) -> str | None:
    """What py3langid says, where there is enough text and it is sure."""
    if sum(map(str.isalpha, head)) < _MIN_LETTERS:
        return None
    best, probability = _detector().classify(head)
    if best in _PARTED:
        # The likeliest, wherever one code takes nine tenths: it has three names at most.
        best = _ONE_CODE.get(best, best)
        ranked = _detector().rank(head)
        probability = sum(part for code, part in ranked if _ONE_CODE.get(code, code) == best)
    # What has a script of its own would have been told by that.
    if probability < _MIN_PROBABILITY or len(best) != 2 or best in _SCRIPTS:
        return None
    return str(best)
