r"""The regular expressions of the query language: a small subset, read by ourselves.

| written | means |
|---|---|
| a letter or digit | itself, folded as forms are |
| `.` | any one character |
| `[abc]`, `[a-z]`, `[^ab]` | one character of, or not of, a set |
| `ab`, `a\|b`, `( )` | one after the other, either, a group |
| `?` `*` `+` `{m}` `{m,}` `{m,n}` | how often the one before it |

An expression describes whole forms, so that anchors say nothing; forms hold letters,
marks and digits only, so that other characters never match. Both are errors, as is
whatever could take more than linear time.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import category

from newsidx.query.automaton import (
    Alternatives,
    Automaton,
    Chars,
    Expression,
    Repeat,
    Sequence,
)
from newsidx.text.folding import MAX_UNITS, fold

__all__ = ["RegexError", "compile_regex", "parsed_regex"]

_DEEPEST = 50  # groups in groups
_LARGEST = 2000  # states that an expression may come to, with its repeats written out
_COUNTS = re.compile(r"\{([0-9]{1,6})(,?)([0-9]{0,6})\}")
_REPEATS = {"?": (0, 1), "*": (0, None), "+": (1, None)}


class RegexError(ValueError):
    """An expression that can't be read.

    Attributes:
        start: Where in it the problem begins, in code points.
        end: Where it ends.
        expected: What to type instead.
        repaired: The expression without the problem, where there is one.
    """

    def __init__(
        self, message: str, start: int, end: int, expected: str, repaired: str | None = None
    ) -> None:
        super().__init__(message)
        self.start = start
        self.end = end
        self.expected = expected
        self.repaired = repaired


@lru_cache(maxsize=64)
def compile_regex(text: str) -> Automaton:
    """Read an expression, without its slashes.

    Raises:
        RegexError: It is not one of the subset, or too large.
    """
    return Automaton(parsed_regex(text))


def parsed_regex(text: str) -> Expression:
    """An expression as a tree, for engines that write it down in a language of their own.

    Raises:
        RegexError: As for `compile_regex`.
    """
    return _Reader(text).run()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def run(self) -> Expression:
        found, size = self._alternatives()
        if self.at < len(self.text):
            raise self._error("This bracket closes nothing.", self.at, "( before it, or no bracket")
        if size > _LARGEST:
            raise self._too_large(0)
        return found

    def _too_large(self, start: int) -> RegexError:
        return RegexError(
            "This expression is too large.", start, self.at, "a shorter one, or smaller repeats"
        )

    def _error(self, message: str, start: int, expected: str, length: int = 1) -> RegexError:
        """An error at so many characters, which can be mended by leaving them out."""
        end = min(start + length, len(self.text))
        repaired = self.text[:start] + self.text[end:]
        return RegexError(message, start, end, expected, repaired or None)

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    # Each of these returns what it read and how many states that comes to.

    def _alternatives(self) -> tuple[Expression, int]:
        parts, size = [], 1
        while True:
            part, states = self._sequence()
            parts.append(part)
            size += states + 1
            if self._peek() != "|":
                break
            self.at += 1
        return (parts[0] if len(parts) == 1 else Alternatives(tuple(parts))), size

    def _sequence(self) -> tuple[Expression, int]:
        parts, size = [], 1
        while (char := self._peek()) and char not in "|)":
            start = self.at
            part, states = self._repeated(*self._atom(char), start)
            parts.append(part)
            size += states
        return Sequence(tuple(parts)), size

    def _repeated(self, part: Expression, size: int, start: int) -> tuple[Expression, int]:
        """The part that was just read, with the repeat that may stand behind it."""
        counts = self._counts()
        if counts is None:
            return part, size
        low, high = counts
        times = max(low + 1 if high is None else high, 1)
        if size * times > _LARGEST:
            raise self._too_large(start)
        extra = self._peek()
        if extra == "?":
            raise self._error(
                "A repeat can't be lazy: whole words are compared, so it would change nothing.",
                self.at,
                "no ? after the repeat",
            )
        if extra and (extra in "*+" or _COUNTS.match(self.text, self.at)):
            raise self._error("Two repeats stand side by side.", self.at, "one of them")
        return Repeat(part, low, high), size * times + 2

    def _counts(self) -> tuple[int, int | None] | None:
        """Take a repeat, if one stands here: how often at least and at most."""
        char, start = self._peek(), self.at
        if char in _REPEATS:
            self.at += 1
            return _REPEATS[char]
        if char != "{":
            return None
        found = _COUNTS.match(self.text, start)
        if not found or (found[3] and not found[2]):
            raise self._error("This { begins no repeat.", start, "{2}, {2,} or {2,5}")
        self.at = found.end()
        low = int(found[1])
        high = low if not found[2] else int(found[3]) if found[3] else None
        if high is not None and high < low:
            raise self._error(
                "This repeat ends before it begins.",
                start,
                "the smaller number first",
                self.at - start,
            )
        if max(low, high or 0) > MAX_UNITS:
            raise self._error(
                "No word is as long as that.",
                start,
                f"a repeat of at most {MAX_UNITS}",
                self.at - start,
            )
        return low, high

    def _atom(self, char: str) -> tuple[Expression, int]:
        start = self.at
        self.at += 1
        if char == "(":
            return self._group(start)
        if char == "[":
            return self._class(start), 2
        if char == ".":
            return Chars(negated=True), 2
        if char in "^$":
            raise self._error(
                f"{char} is not understood: an expression is compared with whole words.",
                start,
                f"no {char}",
            )
        if char in "?*+{":
            raise self._error(f"Nothing stands before {char}.", start, "what is to be repeated")
        if char == "\\":
            raise self._escape(start)
        if char in "]}":
            raise self._error(f"This {char} closes nothing.", start, f"no {char}")
        forms = self._letters(start)
        return Sequence(tuple(Chars(frozenset(each)) for each in forms)), 2 * len(forms)

    def _escape(self, start: int) -> RegexError:
        """The error for a backslash: no character that needs one stands in a word."""
        char = self.text[start + 1 : start + 2]
        classes = {"d": "[0-9]", "w": ".", "D": "[^0-9]"}
        if char in classes and char:
            repaired = self.text[:start] + classes[char] + self.text[start + 2 :]
            message = f"\\{char} is not understood here."
            return RegexError(message, start, start + 2, classes[char], repaired)
        if char in ("b", "B", "A", "Z", "z"):
            message = f"\\{char} is not understood: an expression is compared with whole words."
        elif char.isdecimal():
            message = f"\\{char} is not understood: an expression can't refer back."
        else:
            message = "No word holds what a backslash stands before: words are letters and digits."
        return self._error(message, start, f"no {self.text[start : start + 2]}", 2)

    def _letters(self, start: int) -> str:
        """Take the marks of the letter at `start`, just taken: what both are in a form."""
        while (mark := self._peek()) and category(mark)[0] == "M":
            self.at += 1
        form = fold(self.text[start : self.at])
        if not form:
            raise RegexError(
                "No word holds this character: words are letters and digits.",
                start,
                self.at,
                "letters and digits, or quotes to search for the text itself",
            )
        return form

    def _group(self, start: int) -> tuple[Expression, int]:
        if self._peek() == "?":
            plain = self.text.startswith(":", self.at)
            look = self.text.startswith(("=", "!", "<=", "<!"), self.at + 1)
            what = "Looking around" if look else "A group with ?"
            error = self._error(f"{what} is not understood.", start, "( ) without a ?", 2)
            if self.text.startswith("?:", self.at):
                error.repaired = self.text[: self.at] + self.text[self.at + 2 :]
            elif look or not plain:
                error.repaired = None
            raise error
        self.depth += 1
        if self.depth > _DEEPEST:
            raise RegexError(
                f"The expression is nested more than {_DEEPEST} deep.",
                start,
                start + 1,
                "fewer brackets inside one another",
            )
        found, size = self._alternatives()
        if self._peek() != ")":
            raise self._error("This bracket is never closed.", start, ") after the group")
        self.at += 1
        self.depth -= 1
        return found, size

    # Classes

    def _class(self, start: int) -> Chars:
        negated = self._peek() == "^"
        self.at += negated
        singles: set[str] = set()
        ranges: list[tuple[str, str]] = []
        while (char := self._peek()) != "]":
            if not char:
                raise self._error("This [ is never closed.", start, "] after the class")
            place, low = self.at, self._member()
            if self._peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("", "]"):
                self.at += 1
                upper, high = self._peek(), self._member()
                if high < low:
                    raise self._error(
                        "This range ends before it begins.",
                        place,
                        "the smaller end first",
                        self.at - place,
                    )
                ranges += {(low, high), (char, upper)}
            else:
                singles.add(low)
        self.at += 1
        if not singles and not ranges:
            raise self._error(
                "There is nothing in this class.", start, "characters", self.at - start
            )
        return Chars(frozenset(singles), tuple(ranges), negated)

    def _member(self) -> str:
        """Take one character of a class: what it is in a form."""
        start = self.at
        if self._peek() == "\\":
            raise self._escape(start)
        self.at += 1
        form = self._letters(start)
        if len(form) > 1:
            raise self._error(
                f"{self.text[start : self.at]} is searched as {form}, which is more than one "
                "character.",
                start,
                f"({form}|…) instead of a class",
                self.at - start,
            )
        return form
