"""Opening an article in a browser or an editor."""

from __future__ import annotations

import os
import shlex
import subprocess
from typing import TYPE_CHECKING

from newsidx.errors import NewsidxError, UsageError
from newsidx.output.links import web_link
from newsidx.output.safe import valid

if TYPE_CHECKING:
    from newsidx.article import Article

__all__ = ["open_address", "open_file"]


def open_address(article: Article) -> None:
    """Open an article's address in the browser: of http and https, none else.

    Raises:
        UsageError: It has none.
        NewsidxError: There is no browser.
    """
    import webbrowser

    address = web_link(article.url)
    if address is None:
        raise UsageError(
            f"Article {article.id} has no address on the web.", "Open its file with --edit."
        )
    if not webbrowser.open(address):
        raise NewsidxError("No browser could be started.", f"The address is {address}")


def open_file(path: str) -> None:
    """Open a file in the editor, and wait until it is closed.

    Raises:
        UsageError: The file isn't there, or is within an archive.
        NewsidxError: The editor can't be started.
    """
    if not os.path.lexists(path):
        raise UsageError(
            f"There is no file {valid(path)}.",
            "It has gone, or is part of an archive: newsidx show prints what was indexed.",
        )
    name = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    try:
        subprocess.run([*shlex.split(name), path], check=False)  # noqa: S603 - the user's own
    except (OSError, ValueError):
        raise NewsidxError(
            f"The editor {name!r} can't be started.", "Set $EDITOR to one that can."
        ) from None
