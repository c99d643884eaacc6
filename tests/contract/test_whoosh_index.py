"""What the Whoosh engine writes is an index that Whoosh opens by itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from whoosh.index import open_dir

from newsidx.analysis import index_terms
from newsidx.engines import whoosh as engine
from newsidx.engines.whoosh.layout import POSITIONAL_FIELDS
from newsidx.errors import IndexDamaged
from newsidx.query.ranking import LENGTH_PADDING
from tests.contract.cases import ARCHIVE
from tests.contract.engines import FILLERS


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    FILLERS["whoosh"](ARCHIVE.values(), tmp_path).close()
    return tmp_path


def test_whoosh_opens_it_without_newsidx(directory: Path) -> None:
    code = (
        "import sys; from whoosh.index import open_dir\n"
        "reader = open_dir(sys.argv[1]).reader()\n"
        "print(reader.doc_count(), any(name.startswith('newsidx') for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(directory)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(len(ARCHIVE)), "False"]


def test_every_posting_is_what_the_analysis_says(directory: Path) -> None:
    reader = open_dir(str(directory)).reader()
    documents = {stored["article"].split('"')[3]: number for number, stored in reader.iter_docs()}
    for article in ARCHIVE.values():
        terms = index_terms(article, "en")
        document = documents[article.id]
        for field in terms.positions.keys() & POSITIONAL_FIELDS:
            for term, positions in terms.positions[field].items():
                matcher = reader.postings(field, term.encode())
                matcher.skip_to(document)
                assert matcher.id() == document
                assert matcher.value_as("positions") == positions
                assert matcher.weight() == len(positions)
        for term, count in terms.frequencies.items():
            matcher = reader.postings("ranking", term.encode())
            matcher.skip_to(document)
            assert (matcher.id(), matcher.weight()) == (document, count)
    expected = sum(index_terms(a, "en").length + LENGTH_PADDING for a in ARCHIVE.values())
    assert reader.field_length("ranking") == expected
    reader.close()


def test_an_open_reader_outlives_a_commit(directory: Path) -> None:
    from datetime import date

    from newsidx.engines.base import SearchRequest
    from newsidx.query.bind import bind
    from newsidx.query.parser import parse

    query = bind(parse("california"), "california", language="en", today=date(2024, 1, 1))
    reader = engine.open(directory, "en")
    before = reader.search(SearchRequest(query))
    writing = engine.open(directory, "en")
    writer = writing.writer()
    writer.delete([article.id for article in ARCHIVE.values()])
    writer.commit()
    writing.close()
    assert reader.search(SearchRequest(query)) == before
    assert reader.get([before.hits[0].id])
    reader.close()
    after = engine.open(directory, "en")
    assert after.search(SearchRequest(query)).total == 0
    after.close()


def test_a_directory_that_is_no_index_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="can't be read"):
        engine.open(tmp_path, "en")
