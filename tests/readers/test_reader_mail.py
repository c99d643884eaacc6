"""Mail and Usenet: what a message says, whatever its programs have done to it."""

from __future__ import annotations

import base64
import gzip
import io
import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.mail import READER
from newsidx.readers.messages import mbox, mime
from newsidx.readers.messages.mime import decoded, header_block
from newsidx.readers.registry import reader_for
from newsidx.readers.source import Source

TEXT = "The ferries stayed in port, the coast guard said.\n\n> Will they sail on Friday?\n\nNo."
STORY = "The ferries stayed in port as waves of nine metres broke over the harbour wall. " * 4
HTML = (
    "<!DOCTYPE html><html><head><title>Not this</title><style>p { color: red }</style></head><body>"
    f"<h1>Storm closes harbour</h1><p>{STORY}</p><p>Schools are closed, too.</p></body></html>"
)


def message(*lines: str, body: str = TEXT, codec: str = "utf-8") -> bytes:
    return "\r\n".join((*lines, "", body.replace("\n", "\r\n"), "")).encode(codec)


def mail(*lines: str, body: str = TEXT, codec: str = "utf-8") -> bytes:
    """A message with the usual headers and some more."""
    usual = ("From: Jane Doe <jane@example.org>", "Date: Tue, 8 Nov 2016 04:15:00 -0500")
    return message(*usual, "Message-ID: <a1@example.org>", *lines, body=body, codec=codec)


def parts(kind: str, *inner: tuple[str, str]) -> bytes:
    """A message of several parts: the headers of each, and what it holds."""
    body = "".join(f"--b1\n{head}\n\n{text}\n" for head, text in inner)
    head = ("Subject: Storm", "MIME-Version: 1.0", f'Content-Type: {kind}; boundary="b1"')
    return mail(*head, body=f"{body}--b1--\n")


PLAIN = "Content-Type: text/plain; charset=utf-8"
RICH = "Content-Type: text/html; charset=utf-8"


def test_a_message_is_an_article(read_one):
    article = read_one("a.eml", mail("Subject: Storm closes harbour"))
    assert article.title == "Storm closes harbour"
    assert article.authors == ["Jane Doe"]
    assert article.published == "Tue, 8 Nov 2016 04:15:00 -0500"
    assert article.record == "a1@example.org"
    assert article.body.split() == TEXT.split()
    assert article.url is None
    assert article.provenance == {
        "title": "header:Subject",
        "authors": "header:From",
        "published": "header:Date",
        "record": "header:Message-ID",
        "body": "part:text/plain",
    }


def test_a_usenet_posting_has_its_groups(read_one):
    article = read_one(
        "misc.news_123",
        message(
            "Path: a!b!c",
            "Newsgroups: misc.news,alt.sea",
            "Subject: Re: Storm",
            "From: jane@example.org (Jane Doe)",
            "Organization: The Example",
            "Keywords: storm, ferries",
        ),
    )
    assert article.title == "Re: Storm"
    assert article.authors == ["Jane Doe"]
    assert article.source == "The Example"
    assert article.section == "misc.news"
    assert article.tags == ["storm", "ferries"]
    assert article.provenance["section"] == "header:Newsgroups"
    assert article.provenance["tags"] == "header:Keywords"


def test_several_groups_are_tags_where_there_are_no_keywords(read_one):
    article = read_one("a", message("From: a@b.org", "Newsgroups: misc.news, alt.sea"))
    assert (article.section, article.tags) == ("misc.news", ["misc.news", "alt.sea"])
    one = read_one("b", message("From: a@b.org", "Newsgroups: misc.news"))
    assert (one.section, one.tags) == ("misc.news", [])


