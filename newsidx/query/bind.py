"""From a query as typed to a query ready to run.

Binding looks up fields, cuts words into tokens, drops stop words and turns dates
into days. It needs the archive's language and today's date, and nothing else of it.
"""

from __future__ import annotations

from datetime import date
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from newsidx.query import bind_complaints as complaints
from newsidx.query import bound, nodes
from newsidx.query.bind_measures import Measures
from newsidx.query.bind_patterns import expansion
from newsidx.query.bind_scores import scored_words
from newsidx.query.characters import has_wildcard
from newsidx.schema import LEAD, TEXT_FIELDS, Field, Kind, field_named
from newsidx.text.stopwords import stop_words
from newsidx.text.tokens import Token, spelt, tokenize

__all__ = ["bind"]

# What `--any` makes alternatives of: words and phrases, whatever they stand for.
_Free = (
    nodes.Word | nodes.Phrase | nodes.Slop | nodes.Exact | nodes.Pattern | nodes.Fuzzy | nodes.Regex
)


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
    binder = _Binder(query, language, Measures(query, today), any_word, exact)
    kept = binder.without_stop_words(node)
    tree = binder.bind(kept, None)
    if tree is None and not literal:
        raise complaints.no_word(query)
    scored = tuple(scored_words(kept, query))
    said = (tuple(binder.dropped), tuple(binder.ignored), tuple(binder.starred))
    return bound.BoundQuery(tree or bound.Or(()), scored, *said)


