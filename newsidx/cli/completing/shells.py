"""What each shell sends and wants, and the script that connects it with newsidx."""

from __future__ import annotations

import re
import string
from typing import NamedTuple

from newsidx.cli.completing.candidates import Answer, Candidate, complete

__all__ = ["SCRIPTS", "answered", "script"]

_BASH = """\
# Completion of newsidx for bash.
_newsidx() {
    local kind IFS=$'\\n'
    mapfile -t COMPREPLY < <("$1" _complete bash "${COMP_LINE:0:COMP_POINT}" \\
        "$COMP_WORDBREAKS" 2>/dev/null </dev/null)
    kind=${COMPREPLY[0]}
    COMPREPLY=("${COMPREPLY[@]:1}")
    case $kind in
        files) compopt -o default ;;
        folders) compopt -o dirnames ;;
        open) compopt -o nospace ;;
    esac
}
complete -F _newsidx newsidx
"""

_ZSH = """\
#compdef newsidx
# Completion of newsidx for zsh.
_newsidx() {
    local kind value about
    local -a lines values shown
    lines=("${(@f)$($words[1] _complete zsh \\
        "${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX" 2>/dev/null </dev/null)}")
    kind=$lines[1]
    for value in "${(@)lines[2,-1]}"; do
        about=${value#*$'\\t'} value=${value%%$'\\t'*}
        values+=("$value")
        shown+=("$value${about:+  -- $about}")
    done
    case $kind in
        files) [[ $PREFIX == --*=* ]] && compset -P '*='; _files ;;
        folders) [[ $PREFIX == --*=* ]] && compset -P '*='; _files -/ ;;
        open) compadd -U -S '' -- "${(@)values}" ;;
        *) (( $#values )) && compadd -U -l -d shown -- "${(@)values}" ;;
    esac
}
if [[ ${funcstack[1]} == _newsidx ]]; then _newsidx; else compdef _newsidx newsidx; fi
"""

_FISH = """\
# Completion of newsidx for fish.
function __newsidx_complete
    set -l command (commandline -opc)[1]
    set -l lines ($command _complete fish (commandline -cp | string collect) 2>/dev/null </dev/null)
    set -l token (commandline -ct)
    set -l option (string match -r -- '^--[^=]*=' $token)
    switch "$lines[1]"
        case files
            for path in (__fish_complete_path (string replace -- "$option" '' $token))
                echo -- "$option$path"
            end
        case folders
            for path in (__fish_complete_directories (string replace -- "$option" '' $token))
                echo -- "$option$path"
            end
        case '*'
            string join -- \\n $lines[2..]
    end
end
complete -c newsidx -f -a '(__newsidx_complete)'
"""


class Script(NamedTuple):
    """A shell's script, and how it is put to use."""

    text: str
    install: str


SCRIPTS = {
    "bash": Script(_BASH, 'Put this into ~/.bashrc: eval "$(newsidx completion bash)"'),
    "zsh": Script(
        _ZSH, 'Put this into ~/.zshrc, behind compinit: eval "$(newsidx completion zsh)"'
    ),
    "fish": Script(_FISH, "Run: newsidx completion fish > ~/.config/fish/completions/newsidx.fish"),
}


def script(shell: str) -> str:
    """The script of a shell, which says itself how it is installed."""
    text, install = SCRIPTS[shell]
    at = text.index("\n", text.index("# Completion")) + 1
    return f"{text[:at]}# {install}\n{text[at:]}"


