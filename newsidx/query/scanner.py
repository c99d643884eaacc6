"""What the lexer moves over a query with: single pieces, each where it stands."""

from __future__ import annotations

import re

from newsidx.query import form_complaints, word_forms
from newsidx.query import lexer_complaints as complaints
from newsidx.query.characters import CLOSING, has_token
from newsidx.query.foreign import refuse_foreign
from newsidx.query.nodes import Exact, Node, Phrase, Regex, Slop, Word
from newsidx.query.tokens import Token, TokenKind
from newsidx.schema import field_named

__all__ = ["FIELD", "SLASHED", "Scanner"]

_QUOTES = "".join(CLOSING)
_CLOSING = {opening: re.compile(f"[{closing}]") for opening, closing in CLOSING.items()}
_SPACE = re.compile(r"\s+")
_NOT_SPACE = re.compile(r"\S+")
_CHUNK = re.compile(rf"[^\s()^{_QUOTES}]+")
_URL = re.compile(r"https?://", re.IGNORECASE)
_TILDE = re.compile(rf"~[^\s()^{_QUOTES}]*")

FIELD = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(:|>=|<=|>|<)")
"""A field's name and what stands between it and its value."""

SLASHED = re.compile(rf"/\S+?/(?=[\s()^{_QUOTES}]|\Z)")
"""A regular expression with its slashes."""


class Scanner:
    """A place in a query, and the tokens before it."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.at = 0
        self.tokens: list[Token] = []
        self.no_slash_before = 0

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

    # Pieces

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

    def _expression(self) -> bool:
        """Take a /regular expression/, if one starts here."""
        start = self.at
        if self._peek() != "/" or start < self.no_slash_before:
            return False
        found = SLASHED.match(self.query, start)
        if found and found.group().strip("/"):
            from newsidx.query.regex import RegexError, compile_regex

            text = found.group()[1:-1]
            try:
                compile_regex(text)
            except RegexError as problem:
                raise form_complaints.bad_expression(self.query, *found.span(), problem) from None
            self.at = found.end()
            self._leaf(Regex(text, found.span()), start)
            return True
        if not found and (run := _NOT_SPACE.match(self.query, start)):
            # Searched once in vain, the run need not be searched again from its middle.
            self.no_slash_before = run.end()
        return False

    def _exact(self, owner: int, chunk: str) -> bool:
        """Take `=word` or `="words"`, if that is what starts here. `owner` as for quotes."""
        start = self.at
        end = start + len(chunk)
        text = chunk.lstrip("=")
        signs = start + len(chunk) - len(text)
        following = self.query[end : end + 1]
        is_quoted = not text and following in CLOSING
        if not is_quoted and not has_token(text) and text != "*" and (text or following != "("):
            return False
        if signs > start + 2:
            raise form_complaints.too_many_equals(self.query, start, signs)
        if is_quoted:
            self.at = signs
            text = self._quoted(owner)
            self._refuse_tilde("What = stands before")
        else:
            self._refuse_equals(start, signs, text)
            self.at = end
        self._leaf(Exact(text, signs == start + 2, (start, self.at)), start)
        return True

    def _refuse_equals(self, start: int, end: int, text: str) -> None:
        """Raise where `=`, which ends at `end`, stands before something other than a word."""
        if not text:
            raise form_complaints.equals_before(self.query, start, end, "a group")
        if "*" in text or "?" in text:
            raise form_complaints.equals_before(self.query, start, end, "a pattern")
        if word_forms.is_fuzzy(text) or SLASHED.match(self.query, end):
            raise form_complaints.equals_before(self.query, start, end, "a pattern")
        if (named := FIELD.match(text)) and field_named(named[1]):
            raise form_complaints.equals_before(self.query, start, end, "a field")
        refuse_foreign(self.query, end, text, in_field=True)

    # Quotes

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
        return text

    def _phrase(self, start: int, text: str) -> None:
        """Add the phrase whose quotes were just taken, with the `~5` that may follow."""
        tilde = _TILDE.match(self.query, self.at)
        if not tilde:
            self._leaf(Phrase(text, (start, self.at)), start)
            return
        others = word_forms.slop(self.query, *tilde.span())
        self.at = tilde.end()
        self._leaf(Slop(text, others, (start, self.at)), start)

    def _refuse_tilde(self, what: str) -> None:
        """Raise where a `~` stands here, directly after something that can't have one."""
        if tilde := _TILDE.match(self.query, self.at):
            raise form_complaints.tilde_after(self.query, *tilde.span(), what)
