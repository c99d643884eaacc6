"""Feeds: RSS, Atom and RDF, sound and broken, in any encoding."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers import feed
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.feed import READER as FEED
from newsidx.readers.registry import reader_for
from newsidx.readers.source import Source

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>The Coast</title><link>https://coast.example/</link><language>en-gb</language>
<item>
  <title>Storm &amp;amp; sea</title>
  <link>https://coast.example/storm</link>
  <guid isPermaLink="false">storm-1</guid>
  <pubDate>Tue, 08 Nov 2016 04:00:00 GMT</pubDate>
  <dc:creator>Jane Roe</dc:creator>
  <category>Weather</category><category>economy, business and finance</category>
  <description>The short of it.</description>
  <content:encoded><![CDATA[<p>The ferries<br>stayed.</p><script>x</script><p>Calm &amp; dry.]]>
  </content:encoded>
  <media:content url="a.jpg"><media:description>A picture.</media:description></media:content>
</item>
<item><title>Second</title><description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</description>
  <source url="https://other.example/rss">The Other</source><guid>https://other.example/2</guid></item>
<item><title>Only a title</title></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">
<title type="html">Die &lt;b&gt;Küste&lt;/b&gt;</title>
<link rel="self" href="https://kueste.example/feed.atom"/>
<author><name>Redaktion</name></author>
<entry>
  <id>tag:kueste.example,2016:1</id><title>Sturm</title>
  <link rel="alternate" type="text/html" href="/sturm"/>
  <published>2016-11-08T05:00:00+01:00</published><updated>2017-01-01T00:00:00Z</updated>
  <category term="see" label="Meer"/>
  <category scheme="http://schemas.google.com/g/2005#kind" term="http://x#post"/>
  <summary>Kurz.</summary>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Eins.</p><p>Zwei.</p></div>
  </content>
</entry>
<entry><title>Zweite</title><author><name>Jane Roe</name></author><content>a &lt; b</content>
</entry>
</feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://coast.example/"><title>The Coast</title></channel>
<item rdf:about="https://coast.example/1"><title>Storm</title><link>https://coast.example/1</link>
<dc:date>2016-11-08T04:00:00Z</dc:date><dc:subject>Sea, Wind</dc:subject>
<description>The ferries stayed.</description></item></rdf:RDF>"""

ITEM = "<item><title>T{0}</title><description>Text {0}.</description></item>"


def brief(found: list[RawArticle | BadRecord]) -> list[object]:
    return [
        one.title if isinstance(one, RawArticle) else (one.position, one.reason) for one in found
    ]


def rss(*items: str) -> str:
    return f"<rss><channel><title>F</title>\n{''.join(items)}\n</channel></rss>"


def test_rss_gives_every_field_and_says_where_from(read_all):
    article, second, third = read_all("a.rss", RSS)
    assert article.title == "Storm & sea"
    assert article.body == "The ferries\nstayed.\n\nCalm & dry."
    assert article.authors == ["Jane Roe"]
    assert article.source == "The Coast"
    assert article.published == "Tue, 08 Nov 2016 04:00:00 GMT"
    assert article.tags == ["Weather", "economy, business and finance"]
    assert (article.url, article.record) == ("https://coast.example/storm", "storm-1")
    assert (article.language, article.position) == ("en-gb", 1)
    assert article.provenance == {
        "title": "feed:entry/title",
        "body": "feed:entry/content",
        "authors": "feed:entry/author",
        "published": "feed:entry/published",
        "source": "feed:title",
        "tags": "feed:entry/category",
        "url": "feed:entry/link",
        "record": "feed:entry/id",
        "language": "feed:language",
    }
    assert (second.body, second.source) == ("One.\n\nTwo.", "The Other")
    assert second.url == second.record == "https://other.example/2"
    assert second.provenance["body"] == "feed:entry/summary"
    assert (third.title, third.body, third.position) == ("Only a title", "", 3)


def test_atom_gives_every_field_and_relative_links_are_resolved(read_all):
    article, second = read_all("a.atom", ATOM)
    assert (article.title, article.body) == ("Sturm", "Eins.\n\nZwei.")
    assert (article.authors, article.source) == (["Redaktion"], "Die Küste")
    assert article.published == "2016-11-08T05:00:00+01:00"
    assert article.tags == ["Meer"]
    assert article.url == "https://kueste.example/sturm"
    assert (article.record, article.language) == ("tag:kueste.example,2016:1", "de")
    assert article.provenance["authors"] == "feed:author"
    assert (second.authors, second.body) == (["Jane Roe"], "a < b")


