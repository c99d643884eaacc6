"""Words with their numbers: the lexicon of an archive, and keywords."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from newsidx.output.forms import Shape
from newsidx.output.safe import one_line

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["KEYWORDS", "TERMS", "KeywordLike", "keyword_record", "print_keywords", "print_terms"]
__all__ += ["term_record"]

TERMS = Shape(schema="newsidx.terms/1", rows="terms", columns=("word", "articles", "occurrences"))
"""Words of the archive."""

KEYWORDS = Shape(
    schema="newsidx.keywords/1",
    rows="keywords",
    columns=(
        "rank",
        "word",
        "count",
        "reference_count",
        "per_million",
        "reference_per_million",
        "articles",
        "g2",
        "log_ratio",
    ),
    plain=("word", "count", "reference_count", "g2", "log_ratio", "articles"),
)
"""Words that set articles apart."""

_DIGITS = 4


class KeywordLike(Protocol):
    """A word in some articles and in those that they are compared with."""

    @property
    def word(self) -> str: ...  # noqa: D102
    @property
    def count(self) -> int: ...  # noqa: D102
    @property
    def reference_count(self) -> int: ...  # noqa: D102
    @property
    def per_million(self) -> float: ...  # noqa: D102
    @property
    def reference_per_million(self) -> float: ...  # noqa: D102
    @property
    def articles(self) -> int: ...  # noqa: D102
    @property
    def g2(self) -> float: ...  # noqa: D102
    @property
    def log_ratio(self) -> float: ...  # noqa: D102


def term_record(term: tuple[str, int, int]) -> dict[str, Any]:
    """A word as `newsidx.terms/1` has it.

    Args:
        term: The word, how many articles have it, and how often it occurs.
    """
    return dict(zip(TERMS.columns, term, strict=True))


def keyword_record(rank: int, word: KeywordLike) -> dict[str, Any]:
    """A keyword as `newsidx.keywords/1` has it."""
    record = {name: getattr(word, name) for name in KEYWORDS.columns if name != "rank"}
    rounded = {
        name: round(value, _DIGITS) for name, value in record.items() if isinstance(value, float)
    }
    return {"rank": rank, **record, **rounded}


def print_terms(console: Console, terms: Sequence[tuple[str, int, int]], width: int) -> None:
    """Print words with their number of articles, in as many columns as there is room for."""
    from rich.cells import cell_len
    from rich.text import Text

    from newsidx.output.columns import cut, padded

    words = [(one_line(word), f"{articles:,}") for word, articles, _ in terms]
    digits = max(len(number) for _, number in words)
    longest = max(cell_len(word) for word, _ in words)
    size = min(longest, max(8, width - digits - 2))
    across = max(1, (width + 3) // (size + digits + 2 + 3))
    down = -(-len(words) // across)
    for row in range(down):
        line = Text()
        for word, number in words[row::down]:
            gap = "   " if line else ""
            line.append(f"{gap}{padded(cut(word, size), size)}  ")
            line.append(f"{number:>{digits}}", style="dim")
        console.print(line, soft_wrap=True)


def print_keywords(console: Console, words: Sequence[KeywordLike], width: int) -> None:
    """Print keywords as a table, with fewer columns where there is little room."""
    from newsidx.output.columns import print_columns

    columns = [("word", False), ("here", True), ("others", True), ("per million", True)]
    columns += [("others", True), ("articles", True), ("log ratio", True), ("G2", True)]
    rows = [
        [
            one_line(word.word),
            f"{word.count:,}",
            f"{word.reference_count:,}",
            f"{word.per_million:,.0f}",
            f"{word.reference_per_million:,.0f}",
            f"{word.articles:,}",
            f"{word.log_ratio:.1f}",
            f"{word.g2:,.1f}",
        ]
        for word in words
    ]
    print_columns(console, columns, rows, width, spare=(4, 3, 5))
