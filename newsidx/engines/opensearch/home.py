"""What the index directory keeps of an index in a cluster: where it is, and whose.

It is one small file, `cluster.json`. No secret is ever in it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from newsidx.durable import replace_file
from newsidx.engines.opensearch.address import addresses
from newsidx.errors import IndexDamaged, UsageError

__all__ = ["Home", "read_home", "settled", "write_home"]

_NAME = "cluster.json"
_KNOWN = frozenset({"url", "shards", "replicas", "ca", "attached", "owner"})
_MOST_SHARDS = 1024  # as the cluster has it


class Home(Struct, frozen=True):
    """An index in a cluster, as its directory knows it.

    Attributes:
        hosts: Base addresses of nodes, any of which will do.
        index: The alias that everybody searches.
        physical: The index that this ledger writes; empty where it may only search.
        owner: The ledger's id, which every document of it carries.
        shards, replicas: Of the physical index.
        ca: A file of certificates to trust, None for the system's.
        commit: Rises by one with every commit.
    """

    hosts: tuple[str, ...]
    index: str
    physical: str
    owner: str
    shards: int = 1
    replicas: int = 1
    ca: str | None = None
    commit: int = 0

    @property
    def shown(self) -> str:
        """The address, for people."""
        more = f" (and {len(self.hosts) - 1} more)" if len(self.hosts) > 1 else ""
        return f"{self.hosts[0]}/{self.index}{more}"


def settled(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a new index, checked and completed with an owner.

    Raises:
        UsageError: One is missing, unknown or can't be.
    """
    if unknown := sorted(options.keys() - _KNOWN):
        raise UsageError(
            f"The engine opensearch has no option {unknown[0]!r}.",
            "It has: " + ", ".join(sorted(_KNOWN - {"attached", "owner"})) + ".",
        )
    hosts, index = addresses(options.get("url"))
    found: dict[str, Any] = {"url": [f"{host}/{index}" for host in hosts]}
    for name, default, least, most in (("shards", 1, 1, _MOST_SHARDS), ("replicas", 1, 0, 100)):
        value = options.get(name)
        value = default if value is None else int(value)
        if not least <= value <= most:
            raise UsageError(f"--{name} can't be {value}.", f"From {least} to {most}.")
        found[name] = value
    if options.get("ca"):
        path = Path(str(options["ca"])).expanduser().absolute()
        if not path.is_file():
            raise UsageError(f"There is no file {path} of certificates.", "Name it with --ca FILE.")
        found["ca"] = str(path)
    if options.get("attached"):
        found["attached"] = True
    found["owner"] = str(options.get("owner") or secrets.token_hex(6))
    return found


def write_home(directory: Path, home: Home) -> None:
    """Keep where an index is, durably."""
    text = json.dumps(asdict(home), indent=1, sort_keys=True)
    replace_file(directory / _NAME, text.encode() + b"\n")


def read_home(directory: Path) -> Home:
    """Where the index of a directory is.

    Raises:
        IndexDamaged: The directory doesn't say.
    """
    path = directory / _NAME
    try:
        data = json.loads(path.read_bytes())
        data["hosts"] = tuple(data["hosts"])
        return Home(**data)
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise IndexDamaged(f"{path} can't be read: {problem}") from problem
