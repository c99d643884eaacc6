"""How many processes read side by side, and how much each may gather."""

from __future__ import annotations

__all__ = ["shared_memory"]

_MB = 1024 * 1024
# What the process that commits takes, and a worker besides what it has gathered: its modules,
# the words whose stems it knows, and what turning the gathered into a segment takes.
_PARENT, _WORKER = 130 * _MB, 150 * _MB
# Less than this makes for many small segments.
_LEAST = 32 * _MB
# By default, as much for up to four workers, and for each of more.
_DEFAULT, _DEFAULT_EACH = 600 * _MB, 150 * _MB


def shared_memory(jobs: int, megabytes: int | None) -> tuple[int, int]:
    """The number of workers, and what each may gather in memory.

    Args:
        jobs: How many are wanted.
        megabytes: What all processes together may take, or None.

    Returns:
        At most so many, and bytes.
    """
    total = megabytes * _MB if megabytes else max(_DEFAULT, jobs * _DEFAULT_EACH)
    workers = max(1, min(jobs, (total - _PARENT) // (_WORKER + _LEAST)))
    return workers, max(_LEAST, (total - _PARENT) // workers - _WORKER)
