"""XML that is large, broken or hostile: what is sound is read, and nothing is expanded."""

from __future__ import annotations

import html
import random
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers import newsxml
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.feed import READER as FEED
from newsidx.readers.newsxml import READER as XML
from newsidx.readers.source import Source
from newsidx.readers.xmls import parse as xmlparse
from newsidx.readers.xmls import stream as xmlstream
from newsidx.readers.xmls.element import local_name
from newsidx.readers.xmls.parse import balanced, fed_parser, feed, find_first
from newsidx.readers.xmls.stream import records
from newsidx.readers.xmls.text import mended, root_of

ARTICLE = "<article><title>T{0}</title><p>One {0}.</p><p>Two {0}.</p></article>"
BOMB = (
    "<!DOCTYPE x [<!ENTITY l0 'lol'>"
    + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)


def brief(found: list[RawArticle | BadRecord]) -> list[object]:
    return [
        one.title if isinstance(one, RawArticle) else (one.position, one.reason) for one in found
    ]


def message(found: list[RawArticle | BadRecord]) -> str:
    (bad,) = [one for one in found if isinstance(one, BadRecord)]
    return bad.message


def mend(text: str, size: int | None = None) -> str:
    size = size or len(text) or 1
    return "".join(mended(text[at : at + size] for at in range(0, len(text), size)))


@pytest.mark.parametrize(
    "damage",
    [
        "<article><title>T2</title><p>One 2.</article>",
        "<article><title>T2</title></b><p>One 2.</p></article>",
        "<article><title>T2</title><p>One 2.</p>",
        "<article><title>T2</title><p>One 2.",
        "<article><title>T2</title><p class=x>One 2.</p></article>",
    ],
)
def test_a_broken_record_gives_what_is_left_of_it_and_costs_no_other(read_all, damage):
    text = f"<articles>\n{ARTICLE.format(1)}\n{damage}\n{ARTICLE.format(3)}\n</articles>"
    found = read_all("a.xml", text)
    assert brief(found) == ["T1", "T2", (2, "malformed"), "T3"]
    assert message(found).startswith("at line ")
    assert found[-1].body == "One 3.\n\nTwo 3."


def test_the_message_names_the_line_and_the_column_of_the_file(read_all):
    text = f"<?xml version='1.0'?>\n<!--\n-->\n<x>{ARTICLE.format(1)}\n<article><p>a</article></x>"
    found = read_all("a.xml", f"{text}")
    assert message(found) == "at line 5 column 24: Opening and ending tag mismatch: p and article"


def test_a_file_that_ends_early_gives_the_articles_before_its_end(read_all):
    text = f"<articles>{ARTICLE.format(1)}<article><title>T2</title><p>One"
    assert brief(read_all("a.xml", text)) == ["T1", "T2", (2, "malformed")]
    found = read_all("a.xml", f"<articles>{ARTICLE.format(1)}")
    assert brief(found) == ["T1", (2, "malformed")]
    assert "it ends before its last element does" in message(found)


def test_a_broken_document_of_one_article_gives_what_could_be_saved(read_all):
    nitf = "<nitf><body><body.head><hedline>Storm</hedline></body.head><body.content><p>One.<p>Two."
    found = read_all("a.nitf", nitf)
    assert brief(found) == ["Storm", (1, "malformed")]
    assert found[0].body == "One.\n\nTwo."


@pytest.mark.parametrize(
    "text", ["no XML", "<", "<article", "<articles><", "<!DOCTYPE x [", "<a b="]
)
def test_what_is_no_xml_is_malformed_or_holds_no_article(make_source, text):
    with pytest.raises(ReadError) as caught:
        list(XML.read(make_source("a.xml", text.encode()), ReadOptions()))
    assert caught.value.reason in ("malformed", "no-article")


def test_documents_one_after_another_are_all_read(read_all):
    one = "<?xml version='1.0'?><!DOCTYPE nitf><nitf><body><hedline>{}</hedline></body></nitf>\n"
    assert brief(read_all("a.xml", one.format("A") + one.format("B"))) == ["A", "B"]
    text = f"<x>{ARTICLE.format(1)}</x>\n<x>{ARTICLE.format(2)}</x>"
    assert brief(read_all("a.xml", text)) == ["T1", "T2"]


