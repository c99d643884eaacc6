"""Search news archives: index articles in whatever form they were saved, and find them.

    import newsidx

    with newsidx.open("~/press/.newsidx") as index:
        page = index.search("calexit -sports date:2016..2017")
        for hit in page.hits:
            print(hit.rank, hit.article.title, hit.path)

`open` gives an `Index`; what it returns is documented in `newsidx.results`. Errors are
`NewsidxError` and its children. Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsidx._version import __version__

if TYPE_CHECKING:
    from newsidx.app import Index, open
    from newsidx.article import Article, Published
    from newsidx.errors import NewsidxError, QueryError
    from newsidx.results import Hit, Page, Snippet, Span

__all__ = [
    "Article",
    "Hit",
    "Index",
    "NewsidxError",
    "Page",
    "Published",
    "QueryError",
    "Snippet",
    "Span",
    "__version__",
    "open",
]

_HOMES = {
    "Article": "article",
    "Hit": "results",
    "Index": "app",
    "NewsidxError": "errors",
    "Page": "results",
    "Published": "article",
    "QueryError": "errors",
    "Snippet": "results",
    "Span": "results",
    "open": "app",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(f"newsidx.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