def test_rdf_is_a_feed_too(read_one):
    article = read_one("a.rdf", RDF)
    assert (article.title, article.body) == ("Storm", "The ferries stayed.")
    assert (article.source, article.tags) == ("The Coast", ["Sea", "Wind"])
    assert article.published == "2016-11-08T04:00:00Z"
    assert article.url == article.record == "https://coast.example/1"


def test_a_caption_or_a_second_hand_summary_never_takes_the_place_of_the_text(read_one):
    article = read_one(
        "a.rss",
        rss(
            "<item><title>Storm</title><description>The text.</description>"
            "<media:group><media:description>A caption.</media:description></media:group>"
            "<media:description>A caption.</media:description><media:title>IMG_1</media:title>"
            "<itunes:summary>Other words.</itunes:summary></item>"
        ),
    )
    assert (article.title, article.body) == ("Storm", "The text.")


def test_a_video_or_an_episode_has_the_text_that_there_is(read_all):
    found = read_all(
        "a.rss",
        rss(
            "<item><media:group><media:title>Film</media:title>"
            "<media:description>About it.</media:description></media:group></item>",
            "<item><media:title>Film</media:title>"
            "<media:description>About it.</media:description></item>",
            "<item><title>Episode</title><itunes:author>Jane Roe</itunes:author>"
            "<itunes:summary>About that.</itunes:summary>"
            "<itunes:keywords>sea, wind</itunes:keywords></item>",
        ),
    )
    assert [(one.title, one.body) for one in found] == [
        ("Film", "About it."),
        ("Film", "About it."),
        ("Episode", "About that."),
    ]
    assert (found[2].authors, found[2].tags) == (["Jane Roe"], ["sea", "wind"])


def test_the_address_before_the_feed_service_is_taken(read_one):
    article = read_one(
        "a.rss",
        rss(
            "<item><title>T</title><link>https://feeds.example/~r/1</link>"
            "<feedburner:origLink>https://coast.example/1</feedburner:origLink></item>"
        ),
    )
    assert article.url == "https://coast.example/1"
    assert article.provenance["url"] == "feed:entry/feedburner:origLink"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("jane@coast.example (Jane Roe)", ["Jane Roe"]),
        ("Jane Roe &lt;jane@coast.example>", ["Jane Roe"]),
        ("Jane Roe (AP)", ["Jane Roe (AP)"]),
        ("jane@coast.example", []),
        ("Jane Roe, John Doe", ["Jane Roe", "John Doe"]),
        ("Roe, J.", ["Roe, J."]),
        (", ".join(["Jane Roe"] * 99 + ["John Doe"]), ["Jane Roe", "John Doe"]),
    ],
)
def test_an_author_is_a_name_and_not_an_address(read_one, author, names):
    article = read_one("a.rss", rss(f"<item><title>T</title><author>{author}</author></item>"))
    assert article.authors == names


def test_the_name_of_the_publication_goes_before_that_of_the_feed(read_one):
    header = (
        "<title>The Coast: latest</title><prism:publicationName>The Coast</prism:publicationName>"
    )
    article = read_one("a.rss", f"<rss><channel>{header}{ITEM.format(1)}</channel></rss>")
    assert article.source == "The Coast"
    assert article.provenance["source"] == "feed:prism:publicationName"


def test_what_wordpress_exports_beside_posts_is_no_article(read_all):
    wp = "xmlns:wp='http://wordpress.org/export/1.2/'"
    items = [f"<item {wp}><title>{t}</title><wp:post_type>{t}</wp:post_type></item>"
             for t in ("post", "attachment", "page")]  # fmt: skip
    assert brief(read_all("a.xml", rss(*items))) == ["post", (2, "no-article"), "page"]


def test_an_entry_alone_is_a_feed_of_one(read_one):
    text = "<entry xmlns='http://www.w3.org/2005/Atom'><title>T</title><summary>S</summary></entry>"
    assert read_one("a.atom", text).body == "S"


@pytest.mark.parametrize(
    "damage",
    [
        "<item><title>T2</title><description>Text 2.</item>",
        "<item><title>T2</title><description>Text 2.",
        "<item><title>T2</title></b><description>Text 2.</description></item>",
    ],
)
def test_a_broken_entry_gives_what_is_left_of_it_and_costs_no_other(read_all, damage):
    found = read_all("a.rss", rss(ITEM.format(1), damage, ITEM.format(3)))
    assert brief(found) == ["T1", "T2", (2, "malformed"), "T3"]
    assert "at line 2 column" in found[2].message or "at line 2:" in found[2].message
    assert found[3].body == "Text 3."


