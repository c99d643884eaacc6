"""Reading pickles without trusting them: a small machine that builds plain data only.

Whoosh pickles much of what it writes, and a pickle can name any function there is and
have it called. This reads the few operations that such files hold. It imports nothing and
calls nothing: what a pickle would make of a class is an inert `Made`, and of the names of
classes only those are let through that a table of contents has. Tuples are no keys, so
that no depth or breadth of nesting costs anything. (PEP 307 and PEP 3154; the operations
are described in `pickletools`.)
"""

from __future__ import annotations

import struct
from typing import Any

__all__ = ["Made", "Unreadable", "load"]

_ENCODE = ("_codecs", "encode")
_DICTIONARY = ("collections", "defaultdict")
# What Whoosh's files name: classes of its segments, and how old protocols spell bytes.
_NAMES = {
    _ENCODE,
    _DICTIONARY,
    ("builtins", "int"),
    ("__builtin__", "int"),
    ("__builtin__", "bytes"),
    ("whoosh.codec.whoosh3", "W3Segment"),
    ("whoosh.codec.whoosh3", "W3Codec"),
}

_DOUBLE = struct.Struct(">d")
_MARK = object()

# Operation -> how many bytes the length has of what follows it.
_TEXTS = {0x8C: 1, 0x58: 4, 0x8D: 8}
_BYTES = {0x43: 1, 0x42: 4, 0x8E: 8}
_INTEGERS = {0x4B: 1, 0x4D: 2}
_TUPLES = {0x85: 1, 0x86: 2, 0x87: 3}
_CONSTANTS = {0x4E: None, 0x88: True, 0x89: False, 0x29: ()}
_CONTAINERS = {0x5D: list, 0x7D: dict, 0x8F: set}


class Unreadable(Exception):
    """A pickle that holds what no file of ours does, or makes no sense."""


class Made:
    """What stands for an object: the name of its class, and its state."""

    __slots__ = ("name", "state")

    def __init__(self, name: tuple[str, str]) -> None:
        self.name = name
        self.state: Any = None


def load(data: Any, at: int = 0) -> tuple[Any, int]:
    """Read a pickle.

    Args:
        data: Bytes, or a memory map.
        at: Where the pickle begins.

    Returns:
        What it holds: numbers, texts, bytes, lists, tuples, dictionaries, sets, and
        `Made` objects; and where it ends.

    Raises:
        Unreadable: It is no pickle, or would do more than hold data.
    """
    machine = _Machine(data)
    try:
        end = machine.run(at)
        (value,) = machine.stack
    except (IndexError, KeyError, TypeError, ValueError, AttributeError, struct.error) as problem:
        raise Unreadable("a pickle makes no sense") from problem
    return value, end