@pytest.mark.parametrize(
    ("list_id", "source"),
    [
        ('"The Example Daily" <daily.example.org>', "The Example Daily"),
        ("=?utf-8?Q?Z=C3=BCrich_heute?= <zh.example.org>", "Zürich heute"),
        ("<daily.example.org>", "The Example"),
        ("0c5a1b77f mc list <0c5a1b77f.123.list-id.example.net>", "The Example"),
    ],
)
def test_the_source_is_the_list_by_its_name_or_the_organization(read_one, list_id, source):
    data = mail("Subject: Storm", f"List-Id: {list_id}", "Organization: The Example")
    assert read_one("a.eml", data).source == source


def test_an_archived_message_has_the_address_it_is_archived_at(read_one):
    article = read_one("a.eml", mail("Subject: x", "Archived-At: <https://example.org/a/1>"))
    assert (article.url, article.provenance["url"]) == (
        "https://example.org/a/1",
        "header:Archived-At",
    )


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("jane@example.org (Jane Doe)", ["Jane Doe"]),
        ("jane@example.org ( Jane Doe )", ["Jane Doe"]),
        ('"Doe, Jane" <jane@example.org>', ["Doe, Jane"]),
        ("The Times, of Example <news@example.org>", ["The Times, of Example"]),
        ("Jane Doe <jane@example.org>, John Roe <john@example.org>", ["Jane Doe", "John Roe"]),
        ("jane@example.org, John Roe <john@example.org>", ["John Roe"]),
        ("=?utf-8?B?SmFuZSBEw7Zl?= <jane@example.org>", ["Jane Döe"]),
        ('"=?utf-8?Q?D=C3=B6e=2C_Jane?=" <jane@example.org>', ["Döe, Jane"]),
        ("'Jane Doe' <jane@example.org>", ["Jane Doe"]),
        ("jane at example.org (Jane Doe)", ["Jane Doe"]),
        ("Jane Doe", ["Jane Doe"]),
        ("Example! News <jane@example.org>", ["Example! News"]),
        ('"Jane \\"JD\\" Doe" <jane@example.org>', ['Jane "JD" Doe']),
        # An address is not a name.
        ("jane@example.org", []),
        ("<jane@example.org>", []),
        ("jane@example.org <jane@example.org>", []),
        ("host!jane", []),
        ("", []),
        ("<<<>>", []),
    ],
)
def test_authors_are_names_and_never_addresses(read_one, written, authors):
    data = message(f"From: {written}", "Subject: Storm", "Date: 8 Nov 2016")
    assert read_one("a.eml", data).authors == authors


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("=?utf-8?Q?Z=C3=BCrich_heute?=", "Zürich heute"),
        ("=?UTF-8?b?WsO8cmljaA==?= heute", "Zürich heute"),
        ("Re: =?iso-8859-1?q?Z=FCrich?=", "Re: Zürich"),
        # Words in a row have nothing between them, even within a character.
        ("=?utf-8?Q?Z=C3?= =?utf-8?Q?=BCrich?=", "Zürich"),
        ("=?utf-8?Q?Z=C3=BC?= =?iso-8859-1?Q?rich?=", "Zürich"),
        ("=?utf-8?Q?Z=C3=BC?==?utf-8?Q?rich?=", "Zürich"),
        # The rules forbid spaces, and programs write them.
        ("=?utf-8?Q?Z=C3=BCrich heute?=", "Zürich heute"),
        ("=?utf-8*de?Q?Z=C3=BCrich?=", "Zürich"),
        ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
        ("=?no-such-charset?Q?Zurich?=", "Zurich"),
        ("=?utf-8?B?WsO8cmljaA?=", "Zürich"),
        # What can't be decoded stays.
        ("=?utf-8?B?W?=", "=?utf-8?B?W?="),
        ("=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        ("what?= =?", "what?= =?"),
    ],
)
def test_encoded_words_are_decoded_or_left(written, meant):
    assert decoded(written) == meant


def test_a_long_header_goes_on_in_the_next_line(read_one):
    data = mail("Subject: Storm closes\r\n  harbour of =?utf-8?Q?Z=C3=BCrich?=\r\n =?utf-8?Q?see?=")
    assert read_one("a.eml", data).title == "Storm closes harbour of Zürichsee"


