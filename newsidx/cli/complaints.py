"""A wrong command line: what is wrong with it in our words, and what to write instead.

Typer raises an error of a class of its own for each mistake; they are told apart by name, so
that a command line that is right imports nothing of this.
"""

from __future__ import annotations

import difflib
from typing import Any

from newsidx.errors import UsageError

__all__ = ["no_such_command", "usage_error"]


def usage_error(error: Any, words: list[str]) -> UsageError:
    """What Typer found wrong with a command line, as an error of ours.

    Args:
        error: What Typer raised; it has `format_message`.
        words: The command line without `newsidx`.
    """
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", None) or _path(words)
    made = {
        "NoSuchOption": _no_such_option,
        "BadOptionUsage": _bad_option_usage,
        "MissingParameter": _missing,
        "BadParameter": _bad_value,
    }.get(type(error).__name__)
    found = made(error, path) if made is not None else None
    if found is not None:
        return found
    message = str(error.format_message())
    if message.startswith("Got unexpected extra argument"):
        return _too_many(message, context, path)
    if message.startswith("No such command") and context is not None:
        known = getattr(context.command, "commands", {})
        typed = next((word for word in words[1:] if word not in known), "")
        return no_such_command(typed, list(known), path)
    return UsageError(message, f"See {path} --help.")


def no_such_command(typed: str, known: list[str], path: str = "newsidx") -> UsageError:
    """The error for a command that there is not, with the one that was perhaps meant."""
    near = difflib.get_close_matches(typed.lower(), known, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"{path} --help lists the commands."
    where = "" if path == "newsidx" else f" of {path}"
    return UsageError(f"There is no command {_shown(typed)}{where}.", hint)


def _no_such_option(error: Any, path: str) -> UsageError:
    option = str(error.option_name)
    known = _options(error.ctx.command) if error.ctx else []
    near = difflib.get_close_matches(option, known, n=1)
    shown = _shown(option, quoted=False)
    message = f"There is no option {shown}."
    if path != "newsidx":
        message = f"{_name(path)} has no option {shown}."
    if near:
        return UsageError(message, f"Did you mean {near[0]}?")
    if path == "newsidx":
        hint = f"Options stand behind the command: newsidx COMMAND {option}."
        return UsageError(message, hint if _owners(option) else "See newsidx --help.")
    owners = [name for name in _owners(option) if f"newsidx {name}" != path]
    if owners:
        return UsageError(message, f"It is one of newsidx {_listed(owners)}. See {path} --help.")
    return UsageError(message, f"See {path} --help.")


def _bad_option_usage(error: Any, path: str) -> UsageError:
    option = str(error.option_name)
    if "does not take a value" in str(error.format_message()):
        return UsageError(f"{option} takes no value.", f"Write {option} alone.")
    param = _param(path, option)
    value = getattr(param, "metavar", None) or "VALUE"
    return UsageError(f"{option} needs a value.", f"Write {option} {value}. See {path} --help.")


def _missing(error: Any, path: str) -> UsageError | None:
    param = error.param
    if param is None or param.param_type_name != "argument":
        return None
    name = param.metavar or param.name.upper()
    return UsageError(f"{_name(path)} needs {name}.", _sentence(name, param.help or ""))


def _bad_value(error: Any, path: str) -> UsageError | None:
    param = error.param
    kind = getattr(getattr(param, "type", None), "name", "")
    wanted = {"integer": "a whole number", "int": "a whole number", "float": "a number"}.get(kind)
    typed = str(error.message).partition("'")[2].rpartition("'")[0]
    if wanted is None or param is None:
        return None
    option = max(param.opts, key=len)
    return UsageError(f"{option} takes {wanted}, not {_shown(typed)}.", f"See {path} --help.")


def _too_many(message: str, context: Any, path: str) -> UsageError:
    words = message.partition("(")[2].partition("(")[2].rstrip(")") or "?"
    hint = f"See {path} --help."
    if any(each.param_type_name == "argument" for each in context.command.params):
        return UsageError(
            f"{_name(path)} takes fewer arguments; left over: {words}",
            f"Put in quotes what belongs together. {hint}",
        )
    return UsageError(f"{_name(path)} takes no arguments; left over: {words}", hint)


def _sentence(name: str, about: str) -> str:
    return f"{name}: {about}" if about else f"Write {name}."


def _shown(text: str, *, quoted: bool = True) -> str:
    text = text.encode("utf-8", "replace").decode()
    return repr(text) if quoted else text


def _name(path: str) -> str:
    """The command as a message names it, which begins with newsidx itself."""
    return path.removeprefix("newsidx ")


# The commands


def _path(words: list[str]) -> str:
    """The command that a command line is about."""
    from newsidx.cli.main import COMMANDS

    name = next((word for word in words if word in COMMANDS), None)
    return f"newsidx {name}" if name else "newsidx"


def _command(name: str) -> Any:
    from newsidx.cli.main import build

    return build().get_command(None, name)


def _options(command: Any) -> list[str]:
    return [
        name
        for param in command.params
        for name in (*param.opts, *param.secondary_opts)
        if name.startswith("--")
    ]


def _param(path: str, option: str) -> Any:
    name = path.partition(" ")[2].partition(" ")[0]
    params = _command(name).params if name else []
    return next((param for param in params if option in param.opts), None)


def _owners(option: str) -> list[str]:
    """The commands that have an option."""
    from newsidx.cli.main import COMMANDS

    return [name for name in COMMANDS if option in _options(_command(name))]


def _listed(names: list[str]) -> str:
    shown = names[:4]
    if len(names) > len(shown):
        return f"{', '.join(shown)} and others"
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
