"""How the files of a root are chosen and read: what `newsidx index` was told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import asdict

if TYPE_CHECKING:
    from newsidx.readers.base import ReadOptions

__all__ = ["RootOptions"]


class RootOptions(Struct, frozen=True):
    """Options that belong to a root and are kept with it.

    Attributes:
        fields: Article field -> its name in the files (`--map title=headline`).
        include: Patterns of which a file must match one, if there are any.
        exclude: Patterns of files and folders to leave out.
        date_from_mtime: Give articles without a date that of their file.
        format: The reader of all files, by name; None finds out for each.
        header: Whether tables begin with the names of their columns; None finds out.
        date_order: `dmy` or `mdy`, what 03/04/2016 means; None finds out by source.
        source_from_folder: Give articles without a source the name of their folder.
        section_from_folder: Likewise for the section.
    """

    fields: dict[str, str] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    date_from_mtime: bool = False
    format: str | None = None
    header: bool | None = None
    date_order: str | None = None
    source_from_folder: bool = False
    section_from_folder: bool = False

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> RootOptions:
        """The inverse of `to_json`; what is missing has its default."""
        known = {key: value for key, value in data.items() if key in cls.__struct_fields__}
        for key in ("include", "exclude"):
            known[key] = tuple(known.get(key, ()))
        return cls(**known)

    def to_json(self) -> dict[str, Any]:
        """For the ledger: what isn't as it is by itself."""
        default = asdict(RootOptions())
        return {name: value for name, value in asdict(self).items() if value != default[name]}

    def reading(self) -> tuple[Any, ...]:
        """The part that changes what is read from a file, to compare."""
        choosing = ("include", "exclude")
        return tuple(pair for pair in sorted(asdict(self).items()) if pair[0] not in choosing)

    def for_readers(self) -> ReadOptions:
        """The part that concerns readers."""
        from newsidx.readers.base import ReadOptions

        return ReadOptions(fields=self.fields, header=self.header)
