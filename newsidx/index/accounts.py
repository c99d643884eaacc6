"""What the ledger says when it is asked: of every file, and of the archive as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from msgspec import Struct

from newsidx.index.database import from_db
from newsidx.index.frozen import Holding
from newsidx.index.ledger import Ledger

__all__ = [
    "Account",
    "Coverage",
    "Original",
    "OutcomeRow",
    "account",
    "count_bad_records",
    "count_by_root",
    "count_files",
    "count_members",
    "count_unsearched",
    "coverage",
    "holdings",
    "in_order",
    "originals",
    "outcomes",
]


class OutcomeRow(Struct, frozen=True):
    """What became of a file, or of the files of a folder that were left out."""

    root: str
    base: str
    path: str
    status: str
    reason: str | None
    detail: str | None
    files: int
    reader: str | None
    articles: int
    bad: int
    size: int | None
    recorded: int | None
    member: int
    id: int


class Coverage(Struct, frozen=True):
    """What the searched articles cover.

    Attributes:
        sources, languages: (value, articles), the most frequent first; None for no value.
        months: (`2016-11`, articles) in order; `2016` for those of which no month is
            known, None for those without a date.
        without: Field -> number of articles that have no value in it.
        shortest: (id, words, path) of those with the fewest words.
    """

    sources: list[tuple[str | None, int]]
    languages: list[tuple[str | None, int]]
    months: list[tuple[str | None, int]]
    without: dict[str, int]
    shortest: list[tuple[str, int, str]]


class Account(Struct, frozen=True):
    """What of all that was seen is not searched.

    Attributes:
        files: (status, reason, files and members of archives) of those that are excluded,
            failed, skipped or unseen.
        records: Records that could not be read, in files that could.
        copies: Places that hold a copy of an article that is searched.
        versions: Those that hold an older version of one.
        removed: Articles that somebody removed.
    """

    files: tuple[tuple[str, str | None, int], ...]
    records: int
    copies: int
    versions: int
    removed: int


class Original(Struct, frozen=True):
    """A file on disk that articles were read from.

    Attributes:
        root: The label of its root.
        base: The folder that its path is below.
        path: The file, or the archive that it is a member of.
        digest: BLAKE2b of 16 bytes over what was read of it; None where that is not known.
    """

    root: str
    base: str
    path: str
    digest: bytes | None


_UNSEARCHED = frozenset(("excluded", "failed", "skipped", "unseen"))
_SEARCHED = "FROM articles a JOIN places p ON p.id = a.place"


def coverage(ledger: Ledger, shortest: int = 5) -> Coverage:
    """What the searched articles cover, and the so many shortest of them."""
    db = ledger.db
    sources, languages = (
        db.execute(
            f"SELECT p.{name}, count(*) {_SEARCHED} GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
        for name in ("source", "language")
    )
    months = db.execute(
        f"SELECT substr(p.published, 1, 7), count(*) {_SEARCHED} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    date, author, source = db.execute(
        "SELECT coalesce(sum(p.published IS NULL), 0), coalesce(sum(p.authors = 0), 0),"
        f" coalesce(sum(p.source IS NULL), 0) {_SEARCHED}"
    ).fetchone()
    short = db.execute(
        f"SELECT a.id, p.words, f.path {_SEARCHED} JOIN files f ON f.id = p.file"
        " ORDER BY p.words, a.id LIMIT ?",
        (shortest,),
    )
    return Coverage(
        sources,
        languages,
        months,
        {"published": date, "authors": author, "source": source},
        [(key, words, from_db(path)) for key, words, path in short],
    )


def count_bad_records(ledger: Ledger) -> int:
    """Number of records that could not be read, in files that could."""
    return int(ledger.db.execute("SELECT count(*) FROM bad_records").fetchone()[0])


def count_files(ledger: Ledger) -> list[tuple[str, str | None, int]]:
    """Status, reason and number of files on disk, those left out by rule included."""
    return ledger.db.execute(
        "SELECT status, reason, count(*) FROM files WHERE container IS NULL"
        " GROUP BY status, reason"
        " UNION ALL SELECT 'excluded', reason, sum(files) FROM left_out GROUP BY reason"
        " ORDER BY 1, 2"
    ).fetchall()


def account(ledger: Ledger) -> Account:
    """What was dropped, and why."""
    files: Counter[tuple[str, str | None]] = Counter()
    for status, reason, number in (*count_files(ledger), *count_members(ledger)):
        if status in _UNSEARCHED:
            files[status, reason] += number
    places = dict(ledger.db.execute("SELECT status, count(*) FROM places GROUP BY status"))
    (removed,) = ledger.db.execute("SELECT count(*) FROM removals").fetchone()
    return Account(
        files=tuple(
            (*key, files[key]) for key in sorted(files, key=lambda key: (key[0], key[1] or ""))
        ),
        records=count_bad_records(ledger),
        copies=places.get("duplicate", 0),
        versions=places.get("superseded", 0),
        removed=removed,
    )


def count_unsearched(ledger: Ledger) -> dict[str, int]:
    """Status -> files, and members of archives, that failed, were skipped or were not seen.

    A status without any is not there.
    """
    return dict(
        ledger.db.execute(
            "SELECT status, count(*) FROM files"
            " WHERE status IN ('failed', 'skipped', 'unseen') GROUP BY status"
        ).fetchall()
    )


def count_members(ledger: Ledger) -> list[tuple[str, str | None, int]]:
    """Status, reason and number of members of archives."""
    return ledger.db.execute(
        "SELECT status, reason, count(*) FROM files WHERE container IS NOT NULL"
        " GROUP BY status, reason ORDER BY 1, 2"
    ).fetchall()


def outcomes(
    ledger: Ledger, status: str | None = None, reason: str | None = None
) -> Iterator[OutcomeRow]:
    """What became of every file and member of an archive, in order of root and path.

    What was left out by rule has a row a folder, with its number of files.
    """
    rows = ledger.db.execute(
        "SELECT * FROM (SELECT r.label AS label, r.base, f.path AS path, f.status AS status,"
        " f.reason AS reason, f.detail, 1, f.reader,"
        " (SELECT count(*) FROM places p WHERE p.file = f.id) + (SELECT count(*) FROM files m"
        " JOIN places p ON p.file = m.id WHERE m.container = f.id), f.bad, f.size, f.recorded,"
        " f.container IS NOT NULL, f.id FROM files f JOIN roots r ON r.id = f.root"
        " UNION ALL SELECT r.label, r.base, l.path, 'excluded', l.reason, NULL, l.files,"
        " NULL, 0, 0, NULL, NULL, 0, 0 FROM left_out l JOIN roots r ON r.id = l.root)"
        " WHERE (?1 IS NULL OR status = ?1) AND (?2 IS NULL OR reason = ?2)"
        " ORDER BY label, path, reason",
        (status, reason),
    )
    for label, base, path, *rest in rows:
        yield OutcomeRow(label, from_db(base), from_db(path), *rest)


def holdings(ledger: Ledger, state: str) -> dict[str, Holding]:
    """All searched articles: id -> what it says, by a hash, and where it was read.

    Args:
        state: The one that is meant; where the ledger is of another, as it may be while a
            writer is at work, there is nothing.
    """
    ledger.db.execute("BEGIN")  # so that both are of one commit
    try:
        if str(ledger.meta("state", "0")).rjust(32, "0") != state:
            return {}
        rows = ledger.db.execute(
            "SELECT a.id, a.facts, r.label, f.path FROM articles a"
            " JOIN places p ON p.id = a.place JOIN files f ON f.id = p.file"
            " JOIN roots r ON r.id = f.root"
        ).fetchall()
    finally:
        ledger.db.execute("ROLLBACK")
    return {
        key: Holding(facts, f"{label}/{from_db(path)}".encode("utf-8", "replace").decode())
        for key, facts, label, path in rows
    }


def originals(ledger: Ledger, ids: Collection[str]) -> dict[str, Original]:
    """Id -> the file on disk that an article was read from."""
    find = (
        "SELECT r.label, r.base, coalesce(c.path, f.path), coalesce(c.digest, f.digest)"
        " FROM articles a JOIN places p ON p.id = a.place JOIN files f ON f.id = p.file"
        " LEFT JOIN files c ON c.id = f.container JOIN roots r ON r.id = f.root WHERE a.id = ?"
    )
    found = {}
    for key in ids:
        row = ledger.db.execute(find, (key,)).fetchone()
        if row is not None:
            label, base, path, digest = row
            found[key] = Original(label, from_db(base), from_db(path), digest)
    return found


def in_order(ledger: Ledger, size: int) -> Iterator[list[str]]:
    """The ids of all searched articles by label, path and position, in portions of a size.

    The order is put down in a table of its own first, which SQLite keeps in a file if it
    is large; so nobody who writes has to wait until all are taken.
    """
    ledger.db.execute(
        "CREATE TEMP TABLE ordered AS SELECT a.id AS id FROM articles a"
        " JOIN places p ON p.id = a.place JOIN files f ON f.id = p.file"
        " JOIN roots r ON r.id = f.root ORDER BY r.label, f.path, p.position"
    )
    rows = ledger.db.execute("SELECT id FROM ordered ORDER BY rowid")
    while portion := rows.fetchmany(size):
        yield [key for (key,) in portion]


def count_by_root(ledger: Ledger) -> dict[int, int]:
    """Number of searched articles by id of their root."""
    return dict(
        ledger.db.execute(
            "SELECT f.root, count(*) FROM articles a JOIN places p ON p.id = a.place"
            " JOIN files f ON f.id = p.file GROUP BY f.root"
        ).fetchall()
    )
