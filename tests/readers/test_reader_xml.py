"""News in XML: NITF, both NewsMLs, and lists of articles in anybody's own format."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.newsxml import READER as XML
from newsidx.readers.registry import reader_for
from newsidx.readers.source import Source

NITF = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">
<nitf xml:lang="en-GB">
  <head>
    <title>storm slug</title>
    <tobject><tobject.subject tobject.subject.type="Weather" tobject.subject.matter="Storms"/>
    </tobject>
    <docdata>
      <doc-id id-string="abc-1"/>
      <date.issue norm="20161108T040000Z"/>
      <doc.copyright holder="Coast Press"/>
      <key-list><keyword key="ferries"/><keyword>harbours</keyword></key-list>
    </docdata>
    <pubdata name="The Coast" position.section="Local" date.publication="20161109"
      ex-ref="https://coast.example/1"/>
  </head>
  <body>
    <body.head>
      <hedline><hl1>Storm closes <em>harbour</em></hl1><hl2>Ferries wait</hl2></hedline>
      <byline>By <person>Jane Roe</person> and <person>John Doe</person></byline>
      <dateline><location>PORT ANNA</location>, <story.date norm="20161107">Nov. 7</story.date>
      </dateline>
      <abstract><p>The short of it.</p></abstract>
    </body.head>
    <body.content>
      <media><media-reference source="a.jpg"/><media-caption>A wave.</media-caption></media>
      <p>The ferries stayed
         in port.</p>
      <hl2>Later</hl2>
      <block><p>The sea was <em>calm</em>.</p></block>
      <table><tr><td>Mon</td><td>9</td></tr><tr><td>Tue</td><td>3</td></tr></table>
    </body.content>
    <body.end><tagline>Ann Lee contributed.</tagline></body.end>
  </body>
</nitf>"""

ITEM = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:{number}" xml:lang="en">
  <rightsInfo><copyrightHolder><name>Holder</name></copyrightHolder></rightsInfo>
  <itemMeta>
    <itemClass qcode="ninat:{kind}"/><provider qcode="nprov:COAST"/>
    <versionCreated>2018-10-21T16:25:32-05:00</versionCreated>
  </itemMeta>
  <contentMeta>
    <contentCreated>2016-11-08T04:00:00Z</contentCreated>
    <creator type="cpnat:organisation"><name>Coast</name></creator>
    <creator><name>Jane Roe</name></creator>
    <language tag="en-US"/>
    <subject><name xml:lang="de">Sturm</name><name xml:lang="en-US">storm</name></subject>
    <keyword>ferries, harbour</keyword>
    <headline>Storm {number}</headline>
    <description>The ferries
      wait.</description>
  </contentMeta>
  <contentSet>{content}</contentSet>
</newsItem>"""

OLD = """<NewsML><NewsItem xml:lang="en">
  <Identification><NewsIdentifier><ProviderId>coast.example</ProviderId>
    <DateId>20011012</DateId><NewsItemId>77</NewsItemId></NewsIdentifier></Identification>
  <NewsManagement><FirstCreated>20011012T103000+0000</FirstCreated></NewsManagement>
  <NewsComponent>
    <NewsLines><HeadLine>Storm</HeadLine><ByLine>Jane Roe</ByLine><ByLine>Ann Lee</ByLine>
      <DateLine>PORT ANNA, Oct 12</DateLine><KeywordLine>ferries; harbour</KeywordLine></NewsLines>
    <AdministrativeMetadata><Provider><Party FormalName="The Coast"/></Provider>
    </AdministrativeMetadata>
    <DescriptiveMetadata><Language FormalName="en"/></DescriptiveMetadata>
    {parts}
  </NewsComponent>
