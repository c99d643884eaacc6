"""What may stand at the end of a command line, whatever the shell."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from msgspec import Struct

from newsidx.cli.completing.values import alerts, articles, frozen, labels, values

__all__ = ["Answer", "Candidate", "complete"]


class Candidate(NamedTuple):
    """A whole word, as the command is to get it, and what there is to say of it."""

    value: str
    about: str = ""


class Answer(Struct, frozen=True):
    """What may stand there.

    Attributes:
        kind: Where there are no candidates, `files` and `folders` leave it to the shell.
    """

    candidates: tuple[Candidate, ...] = ()
    kind: Literal["words", "files", "folders"] = "words"


NOTHING = Answer()

# Nobody looks through more than these.
_MOST = 300

# Options whose values are known without importing the command that has them.
_FIELDS_OF_OPTIONS = {
    "--source": "source",
    "--author": "authors",
    "--tag": "tags",
    "--lang": "language",
    "--section": "section",
}
_PLACES = re.compile(r"\b(?:PATH|FILE|DIR)\b")
# A first sentence such as: day, week, month or year.
# Arguments that are names of what was frozen.
_FROZEN = frozenset((("freeze", "NAME"), ("diff", "A"), ("diff", "B")))

_CHOICES = re.compile(r"(?:[\w-]+, )*[\w-]+(?:,| or) [\w-]+(?=\.(?:\s|$))")


def complete(words: list[str], current: str) -> Answer:
    """What may stand in place of a word that is not yet complete.

    Args:
        words: The words before it, without `newsidx`, as the command would get them.
        current: The word, as far as it was typed.
    """
    at = next((at for at, word in enumerate(words) if not word.startswith("-")), None)
    if at is None:
        from newsidx.cli.main import COMMANDS

        roots = [("--help", "Show the commands."), ("--version", "Print the version.")]
        return _chosen(roots if current.startswith("-") else COMMANDS.items(), current)
    return _Place(words[at], words[at + 1 :], current).answer()


class _Place:
    """A place on the command line of a command."""

    def __init__(self, name: str, words: list[str], current: str) -> None:
        self.name, self.words, self.current = name, words, current
        self.options = "--" not in words
        self._command: Any = None

    def answer(self) -> Answer:
        previous = self.words[-1] if self.words else ""
        if self.options and self.current.startswith("--") and "=" in self.current:
            option, _, typed = self.current.partition("=")
            return _behind(f"{option}=", self._values_of(option, typed))
        if self.options and self._takes_value(previous):
            return self._values_of(previous, self.current)
        if self.options and self.current.startswith("-") and ":" not in self.current:
            return _chosen(self._option_names(), self.current)
        if found := _field_value(self.words, self.current):
            return found
        return self._argument()

    # Options

    def _takes_value(self, word: str) -> bool:
        if not word.startswith("-") or word == "-":
            return False
        if word in _FIELDS_OF_OPTIONS or word == "--index":
            return True
        found = self._option(word)
        return found is not None and not found.is_flag

    def _option(self, name: str) -> Any:
        return next((each for each in self._params() if name in _names(each)), None)

    def _option_names(self) -> list[tuple[str, str]]:
        found = [("--help", "Show this message and exit.")]
        for param in self._params():
            about = _brief(getattr(param, "help", None) or "")
            found += [(name, about) for name in _names(param) if name.startswith("--")]
        return found

    def _values_of(self, option: str, typed: str) -> Answer:
        if option in _FIELDS_OF_OPTIONS:
            return _from_index(self.words, _FIELDS_OF_OPTIONS[option], typed)
        if option == "--index":
            return Answer(kind="folders")
        param = self._option(option)
        if param is None or param.is_flag:
            return NOTHING
        if option == "--fields":
            return self._field_names(typed)
        if found := _known_values(option, self.name):
            return _chosen(found, typed)
        return self._by_metavar(str(param.metavar or ""), param.help or "", typed)

    def _field_names(self, typed: str) -> Answer:
        """More names behind those that are there, separated by commas."""
        from newsidx.output.forms import Shape

        module = _module(self.name)
        shapes = [each for each in vars(module).values() if isinstance(each, Shape)]
        names = dict.fromkeys(name for each in shapes for name in (*each.columns, *each.more))
        before, comma, last = typed.rpartition(",")
        taken = before.split(",")
        return _behind(before + comma, _chosen([(n, "") for n in names if n not in taken], last))

    # Arguments

    def _argument(self) -> Answer:
        command = self._resolved()
        commands = getattr(command, "commands", None)
        if commands:
            rows = [(name, _brief(each.help or "")) for name, each in commands.items()]
            return _chosen(rows, self.current)
        arguments = [each for each in command.params if each.param_type_name == "argument"]
        if not arguments:
            return NOTHING
        given = len(self._positional())
        param = arguments[min(given, len(arguments) - 1)]
        if given >= len(arguments) and param.nargs != -1:
            return NOTHING
        return self._by_metavar(str(param.metavar or ""), param.help or "", self.current)

    def _positional(self) -> list[str]:
        found: list[str] = []
        value = False
        for at, word in enumerate(self.words):
            if word == "--":
                return found + self.words[at + 1 :]
            if not value and (not word.startswith("-") or word == "-"):
                found.append(word)
            value = not value and self._takes_value(word)
        commands = getattr(self._group(), "commands", None)
        return found[1:] if commands else found

    def _by_metavar(self, metavar: str, about: str, typed: str) -> Answer:
        """What the name of a value says that it may be."""
        if metavar == "LABEL":
            return _chosen(labels(_index(self.words)), typed)
        if metavar == "NAME" and self.name in ("alert", "new"):
            return _chosen(alerts(_index(self.words)), typed)
        if (self.name, metavar.strip("[]")) in _FROZEN:
            return _chosen(frozen(_index(self.words)), typed)
        if metavar == "FIELD":
            from newsidx.schema import FIELDS, Kind

            named = [each for each in FIELDS if each.facet and each.kind is not Kind.DATE]
            return _chosen([(each.name, each.about) for each in named], typed)
        if metavar == "TOPIC":
            from newsidx.cli.main import COMMANDS
            from newsidx.cli.topics import TOPICS

            topics = [(name, topic.title) for name, topic in TOPICS.items()]
            topics.append(("stopwords", "the words that a loose query leaves out"))
            return _chosen([*topics, *COMMANDS.items()], typed)
        found: Answer = NOTHING
        if "ID" in re.split(r"\W+", metavar):
            found = _chosen(articles(_index(self.words), typed), typed)
        if not found.candidates and "QUERY" in metavar:
            found = _field_value(self.words, typed) or _chosen_fields(typed)
        if not found.candidates and (choices := _CHOICES.match(about)):
            names = re.findall(r"[\w-]+", choices[0])
            found = _chosen([(each, "") for each in names if each != "or"], typed)
        if not found.candidates and _PLACES.search(metavar):
            return Answer(kind="folders" if metavar.strip("[]") == "DIR" else "files")
        return found

    # The command

    def _group(self) -> Any:
        if self._command is None:
            self._command = _module(self.name).command()
        return self._command

    def _resolved(self) -> Any:
        """The command, or that one of its own commands which was named."""
        command = self._group()
        commands = getattr(command, "commands", {})
        named = next((commands[word] for word in self.words if word in commands), None)
        return command if named is None else named

    def _params(self) -> list[Any]:
        return [each for each in self._resolved().params if each.param_type_name == "option"]


def _module(name: str) -> Any:
    return importlib.import_module(f"newsidx.cli.commands.{name}")


def _names(param: Any) -> list[str]:
    return [*param.opts, *param.secondary_opts]


def _brief(text: str) -> str:
    """The first sentence, or what of it fits a line."""
    first = re.split(r"(?<=[.;:])\s", " ".join(text.split()), maxsplit=1)[0].rstrip(".;:")
    return first if len(first) <= 60 else f"{first[:59].rsplit(' ', 1)[0]} …"


def _known_values(option: str, command: str) -> list[tuple[str, str]]:
    """Values that are in a table of ours."""
    if option == "--language":
        from newsidx.text.stems import STEMMERS

        return list(STEMMERS.items())
    if option == "--format":
        from newsidx.readers.registry import readers

        return [(each.name, each.title) for each in readers()] + [("auto", "as it looks")]
    if option in ("--status", "--reason"):
        from newsidx.index.outcomes import REASONS, STATUSES

        return list((STATUSES if option == "--status" else REASONS).items())
    return [(name, "") for name in _known_names(option, command)]


def _known_names(option: str, command: str) -> Iterable[str]:
    if option == "--date-order":
        return ("dmy", "mdy", "auto")
    if option == "--engine":
        from newsidx.engines.registry import ENGINES

        return ENGINES if command in ("index", "init") else (*ENGINES, "memory")
    if option == "--map":
        from newsidx.schema import FIELDS

        return [f"{each.name}=" for each in FIELDS if each.read]
    if option == "--field":
        from newsidx.schema import names_of_fields

        return names_of_fields()
    if option == "--unit":
        from newsidx.searcher.timeline import UNITS

        return UNITS
    if (command, option) == ("kwic", "--sort"):
        from newsidx.searcher.concordance import LINE_SORTS

        return LINE_SORTS
    return ("word", "articles") if (command, option) == ("terms", "--sort") else ()


# Queries


def _field_value(words: list[str], current: str) -> Answer | None:
    """The values of a field that is named at the end of a query, as in source:nor."""
    from newsidx.schema import Kind, field_named

    before, term = _split(current)
    name, colon, typed = term.partition(":")
    found = field_named(name) if colon else None
    if found is None or not found.facet or found.kind is Kind.DATE:
        return None
    whole = "=" if typed.startswith("=") else ""
    typed = typed.removeprefix("=").removeprefix('"')
    return _behind(f"{before}{name}:{whole}", _from_index(words, found.name, typed, quoted=True))


def _chosen_fields(current: str) -> Answer:
    """The fields that a query may name."""
    from newsidx.schema import names_of_fields

    before, term = _split(current)
    if ":" in term or '"' in term:
        return NOTHING
    rows = [(f"{name}:", "") for name in names_of_fields()]
    return _behind(before, _chosen(rows, term))


def _split(query: str) -> tuple[str, str]:
    """What there is of a query before the term at its end, and that."""
    start, quoted = 0, False
    for at, character in enumerate(query):
        if character == '"':
            quoted = not quoted
        elif not quoted and (character.isspace() or character == "("):
            start = at + 1
    start += query.startswith("-", start)
    return query[:start], query[start:]


# The index


def _index(words: list[str]) -> str | None:
    """What `--index` names on the command line so far."""
    chosen = None
    for at, word in enumerate(words):
        if word == "--index":
            chosen = words[at + 1] if at + 1 < len(words) else None
        elif word.startswith("--index="):
            chosen = word.partition("=")[2]
    return None if chosen is None else os.path.expandvars(chosen)


def _from_index(words: list[str], field: str, typed: str, *, quoted: bool = False) -> Answer:
    found = _chosen(values(_index(words), field), typed)
    if not quoted:
        return found
    bare = all(re.fullmatch(r"\w+", each.value) for each in found.candidates)
    return Answer(
        tuple(
            each if bare else Candidate('"' + re.sub(r'["\\]', " ", each.value) + '"', each.about)
            for each in found.candidates
        )
    )


# Candidates


def _chosen(rows: Iterable[tuple[str, str]], typed: str) -> Answer:
    """Those that begin as typed; if none does, those that do but for case and accents."""
    from newsidx.text.folding import fold

    every = [Candidate(*row) for row in rows if row[0].isprintable()]
    found = [each for each in every if each.value.startswith(typed)]
    if not found:
        wanted = fold(typed)
        found = [each for each in every if fold(each.value).startswith(wanted)]
    return Answer(tuple(found[:_MOST]))


def _behind(before: str, answer: Answer) -> Answer:
    """The same, with something before each."""
    found = (Candidate(before + each.value, each.about) for each in answer.candidates)
    return Answer(tuple(found), answer.kind)
