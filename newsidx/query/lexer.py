"""From a query's text to tokens: words, phrases, fields, values, operators, brackets.

Every piece of the query becomes a token or an error; nothing is skipped but white
space. The lexer walks once from left to right, so its time is linear in the query.
"""

from __future__ import annotations

import re
from unicodedata import category

from newsidx.query import lexer_complaints as complaints
from newsidx.query import near_complaints, word_forms
from newsidx.query.characters import CLOSING, core, has_token, is_word_character
from newsidx.query.foreign import refuse_foreign
from newsidx.query.nodes import (
    Compare,
    Fuzzy,
    Pattern,
    Range,
    Word,
)
from newsidx.query.scanner import FIELD, SLASHED, Scanner
from newsidx.query.tokens import Token, TokenKind

__all__ = ["tokenize_query"]


_COMPARISON = re.compile(r">=|<=|>|<")
_DOTS = re.compile(r"(?<!\.)\.\.(?!\.)")  # of a range; three dots are an ellipsis
_FACTOR = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_OPERATORS = {"AND": TokenKind.AND, "OR": TokenKind.OR, "NOT": TokenKind.NOT}
_WEIGHED = (TokenKind.LEAF, TokenKind.CLOSE)


def tokenize_query(query: str) -> list[Token]:
    """Cut a query into tokens.

    Raises:
        QueryError: Quotes without an end, a field without a value, a weight that is
            no number, a regular expression that can't be read, and so on.
    """
    return _Lexer(query).run()