def test_lists_in_an_article_are_its_own_and_records_in_comments_are_none(read_all):
    text = (
        f"<x><!-- {ARTICLE.format(0)} --><item><title>A</title><p>a</p><list><item>b</item>"
        f"<item>c</item></list></item><item><title>D</title><p>d</p></item></x>"
    )
    found = read_all("a.xml", text)
    assert brief(found) == ["A", "D"]
    assert found[0].body.split() == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("AT&T & Söhne", "AT&T & Söhne"),
        ("caf&eacute;&nbsp;&hellip;", "café\xa0…"),
        ("a &lt; b &#60; c < d <3", "a < b < c < d <3"),
        ("&#146;s &#x2019;s &#8217;s", "’s ’s ’s"),
        ("x&unknown;y&#xD800;z&#1;", "x&unknown;y\ufffdz"),
        ("bell\x07 and \ufffe", "bell  and"),
        ("<![CDATA[a < b & c &eacute;]]>", "a < b & c &eacute;"),
        ("a<!-- x\n --><?pi y?>b", "ab"),
        ("<? stray", "<? stray"),
        ("a ]]> b <![CDATA[c]]]]><![CDATA[> d]]>", "a ]]> b c]]> d"),
    ],
)
def test_small_faults_cost_nothing(read_one, written, read):
    text = f"<articles><article><title>T</title><body>{written}</body></article></articles>"
    assert read_one("a.xml", text).body.strip() == read


