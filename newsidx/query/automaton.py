"""Regular expressions as automata: matched in time linear in the form, whatever they are.

An expression becomes a nondeterministic automaton (Thompson, "Regular expression search
algorithm", CACM 1968), whose sets of states are followed character by character. Each
set and where it leads is remembered, so that over a dictionary of forms it soon works
as a deterministic one.
"""

from __future__ import annotations

from msgspec import Struct

__all__ = ["Alternatives", "Automaton", "Chars", "Expression", "Repeat", "Sequence"]

_MOST_REMEMBERED = 1000  # sets of states


class Chars(Struct, frozen=True):
    """One character out of a set.

    Attributes:
        singles: The characters of the set.
        ranges: First and last of each range in the set, both included.
        negated: Whether it is all others instead. With nothing else that is any character.
    """

    singles: frozenset[str] = frozenset()
    ranges: tuple[tuple[str, str], ...] = ()
    negated: bool = False

    def holds(self, char: str) -> bool:
        """Whether a character is one of these."""
        inside = char in self.singles or any(low <= char <= high for low, high in self.ranges)
        return inside is not self.negated

    @property
    def only(self) -> str | None:
        """The one character that it can be, or None."""
        if self.negated or self.ranges or len(self.singles) != 1:
            return None
        return next(iter(self.singles))


class Sequence(Struct, frozen=True):
    """One part after the other; without parts, the empty text."""

    parts: tuple[Expression, ...]


class Alternatives(Struct, frozen=True):
    """Any one of the parts."""

    parts: tuple[Expression, ...]


class Repeat(Struct, frozen=True):
    """A part from `low` to `high` times; None is any number."""

    part: Expression
    low: int
    high: int | None


Expression = Chars | Sequence | Alternatives | Repeat


class _State:
    """A set of states of the automaton, all of which it may be in.

    Attributes:
        members: Those that wait for a character.
        accepts: Whether the text may end here.
        following: Character -> where it leads.
    """

    __slots__ = ("accepts", "following", "members")

    def __init__(self, members: frozenset[int], accepts: bool) -> None:
        self.members = members
        self.accepts = accepts
        self.following: dict[str, _State] = {}


class Automaton:
    """A compiled expression, for whole texts.

    Args:
        expression: Its nesting must be small enough for recursion.
    """

    def __init__(self, expression: Expression) -> None:
        self._waits: dict[int, tuple[Chars, int]] = {}  # state -> a character leads on
        self._jumps: dict[int, list[int]] = {}  # state -> states that are as good
        self._count = 0
        start = self._new()
        self._final = self._add(expression, start)
        self._states: dict[frozenset[int], _State] = {}
        self._start = self._state({start})

    def matches(self, text: str) -> bool:
        """Whether the whole text is one of those that the expression describes."""
        state = self._start
        for char in text:
            following = state.following.get(char)
            state = following if following is not None else self._step(state, char)
            if not state.members and not state.accepts:
                return False
        return state.accepts

    def prefix(self) -> str:
        """What every text that matches begins with; may be empty."""
        found, state = "", self._start
        while not state.accepts and len(found) < self._count:
            only = {self._waits[member][0].only for member in state.members}
            char = only.pop() if len(only) == 1 else None
            if char is None:
                break
            found += char
            state = self._step(state, char)
        return found

    # Building

    def _new(self) -> int:
        self._count += 1
        return self._count

    def _jump(self, start: int, end: int) -> None:
        self._jumps.setdefault(start, []).append(end)

    def _add(self, part: Expression, start: int) -> int:
        """Add a part that begins in a state; the state in which it ends."""
        match part:
            case Chars():
                end = self._new()
                self._waits[start] = (part, end)
            case Sequence():
                end = start
                for each in part.parts:
                    end = self._add(each, end)
            case Alternatives():
                end = self._new()
                for each in part.parts:
                    first = self._new()
                    self._jump(start, first)
                    self._jump(self._add(each, first), end)
            case Repeat():
                end = self._repeat(part, start)
        # Nothing may be added to a state that something leads on from.
        after = self._new()
        self._jump(end, after)
        return after

    def _repeat(self, part: Repeat, start: int) -> int:
        at = start
        for _ in range(part.low):
            at = self._add(part.part, at)
        end = self._new()
        self._jump(at, end)
        if part.high is None:
            again = self._new()
            self._jump(end, again)
            self._jump(self._add(part.part, again), end)
            return end
        for _ in range(part.high - part.low):
            first = self._new()
            self._jump(at, first)
            at = self._add(part.part, first)
            self._jump(at, end)
        return end

    # Following

    def _state(self, begun: set[int]) -> _State:
        reached, waiting = set(begun), list(begun)
        while waiting:
            for state in self._jumps.get(waiting.pop(), ()):
                if state not in reached:
                    reached.add(state)
                    waiting.append(state)
        members = frozenset(state for state in reached if state in self._waits)
        accepts = self._final in reached
        key = members | {0} if accepts else members  # no state has the number 0
        if (known := self._states.get(key)) is None:
            if len(self._states) >= _MOST_REMEMBERED:
                self._forget()
            known = self._states[key] = _State(members, accepts)
        return known

    def _forget(self) -> None:
        """Begin again to remember where characters lead, so that memory stays bounded."""
        for state in self._states.values():
            state.following = {}
        self._states.clear()

    def _step(self, state: _State, char: str) -> _State:
        ends = {
            end for chars, end in map(self._waits.__getitem__, state.members) if chars.holds(char)
        }
        found = state.following[char] = self._state(ends)
        return found
