"""What documents say of themselves, as far as it was said by a person.

Most documents carry a title and an author that a program put there: the name of the
file, of the template, or of whoever the computer was set up for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.documents.flow import Flow
from newsidx.readers.records.values import names
from newsidx.readers.source import Source
from newsidx.readers.texts.markup import without_title

__all__ = [
    "Finding",
    "describe",
    "document_article",
    "document_authors",
    "document_date",
    "document_title",
]

_FILE = re.compile(
    r".+\.(?:docx?|docm|dotx?|odt|ott|rtf|txt|md|html?|xml|tex|dvi|e?ps|pdf|pages|wpd|wps|ai|cdr"
    r"|indd|indt|qx[dpt]|pub|pmd|p65|pm\d|fm|lwp|sxw|xlsx?|pptx?|odp|ods|eml|msg|tiff?|jpe?g|png)",
    re.IGNORECASE | re.DOTALL,
)
_ADDRESS = re.compile(r"(?:[a-z]+:)?[/\\]\S*|[a-z]:\\.*|https?:.*|file:.*|about:.*", re.IGNORECASE)
# `Microsoft Word - storm.doc`, as printing through a driver names a document.
_PRINTED = re.compile(
    r"(?:microsoft |ms)?[a-z]+ - .*\.[a-z]{3,4}|microsoft [a-z]+ - .*", re.IGNORECASE
)
_NAMES = (_FILE, _ADDRESS, _PRINTED)
_CODE = re.compile(r"_|(?:\d\D*){3}")
_LONGEST = 500

# What programs call a document that has no name, with a number behind it or without.
_UNNAMED = re.compile(
    r"(?:un(?:titled|named|benannt|known)|no(?:name| title)|sans (?:titre|nom)|sin título"
    r"|senza titolo|sem título|ohne titel|title|titel|titre|título|titolo|doc|document|dokument"
    r"|documento|new|neu|nuevo|layout|page|seite|slide|folie|image|scan(?:ned)?|print|test|template"
    r"|vorlage|normal|full page photo|(?:microsoft )?(?:word|office|powerpoint)|presentation"
    r"|präsentation|anonymous|none|null|blank|job|file|output|draft|cover|article)"
    r"(?:[ _-]*(?:document|dokument|image|page|presentation|präsentation))?[ _-]*\(?\d*\)?",
    re.IGNORECASE,
)

# Who a computer is set up for when nobody said, and the programs that sign what they make.
_NOBODY = re.compile(
    r"(?:(?:default|windows|microsoft(?: office)?|office|guest|lab|test|valued|registered)[ _-])?"
    r"(?:user|customer|owner|account)s?\d*|admin\w*|root|autho?r|autor|auteur|unknown(?: author)?"
    r"|unbekannt|un-?named|anonymous|none|null|n/?a|me|[mp]c\d*|hp|dell|acer|asus|lenovo|toshiba"
    r"|sony|ibm|python-docx|apache poi|docx4j|aspose\w*|calibre|libreoffice|openoffice(?:\.org)?"
    r"|(?:adobe|acrobat|microsoft) .*|[\W_]*",
    re.IGNORECASE,
)

# `D:20161108233000-05'00'` (PDF 1.7, 7.9.4), as far as it is told, and as it is mistold.
_PDF_DATE = re.compile(
    r"(?:D:)?(\d{4})(\d\d)?(\d\d)?"
    r"(?:(\d\d)(\d\d)(\d\d)?(?:(Z)[\d']*|([+-]\d\d)'?(\d\d)?'?)?)?"
)
# Before that year no such document was made: the clock was not set.
_EARLIEST = "1990"
# The template of python-docx, whose date is that of all that is made with it.
_TEMPLATE = "2013-12-23T23:15:00Z"

# Field, what was found for it, and where.
Finding = tuple[str, str | list[str] | None, str]


def document_article(
    flow: Flow, style_names: Mapping[str, str], findings: Iterable[Finding], notes: str = ""
) -> RawArticle:
    """The article that a word processor's document is.

    Args:
        flow: Its text.
        style_names: Style -> what it is called; see `Flow.heading`.
        findings: What its metadata say, for fields that the text leaves open.
        notes: What stands behind the text.

    Raises:
        ReadError: `no-article` when there is no text.
    """
    article = RawArticle()
    heading = flow.heading(style_names)
    if heading:
        style, paragraph = heading
        describe(article, [("title", " ".join(paragraph.text.split()), f"style:{style}")])
    describe(article, findings)
    body = flow.text(heading[1]) if heading else without_title(flow.text(), article.title)
    article.body = "\n\n".join(filter(None, (body, notes)))
    if not article.body and not heading:
        raise ReadError("no-article", "there is no text in it")
    return article


def describe(article: RawArticle, findings: Iterable[Finding]) -> None:
    """Set the fields of an article that are open, each to the first value found for it."""
    for field, value, origin in findings:
        if value and not getattr(article, field):
            setattr(article, field, value)
            article.provenance[field] = origin


def document_title(text: str, source: Source) -> str | None:
    """The title a document has in its metadata, if a person could have meant it.

    Args:
        text: The title as it stands there.
        source: The file, whose name is no title.
    """
    title = " ".join(text.split())
    bare = title.strip("()[]{}<>\"'. ")
    if not any(map(str.isalpha, title)) or _UNNAMED.fullmatch(bare):
        return None
    if len(title) > _LONGEST or any(kind.fullmatch(title) for kind in _NAMES):
        return None
    if " " in title:
        return title
    # `storm` of storm.pdf is the file's name, and `A1_0412` one that a system gave it.
    is_name = title.casefold() == _stem(source.name).casefold() or _CODE.search(title)
    return None if is_name else title


def document_authors(text: str) -> list[str]:
    """The people named as authors in a document's metadata; no programs and no computers."""
    found = (name for name in names(text) if "\\" not in name)
    return [name for name in found if not _NOBODY.fullmatch(name.strip("()[]<> "))]


def document_date(text: str) -> str | None:
    """The day a document was made, as its metadata say; dates of PDF in ISO 8601."""
    text = text.strip()
    found = _PDF_DATE.fullmatch(text)
    if found:
        year, month, day, hour, minute, second, utc, zone, rest = found.groups()
        text = "-".join(filter(None, (year, month, day)))
        if hour:
            text += f"T{hour}:{minute}:{second or '00'}"
            text += utc or (f"{zone}:{rest or '00'}" if zone else "")
    is_early = text[:4].isdecimal() and text[:4] < _EARLIEST
    return None if is_early or text == _TEMPLATE else text or None


def _stem(name: str) -> str:
    """The name of a file without folders and endings."""
    base = name.rpartition("/")[2].removesuffix(".gz")
    return base.rpartition(".")[0] or base