@pytest.mark.parametrize(
    ("codec", "declared"),
    [
        ("utf-8", ""),
        ("utf-8-sig", "ISO-8859-1"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", ""),
        ("iso-8859-1", "ISO-8859-1"),
        ("cp1252", "iso-8859-1"),
        ("koi8-r", "koi8-r"),
        ("shift_jis", "Shift_JIS"),
        ("utf-8", "windows-1252"),
    ],
)
@pytest.mark.parametrize("count", [1, 4000])
def test_any_encoding_is_read_as_marked_declared_or_found(read_all, codec, declared, count):
    word = {"koi8-r": "Шторм", "shift_jis": "台風"}.get(codec, "Straße für König")
    opening = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    records = f"<article><title>{word}</title><p>{word} {'x' * 50}</p></article>\n" * count
    found = read_all("a.xml", f"{opening}<articles>{records}</articles>".encode(codec))
    assert len(found) == count
    assert {one.title for one in found} == {word}


@pytest.mark.parametrize("reader", [XML, FEED])
@pytest.mark.parametrize(
    "prolog",
    [
        BOMB,
        f"<!DOCTYPE x [<!ENTITY l9 '{'a' * 100_000}'>]>",
        "<!DOCTYPE x [<!ENTITY l9 SYSTEM 'file:///etc/passwd'>]>",
        "<!DOCTYPE x SYSTEM 'http://127.0.0.1:1/x.dtd' [<!ENTITY % p SYSTEM 'x'> %p; <!-- ]> -->]>",
        f"<!DOCTYPE x [<!ATTLIST b c CDATA '{'a' * 100_000}'>]>",
    ],
)
def test_no_entity_is_ever_expanded_or_fetched(make_source, monkeypatch, reader, prolog):
    monkeypatch.setattr("socket.socket", None)
    body = "&l9;" * 2000 + "<b/>" * 2000
    text = (
        f"{prolog}<rss><channel><item><title a='&l9;'>T</title><description>{body}</description>"
        "</item></channel></rss>"
    )
    (article,) = reader.read(make_source("a.xml", text.encode()), ReadOptions())
    assert isinstance(article, RawArticle)
    assert article.body.strip() == "&l9;" * 2000


def test_an_included_file_stays_out(read_one):
    text = "<x xmlns:xi='http://www.w3.org/2001/XInclude'><article><title>T</title><p>a</p>{}</article></x>"
    include = "<xi:include href='file:///etc/passwd' parse='text'/>"
    assert read_one("a.xml", text.format(include)).body == "a"


def test_nesting_beyond_all_bounds_costs_one_record(read_all):
    deep = "<article>" + "<a>" * 5000 + "</a>" * 5000 + "</article>"
    found = read_all("a.xml", f"<articles>{ARTICLE.format(1)}{deep}{ARTICLE.format(3)}</articles>")
    assert brief(found) == ["T1", (2, "too-large"), "T3"]


def test_a_record_beyond_all_bounds_costs_one_record(read_all, monkeypatch):
    monkeypatch.setattr(xmlparse, "MAX_RECORD", 400_000)
    long = "<article>" + "<p>word</p>\n" * 100_000 + "</article>"
    found = read_all("a.xml", f"<articles>{ARTICLE.format(1)}{long}{ARTICLE.format(3)}</articles>")
    assert brief(found) == ["T1", (2, "too-large"), "T3"]
    monkeypatch.setattr(xmlparse, "_MAX_NODES", 1000)
    many = "<article>" + "<p/>" * 150_000 + "</article>"
    found = read_all("b.xml", f"<articles>{ARTICLE.format(1)}{many}{ARTICLE.format(3)}</articles>")
    assert brief(found) == ["T1", (2, "too-large"), "T3"]


def test_a_large_file_of_something_else_is_given_up_in_time(make_source, monkeypatch):
    monkeypatch.setattr(xmlparse, "MAX_RECORD", 400_000)
    source = make_source("map.xml", b"<osm>" + b"<node id='1'/>\n" * 100_000 + b"</osm>")
    with pytest.raises(ReadError, match="nothing in its first part") as caught:
        list(XML.read(source, ReadOptions()))
    assert caught.value.reason == "no-article"


def test_what_is_broken_throughout_is_given_up_in_time(read_all, monkeypatch):
    monkeypatch.setattr(xmlstream, "_PATIENCE", 100)
    text = f"<articles>{ARTICLE.format(1)}{'<article><p>' * 300}"
    found = read_all("a.xml", text)
    assert len(found) < 110
    assert isinstance(found[-1], BadRecord)
    assert "the rest was not read" in found[-1].message


def test_a_list_is_streamed(make_source, monkeypatch):
    source = make_source("a.xml", f"<articles>{ARTICLE.format(1) * 20_000}</articles>".encode())
    monkeypatch.setattr(Source, "read", None)
    articles = XML.read(source, ReadOptions())
    assert [next(articles).position for _ in range(3)] == [1, 2, 3]
    articles.close()


def test_the_tree_of_a_list_does_not_grow():
    pieces = mended(f"{ARTICLE.format(1)} and\n" for _ in range(3000))
    pieces = chain(["<x>\n"], pieces, ["</x>"])
    opening, taken = find_first(pieces, newsxml._choose)
    assert opening is not None
    sizes = [len(one.element.getparent()) for one in records(opening, chain([taken], pieces))]
    assert (len(sizes), max(sizes)) == (3000, 2)


def test_gzip_that_ends_early_keeps_the_articles_before(read_all):
    import gzip

    chance = random.Random(7)
    text = "".join(ARTICLE.format(chance.random()) for _ in range(8000))
    *kept, last = read_all(
        "a.xml.gz", gzip.compress(f"<articles>{text}</articles>".encode())[:-999]
    )
    assert len(kept) > 5000
    assert isinstance(last, BadRecord)
    assert "gzip" in last.message


def test_what_a_parser_may_raise_never_leaves_the_reader(make_source, monkeypatch):
    def fails(*_: Any) -> Any:
        raise AssertionError("libxml2")

    source = make_source("a.xml", f"<x>{ARTICLE.format(1)}</x>".encode())
    monkeypatch.setattr(newsxml, "record_of", fails)
    with pytest.raises(ReadError) as caught:
        list(XML.read(source, ReadOptions()))
    assert caught.value.reason == "malformed"
    monkeypatch.setattr(newsxml, "find_first", fails)
    with pytest.raises(ReadError) as caught:
        list(XML.read(source, ReadOptions()))
    assert caught.value.reason == "malformed"


@given(st.text(alphabet="<>&;!?-[]x#1l'\" \n\x00CDATcdatoype/", max_size=80), st.integers(1, 9))
@settings(max_examples=200)
def test_mended_text_does_not_depend_on_the_blocks_it_comes_in(text, size):
    try:
        whole = mend(text)
    except ReadError as error:
        with pytest.raises(ReadError, match=error.message):
            mend(text, size)
    else:
        assert mend(text, size) == whole
        root_of(text)


@given(st.text(max_size=60))
@settings(max_examples=100)
def test_escaped_text_comes_through_unchanged(text):
    from newsidx.readers.xmls.text import _FORBIDDEN

    clean = _FORBIDDEN.sub(" ", text)
    for written in (html.escape(text), "<![CDATA[" + text.replace("]]>", "") + "]]>"):
        inner = mend(f"<x>{written}</x>")[3:-4]
        wanted = clean.replace("]]>", "") if written.startswith("<!") else clean
        assert html.unescape(inner.replace("&amp;", "&amp;amp;")) == wanted.replace("&", "&amp;")


PARTS = st.sampled_from(
    [
        "<a>",
        "</a>",
        "<b>",
        "</b>",
        "<r>",
        "</r>",
        "x",
        "\n",
        "<a/>",
        "<c d='e'>",
        "</c>",
        "<a",
        ">",
        "&",
    ]
)


def _found(text: str, size: int) -> list[tuple[int, str | None, str | None]]:
    def choose(first: Any, _: Any) -> frozenset[str] | None:
        return frozenset({"a"}) if local_name(first) == "a" else None

    pieces: Iterator[str] = iter(
        list(mended(text[at : at + size] for at in range(0, len(text), size)))
    )
    opening, taken = find_first(pieces, choose)
    if opening is None:
        return []
    return [
        (one.number, None if one.element is None else "".join(one.element.itertext()), one.reason)
        for one in records(opening, chain([taken], pieces))
    ]


@given(st.lists(PARTS, max_size=30).map("".join))
@settings(max_examples=200)
def test_what_is_balanced_is_well_formed_and_sound_text_stays_as_it_is(text):
    whole = balanced(mend(f"<x>{text}"))
    parser = fed_parser()
    feed(parser, whole)
    assert balanced(whole) == whole
    assert "".join(parser.close().itertext()).count("x") <= text.count("x")


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("<r>a<b>c<i>d</b>e</i>f</r>", "<r>a<b>c<i>d</i></b>ef</r>"),
        ("<r><T>a</t></u></r>b", "<r><T>a</T></r>"),
        ("<r>a<br>b<hr/>c<p>d", "<r>a<br/>b<hr/>c<p>d</p></r>"),
        ("<r a=1 b='2'a=\"3\" c><d e='f>g</d></r>", "<r a=\"1\" b='2'><d>g</d></r>"),
    ],
)
def test_what_is_not_balanced_is_put_right(broken, whole):
    assert balanced(broken) == whole


