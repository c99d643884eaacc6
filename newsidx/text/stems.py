"""Stems: what the forms of one word have in common, by the Snowball algorithms.

A stem is taken from the lower-case token with its accents, then folded: folding first
would hide from Russian, French or Portuguese the endings they go by (`новый` and
`новая` part ways). So that a word typed without accents is found all the same, an
article's word also carries the stem of its folded form where that differs.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING
from unicodedata import normalize

from newsidx.errors import ConfigError
from newsidx.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["STEMMERS", "STEM_VERSION", "UNSTEMMED", "stem", "stemmer_for", "stems"]

STEM_VERSION = 1
"""Changes whenever the same word gets other stems; stands in an index's manifest."""

UNSTEMMED = "none"
"""The stemmer that leaves words as they are: a stem is then the form."""

STEMMERS: Mapping[str, str] = MappingProxyType(
    {
        "da": "danish",
        "de": "german",
        "en": "english",
        "es": "spanish",
        "fi": "finnish",
        "fr": "french",
        "hu": "hungarian",
        "it": "italian",
        "nl": "dutch",
        "no": "norwegian",
        "pt": "portuguese",
        "ro": "romanian",
        "ru": "russian",
        "sv": "swedish",
        "tr": "turkish",
    }
)
"""Stemmer, named by its language (ISO 639-1) -> the name of its algorithm in Snowball."""

_VARIANTS = {"nb": "no", "nn": "no"}  # Bokmål and Nynorsk: Snowball's Norwegian serves both

_CACHE_SIZE = 500_000


def stemmer_for(language: str | None, default: str) -> str:
    """The stemmer of an article.

    Args:
        language: The article's language (ISO 639-1), None where it is not known.
        default: The index's own stemmer, for articles of unknown language.

    Returns:
        A key of `STEMMERS`; `UNSTEMMED` for a language that Snowball or we don't know.
    """
    if language is None:
        return default
    stemmer = _VARIANTS.get(language, language)
    return stemmer if stemmer in STEMMERS else UNSTEMMED


def stem(word: str, stemmer: str) -> str:
    """The stem a query looks for.

    Args:
        word: One token in lower case with its accents: `Token.lower`.
        stemmer: A key of `STEMMERS`, or `UNSTEMMED`.

    Returns:
        The folded stem; the form where stemming leaves nothing or is off.

    Raises:
        ConfigError: There is no such stemmer.
    """
    return stems(word, stemmer)[0]


def stems(word: str, stemmer: str) -> tuple[str, ...]:
    """The stems under which an article's word is found, the usual one first.

    Args:
        word: One token in lower case with its accents: `Token.lower`.
        stemmer: A key of `STEMMERS`, or `UNSTEMMED`.

    Returns:
        One stem, or two where the word stems otherwise without its accents.

    Raises:
        ConfigError: There is no such stemmer.
    """
    try:
        known = _caches[stemmer]
    except KeyError:
        known = _caches[stemmer] = _Stems(_snowball(stemmer))
    return known[word]


class _Stems(dict[str, tuple[str, ...]]):
    """Word -> stems under one stemmer, emptied when full, so that memory stays bounded."""

    def __init__(self, snowball: Callable[[str], str]) -> None:
        super().__init__()
        self.snowball = snowball

    def __missing__(self, word: str) -> tuple[str, ...]:
        # Even of an ASCII word: Turkish stems may end in ç or ı.
        ascii_word = word.isascii()
        found = (fold(self.snowball(word)) or word,) if ascii_word else self._of_any(word)
        if len(self) >= _CACHE_SIZE:
            self.clear()
        self[word] = found
        return found

    def _of_any(self, word: str) -> tuple[str, ...]:
        form = fold(word)
        # Text may come decomposed; Snowball's suffixes are composed.
        first = fold(self.snowball(normalize("NFKC", word))) or form
        second = first if form == word else self[form][0]
        return (first,) if first == second else (first, second)


_caches: dict[str, _Stems] = {}


def _snowball(stemmer: str) -> Callable[[str], str]:
    """The stemming function of an algorithm, compiled where there is a wheel for it."""
    if stemmer == UNSTEMMED:
        return str
    if stemmer not in STEMMERS:
        known = ", ".join(STEMMERS)
        raise ConfigError(f"There is no stemmer {stemmer!r}.", f"There are {UNSTEMMED}, {known}.")
    try:
        import Stemmer  # PyStemmer: the same algorithms, compiled
    except ImportError:
        import snowballstemmer

        algorithm = snowballstemmer.stemmer(STEMMERS[stemmer])
    else:
        algorithm = Stemmer.Stemmer(STEMMERS[stemmer], 0)  # no cache of its own besides ours
    stem_word: Callable[[str], str] = algorithm.stemWord
    return stem_word