@pytest.mark.parametrize("codec", ["utf-8", "windows-1252"])
def test_bytes_that_headers_should_not_have_are_read_as_text(read_one, codec):
    data = mail("Subject: Sturm über Zürich: Die Fähren bleiben im Hafen", codec=codec)
    assert read_one("a.eml", data).title == "Sturm über Zürich: Die Fähren bleiben im Hafen"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("8bit", "Fähren über Nacht"),
        ("quoted-printable", "F=C3=A4hren=\n =C3=BCber Nacht"),
        ("base64", base64.b64encode("Fähren über Nacht".encode()).decode()),
        ("x-unknown", "Fähren über Nacht"),
    ],
)
def test_the_text_is_decoded_as_its_headers_say(read_one, encoding, body):
    data = mail("Subject: x", PLAIN, f"Content-Transfer-Encoding: {encoding}", body=body)
    assert read_one("a.eml", data).body.split() == ["Fähren", "über", "Nacht"]


def test_the_charset_of_the_text_is_believed(read_one):
    data = mail(
        "Subject: x", "Content-Type: text/plain; charset=koi8-r", body="Буря", codec="koi8-r"
    )
    assert read_one("a.eml", data).body.strip() == "Буря"


def test_a_newsletter_in_html_is_text_without_its_head(read_one):
    article = read_one("a.eml", mail("Subject: Storm", RICH, body=HTML))
    assert article.body.split("\n\n") == [
        "Storm closes harbour",
        STORY.strip(),
        "Schools are closed, too.",
    ]
    assert article.title == "Storm"
    assert article.provenance["body"] == "part:text/html"


def test_of_two_forms_the_plain_text_is_taken(read_one):
    article = read_one("a.eml", parts("multipart/alternative", (PLAIN, STORY * 2), (RICH, HTML)))
    assert article.body.split() == (STORY * 2).split()
    assert article.provenance["body"] == "part:text/plain"


@pytest.mark.parametrize(
    "stub",
    [
        "",
        " \n",
        "View this in your browser: https://example.org/a?b=c",
        "Ihr Programm zeigt kein HTML. Bitte im Browser öffnen.\nhttps://example.org/a",
    ],
)
def test_unless_it_is_a_stub(read_one, stub):
    article = read_one("a.eml", parts("multipart/alternative", (PLAIN, stub), (RICH, HTML)))
    assert STORY.strip() in article.body
    assert "example.org" not in article.body
    assert article.provenance["body"] == "part:text/html"


def test_a_short_message_is_no_stub(read_one):
    rich = "<html><body><p>See you on Friday.</p></body></html>"
    data = parts("multipart/alternative", (PLAIN, "See you on Friday."), (RICH, rich))
    assert read_one("a.eml", data).provenance["body"] == "part:text/plain"


def test_the_rich_form_may_stand_among_its_pictures(read_one):
    related = (
        "Content-Type: multipart/related; boundary=b2",
        f"--b2\n{RICH}\n\n{HTML}\n--b2\nContent-Type: image/png\n\nxxxx\n--b2--",
    )
    article = read_one("a.eml", parts("multipart/alternative", (PLAIN, "Open it."), related))
    assert STORY.strip() in article.body


def test_attachments_are_not_read_and_all_other_text_is(read_one):
    article = read_one(
        "a.eml",
        parts(
            "multipart/mixed",
            (PLAIN, "First."),
            ("Content-Type: image/png\nContent-Disposition: inline", "xxxx"),
            (f"{PLAIN}\nContent-Disposition: attachment; filename=log.txt", "Not this."),
            (f'{PLAIN}\nContent-Disposition: inline; filename="log.txt"', "Nor this."),
            ("Content-Type: application/pdf", "Nor that."),
            (PLAIN, "Last."),
        ),
    )
    assert article.body == "First.\n\nLast."


