"""Options that go together: named once, taken by any command.

A parameter annotated `Annotated[T, Together(make)]` stands for all the parameters of
`make` on the command line, in its place, and is given what `make` returns for them.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple, get_type_hints

__all__ = ["Together", "spelled_out"]


class Together(NamedTuple):
    """Marks a parameter as standing for those of a function, which makes its value."""

    make: Callable[..., Any]


def spelled_out(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as Typer has to see it: every group replaced by its options.

    A group may be made of others.

    Raises:
        ValueError: Two options have one name.
    """
    groups = _groups(function)
    if not groups:
        return function
    parameters: list[inspect.Parameter] = []
    for parameter in _parameters(function):
        make = groups.get(parameter.name)
        parameters += [parameter] if make is None else _parameters(make)

    @functools.wraps(function)
    def command(**given: Any) -> Any:
        for name, make in groups.items():
            given[name] = make(**{each: given.pop(each) for each in _names(make)})
        return function(**given)

    shown = [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]
    # Where inspect looks first.
    vars(command)["__signature__"] = inspect.Signature(shown)
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def _groups(function: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    found = {}
    for parameter in _parameters(function):
        for note in getattr(parameter.annotation, "__metadata__", ()):
            if isinstance(note, Together):
                found[parameter.name] = spelled_out(note.make)
    return found


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters with their annotations evaluated."""
    hints = get_type_hints(function, include_extras=True)
    signature = inspect.signature(function)
    return [
        each.replace(annotation=hints.get(each.name, each.annotation))
        for each in signature.parameters.values()
    ]


def _names(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)
