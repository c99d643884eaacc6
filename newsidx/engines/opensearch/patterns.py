"""Patterns over whole forms, as Lucene's regular expressions (`util.automaton.RegExp`).

Only what needs no optional operator is used, so that every version reads it alike.
"""

from __future__ import annotations

from typing import Any, assert_never

from newsidx.query import bound
from newsidx.query.automaton import Alternatives, Chars, Expression, Repeat, Sequence
from newsidx.query.regex import parsed_regex

__all__ = ["expression", "pattern_query"]

# A fuzzy word as short as this is written out: Lucene leaves out forms that have no more
# letters than may be edited.
_SHORT = 4

# What determinizing a pattern may take; Lucene stops at 10,000 unless told.
_EFFORT = 500_000


def pattern_query(field: str, word: bound.Expansion) -> dict[str, Any]:
    """The query for articles that have a form that fits in a field. Nothing is cut off."""
    if isinstance(word, bound.Wildcard):
        run = word.pattern.rstrip("*")
        if run and run != word.pattern and not set(run) & set("*?"):
            return {"prefix": {field: {"value": run}}}
    if isinstance(word, bound.Fuzzy) and len(word.form) > _SHORT:
        # With this rewriting the number of expansions bounds nothing.
        return {
            "fuzzy": {
                field: {
                    "value": word.form,
                    "fuzziness": word.edits,
                    "prefix_length": 0,
                    "max_expansions": 1000,
                    "transpositions": True,
                    "rewrite": "constant_score",
                }
            }
        }
    return {
        "regexp": {
            field: {
                "value": expression(word),
                "flags": "NONE",
                "max_determinized_states": _EFFORT,
            }
        }
    }


def expression(word: bound.Expansion) -> str:
    """A word that stands for many forms, as a regular expression over them."""
    match word:
        case bound.Wildcard():
            return "".join(
                ".*" if char == "*" else "." if char == "?" else _literal(char)
                for char in word.pattern
            )
        case bound.Fuzzy():
            return _near(word.form, word.edits)
        case bound.Regex():
            return _written(parsed_regex(word.pattern))
        case _:
            assert_never(word)


def _literal(char: str) -> str:
    return char if char.isalnum() or ord(char) > 127 else "\\" + char


def _near(form: str, edits: int) -> str:
    """Texts at most so many edits away: `patterns.distance_within`, written out."""
    if not edits:
        return "".join(map(_literal, form)) or "()"
    ways = []
    for at in range(len(form) + 1):
        before, rest = "".join(map(_literal, form[:at])), form[at:]
        ways.append(f"{before}.({_near(rest, edits - 1)})")
        if rest:
            ways.append(f"{before}({_near(rest[1:], edits - 1)})")
            ways.append(f"{before}.({_near(rest[1:], edits - 1)})")
        if len(rest) > 1:
            swapped = _literal(rest[1]) + _literal(rest[0])
            ways.append(f"{before}{swapped}({_near(rest[2:], edits - 1)})")
    ways.append("".join(map(_literal, form)) or "()")
    return "|".join(dict.fromkeys(ways))


def _written(node: Expression) -> str:
    match node:
        case Chars():
            return _class(node)
        case Sequence():
            return "".join(f"({_written(part)})" for part in node.parts) or "()"
        case Alternatives():
            return "|".join(f"({_written(part)})" for part in node.parts)
        case Repeat():
            high = "" if node.high is None else node.high
            return f"({_written(node.part)}){{{node.low},{high}}}"
        case _:
            assert_never(node)


def _class(node: Chars) -> str:
    if not node.singles and not node.ranges:
        return "."
    if node.only:
        return _literal(node.only)
    inside = "".join(_member(char) for char in sorted(node.singles))
    inside += "".join(f"{_member(low)}-{_member(high)}" for low, high in node.ranges)
    return f"[{'^' if node.negated else ''}{inside}]"


def _member(char: str) -> str:
    return _literal(char)
