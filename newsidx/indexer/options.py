"""How the files of a root are chosen and read: what `newsidx index` was told of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["RootOptions"]


@dataclass(frozen=True, slots=True)
class RootOptions:
    """Options that belong to a root and are kept with it.

    Attributes:
        fields: Article field -> its name in the files (`--map title=headline`).
        include: Patterns of which a file must match one, if there are any.
        exclude: Patterns of files and folders to leave out.
        date_from_mtime: Give articles without a date that of their file.
    """

    fields: dict[str, str] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    date_from_mtime: bool = False

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> RootOptions:
        """The inverse of `to_json`; what is missing has its default."""
        known = {key: value for key, value in data.items() if key in cls.__slots__}
        for key in ("include", "exclude"):
            known[key] = tuple(known.get(key, ()))
        return cls(**known)

    def to_json(self) -> dict[str, Any]:
        """For the ledger."""
        return asdict(self)

    def reading(self) -> tuple[Any, ...]:
        """The part that changes what is read from a file, to compare."""
        return (sorted(self.fields.items()), self.date_from_mtime)