def answered(shell: str, line: str, breaks: str = "") -> str:
    """What is printed for a shell: the kind of the answer, then a candidate a line.

    The kind is `files`, `folders`, `open` where the only candidate wants to be gone on with,
    or `words`.

    Args:
        line: The command line up to where something is to be completed, as it was typed.
        breaks: What bash takes to end a word (COMP_WORDBREAKS): it replaces only what is
            behind the last of these, and wants the candidates so.
    """
    words, current = _lexed(line)
    value = _typed(current)[0]
    found = complete(words[1:], value)
    kind = _kind(found)
    if shell == "bash":
        kept, quote = _kept(current, breaks)
        lines = [_quoted(each.value[len(kept) :], quote) for each in found.candidates]
    else:
        offered = (_as_typed(each, value) if shell == "fish" else each for each in found.candidates)
        lines = [f"{each.value}\t{_line(each.about)}" for each in offered]
    return "\n".join([kind, *lines]) + "\n"


def _as_typed(candidate: Candidate, typed: str) -> Candidate:
    """A value in a query so that fish takes it, which wants all letters that were typed.

    To a query, the case of letters doesn't matter.
    """
    before, quote, value = candidate.value.partition(':"')
    name, colon, start = typed.partition(":")
    if quote and colon and name == before and value.casefold().startswith(start.casefold()):
        return candidate._replace(value=f"{before}{quote}{start}{value[len(start) :]}")
    return candidate


def _kind(answer: Answer) -> str:
    if not answer.candidates:
        return answer.kind
    unfinished = all(each.value.endswith((":", "=")) for each in answer.candidates)
    return "open" if unfinished else "words"


def _line(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)


# The grammar of words that shells share


def _lexed(line: str) -> tuple[list[str], str]:
    """The words before the last one, without their quotes, and that one as it was typed."""
    words: list[str] = []
    start = at = 0
    while at < len(line):
        if line[at].isspace():
            if at > start:
                words.append(_typed(line[start:at])[0])
            at = start = at + 1
        else:
            at = _behind_next(line, at)
    return words, line[start:]


def _behind_next(line: str, at: int) -> int:
    """Where the character, or what stands in quotes, ends that begins in a place."""
    character = line[at]
    if character == "\\":
        return min(at + 2, len(line))
    if character == "'":
        end = line.find("'", at + 1)
        return len(line) if end < 0 else end + 1
    if character == '"':
        at += 1
        while at < len(line) and line[at] != '"':
            at += 2 if line[at] == "\\" else 1
        return min(at + 1, len(line))
    return at + 1


def _typed(word: str) -> tuple[str, str]:
    """What a word means to a program, and the quote that is still open at its end."""
    found, at, quote = [], 0, ""
    while at < len(word):
        end = _behind_next(word, at)
        piece = word[at:end]
        if piece[0] == "\\":
            found.append(piece[1:])
        elif piece[0] in "'\"":
            closed = len(piece) > 1 and piece[-1] == piece[0]
            inner = piece[1:-1] if closed else piece[1:]
            found.append(inner if piece[0] == "'" else re.sub(r'\\(["\\$`])', r"\1", inner))
            quote = "" if closed else piece[0]
        else:
            found.append(piece)
        at = end
    return "".join(found), quote


def _kept(word: str, breaks: str) -> tuple[str, str]:
    """What bash leaves of a word when it puts in a candidate, and the open quote."""
    start = at = 0
    while at < len(word):
        end = _behind_next(word, at)
        piece = word[at:end]
        if piece[0] in "'\"":
            if not (len(piece) > 1 and piece[-1] == piece[0]):
                return _typed(word[:at])[0], piece[0]
        elif piece in breaks:
            start = end
        at = end
    return _typed(word[:start])[0], ""


_PLAIN = frozenset(string.ascii_letters + string.digits + "_-./:=,@%+")


def _quoted(text: str, quote: str) -> str:
    """Text as bash reads it: nothing in it can be run, whatever it is."""
    if quote == "'":
        return text.replace("'", "'\\''")
    if quote == '"':
        text = re.sub(r'(["\\$`])', r"\\\1", text).replace("!", "\"'!'\"")
        return text + '"' if text.endswith('"') else text  # or bash takes that for the last
    return "".join(each if each in _PLAIN or not each.isascii() else f"\\{each}" for each in text)
