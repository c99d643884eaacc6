"""XML as a stream of events: bounded in memory, and with nothing expanded or fetched.

Expat of the standard library is used for it, which keeps no tree. A document that
declares entities of its own is refused, since none of the formats read here has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from newsidx.errors import ReadError

__all__ = ["END", "START", "TEXT", "attribute", "events", "leaves"]

START: Final = 0
END: Final = 1
TEXT: Final = 2

# Documents nest some ten tables deep at the most, and have some hundred kinds of elements.
# Without a bound a small file would fill the memory with either.
_DEEPEST = 500
_MOST_NAMES = 5000

# What happened, the element's name (none for text), and the attributes or the text.
Event = tuple[int, str, Mapping[str, str] | str]

_NO_ATTRIBUTES: Mapping[str, str] = {}


def events(blocks: Iterable[bytes], prefixes: Mapping[str, str], part: str) -> Iterator[Event]:
    """The elements and texts of an XML document in order.

    Args:
        blocks: Its bytes. Each should be large: expat before 2.6 starts again at
            every block with a token that has not ended.
        prefixes: Namespace -> what to write before the names in it. Names of other
            namespaces are given as `namespace name`, those of none as they are.
        part: What the document is called in messages.

    Raises:
        ReadError: `malformed` when it is not well-formed, declares entities, or is
            deeper or more various than any document.
    """
    from xml.parsers import expat

    tape = _Tape(prefixes, part)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.EntityDeclHandler = tape.refuse
    parser.StartElementHandler = tape.start
    parser.EndElementHandler = tape.end
    parser.CharacterDataHandler = tape.write
    try:
        for block in blocks:
            parser.Parse(block, False)
            yield from tape.found
            tape.found.clear()
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise ReadError("malformed", f"its {part} is not well-formed: {error}") from error
    yield from tape.found


class _Tape:
    """Takes down what expat reports, and stops it where no document goes."""

    def __init__(self, prefixes: Mapping[str, str], part: str) -> None:
        self.found: list[Event] = []
        self._prefixes = prefixes
        self._part = part
        self._names: dict[str, str] = {}
        self._depth = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ReadError("malformed", f"its {self._part} is nested too deeply")
        self.found.append((START, self._names.get(name) or self._learn(name), attributes))

    def end(self, name: str) -> None:
        self._depth -= 1
        self.found.append((END, self._names[name], _NO_ATTRIBUTES))

    def write(self, text: str) -> None:
        self.found.append((TEXT, "", text))

    def refuse(self, *_: object) -> None:
        raise ReadError("malformed", f"its {self._part} declares entities of its own")

    def _learn(self, name: str) -> str:
        if len(self._names) == _MOST_NAMES:
            raise ReadError("malformed", f"its {self._part} has too many kinds of elements")
        space, _, local = name.rpartition(" ")
        prefix = self._prefixes.get(space)
        self._names[name] = name if prefix is None else prefix + local
        return self._names[name]


def leaves(
    blocks: Iterable[bytes], prefixes: Mapping[str, str], part: str
) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """Each element as it ends: its name, its attributes and the text right inside of it.

    For the flat lists that metadata are; raises what `events` does.
    """
    opened: list[tuple[Mapping[str, str], list[str]]] = []
    for kind, name, value in events(blocks, prefixes, part):
        if kind == START:
            assert not isinstance(value, str)
            opened.append((value, []))
        elif kind == END:
            attributes, pieces = opened.pop()
            yield name, attributes, "".join(pieces).strip()
        elif opened:
            assert isinstance(value, str)
            opened[-1][1].append(value)


def attribute(attributes: Mapping[str, str] | str, name: str) -> str:
    """The value of an attribute by its local name, whatever its namespace; empty if none."""
    if isinstance(attributes, str):
        return ""
    for key, value in attributes.items():
        if key.rpartition(" ")[2] == name:
            return value
    return ""