</NewsItem></NewsML>"""

PART = "<NewsComponent><ContentItem><DataContent>{}</DataContent></ContentItem></NewsComponent>"


def outcomes(found: list[RawArticle | BadRecord]) -> list[object]:
    return [
        (one.position, one.title if isinstance(one, RawArticle) else one.reason) for one in found
    ]


def test_nitf_gives_every_field_and_says_where_from(read_one):
    article = read_one("a.nitf", NITF)
    assert article.title == "Storm closes harbour"
    assert article.authors == ["Jane Roe", "John Doe"]
    assert article.published == "20161108T040000Z"
    assert article.source == "The Coast"
    assert article.section == "Local"
    assert article.tags == ["ferries", "harbours"]
    assert article.url == "https://coast.example/1"
    assert (article.record, article.language) == ("abc-1", "en-GB")
    assert article.provenance == {
        "title": "nitf:hl1",
        "authors": "nitf:byline",
        "published": "nitf:date.issue",
        "source": "nitf:pubdata",
        "section": "nitf:pubdata",
        "tags": "nitf:keyword",
        "url": "nitf:pubdata",
        "record": "nitf:doc-id",
        "language": "xml:lang",
        "body": "nitf:body.content",
    }


def test_a_nitf_body_keeps_its_paragraphs_and_leaves_captions_out(read_one):
    assert read_one("a.xml", NITF).body == (
        "PORT ANNA, Nov. 7\n\nThe ferries stayed in port.\n\nLater\n\nThe sea was calm.\n\n"
        "Mon | 9\n\nTue | 3\n\nAnn Lee contributed."
    )


def test_captions_are_the_text_where_they_are_all_there_is(read_one):
    page = "<nitf><body><body.content><media><media-caption>A wave.</media-caption></media>{}"
    end = "</body.content></body></nitf>"
    assert read_one("a.xml", page.format("") + end).body == "A wave."
    assert read_one("a.xml", page.format("<p>Text.</p>") + end).body == "Text."


def test_a_nitf_without_a_text_has_its_abstract(read_one):
    text = "<nitf><body><body.head><hedline>Storm</hedline><abstract>Short.</abstract>"
    article = read_one("a.xml", f"{text}</body.head><body.content/></body></nitf>")
    assert (article.title, article.body) == ("Storm", "Short.")
    assert article.provenance == {"title": "nitf:hedline", "body": "nitf:abstract"}


def test_the_nitf_of_the_annotated_corpus_is_read_once_and_by_its_printed_byline(read_one):
    article = read_one(
        "1.xml",
        """<nitf><head><title>t</title><meta name="online_sections" content="New York"/>
        <docdata><identified-content><classifier type="descriptor">Ferries</classifier>
        </identified-content></docdata>
        <pubdata date.publication="19870101T000000" name="The Coast"/></head><body><body.head>
        <byline class="print_byline">By JANE ROE</byline>
        <byline class="normalized_byline">Roe, Jane</byline></body.head><body.content>
        <block class="lead_paragraph"><p>One.</p></block>
        <block class="full_text"><p>One.</p><p>Two.</p></block></body.content></body></nitf>""",
    )
    assert article.body == "One.\n\nTwo."
    assert (article.authors, article.section) == (["By JANE ROE"], "New York")
    assert (article.tags, article.published) == (["Ferries"], "19870101T000000")


@pytest.mark.parametrize(
    ("content", "body", "origin"),
    [
        (("<inlineXML><nitf><body><body.content><p>A.</p><p>B.</p></body.content></body></nitf>"
         "</inlineXML>"), "A.\n\nB.", "nitf:body.content"),
        (("<inlineXML><html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head>"
         "<body><h1>Storm 1</h1><p>A.</p><p>B.</p></body></html></inlineXML>"),
         "A.\n\nB.", "newsml:inlineXML"),
        ("<inlineXML><p>A.</p><p>B.</p></inlineXML>", "A.\n\nB.", "newsml:inlineXML"),
        ("<inlineData contenttype='text/plain'>A.\n\nB.</inlineData>",
         "A.\n\nB.", "newsml:inlineData"),
        ("<inlineData contenttype='text/html'>&lt;p&gt;A.&lt;/p&gt;&lt;p&gt;B.</inlineData>",
         "A.\n\nB.", "newsml:inlineData"),
        ("<remoteContent href='x.jpg'/><inlineData encoding='base64'>QQ==</inlineData>",
         "The ferries wait.", "newsml:contentMeta/description"),
    ],
)  # fmt: skip
def test_newsml_g2_gives_its_fields_with_text_of_any_kind(read_one, content, body, origin):
    article = read_one("a.xml", ITEM.format(number=1, kind="text", content=content))
    assert article.body == body
    assert article.provenance["body"] == origin
    assert article.title == "Storm 1"
    assert article.provenance["title"] == "newsml:contentMeta/headline"
    assert article.authors == ["Jane Roe"]
    assert article.source == "Holder"
    assert article.published == "2016-11-08T04:00:00Z"
    assert article.tags == ["storm", "ferries", "harbour"]
    assert (article.record, article.language) == ("urn:x:1", "en-US")


def test_a_byline_in_the_text_goes_before_the_creator(read_one):
    content = "<inlineXML><nitf><body><body.head><byline>By Ann Lee</byline></body.head></body>"
    article = read_one(
        "a.xml", ITEM.format(number=1, kind="text", content=f"{content}</nitf></inlineXML>")
    )
    assert article.authors == ["By Ann Lee"]
    assert article.provenance["authors"] == "nitf:byline"


def test_a_message_gives_each_of_its_items_and_says_which_are_no_text(read_all):
    items = [
        ITEM.format(number=1, kind="text", content="<inlineXML><p>A.</p></inlineXML>"),
        "<packageItem xmlns='http://iptc.org/std/nar/2006-10-01/'/>",
        ITEM.format(number=3, kind="picture", content=""),
        ITEM.format(number=4, kind="text", content=""),
    ]
    found = read_all("a.newsml", f"<newsMessage><itemSet>{''.join(items)}</itemSet></newsMessage>")
    assert outcomes(found) == [(1, "Storm 1"), (2, "no-article"), (3, "no-article"), (4, "Storm 4")]
    assert isinstance(found[1], BadRecord)
    assert "package" in found[1].message
    assert isinstance(found[2], BadRecord)
    assert "'picture'" in found[2].message


@pytest.mark.parametrize("kind", ["conceptItem", "knowledgeItem", "packageItem", "planningItem"])
def test_items_that_are_no_news_are_no_article(read_all, kind):
    with pytest.raises(ReadError) as caught:
        read_all("a.xml", f"<{kind} guid='x'><headline>Storm</headline></{kind}>")
    assert caught.value.reason == "no-article"


def test_newsml_1_gives_one_article_of_the_parts_of_one_story(read_one):
    parts = PART.format("<p>A.</p><p>B.</p>") + PART.format("C.\n\nD.")
    article = read_one("a.xml", OLD.format(parts=parts))
    assert article.body == "PORT ANNA, Oct 12\n\nA.\n\nB.\n\nC.\n\nD."
    assert (article.title, article.authors) == ("Storm", ["Jane Roe", "Ann Lee"])
    assert (article.source, article.published) == ("The Coast", "20011012T103000+0000")
    assert (article.tags, article.record) == (["ferries", "harbour"], "77")
    assert article.language == "en"
    assert article.provenance["title"] == "newsml:NewsLines/HeadLine"


def test_components_with_headlines_of_their_own_are_articles_of_their_own(read_all):
    own = "<NewsComponent Duid='{0}'><NewsLines><HeadLine>{0}</HeadLine></NewsLines>{1}"
    inner = "<ContentItem><DataContent><nitf><body><body.content><p>T{}.</p></body.content></body>"
    parts = [
        own.format(name, inner.format(name) + "</nitf></DataContent></ContentItem></NewsComponent>")
        for name in ("one", "two")
    ]
    found = read_all("a.xml", OLD.format(parts="".join(parts)))
    assert outcomes(found) == [(1, "one"), (1, "two")]
    assert [article.record for article in found] == ["77#one", "77#two"]


def test_of_equivalent_components_one_is_read_and_pictures_are_not(read_one):
    picture = (
        "<ContentItem><MediaType FormalName='Photo'/><DataContent>x</DataContent></ContentItem>"
    )
    both = PART.format("English.") + PART.format("Deutsch.")
    parts = f"<NewsComponent EquivalentsList='yes'>{both}</NewsComponent>"
    text = OLD.format(parts=f"{parts}<NewsComponent>{picture}</NewsComponent>")
    assert read_one("a.xml", text).body.endswith("\n\nEnglish.")


LISTS = [
    (
        "<articles><article id='1' published-at='2016-11-08' title='Storm'>Intro <p>The sea.</p>"
        "<p>It <a href='x'>was</a> calm.</p></article></articles>"
    ),
    (
        "<?xml version='1.0'?><news><item><id>1</id><headline>Storm</headline>"
        "<date>2016-11-08</date><body><p>Intro</p><p>The sea.</p>"
        "<p>It was calm.</p></body></item></news>"
    ),
    (
        "<add><doc><field name='id'>1</field><field name='title'>Storm</field>"
        "<field name='pub_date'>2016-11-08</field>"
        "<field name='text'>Intro\n\nThe sea.\n\nIt was calm.</field></doc></add>"
    ),
    (
        "<dump><rows><row><id>1</id><title>Storm</title><published>2016-11-08</published>"
        "<content><![CDATA[<p>Intro</p><p>The sea.</p><p>It was calm.</p>]]></content>"
        "</row></rows></dump>"
    ),
    (
        "<x:set xmlns:x='urn:x'><x:Story guid='1'><x:Title>Storm</x:Title>"
        "<x:Date>2016-11-08</x:Date><x:Text><x:para>Intro</x:para><x:para>The sea.</x:para>"
        "<x:para>It was calm.</x:para></x:Text></x:Story></x:set>"
    ),
    (
        "<newsitem itemid='7' id='1' date='2016-11-08'><title>Storm</title><text><p>Intro</p>"
        "<p>The sea.</p><p>It was calm.</p></text><metadata><dc element='dc.publisher' value='x'/>"
        "</metadata></newsitem>"
    ),
    (
        "<posts><post><ID>1</ID><title>Storm</title><date>2016-11-08</date>"
        "<section><p>Intro</p></section><section><p>The sea.</p><p>It was calm.</p></section>"
        "</post></posts>"
    ),
]


@pytest.mark.parametrize("text", LISTS)
def test_a_list_of_articles_in_anybodys_format_is_understood(read_one, text):
    article = read_one("a.xml", text)
    assert (article.title, article.record, article.published) == ("Storm", "1", "2016-11-08")
    assert article.body.split() == ["Intro", "The", "sea.", "It", "was", "calm."]
    assert len(article.body.split("\n\n")) == 3


def test_lists_of_authors_and_tags_and_the_language_around_them_are_understood(read_one):
    article = read_one(
        "a.xml",
        """<articles xml:lang="de"><meta><count>1</count></meta><article>
        <title>Sturm</title><authors><author>Jane Roe</author><author>Ann Lee</author></authors>
        <tags><tag name="See"/><tag name="Wind"/></tags><source url="u">Küste</source>
        <text>Die Fähren blieben im Hafen.</text></article></articles>""",
    )
    assert article.authors == ["Jane Roe", "Ann Lee"]
    assert (article.tags, article.source) == (["See", "Wind"], "Küste")
    assert article.language == "de"
    assert article.provenance["authors"] == "record:authors"
    assert article.provenance["language"] == "xml:lang"


def test_the_mapping_of_fields_reaches_elements_and_attributes(read_one):
    text = "<articles><article kop='Storm'><lijf>De zee.</lijf></article></articles>"
    article = read_one("a.xml", text, title="kop", body="lijf")
    assert (article.title, article.body) == ("Storm", "De zee.")


def test_records_that_are_all_without_an_article_are_said_once(read_all):
    with pytest.raises(ReadError, match="none of its 3 records") as caught:
        read_all("a.xml", "<articles>" + "<article url='x'/>" * 3 + "</articles>")
    assert caught.value.reason == "no-article"


def test_a_record_without_an_article_costs_no_other(read_all):
    text = "<items><item n='1'/><item><title>Storm</title><p>A.</p></item><item n='3'/></items>"
    assert outcomes(read_all("a.xml", text)) == [(1, "no-article"), (2, "Storm"), (3, "no-article")]


@pytest.mark.parametrize(
    "text",
    [
        "<opml><body><outline text='CNN' title='CNN'/></body></opml>",
        "<svg><title>x</title><text>y</text></svg>",
        "<urlset><url><n:news xmlns:n='x'><n:title>x</n:title></n:news></url></urlset>",
        "<project><name>x</name><version>1</version></project>",
        "<menu><item id='a' title='Open'/><item id='b' title='Close'/></menu>",
        "<Properties><Pages>3</Pages><Paragraphs>8</Paragraphs></Properties>",
        "<configuration><add key='title' value='x'/><content>static</content></configuration>",
        "<root/>",
    ],
)
def test_xml_of_another_kind_is_no_article(make_source, text):
    with pytest.raises(ReadError) as caught:
        list(XML.read(make_source("a.xml", text.encode()), ReadOptions()))
    assert caught.value.reason == "no-article"


def test_a_title_with_a_date_or_an_address_is_an_entry_of_an_index_of_news(read_all):
    text = (
        "<items><item><title>A</title><date>2016-11-08</date></item><item><title>B</title>"
        "<url>https://coast.example/b</url></item><item><title>C</title></item></items>"
    )
    assert outcomes(read_all("a.xml", text)) == [(1, "A"), (2, "B"), (3, "no-article")]


@pytest.mark.parametrize(
    ("name", "text", "reader"),
    [
        ("a.xml", NITF, "xml"),
        ("a.nitf", "<nitf><body/></nitf>", "xml"),
        ("a.txt", NITF, "xml"),
        ("a", "<newsItem guid='x'/>", "xml"),
        ("a", "<?xml version='1.0'?><articles><article><p>x</p></article></articles>", "xml"),
        ("a.xml", "<?xml version='1.0'?><DOCS><doc id='1'>x</doc></DOCS>", "xml"),
        ("a.xml", "no XML at all", "xml"),
        ("a.xml", "<rss version='2.0'><channel/></rss>", "feed"),
        ("a.xml", "<?xml version='1.0'?><html xmlns='x'><body/></html>", "html"),
        ("a.xml", "<!DOCTYPE lewis SYSTEM 'lewis.dtd'>\n<REUTERS TOPICS='NO'>", "sgml"),
        ("a.xml", "<DOC>\n<DOCNO> AP-1 </DOCNO>\n<TEXT>", "sgml"),
        ("a.txt", "In HTML5, the <article> element holds one.", "plain"),
    ],
)
def test_xml_is_recognised_beside_feeds_pages_and_sgml(make_source, name, text, reader):
    assert reader_for(make_source(name, text.encode())).name == reader


@pytest.mark.parametrize(
    "text", ["<svg xmlns='http://www.w3.org/2000/svg'/>", "<?xml version='1.0'?><xs:schema/>"]
)
def test_other_xml_under_other_names_is_left_alone(make_source, text):
    with pytest.raises(ReadError) as caught:
        reader_for(make_source("a.xsd", text.encode()))
    assert caught.value.reason == "unknown-format"


def _read(path: Path) -> list[RawArticle | BadRecord]:
    return list(XML.read(Source(path.name, path), ReadOptions()))


def test_the_samples_of_newsml_g2_give_their_texts_and_nothing_else(data: Path):
    texts, reasons = {}, set()
    for path in sorted((data / "newsml_g2_samples" / "examples").glob("*.xml")):
        try:
            found = _read(path)
        except ReadError as error:
            reasons.add(error.reason)
        else:
            texts[path.name] = found
    assert (len(texts), reasons) == (8, {"no-article"})
    (story,) = texts["LISTING_2_NewsML-G2_Text_Document.xml"]
    assert isinstance(story, RawArticle)
    assert story.title == 'Fed to halt QE to avert "bubble"'
    assert story.authors == ["By Meredith Jameson, Staff Reporter"]
    assert story.published == "2016-11-21T15:21:06-05:00"
    assert story.source == "Acme News and Media LLC"
    assert len(story.body.split("\n\n")) == 2


def test_the_645_articles_of_the_hyperpartisan_corpus_are_read(data: Path):
    folder = data / "hyperpartisan_semeval2019"
    found = _read(folder / "articles-training-byarticle-20181122.xml")
    assert len(found) == 645
    assert all(isinstance(article, RawArticle) and article.title for article in found)
    assert sum("\n\n" in article.body for article in found if isinstance(article, RawArticle)) > 600
    with pytest.raises(ReadError) as caught:
        _read(folder / "ground-truth-training-byarticle-20181122.xml")
    assert caught.value.reason == "no-article"
