"""Documents for tests that are zip archives: DOCX, ODT and EPUB, as small as they can be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DC = "http://purl.org/dc/elements/1.1/"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
ODT_TYPE = "application/vnd.oasis.opendocument.text"
EPUB_TYPE = "application/epub+zip"
OPF = "http://www.idpf.org/2007/opf"


def zipped(members: Mapping[str, str | bytes], stored: str | None = None) -> bytes:
    """An archive of these members in their order, one of them not compressed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            method = zipfile.ZIP_STORED if name == stored else None
            archive.writestr(name, content, method)
    return buffer.getvalue()


def docx(
    body: str,
    *,
    core: str | None = None,
    styles: Mapping[str, str] | None = None,
    parts: Mapping[str, str | bytes] | None = None,
    namespace: str = WORD,
) -> bytes:
    """A Word document.

    Args:
        body: What is in `w:body`.
        core: What is in the core properties.
        styles: Style id -> name.
        parts: Other members, or in place of one of these.
        namespace: Of `w:`.
    """
    root = f'xmlns:w="{namespace}" xmlns:mc="{COMPATIBILITY}"'
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{PROLOGUE}<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": (
            f'{PROLOGUE}<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="a" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="b" Type="{PACKAGE}/relationships/metadata/core-properties"'
            ' Target="docProps/core.xml"/></Relationships>'
        ),
        "word/document.xml": f"{PROLOGUE}<w:document {root}><w:body>{body}</w:body></w:document>",
    }
    if core is not None:
        members["docProps/core.xml"] = (
            f'{PROLOGUE}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
            f' xmlns:dc="{DC}" xmlns:dcterms="http://purl.org/dc/terms/">{core}</cp:coreProperties>'
        )
    if styles is not None:
        found = "".join(
            f'<w:style w:styleId="{id_}"><w:name w:val="{name}"/></w:style>'
            for id_, name in styles.items()
        )
        members["word/styles.xml"] = f"{PROLOGUE}<w:styles {root}>{found}</w:styles>"
    return zipped(members | dict(parts or {}))


def notes(kind: str, *texts: str) -> str:
    """The part that holds the footnotes or endnotes of a Word document."""
    found = "".join(f"<w:{kind[:-1]}>{p(text)}</w:{kind[:-1]}>" for text in texts)
    return f'{PROLOGUE}<w:{kind} xmlns:w="{WORD}">{found}</w:{kind}>'


def p(text: str, style: str = "") -> str:
    """A paragraph of Word."""
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{named}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def odt(
    text: str,
    *,
    meta: str | None = None,
    styles: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    kind: str = "text",
) -> bytes:
    """An OpenDocument text: what is in `office:text`, the metadata, and its own styles."""
    spaces = " ".join(
        f'xmlns:{name}="{ODF}{name}:1.0"' for name in ("office", "text", "table", "style", "meta")
    )
    spaces += f' xmlns:dc="{DC}" xmlns:svg="{ODF}svg-compatible:1.0" xmlns:draw="{ODF}drawing:1.0"'
    members: dict[str, str | bytes] = {
        "mimetype": ODT_TYPE,
        "content.xml": (
            f"{PROLOGUE}<office:document-content {spaces}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:{kind}>{text}</office:{kind}></office:body>"
            "</office:document-content>"
        ),
    }
    if meta is not None:
        members["meta.xml"] = (
            f"{PROLOGUE}<office:document-meta {spaces}><office:meta>{meta}</office:meta>"
            "</office:document-meta>"
        )
    return zipped(members | dict(parts or {}), stored="mimetype")


def xhtml(body: str, title: str = "Unread") -> str:
    """A document of an EPUB."""
    return (
        f'{PROLOGUE}<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"'
        f' xmlns:epub="http://www.idpf.org/2007/ops"><head><title>{title}</title>'
        f"<style>p {{ color: red }}</style></head><body>{body}</body></html>"
    )


def epub(
    pages: Mapping[str, str | bytes],
    *,
    metadata: str = "",
    ncx: str | None = None,
    nav: str | None = None,
    guide: str = "",
    parts: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """An EPUB.

    Args:
        pages: Id -> document (or what is in its body), in the order of reading; the
            document of `a` is `text/a.xhtml`.
        metadata: What is in the metadata of its package.
        ncx: What is in the navMap.
        nav: What is in the navigation document.
        guide: What is in the guide.
        parts: Other members, or in place of one of these.
    """
    items = "".join(
        f'<item id="{id_}" href="text/{id_}.xhtml" media-type="application/xhtml+xml"/>'
        for id_ in pages
    )
    spine = "".join(f'<itemref idref="{id_}"/>' for id_ in pages)
    members: dict[str, str | bytes] = {
        "mimetype": EPUB_TYPE,
        "META-INF/container.xml": (
            f'{PROLOGUE}<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
            '<rootfiles><rootfile full-path="OEBPS/content.opf"'
            ' media-type="application/oebps-package+xml"/></rootfiles></container>'
        ),
    }
    for id_, page in pages.items():
        whole = page if isinstance(page, bytes) or page.startswith("<?xml") else xhtml(page)
        members[f"OEBPS/text/{id_}.xhtml"] = whole
    if ncx is not None:
        items += '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
        members["OEBPS/toc.ncx"] = (
            f'{PROLOGUE}<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><docTitle><text>Unread'
            f"</text></docTitle><navMap>{ncx}</navMap></ncx>"
        )
    if nav is not None:
        items += (
            '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        )
        spine += '<itemref idref="nav"/>'
        members["OEBPS/nav.xhtml"] = xhtml(f'<nav epub:type="toc"><ol>{nav}</ol></nav>')
    members["OEBPS/content.opf"] = (
        f'{PROLOGUE}<package xmlns="{OPF}" xmlns:opf="{OPF}" version="3.0"><metadata'
        f' xmlns:dc="{DC}">{metadata}</metadata><manifest>{items}</manifest>'
        f'<spine toc="ncx">{spine}</spine><guide>{guide}</guide></package>'
    )
    return zipped(members | dict(parts or {}), stored="mimetype")


def point(label: str, target: str, inside: str = "") -> str:
    """An entry of the older table of contents."""
    return (
        f"<navPoint><navLabel><text>{label}</text></navLabel>"
        f'<content src="{target}"/>{inside}</navPoint>'
    )
