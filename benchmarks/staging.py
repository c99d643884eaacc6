"""A corpus in the forms that systems read it in: as it is, as prepared articles, as text."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from corpus import articles_in as read
from peers import articles_in, write_records

__all__ = ["Corpus", "prepare", "quarter", "stage"]

TEXTS = (".txt", ".text")
FILES_IN_FOLDER = 1000


@dataclass
class Corpus:
    """What is built, in the forms that it is read in.

    Attributes:
        folder: As it was given; newsidx reads this.
        articles: Prepared: JSON Lines.
        texts: As text files.
        count, size: Articles, and bytes of their titles and bodies.
    """

    name: str
    folder: Path
    articles: Path
    texts: Path
    count: int = 0
    size: int = 0


def stage(given: Path, scratch: Path) -> Corpus:
    """A copy of a corpus in a scratch folder: some commands put their index beside it."""
    folder = scratch / "corpus"
    if given.is_dir():
        only = sorted(given.glob("*.sgm"))
        for path in only or sorted(path for path in given.rglob("*") if path.is_file()):
            target = folder / path.relative_to(given)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    elif tarfile.is_tarfile(given):
        with tarfile.open(given) as archive:
            archive.extractall(folder, filter="data")
    else:
        folder.mkdir(parents=True)
        shutil.copy(given, folder)
    return _corpus(given.name, folder, scratch)


def _corpus(name: str, folder: Path, scratch: Path) -> Corpus:
    files = [path for path in folder.rglob("*") if path.is_file()]
    plain = all(path.suffix in TEXTS for path in files)
    texts = folder if plain else scratch / "texts"
    return Corpus(name, folder, scratch / "articles.jsonl", texts)


def quarter(corpus: Corpus, scratch: Path) -> Corpus:
    """Every fourth file of a corpus."""
    folder = scratch / "corpus"
    files = sorted(path for path in corpus.folder.rglob("*") if path.is_file())
    for path in files[::4]:
        target = folder / path.relative_to(corpus.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return _corpus(f"{corpus.name}, a quarter", folder, scratch)


def prepare(corpus: Corpus) -> None:
    """Write what newsidx reads of a corpus as JSON Lines and, where wanted, as text files.

    Copies of an article, of which newsidx keeps one, are all there.
    """
    with Pool() as pool:
        files = sorted(path for path in corpus.folder.rglob("*") if path.is_file())
        records = (record for found in pool.imap(records_of, files, 8) for record in found)
        write_records(_numbered(corpus, records), corpus.articles)
    if corpus.texts != corpus.folder:
        for number, record in enumerate(articles_in(corpus.articles)):
            folder = corpus.texts / f"{number // FILES_IN_FOLDER:03}"
            folder.mkdir(parents=True, exist_ok=True)
            text = f"{record['title']}\n\n{record['body']}\n"
            (folder / f"{number:06}.txt").write_text(text, "utf-8")


def _numbered(corpus: Corpus, records: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Records with ids, counted."""
    for record in records:
        record["id"] = f"{corpus.count:07}"
        corpus.count += 1
        corpus.size += len(record["title"].encode()) + len(record["body"].encode())
        yield record


def records_of(path: Path) -> list[dict[str, Any]]:
    """What newsidx reads and refines out of a file."""
    return [article.to_dict() for article in read([path])]
