"""What the fields of an article are called in the files of this world.

The names come from the exports of news APIs (NewsAPI, the Guardian, the New York
Times, GDELT, mediastack, webhose), of scrapers (newspaper, news-please, trafilatura,
Scrapy projects), of WordPress, Ghost, Jekyll and Hugo, from schema.org, Dublin Core,
Open Graph, and from the data sets people train and count on.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["NAMES", "SUMMARY_NAMES", "WRAPPERS", "field_for", "normal"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Article field -> its names, the most telling first: where a record has several,
# the first that holds something is taken. Written as `normal` makes them.
NAMES: dict[str, tuple[str, ...]] = {
    "title": _words(
        "headline title articletitle newstitle articleheadline webtitle posttitle pagetitle "
        "ogtitle dctitle heading head"
    ),
    "body": _words(
        # The text as published comes before any that was processed for machines.
        "contentoriginal originalcontent bodyoriginal originaltext textoriginal articlebody "
        "articletext articlecontent maintext bodytext fulltext fullcontent fullbody "
        "contenttext plaintext textcontent body text content story storytext storybody "
        "newstext newscontent postcontent selftext article paragraphs transcript "
        "contenthtml bodyhtml htmlbody htmlcontent contentencoded html rawhtml"
    ),
    "authors": _words(
        "authors author byline bylines by authornames authorname articleauthor creator "
        "creators dccreator writer writers reporter reporters journalist journalists "
        "columnist postauthor writtenby"
    ),
    "source": _words(
        "outlet publication newspaper publisher source sourcename sitename ogsitename "
        "outletname publishername publicationname mediaoutlet medianame newssource "
        "newspapername site website provider dcpublisher domain sourcedomain hostname host"
    ),
    "published": _words(
        "published publisheddate publishedat publishedon publisheddatetime publishedtime "
        "publishdate publishtime publicationdate publicationtime datepublished "
        "articlepublishedtime pubdate pubtime pubdatetime webpublicationdate firstpublished "
        "firstpublicationdate firstpublishedat date datetime isodate articledate newsdate "
        "dcdate dateissued issued releasedate postdate posteddate postedat datetimepub time "
        "timestamp created createdat createdutc createdon creationdate datecreated"
    ),
    "section": _words(
        "section sectionname sectiontitle articlesection newssection category categoryname "
        "newsdesk desk rubric ressort"
    ),
    "tags": _words(
        "tags tag keywords keyword newskeywords metakeywords subjects topics topic "
        "categories category labels hashtags dcsubject"
    ),
    "url": _words(
        "canonicallink canonicalurl canonical canonicalhref mainentityofpage url link "
        "weburl articleurl articlelink newsurl newslink storyurl posturl permalink href uri"
    ),
    "page_url": _words(
        "pageurl requestedurl requesturl fetchedurl fetchurl crawledurl downloadurl "
        "originalurl finalurl responseurl url link weburl"
    ),
    "record": _words(
        "id guid uuid articleid newsid storyid docid documentid recordid postid identifier "
        "docno externalid"
    ),
    "language": _words(
        "language lang locale languagecode langcode inlanguage dclanguage contentlanguage"
    ),
}

# Taken for the text of a titled record that has no other.
SUMMARY_NAMES = _words(
    "description summary abstract standfirst lead leadparagraph lede teaser excerpt "
    "snippet shortdescription trailtext dek deck metadescription ogdescription"
)

# Objects that hold the fields of a record one floor down, as Elasticsearch
# (`_source`), the Guardian (`fields`) and JSON:API (`attributes`) have them.
WRAPPERS = frozenset(
    _words(
        "_source fields attributes article data document doc item post story node record "
        "metadata meta"
    )
)

_NOISE = re.compile(r"[\W_]+")
_FIELD_OF = {name: field for field, names in reversed(NAMES.items()) for name in names}


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """A name without case and punctuation: `Published-At`, `published_at` -> `publishedat`."""
    return _NOISE.sub("", name.casefold())


def field_for(name: str) -> str | None:
    """The article field that a name is commonly used for, if any."""
    return _FIELD_OF.get(normal(name))
