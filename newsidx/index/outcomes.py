"""What can become of a source file: the fixed words of the ledger."""

from __future__ import annotations

__all__ = ["EXCLUDED", "PASSING", "REASONS", "SKIPPED", "STATUSES", "status_for"]

STATUSES: dict[str, str] = {
    "indexed": "at least one of its articles is searched",
    "duplicate": "all its articles are copies of articles that are searched",
    "superseded": "all its articles are older versions of articles that are searched",
    "removed": "all its articles were removed with newsidx rm",
    "skipped": "it holds no article, or is in no known format",
    "excluded": "it was left out by a rule",
    "unseen": "it could not be looked at, so what was known of it stays",
    "failed": "it should have been readable and was not",
}

REASONS: dict[str, str] = {
    "unknown-format": "no reader knows the format",
    "empty": "it holds nothing but white space",
    "no-article": "no text of an article was found in it",
    "encrypted": "it is locked with a password",
    "image-only": "it holds pictures of text, and no text",
    "too-large": "it, or a record in it, is larger than can be read safely",
    "undecodable": "its bytes are text in no known encoding",
    "malformed": "it breaks the rules of its own format",
    "unreadable": "the system would not let it be read",
    "vanished": "it went away or changed while it was being read",
    "not-a-file": "it is a pipe, a socket or a device",
    "outside-root": "it is a link that leads out of its root",
    "link": "it is a link to something that is found at its own place",
    "hidden": "its name begins with a dot",
    "version-control": "it belongs to a version control system",
    "index": "it belongs to a newsidx index",
    "page-parts": "it is part of a saved web page",
    "other-root": "it belongs to another root",
    "ignored": "a rule of the root, or a .newsidxignore file, leaves it out",
    "missing-extra": "reading it needs an extra that is not installed",
    "id-collision": "its id is that of an entirely different article",
    "rejected": "the engine would not take its article",
    "internal": "newsidx itself failed on it; please report this",
}

# Reasons for which a file is `skipped` or `excluded`; with any other it has `failed`.
SKIPPED = frozenset({"unknown-format", "empty", "no-article", "image-only", "not-a-file"})
EXCLUDED = frozenset({"link", "hidden", "version-control", "ignored"})
# Reasons that may be gone the next time, though the file is the same.
PASSING = frozenset({"vanished", "unreadable", "internal", "missing-extra"})


def status_for(reason: str) -> str:
    """`skipped`, `excluded` or `failed`, by the reason a reader gave."""
    if reason in EXCLUDED:
        return "excluded"
    return "skipped" if reason in SKIPPED else "failed"