class _Binder(Struct):
    query: str
    language: str
    measures: Measures
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
            case nodes.Slop():
                return self._bind_slop(node, scope)
            case nodes.Exact():
                return self._bind_exact(node, scope)
            case nodes.Pattern() | nodes.Fuzzy() | nodes.Regex():
                return self._bind_pattern(node, scope)
            case nodes.Range() | nodes.Compare():
                return self.measures.bind(node, scope)
            case nodes.Near():
                return self._bind_near(node, scope)
            case nodes.AtLeast():
                leaves = self._leaves(node.child, TEXT_FIELDS, None)
                return bound.AtLeast(TEXT_FIELDS, leaves, node.count) if leaves else None
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
            free = isinstance(words, _Free)
            (alternatives if free else required).append(child)
        either = _join(bound.Or, self._bind_all(tuple(alternatives), scope))
        rest = self._bind_all(tuple(required), scope)
        return _join(bound.And, [either, *rest] if either is not None else rest)

    # Leaves

    def _bind_words(
        self, node: nodes.Word | nodes.Phrase, scope: Field | None
    ) -> bound.Bound | None:
        if _is_measured(scope):
            return self.measures.bind(node, scope)
        tokens = self._tokens(node)
        if not tokens:
            return None
        if scope is not None and scope.name == "id":
            if len(tokens) > 1:
                raise complaints.several_ids(self.query, node, [token.form for token in tokens])
            return bound.Wildcard(("id",), tokens[0].form + "*")
        return self._word_or_phrase(node, tokens, _fields(scope), scope)

    def _tokens(self, node: nodes.Word | nodes.Phrase | nodes.Slop | nodes.Exact) -> list[Token]:
        """The tokens of a text; one without any is noted."""
        if isinstance(node, nodes.Phrase | nodes.Slop) and has_wildcard(node.text):
            self.starred.append(node.text)
        tokens = tokenize(node.text)
        if not tokens:
            self.ignored.append(node.text)
        return tokens

    def _word_or_phrase(
        self,
        node: nodes.Word | nodes.Phrase | nodes.Exact,
        tokens: list[Token],
        fields: tuple[str, ...],
        scope: Field | None,
    ) -> bound.Term | bound.Phrase:
        """A bare word in running text by its stem, anything else by its forms."""
        loose = isinstance(node, nodes.Word) and len(tokens) == 1 and not self.exact
        if loose and (scope is None or scope.kind is Kind.TEXT):
            return bound.Term(fields, tokens[0].lower, tokens[0].form)
        return bound.Phrase(fields, _forms(tokens), _spelling(node, tokens))

    def _bind_slop(self, node: nodes.Slop, scope: Field | None) -> bound.Bound | None:
        self._refuse_measured(scope, node, "words with others between them")
        tokens = self._tokens(node)
        if len(tokens) < 2 or not node.words:
            return bound.Phrase(_fields(scope), _forms(tokens)) if tokens else None
        return bound.Slop(_fields(scope), _forms(tokens), node.words)

    def _bind_exact(self, node: nodes.Exact, scope: Field | None) -> bound.Bound | None:
        if _is_measured(scope):
            return self.measures.bind(node, scope)
        tokens = self._tokens(node)
        if not tokens:
            return None
        if scope is None or scope.kind is Kind.TEXT:
            return bound.Phrase(_fields(scope), _forms(tokens), _spelling(node, tokens))
        return bound.Whole(scope.name, _forms(tokens), _spelling(node, tokens))

    def _bind_near(self, node: nodes.Near, scope: Field | None) -> bound.Bound:
        self._refuse_measured(scope, node, "words near each other")
        sides: list[tuple[bound.Term | bound.Phrase, ...]] = []
        for side in (node.left, node.right):
            found = self._leaves(side, _fields(scope), scope)
            if not found:
                raise complaints.no_side(self.query, side.span)
            sides.append(
                tuple(leaf for leaf in found if isinstance(leaf, bound.Term | bound.Phrase))
            )
        return bound.Near(_fields(scope), sides[0], sides[1], node.distance, node.ordered)

    def _leaves(
        self, node: nodes.Node, fields: tuple[str, ...], scope: Field | None
    ) -> tuple[bound.Leaf, ...]:
        """The alternatives that a side of NEAR, or what `atleast` counts, is made of."""
        match node:
            case nodes.Or():
                found = (self._leaves(child, fields, scope) for child in node.children)
                return tuple(dict.fromkeys(leaf for each in found for leaf in each))
            case nodes.Pattern() | nodes.Fuzzy() | nodes.Regex():
                return (expansion(self.query, node, fields),)
            case nodes.Word() | nodes.Phrase() | nodes.Exact():
                tokens = self._tokens(node)
                return (self._word_or_phrase(node, tokens, fields, scope),) if tokens else ()
            case _:
                raise AssertionError("the grammar lets nothing else stand there")

    def _bind_pattern(
        self, node: nodes.Pattern | nodes.Fuzzy | nodes.Regex, scope: Field | None
    ) -> bound.Bound:
        if isinstance(node, nodes.Pattern) and not node.text.strip("*"):
            return bound.All() if scope is None else _has(scope)
        self._refuse_measured(
            scope, node, "wildcards" if isinstance(node, nodes.Pattern) else "patterns"
        )
        return expansion(self.query, node, _fields(scope))

    def _refuse_measured(self, scope: Field | None, node: nodes.Node, what: str) -> None:
        if _is_measured(scope):
            raise complaints.wrong_kind(self.query, scope, node.span, what)

    # Fields

    def _field(self, node: nodes.InField) -> Field:
        found = field_named(node.name)
        if found is None:
            raise complaints.no_field(self.query, node)
        return found


def _is_measured(scope: Field | None) -> bool:
    return scope is not None and scope.kind in (Kind.DATE, Kind.NUMBER)


def _forms(tokens: list[Token]) -> tuple[str, ...]:
    return tuple(token.form for token in tokens)


def _spelling(node: nodes.Node, tokens: list[Token]) -> tuple[str, ...]:
    """The tokens as typed, where that is how they are looked for."""
    if not isinstance(node, nodes.Exact) or not node.spelling:
        return ()
    return tuple(spelt(node.text[token.start : token.end]) for token in tokens)


def _has(scope: Field) -> bound.Bound:
    """A value in a field; for the headline and lead, in either of what they are made of."""
    if scope == LEAD:
        return bound.Or(tuple(map(bound.Has, TEXT_FIELDS)))
    return bound.Has(scope.name)


def _fields(scope: Field | None) -> tuple[str, ...]:
    return TEXT_FIELDS if scope is None else (scope.name,)


def _join(
    kind: type[bound.And] | type[bound.Or], children: list[bound.Bound]
) -> bound.Bound | None:
    if not children:
        return None
    return children[0] if len(children) == 1 else kind(tuple(children))