@given(st.lists(PARTS, max_size=30).map("".join))
@settings(max_examples=200)
def test_records_are_cut_from_any_text_and_counted_in_order(text):
    found = _found(f"<r>{text}</r>", 10_000)
    assert [number for number, _, _ in found] == list(range(1, len(found) + 1))


@given(
    st.lists(st.sampled_from(["x", "<b>y</b>", "<c><a>z</a></c>", "\n"]), max_size=8),
    st.integers(1, 40),
)
@settings(max_examples=100)
def test_sound_records_are_the_same_in_any_blocks(parts, size):
    text = f"<r><h>1</h><a>{'</a> <a>'.join(parts)}</a></r>"
    assert _found(text, size) == _found(text, 10_000)
    assert all(reason == "malformed" for _, _, reason in _found(text, size))


def _mutated(chance: random.Random, data: bytes) -> bytes:
    mutated = bytearray(data)
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(mutated))
        cut = mutated[at : at + chance.randrange(1, 200)]
        kind = chance.randrange(4)
        if kind == 0:
            mutated[at] = chance.randrange(256)
        elif kind == 1:
            del mutated[at : at + len(cut)]
        elif kind == 2:
            mutated[at:at] = cut * chance.randrange(1, 4)
        else:
            mutated[at:at] = chance.choice([b"<", b">", b"]]>", b"<![CDATA[", b"&", b"\0", b"<!--"])
        if not mutated:
            break
    return bytes(mutated)


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_raises_anything_but_a_read_error(make_source, seed):
    from tests.readers.test_reader_xml import ITEM, NITF, OLD, PART

    chance = random.Random(seed)
    item = ITEM.format(number=1, kind="text", content=f"<inlineXML>{NITF[80:]}</inlineXML>")
    seeds = (NITF, item, OLD.format(parts=PART.format("x")), f"<x>{ARTICLE.format(1) * 3}</x>")
    known = {"malformed", "no-article", "too-large", "undecodable"}
    for text in seeds:
        source = make_source("a.xml", _mutated(chance, text.encode()))
        XML.recognises(source.head(), ".xml")
        try:
            reasons = {getattr(one, "reason", "article") for one in XML.read(source, ReadOptions())}
        except ReadError as error:
            reasons = {error.reason}
        assert reasons <= {*known, "article"}