@pytest.mark.parametrize(
    ("item", "title", "body"),
    [
        (
            "<title>AT&T <b>up</title><description>1 & 2 < 3<br>4 <img src=a w=3></description>",
            "AT&T up",
            "1 & 2 < 3\n4",
        ),
        ("<title>T</title><description>a <b>b <i>c</b></i> d</description>", "T", "a b c d"),
        ("<Title>T</title><description>a</Description>", "T", "a"),
        ("<title>T</title></channel><description>a</description>", "T", "a"),
        ("<title a='>T</title><enclosure url='x'url='y' z/><description>a</description>", "T", "a"),
    ],
)
def test_markup_that_nobody_escaped_stays_in_its_element(read_all, item, title, body):
    article, bad, after = read_all("a.rss", rss(f"<item>{item}</item>", ITEM.format(2)))
    assert (article.title, article.body) == (title, body)
    assert (bad.position, bad.reason, after.title) == (1, "malformed", "T2")


@pytest.mark.parametrize("end", [20, 90])
def test_a_feed_that_ends_early_gives_the_entries_before_its_end(read_all, end):
    found = read_all("a.rss", rss(*(ITEM.format(n) for n in range(1, 4)))[:-end])
    assert brief(found)[:2] == ["T1", "T2"]
    assert isinstance(found[-1], BadRecord)
    assert found[-1].reason == "malformed"


def test_what_stands_before_a_feed_and_prefixes_without_a_namespace_do_no_harm(read_one):
    item = "<item><dc:creator>Jane Roe</dc:creator><content:encoded>Long.</content:encoded>"
    text = (
        f"\n\nWarning: line 1\n<rss><channel><x:y/>{item}<title>AT&T</title><z:q a:b='c'/></item>"
    )
    article = read_one("a.rss", f"{text}</channel></rss>")
    assert (article.title, article.body, article.authors) == ("AT&T", "Long.", ["Jane Roe"])


@pytest.mark.parametrize(
    ("codec", "declared"),
    [("iso-8859-1", "ISO-8859-1"), ("cp1252", ""), ("utf-16", "utf-16"), ("utf-8", "us-ascii")],
)
def test_feeds_are_read_in_their_encoding(read_one, codec, declared):
    opening = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    text = "Não há avião à noite. São três corações."
    data = rss(f"<item><title>Avião</title><description>{text}</description></item>")
    article = read_one("a.rss", (opening + data).encode(codec))
    assert (article.title, article.body) == ("Avião", text)


def test_nothing_is_opened_or_fetched(make_source, monkeypatch):
    def refused(*_: Any, **__: Any) -> Any:
        raise AssertionError("not allowed")

    list(FEED.read(make_source("a.rss", RSS.encode()), ReadOptions()))  # imports what it needs
    item = "<item><title>T</title><link>file:///etc/passwd</link></item>"
    text = f"<rss xml:base='http://127.0.0.1:1/'>http://127.0.0.1:1/{item}</rss>"
    source = make_source("a.rss", text.encode())
    monkeypatch.setattr("socket.socket", refused)
    monkeypatch.setattr("urllib.request.urlopen", refused)
    monkeypatch.setattr("builtins.open", refused)
    (article,) = FEED.read(source, ReadOptions())
    assert (article.title, article.url) == ("T", None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<rss><channel><title>F</title></channel></rss>", "no-article"),
        ("<rss><channel><title>F", "malformed"),
        ("<head><title>Document Moved</title></head><body>Here</body>", "no-article"),
        ("no feed", "no-article"),
    ],
)
def test_a_feed_without_entries_says_why(read_all, text, reason):
    with pytest.raises(ReadError) as caught:
        read_all("a.rss", text)
    assert caught.value.reason == reason


def test_a_header_that_feedparser_stumbles_over_costs_no_entry(read_one):
    text = rss(ITEM.format(1)).replace("<title>F", "<image><width><b/></width></image><title>F")
    assert read_one("a.rss", text).title == "T1"


def test_an_entry_without_title_and_text_costs_no_other(read_all):
    found = read_all("a.rss", rss("<item><guid>1</guid></item>", ITEM.format(2)))
    assert brief(found) == [(1, "no-article"), "T2"]


@pytest.mark.parametrize(
    ("name", "text", "reader"),
    [
        ("a.rss", RSS, "feed"),
        ("a.xml", RSS, "feed"),
        ("a.txt", RSS, "feed"),
        ("a", ATOM, "feed"),
        ("a.xml", ATOM, "feed"),
        ("a.xml", RDF, "feed"),
        ("a.xml", "<feed><entry><title>T</title></entry></feed>", "feed"),
        (
            "a.xml",
            "<!DOCTYPE rss PUBLIC 'x' 'y' [<!ENTITY nbsp '&#160;'>]><rss version='0.91'>",
            "feed",
        ),
        ("a.rss", "nothing of the kind", "feed"),
        ("a.xml", "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", "xml"),
        ("a.xml", "<feed><cow/></feed>", "xml"),
        ("a.xml", "<?xml version='1.0'?><html><body><rss/></body></html>", "html"),
    ],
)
def test_a_feed_is_recognised_by_its_root(make_source, name, text, reader):
    assert reader_for(make_source(name, text.encode())).name == reader


