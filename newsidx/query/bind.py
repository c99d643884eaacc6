"""From a query as typed to a query ready to run.

Binding looks up fields, cuts words into tokens, drops stop words and turns dates
into days. It needs the archive's language and today's date, and nothing else of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import assert_never

from newsidx.query import bind_complaints as complaints
from newsidx.query import bound, nodes
from newsidx.query.characters import core, is_word_character
from newsidx.query.dates import date_range
from newsidx.schema import TEXT_FIELDS, Field, Kind, field_named
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
    literal: bool = False,
) -> bound.BoundQuery:
    """Bind a parsed query.

    Args:
        node: What the parser made of it.
        query: The text it was parsed from, for error messages.
        language: The index's language, whose stop words are dropped.
        today: What `date:yesterday` counts from.
        any_word: Make loose positive words and phrases alternatives (`--any`).
        exact: Match every word as written, without stemming (`--exact`).
        literal: It was taken as loose words (`-F`), which is never an error: without
            any word it matches nothing.

    Raises:
        QueryError: A field that doesn't exist, a date that isn't one, a comparison
            of words, or a query without any word.
    """
    binder = _Binder(query, language, today, any_word, exact)
    kept = binder.without_stop_words(node)
    tree = binder.bind(kept, None)
    if tree is None and not literal:
        raise complaints.no_word(query)
    scored = tuple(binder.scored(kept, 1.0))
    said = (tuple(binder.dropped), tuple(binder.ignored), tuple(binder.starred))
    return bound.BoundQuery(tree or bound.Or(()), scored, *said)


@dataclass
class _Binder:
    query: str
    language: str
    today: date
    any_word: bool
    exact: bool
    dropped: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    starred: list[str] = field(default_factory=list)

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
        if isinstance(node, nodes.Phrase) and _has_wildcard(node.text):
            self.starred.append(node.text)
        tokens = tokenize(node.text)
        if not tokens:
            self.ignored.append(node.text)
            return None
        if scope is not None and scope.name == "id":
            if len(tokens) > 1:
                raise complaints.several_ids(self.query, node, [token.form for token in tokens])
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
            raise complaints.wrong_kind(self.query, scope, node.span, "wildcards")
        return bound.Wildcard(_fields(scope), self._folded_pattern(node))

    def _folded_pattern(self, node: nodes.Pattern) -> str:
        text = node.text[slice(*core(node.text))]
        runs = text.replace("*", "\0").replace("?", "\0").split("\0")
        tokens = [tokenize(run) for run in runs]
        if any(len(found) != 1 for run, found in zip(runs, tokens, strict=True) if run):
            raise complaints.several_words(self.query, node)
        folded = iter(found[0].form if found else "" for found in tokens)
        stars = iter(character for character in text if character in "*?")
        return next(folded) + "".join(star + next(folded) for star in stars)

    def _bind_range(self, node: nodes.Range, scope: Field | None) -> bound.Bound:
        scope = self._measurable(scope, node.span, "ranges")
        if scope.kind is Kind.DATE:
            return self._days(scope, node.low, node.high, node.span)
        low, high = (
            None if end is None else self._number(scope, end, node.span)
            for end in (node.low, node.high)
        )
        self._check_order(low, high, node)
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
        self._check_order(first, last, nodes.Range(low, high, span))
        return bound.Range(scope.name, first, last)

    def _day_span(self, text: str, span: tuple[int, int]) -> tuple[date, date]:
        try:
            return date_range(text, self.today)
        except ValueError as problem:
            raise complaints.no_date(self.query, str(problem), text, span, self.today) from None

    def _number(self, scope: Field, text: str, span: tuple[int, int]) -> int:
        if text.isascii() and text.isdigit() and len(text) < 16:
            return int(text)
        raise complaints.no_number(self.query, scope, text, span)

    def _check_order(self, low: int | None, high: int | None, node: nodes.Range) -> None:
        if low is not None and high is not None and low > high:
            raise complaints.reversed_range(self.query, node)

    # Fields

    def _field(self, node: nodes.InField) -> Field:
        found = field_named(node.name)
        if found is None:
            raise complaints.no_field(self.query, node)
        return found

    def _measurable(self, scope: Field | None, span: tuple[int, int], what: str) -> Field:
        if scope is None or scope.kind not in (Kind.DATE, Kind.NUMBER):
            raise complaints.wrong_kind(self.query, scope, span, what)
        return scope

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


def _has_wildcard(phrase: str) -> bool:
    """Whether quotes hold what would be a wildcard without them."""
    return "*" in phrase or any(
        mark == "?" and is_word_character(before) and is_word_character(after)
        for before, mark, after in zip(phrase, phrase[1:], phrase[2:], strict=False)
    )


def _fields(scope: Field | None) -> tuple[str, ...]:
    return TEXT_FIELDS if scope is None else (scope.name,)


def _join(
    kind: type[bound.And] | type[bound.Or], children: list[bound.Bound]
) -> bound.Bound | None:
    if not children:
        return None
    return children[0] if len(children) == 1 else kind(tuple(children))
