"""What can be wrong with a query that parses: an unknown field, a date that is none.

One function a mistake; `bind` finds the mistakes and raises these. Spans are start and
end in the query, in code points.
"""

from __future__ import annotations

import difflib
from datetime import date

from newsidx.errors import QueryError
from newsidx.query import nodes
from newsidx.query.dates import unquoted_date
from newsidx.query.render import render
from newsidx.schema import Field, Kind, names_of_fields

__all__ = [
    "no_date",
    "no_field",
    "no_number",
    "no_side",
    "no_word",
    "reversed_range",
    "several_ids",
    "several_words",
    "wrong_kind",
]

Place = tuple[int, int]

# How alike, from 0 to 1 after difflib, a name must be to one that was probably meant:
# titel and title are (.8), tile and title (.89), sport and source are not (.55).
_ALIKE = 0.7


def no_word(query: str) -> QueryError:
    """Nothing in the query is a word."""
    return QueryError(
        "There is no word in this query, only punctuation.",
        query,
        0,
        len(query),
        expected="a word or a number to look for",
    )


def no_side(query: str, span: Place) -> QueryError:
    """A side of NEAR/5 without a letter or digit."""
    return QueryError(
        "There is no word here that another could be near.",
        query,
        *span,
        expected="a word, a phrase in quotes or (these OR those)",
    )


def several_words(query: str, node: nodes.Pattern) -> QueryError:
    """A wildcard in what is more than one word."""
    return QueryError(
        f"{node.text!r} is several words, and a wildcard stands for part of one.",
        query,
        *node.span,
        expected="a pattern such as elect* or te?t, without punctuation inside",
    )


def several_ids(query: str, node: nodes.Word | nodes.Phrase, forms: list[str]) -> QueryError:
    """Several words where an id should be."""
    start, end = node.span
    each = f"({' OR '.join(forms)})"
    return QueryError(
        f"{node.text!r} is several words, and an id is one.",
        query,
        start,
        end,
        expected="an id, or its first four characters or more; several are joined by OR",
        repaired=query[:start] + each + query[end:] if end > start else None,
    )


def no_date(query: str, problem: str, text: str, span: Place, today: date) -> QueryError:
    """`text`, which ends where its span does, is no date: it may be the first word of one."""
    start, repaired = span[1] - len(text), None
    if start >= 0 and query[start : span[1]] == text:
        stop = unquoted_date(query, start, span[1], today)
        if stop is not None:
            repaired = f'{query[:start]}"{query[start:stop]}"{query[stop:]}'
    return QueryError(
        problem,
        query,
        *span,
        expected="quotes around a date of several words"
        if repaired
        else "a day, month or year: 2016-11-08, 2016-11, 2016, yesterday",
        repaired=repaired,
    )


def no_number(query: str, field: Field, text: str, span: Place) -> QueryError:
    """Text after a field of numbers."""
    return QueryError(
        f"{field.name!r} is a number, and {text!r} is not.",
        query,
        *span,
        expected=f"whole numbers: {field.name}>500, {field.name}:100..300",
    )


def reversed_range(query: str, node: nodes.Range) -> QueryError:
    """A range whose upper end is below its lower one."""
    start, end = node.span
    turned = render(nodes.InField("date", nodes.Range(node.high, node.low)))
    turned = turned.removeprefix("date:")
    return QueryError(
        f"The range {node.low}..{node.high} ends before it begins.",
        query,
        start,
        end,
        expected="the earlier or smaller end first",
        repaired=(query[:start] + turned + query[end:]) if end > start else None,
    )


def no_field(query: str, node: nodes.InField) -> QueryError:
    """A name before a colon that no field has."""
    start, end = node.span[0], node.span[0] + len(node.name)
    near = difflib.get_close_matches(node.name, names_of_fields(), n=1, cutoff=_ALIKE)
    return QueryError(
        f"There is no field {node.name!r}.",
        query,
        start,
        end,
        expected=(f"{near[0]}:, or " if near else "")
        + "quotes around it to search for the text itself",
        repaired=query[:start] + near[0] + query[end:] if near else None,
    )


def wrong_kind(query: str, field: Field | None, span: Place, what: str) -> QueryError:
    """Wildcards on a date or number, or a range or comparison of words."""
    if field is not None and field.kind in (Kind.DATE, Kind.NUMBER):
        message = f"{field.name!r} is a {field.kind.value}, and {what} are for words."
    else:
        name = repr(field.name) if field is not None else "This"
        message = f"{name} holds words, and {what} are for date: and words:."
    return QueryError(message, query, *span, expected="quotes around plain text")