def test_a_digest_has_the_subjects_of_its_messages(read_one):
    inner = ("Content-Type: message/rfc822", "Subject: Inner\nFrom: a@b.org\n\nInner text.")
    article = read_one("a.eml", parts("multipart/digest", inner))
    assert article.body == "Inner\n\nInner text."


def test_a_message_with_a_subject_only_is_an_article(read_one):
    article = read_one("a.eml", mail("Subject: Storm", body=""))
    assert (article.title, article.body) == ("Storm", "")
    assert "body" not in article.provenance


def test_a_header_can_be_mapped(read_one):
    data = mail("Subject: x", "X-Feed: =?utf-8?Q?Z=C3=BCrich?=")
    article = read_one("a.eml", data, source="X-Feed")
    assert (article.source, article.provenance["source"]) == ("Zürich", "header:X-Feed")


def test_what_is_only_wrapped_in_a_signature_is_in_a_format_of_its_own(read_all):
    data = mail("Subject: x", "Content-Type: application/pkcs7-mime; smime-type=signed-data")
    with pytest.raises(ReadError) as caught:
        read_all("a.eml", data)
    assert caught.value.reason == "unknown-format"


ARMOR = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----"


@pytest.mark.parametrize(
    "data",
    [
        parts(
            "multipart/encrypted",
            ("Content-Type: application/pgp-encrypted", "Version: 1"),
            ("Content-Type: application/octet-stream", ARMOR),
        ),
        mail("Subject: x", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data"),
        mail("Subject: x", 'Content-Type: application/x-pkcs7-mime; name="smime.p7m"'),
        mail("Subject: x", body=ARMOR),
    ],
)
def test_an_encrypted_message_is_said_to_be_one(read_all, data):
    with pytest.raises(ReadError) as caught:
        read_all("a.eml", data)
    assert caught.value.reason == "encrypted"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Just text that somebody called mail.\n", "malformed"),
        (b"From: a@b.org\nX-A: b\n\n\n", "no-article"),
        (mail("Subject: x", body="\x01\x02\x03\x04\x05" * 20), "undecodable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unknown-format"),
    ],
)
def test_what_is_no_message_has_a_reason(read_all, data, reason):
    with pytest.raises(ReadError) as caught:
        read_all("a.eml", data)
    assert caught.value.reason == reason


MBOX = (
    b"From jane@example.org Tue Nov  8 04:15:00 2016\n"
    b"From: Jane Doe <jane@example.org>\nSubject: One\n\n"
    b"First text.\n\n>From here it goes on.\n>>From there.\n"
    b"From now on it is calm.\n\nFrom nine to 10:30 2016 it was not.\n\n"
    b"From - Tue Nov  8 05:15:00 2016\r\nFrom: a@b.org\r\nSubject: Two\r\n\r\n"
    b"\x01\x02\x03\x04\x05\x06\r\n\r\n"
    b"From a@b.org Tue Nov  8 05:15:00 2016\n"
    b"From: John Roe <a@b.org>\nSubject: Three\n\nThird text.\n"
)


@pytest.mark.parametrize("name", ["a.mbox", "Inbox", "2016-November.txt.gz"])
def test_an_mbox_holds_its_messages_one_by_one(read_all, name):
    data = MBOX
    if name.endswith(".gz"):
        data = gzip.compress(MBOX.replace(b"Subject: One", b"Message-ID: <a@b>\nSubject: One"))
    one, two, three = read_all(name, data)
    assert (one.title, one.position, one.authors) == ("One", 1, ["Jane Doe"])
    assert one.body.rstrip().split("\n") == [
        "First text.",
        "",
        "From here it goes on.",
        ">From there.",
        "From now on it is calm.",
        "",
        "From nine to 10:30 2016 it was not.",
    ]
    assert two == BadRecord(2, "undecodable", "it is binary data, not text")
    assert (three.title, three.body.strip(), three.position) == ("Three", "Third text.", 3)