class _Machine:
    def __init__(self, data: Any) -> None:
        self.data = data
        self.stack: list[Any] = []
        self.memory: dict[int, Any] = {}

    def run(self, at: int) -> int:
        """Carry out operations up to the one that stops; gives where that is over."""
        data, push, memory = self.data, self.stack.append, self.memory
        while True:
            code: int = data[at]
            at += 1
            if code in _INTEGERS:
                end = at + _INTEGERS[code]
                push(int.from_bytes(data[at:end], "little"))
                at = end
            elif code == 0x94:  # MEMOIZE
                memory[len(memory)] = self.stack[-1]
            elif code == 0x71 or code == 0x72:  # BINPUT, LONG_BINPUT
                end = at + (1 if code == 0x71 else 4)
                memory[int.from_bytes(data[at:end], "little")] = self.stack[-1]
                at = end
            elif code == 0x68 or code == 0x6A:  # BINGET, LONG_BINGET
                end = at + (1 if code == 0x68 else 4)
                push(memory[int.from_bytes(data[at:end], "little")])
                at = end
            elif code in _TEXTS:
                raw, at = self._counted(at, _TEXTS[code])
                push(raw.decode("utf-8", "surrogatepass"))
            elif code in _BYTES:
                raw, at = self._counted(at, _BYTES[code])
                push(raw)
            elif code == 0x47:  # BINFLOAT
                push(_DOUBLE.unpack_from(data, at)[0])
                at += 8
            elif code == 0x4A or code == 0x8A:  # BININT, LONG1
                raw, at = self._counted(at, 1) if code == 0x8A else (data[at : at + 4], at + 4)
                push(int.from_bytes(raw, "little", signed=True))
            elif code == 0x80:  # PROTO
                at += 1
            elif code == 0x95:  # FRAME
                at += 8
            elif code == 0x63:  # GLOBAL
                at = self._named(at)
            elif code == 0x2E:  # STOP
                return at
            else:
                self._build(code)

    def _counted(self, at: int, width: int) -> tuple[bytes, int]:
        start = at + width
        end = start + int.from_bytes(self.data[at:start], "little")
        if end > len(self.data):
            raise Unreadable("a pickle ends too soon")
        return self.data[start:end], end

    def _named(self, at: int) -> int:
        middle: int = self.data.find(b"\n", at)
        end: int = self.data.find(b"\n", middle + 1)
        if not at <= middle < end:
            raise Unreadable("a pickle ends too soon")
        self._name(self.data[at:middle].decode(), self.data[middle + 1 : end].decode())
        return end + 1

    def _name(self, module: str, name: str) -> None:
        if (module, name) not in _NAMES:
            raise Unreadable("a pickle names a function or class, which is not for data to do")
        self.stack.append(Made((module, name)))

    def _since_mark(self) -> list[Any]:
        stack = self.stack
        for start in range(len(stack) - 1, -1, -1):
            if stack[start] is _MARK:
                found = stack[start + 1 :]
                del stack[start:]
                return found
        raise Unreadable("a pickle makes no sense")

    def _build(self, code: int) -> None:
        """Carry out an operation that has no argument but what is on the stack."""
        stack = self.stack
        if code == 0x28:  # MARK
            stack.append(_MARK)
        elif code in _CONSTANTS:
            stack.append(_CONSTANTS[code])
        elif code in _CONTAINERS:
            stack.append(_CONTAINERS[code]())
        elif code in _TUPLES:
            made = tuple(stack[-_TUPLES[code] :])
            del stack[-_TUPLES[code] :]
            stack.append(made)
        elif code == 0x74:  # TUPLE
            stack.append(tuple(self._since_mark()))
        elif code in (0x61, 0x65):  # APPEND, APPENDS
            values = [stack.pop()] if code == 0x61 else self._since_mark()
            _of(list, stack[-1]).extend(values)
        elif code in (0x73, 0x75):  # SETITEM, SETITEMS
            values = self._since_mark() if code == 0x75 else [stack.pop(-2), stack.pop()]
            _of(dict, stack[-1]).update(zip(map(_key, values[::2]), values[1::2], strict=True))
        elif code == 0x90:  # ADDITEMS
            values = self._since_mark()
            _of(set, stack[-1]).update(map(_key, values))
        elif code == 0x93:  # STACK_GLOBAL
            name, module = _of(str, stack.pop()), _of(str, stack.pop())
            self._name(module, name)
        elif code in (0x52, 0x81):  # REDUCE, NEWOBJ
            arguments, function = _of(tuple, stack.pop()), _of(Made, stack.pop())
            stack.append(_made(function.name, arguments))
        elif code == 0x62:  # BUILD
            state = stack.pop()
            _of(Made, stack[-1]).state = state
        else:
            raise Unreadable(f"a pickle holds the operation {code:#x}, which is none for data")


def _made(name: tuple[str, str], arguments: tuple[Any, ...]) -> Any:
    if name == _ENCODE:
        return _of(str, arguments[0]).encode("latin-1")
    if name == _DICTIONARY:
        return {}
    return b"" if name[1] == "bytes" else Made(name)


def _of(kind: type[Any], value: Any) -> Any:
    if type(value) is not kind:
        raise Unreadable("a pickle makes no sense")
    return value


def _key(value: Any) -> Any:
    if type(value) not in (str, int):
        raise Unreadable("a pickle has a key that is no text or number")
    return value
