"""From a query's text to tokens: words, phrases, fields, values, operators, brackets.

Every piece of the query becomes a token or an error; nothing is skipped but white
space. The lexer walks once from left to right, so its time is linear in the query.
"""

from __future__ import annotations

import re
from unicodedata import category

from newsidx.query import lexer_complaints as complaints
from newsidx.query import reserved
from newsidx.query.characters import CLOSING, core, has_token, is_word_character
from newsidx.query.foreign import refuse_foreign
from newsidx.query.nodes import Compare, Node, Pattern, Phrase, Range, Word
from newsidx.query.tokens import Token, TokenKind

__all__ = ["tokenize_query"]


_QUOTES = "".join(CLOSING)
_CLOSING = {opening: re.compile(f"[{closing}]") for opening, closing in CLOSING.items()}
_SPACE = re.compile(r"\s+")
_NOT_SPACE = re.compile(r"\S+")
_CHUNK = re.compile(rf"[^\s()^{_QUOTES}]+")
_URL = re.compile(r"https?://", re.IGNORECASE)
_FIELD = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(:|>=|<=|>|<)")
_COMPARISON = re.compile(r">=|<=|>|<")
_DOTS = re.compile(r"(?<!\.)\.\.(?!\.)")  # of a range; three dots are an ellipsis
_SLASHED = re.compile(rf"/\S+?/(?=[\s()^{_QUOTES}]|\Z)")
_FACTOR = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_OPERATORS = {"AND": TokenKind.AND, "OR": TokenKind.OR, "NOT": TokenKind.NOT}
_WEIGHED = (TokenKind.LEAF, TokenKind.CLOSE)


def tokenize_query(query: str) -> list[Token]:
    """Cut a query into tokens.

    Raises:
        QueryError: Quotes without an end, a field without a value, a weight that is
            no number, or a form that this version doesn't understand.
    """
    return _Lexer(query).run()


class _Lexer:
    def __init__(self, query: str) -> None:
        self.query = query
        self.at = 0
        self.tokens: list[Token] = []
        self.no_slash_before = 0

    def run(self) -> list[Token]:
        while (char := self._after_space()) != "":
            if char == "(":
                self._mark(TokenKind.OPEN, 1)
            elif char == ")":
                self._mark(TokenKind.CLOSE, 1)
                reserved.refuse_tilde(self.query, self.at, after="A group")
            elif char == "^":
                self._boost()
            elif char in CLOSING:
                start = self.at
                self._leaf(Phrase(self._quoted(start), (start, self.at)), start)
            elif char == "-":
                self._dash()
            else:
                self._word()
        return self.tokens

    # Moving on

    def _after_space(self) -> str:
        """The next character that is not white space, or "" at the end."""
        if found := _SPACE.match(self.query, self.at):
            self.at = found.end()
        return self._peek()

    def _peek(self) -> str:
        return self.query[self.at : self.at + 1]

    def _chunk(self) -> str:
        """The bare text that starts here, possibly empty. It is not yet consumed."""
        found = _CHUNK.match(self.query, self.at)
        return found.group() if found else ""

    def _mark(self, kind: TokenKind, length: int) -> None:
        self.tokens.append(Token(kind, self.at, self.at + length))
        self.at += length

    def _leaf(self, node: Node, start: int) -> None:
        self.tokens.append(Token(TokenKind.LEAF, start, self.at, node))

    # Bare words

    def _word(self) -> None:
        if self._address() or self._field():
            return
        self._refuse_slashes()
        chunk = self._chunk()
        if operator := _OPERATORS.get(chunk):
            self._mark(operator, len(chunk))
        else:
            self._plain(chunk)

    def _plain(self, chunk: str, *, in_field: bool = False) -> None:
        """Take `chunk`, which starts here, as a word or a pattern."""
        start, end = self.at, self.at + len(chunk)
        reserved.refuse_word(self.query, start, chunk)
        refuse_foreign(self.query, start, chunk, in_field=in_field)
        wild = chunk == "*" or (("*" in chunk or "?" in chunk) and has_token(chunk))
        if wild:
            self._refuse_question(chunk)
            self._refuse_punctuation(chunk)
        self.at = end
        self._leaf(Pattern(chunk, (start, end)) if wild else Word(chunk, (start, end)), start)

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

    def _address(self) -> bool:
        """Take a web address, which runs to white space or an unbalanced bracket."""
        if not _URL.match(self.query, self.at):
            return False
        start, depth = self.at, 0
        while (char := self._peek()) and not char.isspace():
            depth += (char == "(") - (char == ")")
            if depth < 0:
                break
            self.at += 1
        node = Word(self.query[start : self.at], (start, self.at))
        self.tokens.append(Token(TokenKind.URL, start, self.at, node))
        return True

    def _refuse_slashes(self) -> None:
        """Raise where a /regular expression/ starts here."""
        if self._peek() != "/" or self.at < self.no_slash_before:
            return
        found = _SLASHED.match(self.query, self.at)
        if found and found.group().strip("/"):
            reserved.refuse_expression(self.query, *found.span())
        if not found and (run := _NOT_SPACE.match(self.query, self.at)):
            # Searched once in vain, the run need not be searched again from its middle.
            self.no_slash_before = run.end()

    def _dash(self) -> None:
        """Take a dash before what it leaves out, or a word of mere punctuation (`--`)."""
        start, chunk = self.at, self._chunk()
        end = start + len(chunk)
        target = chunk.lstrip("-")
        before_group = self.query[end : end + 1] in ("(", *CLOSING)
        excludes = has_token(target) or target == "*" or (before_group and not target.strip("="))
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

    def _quoted(self, owner: int) -> str:
        """Take the quotes that start here. `owner` is where what they belong to starts."""
        start = self.at
        found = _CLOSING[self.query[start]].search(self.query, start + 1)
        if not found:
            raise complaints.unclosed_quotes(self.query, start)
        self.at = found.end()
        text = self.query[start + 1 : found.start()]
        if not text.strip():
            raise complaints.empty_quotes(self.query, start, self.at, owner)
        reserved.refuse_tilde(self.query, self.at, after="A phrase")
        return text

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
        found = _FIELD.match(self.query, self.at)
        if not found:
            return False
        start, operator = found.start(), found.group(2)
        reserved.refuse_field(self.query, *found.span())
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
            reserved.refuse_equals(self.query, start, "A value after := (the whole value)")
        if found := _COMPARISON.match(self.query, start):
            self.at = found.end()
            self._comparison(field, found.group())
        elif char in CLOSING:
            text = self._quoted(field)
            if dots := _DOTS.match(self.query, self.at):
                self.at = dots.end()
                self._range(start, text, field)
            else:
                self._leaf(Phrase(text, (start, self.at)), start)
        elif not self._address():
            self._bare_value(field)

    def _bare_value(self, field: int) -> None:
        self._refuse_slashes()
        start, chunk = self.at, self._chunk()
        end = start + len(chunk)
        if nested := _FIELD.match(self.query, start):
            raise complaints.field_as_value(self.query, start, nested.end(), end)
        if chunk in _OPERATORS:
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
            return self._quoted(field)
        chunk = self._chunk()
        self.at += len(chunk)
        return chunk or None
