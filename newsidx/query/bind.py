"""From a query as typed to a query ready to run.

Binding looks up fields, cuts words into tokens, drops stop words and turns dates
into days. It needs the archive's language and today's date, and nothing else of it.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from newsidx.errors import QueryError
from newsidx.query import bound, nodes
from newsidx.query.dates import date_range
from newsidx.query.render import render
from newsidx.schema import TEXT_FIELDS, Field, Kind, field_named, names_of_fields
from newsidx.text.folding import fold
from newsidx.text.stopwords import stop_words
from newsidx.text.tokens import tokenize

__all__ = ["bind"]


def bind(
    node: nodes.Node,
    query: str,
    *,
    language: str,
    today: date,
    any_word: bool = False,
    exact: bool = False,
) -> bound.BoundQuery:
    """Bind a parsed query.

    Args:
        node: What the parser made of it.
        query: The text it was parsed from, for error messages.
        language: The index's language, whose stop words are dropped.
        today: What `date:yesterday` counts from.
        any_word: Make loose positive words and phrases alternatives (`--any`).
        exact: Match every word as written, without stemming (`--exact`).

    Raises:
        QueryError: A field that doesn't exist, a date that isn't one, a comparison
            of words, or a query without any word.
    """
    binder = _Binder(query, language, today, any_word, exact)
    kept = binder.without_stop_words(node)
    tree = binder.bind(kept, None)
    if tree is None:
        raise QueryError(
            "There is no word in this query, only punctuation.",
            query,
            0,
            len(query),
            expected="a word or a number to look for",
        )
    scored = tuple(binder.scored(kept, 1.0))
    return bound.BoundQuery(tree, scored, node, tuple(binder.dropped), tuple(binder.ignored))


@dataclass
class _Binder:
    query: str
    language: str
    today: date
    any_word: bool
    exact: bool
    dropped: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    # Stop words

    def without_stop_words(self, node: nodes.Node) -> nodes.Node:
        """The query without stop words among its loose top-level words, if any others are."""
        if not isinstance(node, nodes.Loose):
            return node
        stops = stop_words(self.language)
        kept = [child for child in node.children if not self._is_stop_word(child, stops)]
        if not any(self._leaves_something(child) for child in kept):
            return node
        self.dropped += [
            child.text
            for child in node.children
            if isinstance(child, nodes.Word) and self._is_stop_word(child, stops)
        ]
        return kept[0] if len(kept) == 1 else replace(node, children=tuple(kept))

    @staticmethod
    def _is_stop_word(node: nodes.Node, stops: frozenset[str]) -> bool:
        if not isinstance(node, nodes.Word):
            return False
        tokens = tokenize(node.text)
        return len(tokens) == 1 and tokens[0].form in stops

    @staticmethod
    def _leaves_something(node: nodes.Node) -> bool:
        if isinstance(node, nodes.Not):
            return False
        return not isinstance(node, nodes.Word) or bool(tokenize(node.text))

    # The tree. None stands for words without a letter or digit, which match nothing
    # by themselves and are left out of whatever they stand in.

    def bind(self, node: nodes.Node, scope: Field | None) -> bound.Bound | None:
        match node:
            case nodes.Word() | nodes.Phrase():
                return self._bind_words(node, scope)
            case nodes.Pattern():
                return self._bind_pattern(node, scope)
            case nodes.Range():
                return self._bind_range(node, scope)
            case nodes.Compare():
                return self._bind_compare(node, scope)
            case nodes.InField():
                return self.bind(node.child, self._field(node))
            case nodes.Boost():
                return self.bind(node.child, scope)
            case nodes.Not():
                child = self.bind(node.child, scope)
                return None if child is None else bound.Not(child)
            case nodes.Loose():
                return self._bind_loose(node, scope)
            case nodes.And():
                return _join(bound.And, self._bind_all(node.children, scope))
            case nodes.Or():
                return _join(bound.Or, self._bind_all(node.children, scope))
            case _:
                assert_never(node)

    def _bind_all(self, children: tuple[nodes.Node, ...], scope: Field | None) -> list[bound.Bound]:
        found = (self.bind(child, scope) for child in children)
        return [child for child in found if child is not None]

    def _bind_loose(self, node: nodes.Loose, scope: Field | None) -> bound.Bound | None:
        if not self.any_word or scope is not None:
            return _join(bound.And, self._bind_all(node.children, scope))
        alternatives: list[nodes.Node] = []
        required: list[nodes.Node] = []
        for child in node.children:
            words = child.child if isinstance(child, nodes.Boost) else child
            free = isinstance(words, nodes.Word | nodes.Phrase | nodes.Pattern)
            (alternatives if free else required).append(child)
        either = _join(bound.Or, self._bind_all(tuple(alternatives), scope))
        rest = self._bind_all(tuple(required), scope)
        return _join(bound.And, [either, *rest] if either is not None else rest)

    # Leaves

    def _bind_words(
        self, node: nodes.Word | nodes.Phrase, scope: Field | None
    ) -> bound.Bound | None:
        if scope is not None and scope.kind is Kind.DATE:
            return self._days(scope, node.text, node.text, node.span)
        if scope is not None and scope.kind is Kind.NUMBER:
            number = self._number(scope, node.text, node.span)
            return bound.Range(scope.name, number, number)
        tokens = tokenize(node.text)
        if not tokens:
            self.ignored.append(node.text)
            return None
        if scope is not None and scope.name == "id":
            return bound.Wildcard(("id",), tokens[0].form + "*")
        fields = _fields(scope)
        loose = isinstance(node, nodes.Word) and len(tokens) == 1 and not self.exact
        if loose and (scope is None or scope.kind is Kind.TEXT):
            return bound.Term(fields, tokens[0].lower, tokens[0].form)
        return bound.Phrase(fields, tuple(token.form for token in tokens))

    def _bind_pattern(self, node: nodes.Pattern, scope: Field | None) -> bound.Bound:
        if set(node.text) == {"*"}:
            return bound.All() if scope is None else bound.Has(scope.name)
        if scope is not None and scope.kind in (Kind.DATE, Kind.NUMBER):
            raise self._wrong_kind(scope, node.span, "wildcards")
        return bound.Wildcard(_fields(scope), self._folded_pattern(node))

    def _folded_pattern(self, node: nodes.Pattern) -> str:
        letters = node.text.replace("*", "\0").replace("?", "\0").split("\0")
        if any(len(tokenize(run)) > 1 or (run and not tokenize(run)) for run in letters):
            raise QueryError(
                f"{node.text!r} is several words, and a wildcard stands for part of one.",
                self.query,
                *node.span,
                expected="a pattern such as elect* or te?t, without punctuation inside",
            )
        folded = iter(fold(run) for run in letters)
        stars = iter(character for character in node.text if character in "*?")
        return next(folded) + "".join(star + next(folded) for star in stars)

    def _bind_range(self, node: nodes.Range, scope: Field | None) -> bound.Bound:
        scope = self._measurable(scope, node.span, "ranges")
        if scope.kind is Kind.DATE:
            return self._days(scope, node.low, node.high, node.span)
        low, high = (
            None if end is None else self._number(scope, end, node.span)
            for end in (node.low, node.high)
        )
        self._check_order(low, high, f"{node.low}..{node.high}", node)
        return bound.Range(scope.name, low, high)

    def _bind_compare(self, node: nodes.Compare, scope: Field | None) -> bound.Bound:
        scope = self._measurable(scope, node.span, "comparisons")
        if scope.kind is Kind.DATE:
            first, last = (day.toordinal() for day in self._day_span(node.value, node.span))
        else:
            first = last = self._number(scope, node.value, node.span)
        match node.operator:
            case ">":
                return bound.Range(scope.name, last + 1, None)
            case ">=":
                return bound.Range(scope.name, first, None)
            case "<":
                return bound.Range(scope.name, None, first - 1)
            case _:
                return bound.Range(scope.name, None, last)

    def _days(
        self, scope: Field, low: str | None, high: str | None, span: tuple[int, int]
    ) -> bound.Bound:
        first = None if low is None else self._day_span(low, span)[0].toordinal()
        last = None if high is None else self._day_span(high, span)[1].toordinal()
        self._check_order(first, last, f"{low}..{high}", nodes.Range(low, high, span))
        return bound.Range(scope.name, first, last)

    def _day_span(self, text: str, span: tuple[int, int]) -> tuple[date, date]:
        try:
            return date_range(text, self.today)
        except ValueError as problem:
            raise QueryError(
                str(problem),
                self.query,
                *span,
                expected="a day, month or year: 2016-11-08, 2016-11, 2016, yesterday",
            ) from None

    def _number(self, scope: Field, text: str, span: tuple[int, int]) -> int:
        if text.isascii() and text.isdigit() and len(text) < 16:
            return int(text)
        raise QueryError(
            f"{scope.name!r} is a number, and {text!r} is not.",
            self.query,
            *span,
            expected=f"whole numbers: {scope.name}>500, {scope.name}:100..300",
        )

    def _check_order(self, low: int | None, high: int | None, text: str, node: nodes.Range) -> None:
        if low is None or high is None or low <= high:
            return
        start, end = node.span
        turned = render(nodes.InField("date", nodes.Range(node.high, node.low)))
        turned = turned.removeprefix("date:")
        raise QueryError(
            f"The range {text} ends before it begins.",
            self.query,
            start,
            end,
            expected="the earlier or smaller end first",
            repaired=(self.query[:start] + turned + self.query[end:]) if end > start else None,
        )

    # Fields

    def _field(self, node: nodes.InField) -> Field:
        found = field_named(node.name)
        if found is not None:
            return found
        start = node.span[0]
        near = difflib.get_close_matches(node.name, names_of_fields(), n=1, cutoff=0.5)
        rest = self.query[start + len(node.name) :]
        raise QueryError(
            f"There is no field {node.name!r}.",
            self.query,
            start,
            start + len(node.name),
            expected=(f"{near[0]}:, or " if near else "")
            + "quotes around it to search for the text itself",
            repaired=self.query[:start] + near[0] + rest if near else None,
        )

    def _measurable(self, scope: Field | None, span: tuple[int, int], what: str) -> Field:
        if scope is None or scope.kind not in (Kind.DATE, Kind.NUMBER):
            raise self._wrong_kind(scope, span, what)
        return scope

    def _wrong_kind(self, scope: Field | None, span: tuple[int, int], what: str) -> QueryError:
        if scope is not None and scope.kind in (Kind.DATE, Kind.NUMBER):
            message = f"{scope.name!r} is a {scope.kind.value}, and {what} are for words."
        else:
            name = repr(scope.name) if scope is not None else "This"
            message = f"{name} holds words, and {what} are for date: and words:."
        return QueryError(message, self.query, *span, expected="quotes around plain text")

    # Scores

    def scored(self, node: nodes.Node, boost: float) -> list[bound.Scored]:
        """The words that rank: positive, and in a text field or in none."""
        match node:
            case nodes.Word() | nodes.Phrase():
                return [
                    bound.Scored(bound.Term(TEXT_FIELDS, token.lower, token.form), boost)
                    for token in tokenize(node.text)
                ]
            case nodes.Pattern():
                if set(node.text) == {"*"}:
                    return []
                pattern = bound.Wildcard(TEXT_FIELDS, self._folded_pattern(node))
                return [bound.Scored(pattern, boost)]
            case nodes.Boost():
                return self.scored(node.child, boost * node.factor)
            case nodes.InField():
                ranks = self._field(node).kind is Kind.TEXT
                return self.scored(node.child, boost) if ranks else []
            case nodes.Loose() | nodes.And() | nodes.Or():
                return [word for child in node.children for word in self.scored(child, boost)]
            case nodes.Not() | nodes.Range() | nodes.Compare():
                return []
            case _:
                assert_never(node)


def _fields(scope: Field | None) -> tuple[str, ...]:
    return TEXT_FIELDS if scope is None else (scope.name,)


def _join(
    kind: type[bound.And] | type[bound.Or], children: list[bound.Bound]
) -> bound.Bound | None:
    if not children:
        return None
    return children[0] if len(children) == 1 else kind(tuple(children))
