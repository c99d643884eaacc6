"""Every error that newsidx raises on purpose.

An error carries three things a person needs: what happened (`message`), what to
do next (`hint`) and what the process should exit with (`exit_code`). `code` is
the stable name that programs see in `newsidx.error/1`.
"""

from __future__ import annotations

__all__ = [
    "REPAIR",
    "ArticleNotFound",
    "ConfigError",
    "EngineError",
    "IndexDamaged",
    "IndexLocked",
    "IndexNotFound",
    "IndexNotWritten",
    "IndexVersionError",
    "NewsidxError",
    "QueryError",
    "ReadError",
    "Refused",
    "UsageError",
]

REPAIR = "See what is damaged with newsidx verify, and mend it with newsidx repair"
"""The hint where files of an index are damaged."""


class NewsidxError(Exception):
    """The root of the tree: an error with advice.

    Args:
        message: What happened, one sentence, naming the thing it happened to.
        hint: What to do next, or None when there is nothing to advise.
        exit_code: The status of a process that ends with this error.
    """

    code = "error"

    def __init__(self, message: str, hint: str | None = None, exit_code: int = 2) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code


class UsageError(NewsidxError):
    """A command line, or a call, that makes no sense."""

    code = "usage"


class ConfigError(NewsidxError):
    """A configuration file or environment variable that can't be used."""

    code = "config"


class QueryError(NewsidxError):
    """A query that can't be understood.

    Args:
        message: What is wrong with it.
        query: The query as typed.
        start: Where the trouble starts, in code points from 0.
        end: Where it ends; at least `start`.
        expected: What would have been understood in that place.
        repaired: A query that parses and is probably what was meant.
    """

    code = "query"

    def __init__(
        self,
        message: str,
        query: str,
        start: int,
        end: int | None = None,
        *,
        expected: str | None = None,
        repaired: str | None = None,
    ) -> None:
        super().__init__(message, expected)
        self.query = query
        self.start = start
        self.end = max(start, end if end is not None else start + 1)
        self.repaired = repaired


class IndexNotFound(NewsidxError):
    """There is no index where one was expected."""

    code = "index-not-found"


class IndexVersionError(NewsidxError):
    """An index written in a format that this version does not read."""

    code = "index-version"

    @classmethod
    def newer(cls, where: object, found: str) -> IndexVersionError:
        """The error for an index of a later version; `found` says of what."""
        return cls(
            f"The index at {where} was made by a newer newsidx ({found}).",
            "Upgrade newsidx, or index into another directory with --index.",
        )

    @classmethod
    def older(cls, where: object) -> IndexVersionError:
        """The error for an index of an earlier version."""
        return cls(
            f"The index at {where} was made by an older newsidx.",
            "Bring it up to date with: newsidx index",
        )


class IndexDamaged(NewsidxError):
    """An index directory whose files contradict each other or can't be read."""

    code = "index-damaged"

    def __init__(self, message: str, hint: str | None = REPAIR, exit_code: int = 2) -> None:
        super().__init__(message, hint, exit_code)


class IndexNotWritten(NewsidxError):
    """An index directory that could not be written to; it is as of its last commit."""

    code = "index-not-written"


class IndexLocked(NewsidxError):
    """Another process is writing to the index."""

    code = "index-locked"


class EngineError(NewsidxError):
    """An engine that is unknown, or can't do what was asked."""

    code = "engine"


class ArticleNotFound(NewsidxError):
    """No article, or more than one, answers to an id."""

    code = "article-not-found"

    def __init__(self, message: str, hint: str | None = None, exit_code: int = 1) -> None:
        super().__init__(message, hint, exit_code)


class Refused(NewsidxError):
    """Something that would lose data and was not asked for in so many words."""

    code = "refused"


class ReadError(NewsidxError):
    """A source file, or a record in one, that could not be turned into an article.

    Args:
        reason: One of `newsidx.index.outcomes.REASONS`, for the ledger.
        message: What was found, for people.
    """

    code = "read"

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        return type(self), (self.reason, self.message)
