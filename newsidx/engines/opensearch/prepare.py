"""Documents analysed apart from the index, in any process, until a writer sends them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from tempfile import mkdtemp

from msgspec import Struct

from newsidx.article import Article
from newsidx.engines.base import BUILDING
from newsidx.engines.opensearch.home import read_home
from newsidx.engines.opensearch.layout import encoded

__all__ = ["Document", "DocumentPreparer", "PreparedDocuments"]

Document = tuple[str, bytes]
"""An article's id, and its document as a line of JSON."""


class PreparedDocuments(Struct, frozen=True):
    """Documents in a file, one behind the other.

    Attributes:
        starts: Where each begins; behind the last stands the end.
        ids: Of the articles.
    """

    path: Path
    starts: tuple[int, ...]
    ids: tuple[str, ...]

    @property
    def documents(self) -> int:
        """How many there are."""
        return len(self.ids)

    def lines(self, numbers: Collection[int]) -> Iterator[Document]:
        """Some of the documents, by their numbers."""
        with self.path.open("rb") as file:
            for number in sorted(numbers):
                file.seek(self.starts[number])
                yield self.ids[number], file.read(self.starts[number + 1] - self.starts[number])

    def articles(self, numbers: Collection[int]) -> dict[int, Article]:
        """Some of the articles by their numbers."""
        wanted = sorted(numbers)
        lines = zip(wanted, self.lines(wanted), strict=True)
        return {n: Article.from_dict(json.loads(line)["article"]) for n, (_, line) in lines}


class DocumentPreparer:
    """Writes documents to a file as articles come; memory holds none.

    Args:
        directory: The engine's.
        language: The index's.
    """

    def __init__(self, directory: Path, language: str) -> None:
        self._language = language
        self._owner = read_home(directory).owner
        building = directory / BUILDING
        building.mkdir(exist_ok=True)
        self._path = Path(mkdtemp(dir=building)) / "documents"
        self._file = self._path.open("wb")
        self._starts = [0]
        self._ids: list[str] = []

    @property
    def memory(self) -> int:
        """About how many bytes it takes now: the file's places, and what the system holds."""
        return 200 * len(self._ids)

    def add(self, article: Article) -> int:
        """Add an article; gives its number."""
        line = encoded(article, self._language, self._owner)
        self._file.write(line)
        self._starts.append(self._starts[-1] + len(line))
        self._ids.append(article.id)
        return len(self._ids) - 1

    def finish(self) -> PreparedDocuments:
        """Let the file be read. It need not outlast a loss of power: it would be made again."""
        self._file.close()
        return PreparedDocuments(self._path, tuple(self._starts), tuple(self._ids))

    def cancel(self) -> None:
        """Forget everything."""
        self._file.close()
        self._path.unlink(missing_ok=True)
