"""The queries of `queries.py` for the indexes that `peers.py` builds, and how to ask them.

Each system is given what suits it: objects where it has any, so that parsing a query is
not part of what is measured. The two fields of text are asked for the same word, either of
which will do, unless the index has one for both.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from peers import TANTIVY_TEXT, open_fts5, open_tantivy, open_whoosh

__all__ = ["Fts5", "Tantivy", "Whoosh"]

LIMIT = 10


class Whoosh:
    """Whoosh's own query objects over an index of either schema."""

    def __init__(self, index: Path) -> None:
        self.searcher = open_whoosh(index)
        schema = self.searcher.schema
        self._fields = ["text"] if "text" in schema else ["title", "body"]
        self._schema = schema

    def close(self) -> None:
        self.searcher.close()

    def search(self, query: Any) -> Any:
        return self.searcher.search(query, limit=LIMIT)

    def total(self, query: Any) -> int:
        return len(self.searcher.search(query, limit=None))

    def _tokens(self, text: str) -> list[str]:
        return list(self._schema[self._fields[0]].process_text(text, mode="query"))

    def _either(self, queries: list[Any]) -> Any:
        from whoosh.query import Or

        return queries[0] if len(queries) == 1 else Or(queries)

    def word(self, word: str) -> Any:
        from whoosh.query import Term

        (token,) = self._tokens(word)
        return self._either([Term(field, token) for field in self._fields])

    def phrase(self, text: str) -> Any:
        from whoosh.query import Phrase

        tokens = self._tokens(text)
        return self._either([Phrase(field, tokens) for field in self._fields])

    def wildcard(self, pattern: str) -> Any:
        from whoosh.query import Wildcard

        return self._either([Wildcard(field, pattern).normalize() for field in self._fields])

    def every(self, *parts: Any) -> Any:
        from whoosh.query import And

        return And(list(parts))

    def some(self, *parts: Any) -> Any:
        from whoosh.query import Or

        return Or(list(parts)).normalize()

    def without(self, part: Any, other: Any) -> Any:
        from whoosh.query import And, Not

        return And([part, Not(other)])

    def outlet(self, part: Any, name: str) -> Any:
        from whoosh.query import And, Term

        return And([part, Term("source", name.lower())])

    def days(self, part: Any, first: date, last: date) -> Any:
        from whoosh.query import And, DateRange

        ends = (datetime.combine(first, time.min), datetime.combine(last, time.max))
        return And([part, DateRange("published", *ends)])


@dataclass(frozen=True, slots=True)
class Statement:
    """What to MATCH, and what else must hold."""

    match: str
    outlet: str | None = None
    days: tuple[str, str] | None = None

    def sql(self) -> tuple[str, tuple[str, ...]]:
        where, values = "articles MATCH ?", [f"{{title body}} : ({self.match})"]
        if self.outlet:
            where += " AND source = ? COLLATE NOCASE"
            values.append(self.outlet)
        if self.days:
            where += " AND published BETWEEN ? AND ?"
            values += self.days
        return where, tuple(values)


class Fts5:
    """FTS5's language in a statement of SQL; titles weigh twice."""

    def __init__(self, index: Path) -> None:
        self.database: sqlite3.Connection = open_fts5(index)

    def close(self) -> None:
        self.database.close()

    def search(self, query: Statement) -> Any:
        where, values = query.sql()
        statement = f"SELECT id FROM articles WHERE {where} ORDER BY bm25(articles, 2.0) LIMIT ?"
        with closing(self.database.execute(statement, (*values, LIMIT))) as found:
            return found.fetchall()

    def total(self, query: Statement) -> int:
        where, values = query.sql()
        statement = f"SELECT count(*) FROM articles WHERE {where}"
        return int(self.database.execute(statement, values).fetchone()[0])

    def word(self, word: str) -> Statement:
        return Statement(f'"{word}"')

    phrase = word

    def wildcard(self, pattern: str) -> Statement:
        if "?" in pattern or "*" in pattern[:-1]:
            raise NotImplementedError("FTS5 knows prefixes only")
        return Statement(f'"{pattern[:-1]}" *')

    def every(self, *parts: Statement) -> Statement:
        return Statement(" AND ".join(f"({part.match})" for part in parts))

    def some(self, *parts: Statement) -> Statement:
        return Statement(" OR ".join(f"({part.match})" for part in parts))

    def without(self, part: Statement, other: Statement) -> Statement:
        return Statement(f"({part.match}) NOT ({other.match})")

    def outlet(self, part: Statement, name: str) -> Statement:
        return replace(part, outlet=name)

    def days(self, part: Statement, first: date, last: date) -> Statement:
        return replace(part, days=(first.isoformat(), last.isoformat()))


class Tantivy:
    """tantivy-py's query objects."""

    def __init__(self, index: Path) -> None:
        import tantivy

        self._of, self._occur = tantivy.Query, tantivy.Occur
        self._integer = tantivy.FieldType.Integer
        self.index, self.searcher = open_tantivy(index)

    def close(self) -> None:
        del self.searcher, self.index

    def search(self, query: Any) -> Any:
        return self.searcher.search(query, LIMIT, count=False).hits

    def total(self, query: Any) -> int:
        return int(self.searcher.search(query, 1).count)

    def word(self, word: str) -> Any:
        return self.index.parse_query(f'"{word}"', list(TANTIVY_TEXT))

    phrase = word

    def wildcard(self, pattern: str) -> Any:
        regex = pattern.replace("*", ".*").replace("?", ".")
        schema = self.index.schema
        return self.some(*(self._of.regex_query(schema, name, regex) for name in TANTIVY_TEXT))

    def every(self, *parts: Any) -> Any:
        return self._of.boolean_query([(self._occur.Must, part) for part in parts])

    def some(self, *parts: Any) -> Any:
        return self._of.boolean_query([(self._occur.Should, part) for part in parts])

    def without(self, part: Any, other: Any) -> Any:
        pair = [(self._occur.Must, part), (self._occur.MustNot, other)]
        return self._of.boolean_query(pair)

    def outlet(self, part: Any, name: str) -> Any:
        return self.every(part, self._of.term_query(self.index.schema, "source", name.lower()))

    def days(self, part: Any, first: date, last: date) -> Any:
        lowest, highest = (int(day.strftime("%Y%m%d")) for day in (first, last))
        asked = (self.index.schema, "published", self._integer, lowest, highest)
        return self.every(part, self._of.range_query(*asked))
