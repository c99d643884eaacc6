"""The state: a hash over articles that says whether two archives, or two answers, hold the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

__all__ = ["state_hash", "state_of"]


def state_of(key: str, facts: bytes) -> int:
    """An article's share of the state: a hash, added up modulo 2**128 over all articles."""
    data = key.encode() + facts
    return int.from_bytes(hashlib.blake2b(data, digest_size=16).digest(), "big")


def state_hash(articles: Iterable[tuple[str, bytes]]) -> str:
    """The state of some articles, 32 hex digits; their order doesn't matter.

    Args:
        articles: The id of each, and the hash of what it says (`refine.identity.Hashes.facts`).
    """
    return f"{sum(state_of(*each) for each in articles) % (1 << 128):032x}"
