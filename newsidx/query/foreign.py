"""Signs that other query languages, shells and word processors have taught people to type.

Here they would be punctuation, and the query would quietly mean something else. So
each is an error that says what to type instead.
"""

from __future__ import annotations

import re

from newsidx.query.characters import CLOSING, has_token, shown
from newsidx.query.misread import Misread, cut
from newsidx.schema import Kind, field_named

__all__ = ["refuse_foreign"]

_OPERATORS = {"||": "OR", "|": "OR", "&&": "AND"}
_OPERATOR = re.compile(r"\|\|?|&&")
_EQUALS = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(=[<>]|!?==?)")
_TURNED = {"=>": ">=", "=<": "<="}
# Hyphens, figure dash, en dash, em dash, bar and minus, as text is pasted with.
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_LEADING = re.compile(f"!+|[{_DASHES}]+")


def refuse_foreign(query: str, at: int, chunk: str, *, in_field: bool) -> None:
    """Raise `Misread` where the bare text `chunk`, which stands at `at`, holds such a sign.

    Args:
        in_field: Whether it is a field's value.
    """
    followed = query[at + len(chunk) : at + len(chunk) + 1] in ("(", *CLOSING)
    _refuse_leading(query, at, chunk, followed, in_field)
    if not in_field:
        _refuse_equals(query, at, chunk, followed)
    _refuse_operator(query, at, chunk, in_field)


def _refuse_leading(query: str, at: int, chunk: str, followed: bool, in_field: bool) -> None:
    """An exclamation mark or a pasted dash before a word, a phrase or a group."""
    sign = _LEADING.match(chunk)
    if not sign:
        return
    rest = chunk[sign.end() :]
    if not has_token(rest) and (rest or not followed):
        return
    word, end = shown(rest) or "…", at + sign.end()
    dashed, without = f"{query[:at]}-{query[end:]}", cut(query, at, end)
    if query[at - 1 : at] in (")", *CLOSING):
        repairs = [f"{query[:at]} {query[end:]}"]
    else:
        repairs = [dashed] if in_field else [dashed, without]
    raise Misread(
        f"{sign.group()} before a word is unclear: -{word} leaves {word} out, {word} looks for it.",
        query,
        at,
        end,
        expected=f"the dash of the keyboard, as in -{word}, or a space",
        repairs=repairs,
    )


def _refuse_equals(query: str, at: int, chunk: str, followed: bool) -> None:
    """A known field with `=`, `==`, `!=` or `=>` where a colon belongs."""
    found = _EQUALS.match(chunk)
    field = field_named(found.group(1)) if found else None
    if not found or not field or not (has_token(chunk[found.end() :]) or followed):
        return
    name, sign = found.groups()
    before, after = query[:at], query[at + found.end() :]
    whole = field.kind in (Kind.KEYWORD, Kind.LIST) and sign != "!="
    signs = [_TURNED[sign]] if sign in _TURNED else [":=", ":"] if whole else [":"]
    negation = "-" if sign == "!=" else ""
    joint = f"written {name}{signs[0]}" if sign in _TURNED else "joined by a colon"
    raise Misread(
        f"{name}{sign} is not understood: a field and its value are {joint}.",
        query,
        at + found.start(2),
        at + found.end(),
        expected=f"{negation}{name}{signs[-1]}value, "
        "or quotes around it all to search for the text itself",
        repairs=[f"{before}{negation}{name}{colon}{after}" for colon in signs],
    )


def _refuse_operator(query: str, at: int, chunk: str, in_field: bool) -> None:
    """`||`, `&&` or `|`, between words or within one."""
    found = _OPERATOR.search(chunk)
    if not found or not (has_token(chunk) or found.group() == chunk):
        return
    sign, start, end = found.group(), at + found.start(), at + found.end()
    word = _OPERATORS[sign]
    spelt = _OPERATOR.sub(lambda joint: f" {_OPERATORS[joint.group()]} ", chunk).strip()
    before, after = query[:at], query[at + len(chunk) :]
    alone = query.strip() == chunk and not in_field
    repairs = [] if sign == chunk else [spelt if alone else f"{before}({spelt}){after}"]
    repairs += [
        f"{query[:start].rstrip()} {word} {query[end:].lstrip()}".strip(),
        cut(query, start, end),
    ]
    raise Misread(
        f"{sign} is not understood: operators are AND, OR and NOT, in capitals.",
        query,
        start,
        end,
        expected=f"{word}, or quotes to search for the text itself",
        repairs=repairs,
    )
