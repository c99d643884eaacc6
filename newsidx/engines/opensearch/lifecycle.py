"""Physical indexes and the alias before them: made, searched, swapped, removed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from newsidx.engines.opensearch.address import MARK, addresses
from newsidx.engines.opensearch.client import Cluster, NotThere, Refusal
from newsidx.engines.opensearch.home import Home, read_home, write_home
from newsidx.engines.opensearch.layout import VERSION, meta, template
from newsidx.errors import (
    EngineError,
    IndexDamaged,
    IndexNotFound,
    IndexVersionError,
    UsageError,
)
from newsidx.text.stems import STEM_VERSION
from newsidx.text.tokens import TOKEN_VERSION

__all__ = ["create", "discard", "publish", "searched"]

_OLDEST, _NEWEST = 2, 3  # versions of OpenSearch that this is tested with


def create(directory: Path, language: str, options: Mapping[str, Any]) -> None:
    """Make an empty physical index; one that is attached only looks whether there is any.

    Args:
        options: As `home.settled` gives them.
    """
    hosts, index = addresses(options["url"])
    owner, attached = options["owner"], bool(options.get("attached"))
    number = directory.name.rpartition("-")[2]
    home = Home(
        hosts,
        index,
        "" if attached else f"{index}{MARK}{owner}.{number if number.isdecimal() else 1}",
        owner,
        options["shards"],
        options["replicas"],
        options.get("ca"),
    )
    cluster = Cluster(home)
    try:
        version = _version(cluster)
        found = _described(cluster)
        _check_language(home, found, language)
        if attached and not found:
            raise IndexNotFound(
                f"There is no index at {home.shown}.",
                "Make one: newsidx index DIR --engine opensearch --url URL",
            )
        if not attached:
            _make(cluster, home, language, version)
    finally:
        cluster.close()
    write_home(directory, home)


def _version(cluster: Cluster) -> int:
    """The first number of the cluster's version.

    Raises:
        EngineError: It is no OpenSearch, or one that nobody has tried.
    """
    try:
        answer = cluster.call("GET", "/")
        version = answer["version"]
        number, kind = str(version["number"]), version.get("distribution")
    except (NotThere, KeyError, TypeError):
        raise EngineError(
            f"What answers at {cluster.home.shown} is no OpenSearch.", "Look at the address."
        ) from None
    major = int(number.partition(".")[0])
    if kind != "opensearch" or not _OLDEST <= major <= _NEWEST:
        raise EngineError(
            f"{cluster.home.shown} is {kind or 'Elasticsearch'} {number}.",
            f"newsidx works with OpenSearch {_OLDEST}.x and {_NEWEST}.x.",
        )
    return major


def _make(cluster: Cluster, home: Home, language: str, version: int) -> None:
    pattern = f"{home.index}{MARK}*"
    body = {"index_patterns": [pattern], "priority": 200, "template": template(version)}
    cluster.call("PUT", f"/_index_template/{home.index}{MARK}template", body)
    _delete(cluster, home.physical)  # left by a creation that was cut short
    settings = {"number_of_shards": home.shards, "number_of_replicas": home.replicas}
    body = {
        "settings": {"index": settings},
        "mappings": {"_meta": {"newsidx": meta(language, home.owner)}},
    }
    try:
        cluster.call("PUT", f"/{home.physical}", body, {"wait_for_active_shards": "1"})
    except Refusal as problem:
        if problem.kind != "resource_already_exists_exception":  # made by a request tried again
            raise


def _delete(cluster: Cluster, physical: str) -> None:
    try:
        cluster.call("DELETE", f"/{physical}")
    except NotThere:
        return


def _described(cluster: Cluster) -> dict[str, dict[str, Any]]:
    """What each physical index says of itself: those behind the alias, and our own."""
    home = cluster.home
    names = ",".join(name for name in (home.index, home.physical) if name)
    params = {"ignore_unavailable": "true", "allow_no_indices": "true"}
    try:
        answer = cluster.call("GET", f"/{names}/_mapping", None, params)
    except NotThere:
        return {}
    found = {}
    for name, each in answer.items():
        about = each["mappings"].get("_meta", {}).get("newsidx")
        if about is None:
            raise EngineError(
                f"{name} at {home.hosts[0]} was not made by newsidx.",
                "Name another index at the end of the address.",
            )
        found[name] = about
    return found


def _check_language(home: Home, found: Mapping[str, Mapping[str, Any]], language: str) -> None:
    for about in found.values():
        if about.get("language") != language:
            raise UsageError(
                f"The index {home.shown} has the language {about.get('language')!r}.",
                f"Say --language {about.get('language')}, or name another index.",
            )


def searched(cluster: Cluster) -> tuple[str, frozenset[str]]:
    """What a search asks, and the languages of the indexes behind it.

    Raises:
        IndexDamaged: Our physical index is gone, or the alias that was attached to.
        IndexVersionError: An index was made by another version of newsidx.
    """
    home = cluster.home
    found = _described(cluster)
    if (home.physical and home.physical not in found) or not found:
        what = home.physical or home.index
        hint = None if home.physical else "Attach to another: newsidx init"
        message = f"The index {what} is gone from the cluster at {home.hosts[0]}."
        raise IndexDamaged(message, hint) if hint else IndexDamaged(message)
    for about in found.values():
        versions = about.get("layout", 0), about.get("tokens", 0), about.get("stems", 0)
        ours = VERSION, TOKEN_VERSION, STEM_VERSION
        if any(there > here for there, here in zip(versions, ours, strict=True)):
            raise IndexVersionError.newer(home.shown, f"layout {versions[0]}")
        if versions != ours:
            raise IndexVersionError.older(home.shown)
    languages = frozenset(str(about["language"]) for about in found.values())
    return _target(home, found), languages


def _target(home: Home, found: Iterable[str]) -> str:
    """The alias where it has all that is to be searched; else what it has, and our own."""
    if not home.physical:
        return home.index
    named = set(found) - {home.physical}
    again = {name for name in named if name.startswith(_ours(home))}
    if any(_number(name) > _number(home.physical) for name in again):
        return home.index  # it was built anew since the directory was read, and published
    if again:  # ours is being built anew, and the alias still names what was there before
        return ",".join([home.physical, *sorted(named - again)])
    # Until it is published, ours may be all there is, or stand beside those of others.
    return ",".join([home.physical, home.index]) if named else home.physical


def _ours(home: Home) -> str:
    """How the names of all our physical indexes begin."""
    return f"{home.index}{MARK}{home.owner}."


def _number(physical: str) -> int:
    return int(physical.rpartition(".")[2])


def publish(directory: Path) -> None:
    """Swap the alias to our physical index, from any older one of ours, in one step."""
    home = read_home(directory)
    if not home.physical:
        return
    cluster = Cluster(home)
    try:
        try:
            named = set(cluster.call("GET", f"/_alias/{home.index}"))
        except NotThere:
            named = set()
        older = {name for name in named if name.startswith(_ours(home))} - {home.physical}
        if home.physical in named and not older:
            return
        actions: list[dict[str, Any]] = [
            {"add": {"index": home.physical, "alias": home.index}},
            *({"remove": {"index": name, "alias": home.index}} for name in sorted(older)),
        ]
        cluster.call("POST", "/_aliases", {"actions": actions})
    finally:
        cluster.close()


def discard(directory: Path) -> None:
    """Remove an index directory's physical index, and then the directory."""
    try:
        home = read_home(directory)
    except IndexDamaged:
        home = None
    if home is not None and home.physical:
        cluster = Cluster(home)
        try:
            _delete(cluster, home.physical)
        finally:
            cluster.close()
    shutil.rmtree(directory, ignore_errors=True)
