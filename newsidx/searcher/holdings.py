"""What an archive or an answer holds: its articles by id, with a hash of what each says."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from newsidx.article import Article
from newsidx.engines import fetching
from newsidx.engines.base import Engine
from newsidx.index.frozen import Holding

__all__ = ["holdings"]


def holdings(
    engine: Engine, ids: Collection[str] | None, known: Mapping[str, Holding]
) -> dict[str, Holding]:
    """What some articles say, by a hash of each.

    Args:
        ids: None is all articles.
        known: What the ledger has of all of them; nothing where it may tell of another
            commit than the engine. Then the articles themselves are asked.
    """
    if ids is None:
        return dict(known) if known else {each.id: _holding(each) for each in engine.scan()}
    found = {key: known[key] for key in ids if key in known}
    rest = [key for key in ids if key not in known]
    return found | {article.id: _holding(article) for article in fetching.known(engine, rest)}


def _holding(article: Article) -> Holding:
    from newsidx.refine.identity import hashes

    path = f"{article.root}/{article.path}".encode("utf-8", "replace").decode()
    return Holding(hashes(article).facts, path)