class _Lexer(Scanner):
    def run(self) -> list[Token]:
        while (char := self._after_space()) != "":
            if char == "(":
                self._mark(TokenKind.OPEN, 1)
            elif char == ")":
                self._mark(TokenKind.CLOSE, 1)
                self._refuse_tilde("A group")
            elif char == "^":
                self._boost()
            elif char in CLOSING:
                start = self.at
                self._phrase(start, self._quoted(start))
            elif char == "-":
                self._dash()
            else:
                self._word()
        return self.tokens

    # Bare words

    def _word(self) -> None:
        if self._address() or self._field() or self._expression():
            return
        chunk = self._chunk()
        if operator := _OPERATORS.get(chunk):
            self._mark(operator, len(chunk))
        elif not self._proximity(chunk) and not self._counted(chunk):
            self._plain(chunk)

    def _plain(self, chunk: str, *, in_field: bool = False) -> None:
        """Take `chunk`, which starts here, as a word or a pattern."""
        start, end = self.at, self.at + len(chunk)
        if chunk.startswith("=") and self._exact(start, chunk):
            return
        refuse_foreign(self.query, start, chunk, in_field=in_field)
        if fuzzy := word_forms.fuzzy(self.query, start, chunk):
            self.at = end
            self._leaf(Fuzzy(*fuzzy, (start, end)), start)
            return
        wild = chunk == "*" or (("*" in chunk or "?" in chunk) and has_token(chunk))
        if wild:
            self._refuse_question(chunk)
            self._refuse_punctuation(chunk)
        self.at = end
        self._leaf(Pattern(chunk, (start, end)) if wild else Word(chunk, (start, end)), start)

    def _proximity(self, chunk: str) -> bool:
        if not word_forms.is_proximity(chunk):
            return False
        start, end = self.at, self.at + len(chunk)
        distance, ordered = word_forms.proximity(self.query, start, chunk)
        self.tokens.append(Token(TokenKind.NEAR, start, end, number=distance, ordered=ordered))
        self.at = end
        return True

    def _counted(self, chunk: str) -> bool:
        """Take the `atleast3` of `atleast3(word)`, if that is what starts here."""
        start, end = self.at, self.at + len(chunk)
        count = word_forms.count(self.query, start, chunk)
        if count is None:
            return False
        self.tokens.append(Token(TokenKind.ATLEAST, start, end, number=count))
        self.at = end
        return True

    def _refuse_question(self, chunk: str) -> None:
        """A ? at the end may close a question, or stand for one more letter."""
        end = len(chunk)
        while chunk[end - 1] not in "*?" and not is_word_character(chunk[end - 1]):
            end -= 1
        word = chunk[:end].rstrip("?")
        if len(word) < end:
            raise complaints.unclear_question_mark(
                self.query, self.at, word, self.at + end, self.at + len(chunk)
            )

    def _refuse_punctuation(self, chunk: str) -> None:
        """A wildcard stands for part of one word, and punctuation ends a word."""
        first, last = core(chunk)
        for at in range(first, last):
            char = chunk[at]
            if char not in "*?" and not is_word_character(char) and category(char) != "Cf":
                raise complaints.punctuation_in_pattern(self.query, self.at, chunk, at)

    def _dash(self) -> None:
        """Take a dash before what it leaves out, or a word of mere punctuation (`--`)."""
        start, chunk = self.at, self._chunk()
        end = start + len(chunk)
        target = chunk.lstrip("-")
        before_group = self.query[end : end + 1] in ("(", *CLOSING)
        slashed = target.startswith("/") and SLASHED.match(self.query, end - len(target))
        excludes = has_token(target) or target == "*" or slashed
        excludes = excludes or (before_group and not target.strip("="))
        previous = self.tokens[-1] if self.tokens else None
        if not excludes:
            if chunk == "-":
                raise complaints.lone_dash(self.query, start)
            self._word()
        elif end - len(target) > start + 1:
            raise complaints.double_dash(self.query, start, end - len(target))
        elif previous and previous.end == start and previous.kind is not TokenKind.OPEN:
            raise complaints.glued_dash(self.query, start)
        else:
            self._mark(TokenKind.NOT, 1)

    # Quotes and weights

    def _boost(self) -> None:
        start = self.at
        self.at += 1
        chunk = self._chunk()
        self.at += len(chunk)
        weighed = self.tokens[-1] if self.tokens else None
        attached = weighed is not None and weighed.end == start and weighed.kind in _WEIGHED
        factor = float(chunk) if _FACTOR.fullmatch(chunk) else 0.0
        if not attached or not 0 < factor <= complaints.HEAVIEST:
            raise complaints.no_weight(self.query, start, self.at, attached=attached)
        self.tokens.append(Token(TokenKind.BOOST, start, self.at, factor=factor))

    # Fields and their values

    def _field(self) -> bool:
        found = FIELD.match(self.query, self.at)
        if not found:
            return False
        start, operator = found.start(), found.group(2)
        self.at = found.end()
        name = found.group(1).lower()
        self.tokens.append(Token(TokenKind.FIELD, start, found.end(1), name=name))
        if operator == ":":
            self._value(start)
        else:
            self._comparison(start, operator)
        return True

    def _need_value(self, field: int, unfit: str) -> None:
        """Raise where no value stands here, after a name and operator from `field` on."""
        char = self._peek()
        if not char or char.isspace() or char in unfit:
            raise complaints.no_value(self.query, field, self.at)

    def _value(self, field: int) -> None:
        """Take what stands after a field's colon. `field` is where the field starts."""
        self._need_value(field, ")^")
        start, char = self.at, self._peek()
        if char == "(":
            return  # a group, which the grammar reads
        if char == "-":
            raise complaints.negated_value(self.query, field, start)
        if char == "=":
            if not self._exact(field, self._chunk()):
                raise complaints.no_value(self.query, field, start + 1)
            return
        if found := _COMPARISON.match(self.query, start):
            self.at = found.end()
            self._comparison(field, found.group())
        elif char in CLOSING:
            text = self._quoted(field)
            if dots := _DOTS.match(self.query, self.at):
                self.at = dots.end()
                self._range(start, text, field)
            else:
                self._phrase(start, text)
        elif not self._address() and not self._expression():
            self._bare_value(field)

    def _bare_value(self, field: int) -> None:
        start, chunk = self.at, self._chunk()
        end = start + len(chunk)
        if nested := FIELD.match(self.query, start):
            raise complaints.field_as_value(self.query, start, nested.end(), end)
        if word_forms.count(self.query, start, chunk) is not None:
            raise near_complaints.atleast_in_field(self.query, start, end)
        if chunk in _OPERATORS or word_forms.is_proximity(chunk):
            raise complaints.operator_as_value(self.query, start, end)
        if dots := _DOTS.search(chunk):
            self.at = start + dots.end()
            self._range(start, chunk[: dots.start()] or None, field)
        else:
            self._plain(chunk, in_field=True)

    def _comparison(self, field: int, operator: str) -> None:
        """Take the value that stands here, directly after a comparison."""
        self._need_value(field, "()^")
        start = self.at - len(operator)
        value = self._end(field)
        self._leaf(Compare(operator, value or "", (start, self.at)), start)

    def _range(self, start: int, low: str | None, field: int) -> None:
        """Take the upper end, which may be missing, of the range that starts at `start`."""
        bare = self._peek() not in CLOSING
        high = self._end(field)
        if low is None and high is None:
            raise complaints.open_range(self.query, start, self.at)
        more = _DOTS.match(self.query, self.at)
        if more or (bare and _DOTS.search(high or "")):
            raise complaints.three_ended_range(self.query, start, more.end() if more else self.at)
        self._leaf(Range(low, high, (start, self.at)), start)

    def _end(self, field: int) -> str | None:
        """Take one end of a range or comparison: quoted, bare, or None where there is none."""
        if self._peek() in CLOSING:
            text = self._quoted(field)
            self._refuse_tilde("The end of a range")
            return text
        chunk = self._chunk()
        self.at += len(chunk)
        return chunk or None