@pytest.mark.parametrize(
    "item",
    [
        "<author>" + "a" * 300_000 + "</author>",
        "<pubDate>" + "1-" * 150_000 + "</pubDate>",
        "<x>" + "".join(f"<category>c{n}</category>" for n in range(15_000)) + "</x>",
        "<a " + " ".join(f"b{n}=''" for n in range(20_000)) + "/>",
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
        + "\n" * 300_000
        + "</div></content>",
    ],
)
def test_what_would_take_feedparser_quadratic_time_is_cut_short(read_one, item):
    start = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>T</title>"
    assert read_one("a.atom", f"{start}{item}</entry></feed>").title == "T"


def test_a_long_paragraph_in_a_text_is_kept_whole(read_one):
    long = "word " * 20_000
    start = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>T</title><content type='xhtml'>"
    )
    inner = (
        f"<div xmlns='http://www.w3.org/1999/xhtml'><p>{long}</p><ul><li><b>{long}</b></li></ul>"
    )
    article = read_one("a.atom", f"{start}{inner}</div></content></entry></feed>")
    assert len(article.body.split()) == 40_000


def test_feeds_are_streamed(make_source, monkeypatch):
    source = make_source("a.rss", rss(ITEM.format(1) * 20_000).encode())
    monkeypatch.setattr(Source, "read", None)
    articles = FEED.read(source, ReadOptions())
    assert [next(articles).position for _ in range(3)] == [1, 2, 3]
    articles.close()


def test_what_feedparser_may_raise_costs_one_entry(make_source, monkeypatch):
    def fails(*_: Any) -> Any:
        raise AssertionError("feedparser")

    source = make_source("a.rss", rss(ITEM.format(1)).encode())
    monkeypatch.setattr(feed, "article_of_entry", fails)
    assert brief(list(FEED.read(source, ReadOptions()))) == [(1, "malformed")]
    monkeypatch.setattr(feed, "find_first", fails)
    with pytest.raises(ReadError) as caught:
        list(FEED.read(source, ReadOptions()))
    assert caught.value.reason == "malformed"


@pytest.mark.parametrize("seed", range(25))
def test_no_damage_raises_anything_but_a_read_error(make_source, seed):
    from tests.readers.test_reader_xml_streams import _mutated

    chance = random.Random(seed)
    for text in (RSS, ATOM, RDF):
        source = make_source("a.rss", _mutated(chance, text.encode()))
        FEED.recognises(source.head(), ".rss")
        try:
            reasons = {
                getattr(one, "reason", "article") for one in FEED.read(source, ReadOptions())
            }
        except ReadError as error:
            reasons = {error.reason}
        assert reasons <= {"article", "malformed", "no-article", "too-large", "undecodable"}


def _read(path: Path) -> list[RawArticle | BadRecord]:
    source = Source(path.name, path)
    assert reader_for(source).name == "feed"
    return list(FEED.read(source, ReadOptions()))


def test_the_real_feeds_give_all_their_entries(data: Path):
    counts = {}
    for path in sorted((data / "rss_samples" / "input").iterdir()):
        if path.name != "unrecognized.rss":
            found = _read(path)
            counts[path.name] = sum(isinstance(one, RawArticle) for one in found)
            assert {one.reason for one in found if isinstance(one, BadRecord)} <= {"no-article"}
    assert len(counts) == 30
    assert sum(counts.values()) == 1369
    assert [name for name, count in counts.items() if not count] == [
        "incomplete-fields.atom",
        "missing-fields.atom",
    ]


def test_the_real_feeds_that_are_not_utf_8_are_read_right(data: Path):
    folder = data / "rss_samples" / "input"
    declared, undeclared = _read(folder / "encoding.rss")[0], _read(folder / "uolNoticias.rss")[0]
    assert isinstance(declared, RawArticle)
    assert isinstance(undeclared, RawArticle)
    assert declared.title == "Mãe de utente é a nova presidente da Raríssimas"
    assert declared.url == (
        "https://www.jn.pt/nacional/interior/"
        "sonia-laig-e-a-nova-presidente-da-rarissimas-9021600.html"
    )
    assert undeclared.body.startswith("Líder na pesquisa Ibope de intenção de voto")
    assert undeclared.published == "Seg, 24 Set 2018 19:42:40 -0300"
