"""What a run of the indexer did, for people and for programs."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

__all__ = ["Problem", "Progress", "Report"]


class Problem(Struct, frozen=True):
    """A file, or a record in one, that could not be read in this run."""

    path: str
    reason: str
    detail: str
    position: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        path = self.path.encode("utf-8", "replace").decode()
        return {
            "path": path,
            "record": self.position,
            "reason": self.reason,
            "detail": self.detail,
        }


class Progress(Struct):
    """How far a run is.

    Attributes:
        phase: `looking` for files, `reading` them, or `writing` the index.
        total: Number of files to be read, once that is known; of those found, till then.
        size: Bytes of the files read so far.
        total_size: Bytes of the files to be read.
    """

    phase: str = "looking"
    done: int = 0
    total: int = 0
    articles: int = 0
    size: int = 0
    total_size: int = 0
    failed: int = 0


class MemberCounts(Struct):
    """What became of the files in archives."""

    read: int = 0
    skipped: int = 0
    failed: int = 0


class Report(Struct):
    """The account of a run.

    Files: `seen` on disk below the roots, of them `unchanged`, `read`, `moved` (read at
    a new place), `skipped`, `failed`; `removed` and `unseen` were known before,
    `unlisted` are folders that could not be looked into;
    `excluded` were left out by rule; `members` are those in archives, which count apart.
    Articles: `added`, `updated`, `removed` from
    search; `duplicates` and `superseded` were read and are not searched, and `kept_out`
    were because they had been removed; `articles` is the number now in the index.
    """

    seen: int = 0
    unchanged: int = 0
    read: int = 0
    moved: int = 0
    skipped: int = 0
    failed: int = 0
    files_removed: int = 0
    unseen: int = 0
    unlisted: int = 0
    excluded: int = 0
    members: MemberCounts = field(default_factory=MemberCounts)
    bad_records: int = 0
    added: int = 0
    updated: int = 0
    removed: int = 0
    duplicates: int = 0
    superseded: int = 0
    kept_out: int = 0
    articles: int = 0
    seconds: float = 0.0
    articles_read: int = 0
    state: str = ""
    generation: int = 0
    recovered: int = 0
    roots: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def has_failures(self) -> bool:
        """Whether something new could not be read."""
        return bool(self.failed or self.members.failed or self.bad_records or self.unlisted)

    @property
    def articles_per_second(self) -> float:
        """Articles read, over the seconds that the whole run took."""
        return self.articles_read / self.seconds if self.seconds else 0.0

    def to_dict(self) -> dict[str, Any]:
        """The value of `newsidx.index/1`."""
        return {
            "roots": self.roots,
            "files": {
                "seen": self.seen,
                "unchanged": self.unchanged,
                "read": self.read,
                "moved": self.moved,
                "skipped": self.skipped,
                "failed": self.failed,
                "removed": self.files_removed,
                "unseen": self.unseen,
                "unlisted_folders": self.unlisted,
                "excluded": self.excluded,
            },
            "members": asdict(self.members),
            "articles": {
                "added": self.added,
                "updated": self.updated,
                "removed": self.removed,
                "duplicates": self.duplicates,
                "superseded": self.superseded,
                "kept_out": self.kept_out,
                "bad_records": self.bad_records,
                "total": self.articles,
            },
            "problems": [problem.to_dict() for problem in self.problems],
            "warnings": self.warnings,
            "seconds": round(self.seconds, 3),
            "articles_per_second": round(self.articles_per_second, 1),
        }
