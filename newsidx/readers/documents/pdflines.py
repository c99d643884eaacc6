"""A PDF through PDFium: its lines, where they stand, and what it says of itself.

This runs in a process of its own; see `pdfprocess`.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

from newsidx.errors import ReadError
from newsidx.readers.documents.pdftext import Line, running_text
from newsidx.readers.limits import MAX_BODY

__all__ = ["read_pdf"]

_MOST_PAGES = 10_000
_OBJECTS_SEEN = 1000
# A page with more lines is not a picture that a scanner signed.
_FEW = 5

# PDFium ends a line with the first, and puts the second in place of a hyphen and the
# line end behind it.
_BREAK = re.compile("\r\n|\ufffe")
_CUT = "\ufffe"

_ENCRYPTED = frozenset({4, 5})  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY (fpdfview.h)
_PICTURES = frozenset({2, 3, 4, 5})  # FPDF_PAGEOBJ_PATH, IMAGE, SHADING, FORM (fpdf_edit.h)

# Private, unassigned and control characters: fonts that don't say which letters they draw.
_NO_LETTERS = frozenset({"Co", "Cn", "Cc"})
_SAMPLE = 20_000

# No page is a kilometre wide; what is, or is no number at all, is nowhere.
_FAR = 3e6

_NAMES = ("Title", "Author", "Keywords", "CreationDate")


def read_pdf(data: Any) -> dict[str, Any]:
    """Read a document.

    Args:
        data: Its bytes, or a ctypes array of them.

    Returns:
        `text`, the names of its metadata that matter, and `broken`: the numbers
        of pages that could not be read.

    Raises:
        ReadError: `encrypted`, `image-only`, `no-article`, `undecodable`, `too-large`
            or `malformed`.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in _ENCRYPTED:
            raise ReadError("encrypted", "it is locked with a password") from error
        raise ReadError("malformed", "it is no sound PDF, or has no pages") from error
    with document:
        if len(document) > _MOST_PAGES:
            raise ReadError("too-large", f"it has more than {_MOST_PAGES} pages")
        pages, broken, has_pictures = _pages(document)
        text = running_text(pages)
        if not text and not has_pictures:
            # Pages of a single line, which only look like nothing but headers.
            text = running_text(pages, whole=True)
        _check(text, has_pictures, len(broken) == len(document))
        return {"text": text, "broken": broken, **{name: _said(document, name) for name in _NAMES}}


def _said(document: Any, name: str) -> str:
    """What the metadata say under a name; nothing if it is no text."""
    with suppress(UnicodeError):
        return str(document.get_metadata_value(name))
    return ""


def _check(text: str, has_pictures: bool, all_broken: bool) -> None:
    """Refuse a document whose text is none."""
    if all_broken:
        raise ReadError("malformed", "none of its pages can be read")
    sample = [char for char in text[:_SAMPLE] if not char.isspace()]
    strange = sum(char == "\ufffd" or unicodedata.category(char) in _NO_LETTERS for char in sample)
    if strange * 2 > len(sample):
        raise ReadError("undecodable", "its fonts don't say which letters they draw")
    if any(map(str.isalnum, text)):
        return
    if has_pictures:
        raise ReadError("image-only", "its pages are pictures, without text behind them")
    raise ReadError("no-article", "there is no text in it")


def _pages(document: Any) -> tuple[list[list[Line]], list[int], bool]:
    """The lines of the pages; the numbers of broken ones; whether there are pictures."""
    import pypdfium2

    pages: list[list[Line]] = []
    broken: list[int] = []
    has_pictures = False
    size = 0
    for number in range(len(document)):
        lines: list[Line] = []
        try:
            with closing(document[number]) as page:
                lines += _lines(page)
                has_pictures = has_pictures or (len(lines) <= _FEW and _has_pictures(page))
        except pypdfium2.PdfiumError:
            broken.append(number + 1)
        pages.append(lines)
        size += sum(len(line.text) for line in lines)
        if size > MAX_BODY:
            message = f"its text is longer than {MAX_BODY // 1024**2} million characters"
            raise ReadError("too-large", message)
    return pages, broken, has_pictures


def _has_pictures(page: Any) -> bool:
    from pypdfium2 import raw

    count = min(raw.FPDFPage_CountObjects(page), _OBJECTS_SEEN)
    objects = (raw.FPDFPage_GetObject(page, index) for index in range(count))
    return any(raw.FPDFPageObj_GetType(found) in _PICTURES for found in objects)


def _lines(page: Any) -> Iterator[Line]:
    """The lines of a page in the order of the file, measured as the page is turned."""
    with closing(page.get_textpage()) as textpage:
        text = textpage.get_text_range()
        ruler = _Ruler(textpage, page.get_rotation())
        start = unit = 0
        while start < len(text):
            found = _BREAK.search(text, start)
            end, after = found.span() if found else (len(text), len(text))
            line = text[start:end].strip()
            if line:
                first = unit + _units(text[start : text.index(line[0], start)])
                yield ruler.line(line, first, cut=text[end:after] == _CUT)
            unit += _units(text[start:after])
            start = after


def _units(text: str) -> int:
    """Units of UTF-16 in a text, by which PDFium counts."""
    return len(text) + (0 if text.isascii() else sum(char > "\uffff" for char in text))


class _Ruler:
    """Measures where the lines of a page stand."""

    def __init__(self, textpage: Any, rotation: int) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._textpage = textpage
        self._rotation = rotation
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._box = raw.FS_RECTF()

    def line(self, text: str, index: int, *, cut: bool) -> Line:
        """The line of the characters from `index` on."""
        first = self._character(index)
        last = self._character(index + _units(text) - 1)
        height = max(first[3] - first[2], last[3] - last[2])
        return Line(text, first[0], last[1], self._base(index), height, cut)

    def _character(self, index: int) -> tuple[float, float, float, float]:
        """Left, right, bottom and top of a character, as the page is shown."""
        raw, box = self._raw, self._box
        at = raw.FPDFText_GetCharIndexFromTextIndex(self._textpage, index)
        if at < 0 or not raw.FPDFText_GetLooseCharBox(self._textpage, at, box):
            return 0.0, 0.0, 0.0, 0.0
        x, y = self._turned(box.left, box.bottom), self._turned(box.right, box.top)
        return min(x[0], y[0]), max(x[0], y[0]), min(x[1], y[1]), max(x[1], y[1])

    def _base(self, index: int) -> float:
        at = self._raw.FPDFText_GetCharIndexFromTextIndex(self._textpage, index)
        self._raw.FPDFText_GetCharOrigin(self._textpage, at, self._x, self._y)
        return self._turned(self._x.value, self._y.value)[1]

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page, turned clockwise as the page is."""
        if not (abs(x) < _FAR and abs(y) < _FAR):
            return 0.0, 0.0
        return {90: (y, -x), 180: (-x, -y), 270: (-y, x)}.get(self._rotation, (x, y))
