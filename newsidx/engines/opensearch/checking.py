"""Whether an index in a cluster is there, whole and found under its name."""

from __future__ import annotations

from pathlib import Path

from newsidx.engines.base import EngineCheck, PartCheck
from newsidx.engines.opensearch.client import Cluster, NotThere
from newsidx.engines.opensearch.home import read_home
from newsidx.errors import IndexDamaged

__all__ = ["check"]


def check(directory: Path) -> EngineCheck:
    """Look at the physical index of a directory; the cluster sums up its own files."""
    try:
        home = read_home(directory)
    except IndexDamaged as problem:
        return EngineCheck(-1, problems=(problem.message,))
    if not home.physical:
        return EngineCheck(home.commit)
    cluster = Cluster(home)
    try:
        cluster.call("GET", f"/{home.physical}/_mapping")
        health = cluster.call("GET", f"/_cluster/health/{home.physical}", None, _PARAMS)
        stats = cluster.call("GET", f"/{home.physical}/_stats/docs,store")["_all"]["primaries"]
    except NotThere:
        gone = f"The index {home.physical} is gone from the cluster."
        return EngineCheck(home.commit, problems=(gone,))
    finally:
        cluster.close()
    part = PartCheck(
        home.physical,
        stats.get("docs", {}).get("count", 0),
        health["active_primary_shards"],
        stats.get("store", {}).get("size_in_bytes", 0),
    )
    lost = f"Shards of {home.physical} are lost, or their nodes are not there."
    return EngineCheck(home.commit, (part,), (lost,) if health["status"] == "red" else ())


_PARAMS = {"timeout": "1s"}