def test_one_message_beyond_the_limit_costs_no_other(read_all, monkeypatch):
    monkeypatch.setattr(mbox, "MAX_RECORD", 150)
    one, _, three = read_all("a.mbox", MBOX)
    assert one == BadRecord(1, "too-large", "the message is longer than any article")
    assert three.title == "Three"


def test_an_mbox_is_read_as_it_comes(make_source):
    endless = b"From a 10:00 2016\nSubject: x\n\nText\n\n"

    class Endless(Source):
        def open(self, buffer: int = 0):
            class Stream:
                lines = itertools.cycle(endless.splitlines(keepends=True))

                def readline(self, size: int = 0) -> bytes:
                    return next(self.lines)

                def __enter__(self):
                    return self

                def __exit__(self, *_: object) -> None: ...

            return Stream()

        def head(self) -> bytes:
            return endless

    found = READER.read(Endless("a", Path("a")), ReadOptions())
    assert [article.body for article in itertools.islice(found, 3)] == ["Text\n\n"] * 3


@pytest.mark.parametrize(
    ("name", "data", "reader"),
    [
        ("a.eml", mail("Subject: x"), "mail"),
        ("alt.sea_51119", mail("Subject: x"), "mail"),
        ("1466539020.M36.host:2,S", mail("Subject: x"), "mail"),
        ("a", message("From: Jane", "Subject: Storm"), "mail"),
        ("a", b"\n\n" + mail("Subject: x"), "mail"),
        ("a", message("Return-Path: <a@b>", "Received: by c", " with SMTP", "From: d@e"), "mail"),
        ("a.txt", mail("Subject: x"), "mail"),
        ("a.msg", mail("Subject: x"), "mail"),
        ("a", MBOX, "mail"),
        ("a.mbox", MBOX, "mail"),
        ("a.eml", b"Text", "mail"),
        # What a scraper or a person wrote on top of a text is no mail.
        ("a", b"Title: Storm\nDate: 8 November 2016\nURL: https://example.org\n\nText.", "plain"),
        ("a", b"Title: Storm\nFrom: The Example\nDate: 2016\n\nText.", "plain"),
        ("a.txt", b"From: The Example\nSubject: Storm\nDate: 2016\n\nText.", "plain"),
        ("a", b"Subject: Storm\n\nText.", "plain"),
        ("a", b"From: Jane\nSubject: Storm\nand more of it\n\nText.", "plain"),
        ("a", b"From here on it was calm.\n\nFrom: the sea\nSubject: storm\n\n", "plain"),
        ("a", b"Storm\n\nFrom: the sea\nSubject: storm\nDate: today\n\n", "plain"),
        ("a.md", b"---\nfrom: a\nsubject: b\n---\nText.", "markdown"),
    ],
)
def test_mail_is_told_from_text(make_source, name, data, reader):
    assert reader_for(make_source(name, data)).name == reader


