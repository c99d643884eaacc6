"""Sound files of every format, small ones: what is mutated, cut short and measured."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

from newsidx.errors import ReadError
from newsidx.readers.registry import reader_for
from newsidx.readers.source import Source
from tests.readers.pdfs import column, pdf
from tests.readers.zips import docx, epub, odt, p, point

__all__ = ["Sample", "from_folder", "made", "of_format"]

Sample = tuple[str, bytes]
"""A file name and the bytes of the file."""

_LARGEST = 64 * 1024

_FERRIES = "The ferries stayed in port on Monday as waves of nine metres broke over the wall. "
_COUNCIL = "Schools will remain closed for the week, the council of Zürich said on Tuesday. "
_FISH = "It rained on the market all through the night, and nobody bought any fish “at all”. "
_TEXTS = (_FERRIES * 4, _COUNCIL * 4, _FISH * 4)
_TITLES = ("Storm closes harbour", "Schools closed", "Rain, and no fish")
_DAYS = ("2016-11-09", "2016-11-10T08:00:00Z", "9 November 2016")
_RECORDS = [
    {
        "id": f"s{number}",
        "title": title,
        "author": ["Jane Doe", "R. Roe, Editor"],
        "date": day,
        "tags": ["sea", "weather"],
        "url": f"https://example.org/2016/11/{number}",
        "text": text,
    }
    for number, (title, day, text) in enumerate(zip(_TITLES, _DAYS, _TEXTS, strict=True))
]
_ROWS = [[r["id"], r["title"], "Jane Doe", r["date"], r["url"], r["text"]] for r in _RECORDS]
_COLUMNS = ["id", "title", "author", "date", "url", "text"]


def of_format(name: str) -> list[Sample]:
    """Samples that the reader of that name reads."""
    samples = list(made().items())
    folder = Path(__file__).resolve().parents[2] / "sample_data"
    samples += from_folder(folder)
    return [sample for sample in samples if _reader_of(*sample) == name]


def from_folder(folder: Path) -> list[Sample]:
    """The short files below a folder, the decompressed bytes of what is compressed."""
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.startswith("."):
            continue
        source = Source(path.name, path)
        data = source.read()
        found.append((path.name.removesuffix(".gz"), data[:_LARGEST]))
        if path.suffix == ".gz":
            found.append((path.name, path.read_bytes()[:_LARGEST]))
    return found


def made() -> dict[str, bytes]:
    """Samples that are written here, by their names."""
    page = _page()
    return {
        "a.html": page.encode(),
        "latin.html": _page('<meta charset="iso-8859-1">').encode("latin-1", "replace"),
        "a.md": _markdown().encode(),
        "a.txt": f"{_TITLES[0]}\n\nBy Jane Doe\nNovember 9, 2016\n\n{_FERRIES}\n\n{_FISH}".encode(),
        "wide.txt": "\n\n".join((_TITLES[1], *_TEXTS)).encode("utf-16"),
        "a.json": json.dumps(_RECORDS, indent=1).encode(),
        "nested.json": json.dumps({"meta": {"n": 3}, "response": {"docs": _RECORDS}}).encode(),
        "one.json": json.dumps(_RECORDS[0], ensure_ascii=False).encode(),
        "a.jsonl": _lines().encode(),
        "wide.jsonl": _lines().encode("utf-16"),
        "a.jsonl.gz": gzip.compress(_lines().encode(), mtime=0),
        **_tables(),
        "a.sgm": _reuters().encode(),
        "trec.sgm": _trec().encode("latin-1", "replace"),
        "smart.all": _smart().encode(),
        "time.all": _time().encode(),
        **_mail(),
        "a.mhtml": _mhtml(page).encode(),
        "a.warc": _warc(page),
        "a.warc.gz": b"".join(gzip.compress(part, mtime=0) for part in _warc_records(page)),
        "a.arc": _arc(page),
        "a.xml": _news_xml().encode(),
        "a.rss": _rss().encode(),
        "a.zip": _zip(page),
        "a.tar": _tar(page),
        "a.tar.gz": gzip.compress(_tar(page), mtime=0),
        **_documents(),
    }


def _reader_of(name: str, data: bytes) -> str | None:
    class InMemory(Source):
        def open_raw(self) -> io.BytesIO:  # type: ignore[override]
            return io.BytesIO(data)

    try:
        return reader_for(InMemory(name, Path())).name
    except ReadError:
        return None


def _smart() -> str:
    return "".join(
        f".I {number}\n.T\n{title}\n.A\nroe,j. and doe,a.\n.B\nj. sea 1, 1958, 3.\n.W\n{text}\n"
        for number, (title, text) in enumerate(zip(_TITLES, _TEXTS, strict=True), 1)
    )


def _time() -> str:
    return "".join(
        f"*TEXT {number:03} 01/04/63 PAGE 020\n\n{text.upper()}\n\n"
        for number, text in enumerate(_TEXTS, 17)
    )


def _page(head: str = "") -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in _TEXTS)
    described = json.dumps(
        {"@type": "NewsArticle", "headline": _TITLES[0], "author": {"name": "Jane Doe"}}
    )
    return (
        f"<!DOCTYPE html><html lang=en><head>{head}<title>{_TITLES[0]} | The Courier</title>"
        '<meta property="article:published_time" content="2016-11-09T08:00:00Z">'
        f'<script type="application/ld+json">{described}</script></head>'
        f"<body><nav><a href=/>Home</a></nav><article><h1>{_TITLES[0]}</h1>"
        f"<time datetime=2016-11-09>Nov 9</time>{paragraphs}</article></body></html>"
    )


def _markdown() -> str:
    front = (
        'title: "Storm closes harbour"\ndate: 2016-11-09\ntags: [sea, weather]\nauthor: Jane Doe'
    )
    return f"---\n{front}\n---\n\n# Storm\n\n{_FERRIES}\n\n* one\n* two\n\n> {_FISH}\n\n`code`\n"


def _lines() -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in _RECORDS)


def _tables() -> dict[str, bytes]:
    tables = {}
    for name, delimiter, quoting in (
        ("a.csv", ",", csv.QUOTE_MINIMAL),
        ("all.csv", ";", csv.QUOTE_ALL),
        ("a.tsv", "\t", csv.QUOTE_MINIMAL),
    ):
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter, quoting=quoting)
        writer.writerows([_COLUMNS, *_ROWS])
        tables[name] = text.getvalue().encode()
    dump = "".join("\t".join((*row[:5], row[5][:80] + "\\n\\t\\N")) + "\n" for row in _ROWS)
    return tables | {"dump.tsv": ("\t".join(_COLUMNS) + "\n" + dump).encode()}


def _reuters() -> str:
    story = (
        '<REUTERS TOPICS="YES" LEWISSPLIT="TRAIN" OLDID="5544" NEWID="{}">\n'
        "<DATE>26-FEB-1987 15:01:01.79</DATE>\n<TOPICS><D>cocoa</D><D>sea</D></TOPICS>\n"
        "<PLACES></PLACES>\n<UNKNOWN>\n&#5;&#5;&#5;C T\n</UNKNOWN>\n<TEXT>&#2;\n<TITLE>{}</TITLE>\n"
        "<AUTHOR>By Jane Doe</AUTHOR>\n<DATELINE>    OSLO, Feb 26 - </DATELINE><BODY>{}\n"
        " Reuter\n&#3;</BODY></TEXT>\n</REUTERS>\n"
    )
    stories = (story.format(n, *found) for n, found in enumerate(zip(_TITLES, _TEXTS, strict=True)))
    return '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n' + "".join(stories)


def _trec() -> str:
    story = (
        "<DOC>\n<DOCNO> AP880212-000{} </DOCNO>\n<FILEID>AP-NR</FILEID>\n<HEAD>{}</HEAD>\n"
        "<BYLINE>By JANE DOE</BYLINE>\n<DATELINE>OSLO (AP)</DATELINE>\n"
        "<TEXT>\n{}\n</TEXT>\n</DOC>\n"
    )
    return "".join(
        story.format(n, *found) for n, found in enumerate(zip(_TITLES, _TEXTS, strict=True))
    )


def _mail() -> dict[str, bytes]:
    head = (
        "From: Jane Doe <jane@example.org>\r\nTo: list@example.org\r\n"
        "Subject: =?utf-8?Q?Storm_in_Z=C3=BCrich?=\r\nDate: Wed, 9 Nov 2016 08:00:00 +0100\r\n"
        "Message-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
    )
    plain = f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{_TEXTS[0]}\r\n"
    boundary = 'multipart/alternative; boundary="xyz"'
    parts = (
        f"{head}Content-Type: {boundary}\r\n\r\n"
        f"--xyz\r\nContent-Type: text/plain\r\n\r\n{_FISH}\r\n"
        "--xyz\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n<p>{_TEXTS[1]}</p>\r\n--xyz--\r\n"
    )
    from_line = "From jane@example.org Wed Nov  9 08:00:00 2016\r\n"
    box = "".join(f"{from_line}{message}\r\n" for message in (plain, parts, plain))
    return {"a.eml": plain.encode(), "parts.eml": parts.encode(), "a.mbox": box.encode()}


def _mhtml(page: str) -> str:
    return (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/storm\r\n"
        "Subject: Storm closes harbour\r\nDate: Wed, 9 Nov 2016 08:00:00 -0000\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; type=text/html; boundary=xyz\r\n"
        "\r\n--xyz\r\nContent-Type: text/html; charset=utf-8\r\nContent-ID: <1@mhtml>\r\n"
        f"Content-Location: https://example.org/storm\r\n\r\n{page}\r\n--xyz\r\n"
        "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
        "--xyz--\r\n"
    )


def _warc(page: str) -> bytes:
    return b"".join(_warc_records(page))


def _warc_records(page: str) -> list[bytes]:
    http = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n{}\r\n"
    body = page.encode()
    half = len(body) // 2
    chunked = (
        b"".join(b"%x\r\n%b\r\n" % (len(c), c) for c in (body[:half], body[half:])) + b"0\r\n\r\n"
    )
    other = page.replace("Storm", "Squall").encode()
    packed = gzip.compress(other, mtime=0)
    contents = (
        ("warcinfo", b"software: test\r\n", ""),
        ("response", http.format("").encode() + body, "application/http"),
        (
            "response",
            http.format("Content-Encoding: gzip\r\n").encode() + packed,
            "application/http",
        ),
        ("response", http.format("Transfer-Encoding: chunked\r\n").encode() + chunked, ""),
        ("resource", page.replace("Storm", "Gale").encode(), "text/html"),
    )
    return [
        (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://example.org/{number}\r\n"
            f"WARC-Date: 2016-11-09T08:00:00Z\r\nContent-Type: {media}\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        ).encode()
        + content
        + b"\r\n\r\n"
        for number, (kind, content, media) in enumerate(contents)
    ]


def _arc(page: str) -> bytes:
    content = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page.encode()
    about = b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n\n"
    return b"filedesc://a.arc 0.0.0.0 20161109080000 text/plain %d\n%b\n" % (
        len(about),
        about,
    ) + b"http://example.org/ 127.0.0.1 20161109080000 text/html %d\n%b\n" % (len(content), content)


def _news_xml() -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<nitf><head><title>Storm</title><docdata>'
        '<date.issue norm="20161109T080000Z"/><doc-id id-string="s1"/></docdata></head>'
        f"<body><body.head><hedline><hl1>{_TITLES[0]}</hl1></hedline><byline>By Jane Doe</byline>"
        f"</body.head><body.content><p>{_TEXTS[0]}</p><p>{_TEXTS[1]}</p></body.content></body></nitf>"
    )


def _rss() -> str:
    items = "".join(
        f"<item><title>{r['title']}</title><link>{r['url']}</link><guid>{r['id']}</guid>"
        "<pubDate>Wed, 09 Nov 2016 08:00:00 GMT</pubDate>"
        f"<description><![CDATA[<p>{r['text']}</p>]]></description></item>"
        for r in _RECORDS
    )
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>The Courier</title>'
        f"<link>https://example.org</link>{items}</channel></rss>"
    )


def _members(page: str) -> dict[str, bytes]:
    return {
        "2016/a.html": page.encode(),
        "2016/b.jsonl": _lines().encode(),
        "c.txt": _TEXTS[0].encode(),
        "x.bin": bytes(range(64)),
    }


def _zip(page: str) -> bytes:
    inner, outer = io.BytesIO(), io.BytesIO()
    for buffer, method in ((inner, zipfile.ZIP_STORED), (outer, zipfile.ZIP_DEFLATED)):
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for name, data in _members(page).items():
                archive.writestr(name, data)
            if buffer is outer:
                archive.writestr("inner.zip", inner.getvalue())
    return outer.getvalue()


def _tar(page: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in _members(page).items():
            info = tarfile.TarInfo(name if name != "c.txt" else "Zürich/" + "long" * 40 + ".txt")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "../../etc/passwd"
        archive.addfile(link)
    return packed.getvalue()


def _documents() -> dict[str, bytes]:
    title, texts = _TITLES[0], _TEXTS
    paragraphs = "".join(f"<text:p>{text}</text:p>" for text in texts)
    meta = f"<dc:title>{title}</dc:title><dc:creator>Jane Doe</dc:creator>"
    pages = {
        name: f"<h1>{title}</h1><p>{text}</p>" for name, text in zip("abc", texts, strict=True)
    }
    return {
        "a.docx": docx(p(title, "Title") + "".join(map(p, texts)), core=meta),
        "a.odt": odt(f"<text:h>{title}</text:h>{paragraphs}", meta=meta),
        "a.epub": epub(pages, metadata=meta, ncx=point(title, "text/a.xhtml")),
        "a.pdf": pdf(column(title, "", *(_FERRIES * 4).split(". ")), info={"Title": title}),
    }