def test_outlook_s_own_format_is_not_mail_as_we_know_it(make_source):
    with pytest.raises(ReadError) as caught:
        reader_for(make_source("a.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)))
    assert caught.value.reason == "unknown-format"


def test_a_header_block_may_be_cut_by_the_end_of_what_is_seen():
    assert header_block(b"From: a\nSubject: b\n  c\nX-Lon") == {"from": "a", "subject": "b c"}
    assert header_block(b"From: a\nno header\nSubject: b\n") == {}


def test_parts_within_parts_end_at_some_depth(read_all):
    body = "".join(
        f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(3000)
    )
    data = mail("Subject: x", "Content-Type: multipart/mixed; boundary=b0", body=body)
    with pytest.raises(ReadError) as caught:
        read_all("a.eml", data)
    assert caught.value.reason in ("malformed", "too-large")


def test_a_message_made_to_take_hours_is_too_large(read_all):
    head = "".join(
        f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(200)
    )
    data = mail(
        "Subject: x", "Content-Type: multipart/mixed; boundary=b0", body=head + "\n" * 200_000
    )
    with pytest.raises(ReadError) as caught:
        read_all("a.eml", data)
    assert caught.value.reason == "too-large"


def test_more_lines_than_memory_would_hold_are_too_large(read_all, monkeypatch):
    monkeypatch.setattr(mime, "_MAX_LINES", 100)
    with pytest.raises(ReadError) as caught:
        read_all("a.eml", mail("Subject: x", body="\r" * 101))
    assert caught.value.reason == "too-large"


def outcome(data: bytes, name: str = "a.eml") -> list[RawArticle | BadRecord] | str:
    """What reading gives; anything raised but a ReadError fails the test."""

    class InMemory(Source):
        def open(self, buffer: int = 0):
            return io.BytesIO(data)

    source = InMemory(name, Path(name))
    try:
        READER.recognises(data[:4096], ".eml")
        return list(READER.read(source, ReadOptions({"source": "Keywords"})))
    except ReadError as error:
        return error.reason


SEEDS = [
    mail("Subject: =?utf-8?Q?Z=C3=BCrich?=", "List-Id: a <b.c>", PLAIN),
    parts("multipart/alternative", (PLAIN, "Open it."), (RICH, HTML)),
    parts("multipart/digest", ("Content-Type: message/rfc822", "Subject: x\n\ny")),
    MBOX,
]
TOKENS = [
    b"\n",
    b"\r",
    b": ",
    b"=?utf-8?B?",
    b"?=",
    b"--b1",
    b"charset*0*=",
    b'"',
    b"(",
    b"<",
    b"\0",
    b"\xff",
]


@given(st.data())
@settings(max_examples=150)
def test_a_broken_message_is_read_or_refused(data):
    whole = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole)))
        whole[at : at + data.draw(st.integers(0, 30))] = data.draw(st.sampled_from(TOKENS))
    assert outcome(bytes(whole)) is not None


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Type: text/plain; charset*0*=\xff'x; charset*1=a\n\ntext",
        b"Content-Type: text/plain; charset*=utf-8''%ff\nSubject: x\n\ntext",
        b"Content-Type: text/plain; charset*=ascii''x\nSubject: x\n\n\xfftext",
        b"Content-Type: text/plain; charset=a\0b\nSubject: x\n\n\xfftext",
        b"Content-Type: text/plain; charset=base64\nSubject: x\n\n\xfftext",
        b"Content-Type: multipart/mixed; boundary*0*=\n\n--\ntext",
        b"Content-Type: multipart/mixed; boundary=\n\n--\ntext",
        b"Content-Transfer-Encoding: base64\nSubject: x\n\n\xff\xfe===",
        b"Content-Transfer-Encoding: x-uuencode\nSubject: x\n\nbegin 644 \n\xff\xff\nend",
        b"Subject: =?utf-8?B?\xff?= =?\n\ntext",
        b"From: " + b"(" * 5000 + b"\nSubject: x\n\ntext",
        b"From: " + b"<" * 50_000 + b"\nSubject: x\n\ntext",
        b"Subject: " + b"=?utf-8?Q?a" * 50_000 + b"\n\ntext",
    ],
)
def test_headers_that_libraries_stumble_over_cost_nothing_else(data):
    (article,) = outcome(data)
    assert isinstance(article, RawArticle)
    assert "text" in article.body or article.title == "x"


def test_every_message_of_the_news_groups_is_an_article(data: Path):
    files = [path for path in sorted((data / "mail").iterdir()) if "_" in path.name]
    assert len(files) >= 200
    for path in files:
        source = Source(path.name, path)
        assert reader_for(source).name == "mail"
        (article,) = READER.read(source, ReadOptions())
        assert isinstance(article, RawArticle)
        group = path.name.rpartition("_")[0]
        assert article.title
        assert article.published
        assert article.record
        assert article.body.strip() or "cross drilling" in article.title.lower()
        assert (
            group in (article.section, *article.tags)
            or "header:Keywords" in article.provenance["tags"]
        )
        assert not any("@" in name for name in article.authors)
