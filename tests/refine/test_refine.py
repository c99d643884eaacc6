"""From a raw article to a clean one, with the origin of every field."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.article import Published, RawArticle
from newsidx.errors import ReadError
from newsidx.refine.refine import Clean, refine

TODAY = date(2020, 6, 15)

SCRAPED = (
    "  The town of Westhaven wants to leave the county  —   a plan that the mayor, Ann Lee, "
    "calls  “madness. [According to the Westhaven Post, #Westexit began as a joke.  An   "
    "poll found few friends of it in the U. S. or in Westhaven, and the council is not for "
    "it. Local News, Politics,   Westhaven, westexit, Ann Lee"
)


def test_an_article_scraped_as_bare_text_gets_what_it_says_of_itself() -> None:
    clean = refine(RawArticle(body=SCRAPED))
    assert clean.title == (
        "The town of Westhaven wants to leave the county — a plan that the mayor, Ann Lee, calls "
        "“madness."
    )
    assert clean.tags == ("Local News", "Politics", "Westhaven", "westexit", "Ann Lee")
    assert clean.body.endswith("the council is not for it.")
    assert "county  —   a plan" in clean.body
    assert clean.language == "en"
    assert (clean.published, clean.authors, clean.source, clean.url) == (None, (), None, None)
    assert clean.provenance == {
        "title": "first-sentence",
        "body": "record",
        "tags": "trailing-list",
        "language": "stop-words",
        "words": "body",
    }


def test_the_users_own_article_comes_out_as_promised(data: Path) -> None:
    (path,) = (data / "seed").glob("*.txt")
    clean = refine(RawArticle(body=path.read_text(encoding="utf-8")))
    assert clean.title.startswith("Californians who want California to secede from the United")
    assert clean.tags == (
        "Breitbart California",
        "National Security",
        "movement of russia",
        "calexit",
        "Russia",
        "secession",
        "Vladimir Putin",
    )
    assert clean.body.endswith("The left,  and Russia, have a different view.")
    assert clean.language == "en"
    assert clean.published is None
    assert clean.authors == ()
    assert clean.provenance["title"] == "first-sentence"
    assert clean.provenance["tags"] == "trailing-list"
    assert clean.provenance["language"] == "stop-words"
    assert clean.provenance.keys().isdisjoint(("published", "authors", "source", "url"))


def test_fields_that_came_as_they_were_name_the_reader_or_the_record() -> None:
    clean = refine(
        RawArticle(
            body="The\u00a0body\r\nof it.",
            title=" A \n title ",
            authors=["By ANN LEE and Bob Ray"],
            source="The  Post",
            published="2016-11-08T23:00:00-05:00",
            section=" Politics",
            tags=["calexit", " Calexit ", "", "Russia"],
            url="HTTPS://Example.com/a#b",
            record="42",
            language="en-US",
            provenance={"title": "og:title", "published": "json-ld"},
        ),
        today=TODAY,
    )
    assert clean == Clean(
        title="A title",
        body="The body\nof it.",
        authors=("Ann Lee", "Bob Ray"),
        source="The Post",
        published=Published(2016, 11, 8, "2016-11-09T04:00:00Z"),
        section="Politics",
        tags=("Calexit", "Russia"),
        url="https://example.com/a",
        language="en",
        words=4,
        record="42",
        provenance={
            "title": "og:title",
            "body": "record",
            "authors": "record",
            "source": "record",
            "published": "json-ld",
            "section": "record",
            "tags": "record",
            "url": "record",
            "language": "record",
            "words": "body",
            "record": "record",
        },
    )


def test_a_body_with_tags_of_its_own_keeps_its_last_line() -> None:
    clean = refine(RawArticle(body=SCRAPED, tags=["secession"]))
    assert clean.tags == ("secession",)
    assert clean.body.endswith("westexit, Ann Lee")


def test_a_date_that_can_not_be_taken_is_absent_and_says_why() -> None:
    clean = refine(RawArticle(title="A", published="31 February 2016"), today=TODAY)
    assert clean.published is None
    assert clean.provenance["published"] == "rejected: impossible: 31 February 2016"


def test_an_ambiguous_date_keeps_its_year_and_says_so() -> None:
    clean = refine(RawArticle(title="A", published="03/04/2016"), today=TODAY)
    assert clean.published == Published(2016)
    assert clean.provenance["published"] == "ambiguous: 03/04/2016"


def test_of_a_rejected_date_80_clean_characters_are_shown() -> None:
    clean = refine(RawArticle(title="A", published="\x1b[31m" + "x" * 200), today=TODAY)
    assert clean.provenance["published"] == "rejected: unreadable: " + "x" * 80


def test_the_files_time_is_the_date_only_where_it_is_given() -> None:
    raw = RawArticle(title="A")
    assert refine(raw).published is None
    clean = refine(raw, mtime=date(2016, 11, 8))
    assert clean.published == Published(2016, 11, 8)
    assert clean.provenance["published"] == "file-time"


def test_the_files_time_never_hides_a_date_of_the_record() -> None:
    mtime = date(2019, 1, 1)
    dated = refine(RawArticle(title="A", published="2016"), today=TODAY, mtime=mtime)
    assert dated.published == Published(2016)
    broken = refine(RawArticle(title="A", published="soon"), today=TODAY, mtime=mtime)
    assert broken.published == Published(2019, 1, 1)
    assert broken.provenance["published"] == "file-time; rejected: unreadable: soon"


def test_without_a_source_the_site_of_the_url_is_the_source() -> None:
    clean = refine(RawArticle(title="A", url="https://www.example.com/a"))
    assert clean.source == "example.com"
    assert clean.provenance["source"] == "url"


def test_a_folder_is_the_source_or_the_section_only_where_it_is_given_and_nothing_else_is() -> None:
    raw = RawArticle(title="A")
    assert (refine(raw).source, refine(raw).section) == (None, None)
    clean = refine(raw, source_folder=" The\tPost ", section_folder="sport")
    assert (clean.source, clean.section) == ("The Post", "sport")
    assert (clean.provenance["source"], clean.provenance["section"]) == ("folder", "folder")
    stated = RawArticle(title="A", source="The Example", section="Weather")
    clean = refine(stated, source_folder="post", section_folder="sport")
    assert (clean.source, clean.section) == ("The Example", "Weather")
    addressed = RawArticle(title="A", url="https://example.com/politics/a")
    clean = refine(addressed, source_folder="post", section_folder="sport")
    assert (clean.source, clean.section) == ("example.com", "politics")
    assert (clean.provenance["source"], clean.provenance["section"]) == ("url", "url")


def test_what_a_reader_notes_beside_the_fields_stays_in_the_provenance() -> None:
    given = {"captured": "2016-11-09T10:00:00Z", "page_url": "warc-target-uri", "tags": "rel-tag"}
    clean = refine(RawArticle(title="A", provenance=given))
    assert clean.provenance == {"captured": given["captured"], "title": "record", "words": "body"}


def test_the_address_gives_the_day_where_the_record_gives_none() -> None:
    clean = refine(RawArticle(title="A", url="https://example.com/2016/11/08/a"), today=TODAY)
    assert clean.published == Published(2016, 11, 8)
    assert clean.provenance["published"] == "url"
    clean = refine(RawArticle(title="A", page_url="https://example.com/2016/11/a"), today=TODAY)
    assert clean.published == Published(2016, 11)


def test_dates_that_disagree_are_both_in_the_provenance() -> None:
    raw = RawArticle(title="A", published="2016-11-08", provenance={"published": "json-ld"})
    raw.url = "https://example.com/2016/11/01/a"
    clean = refine(raw, today=TODAY)
    assert clean.published == Published(2016, 11, 8)
    assert clean.provenance["published"] == "json-ld; url says 2016-11-01"


def test_an_open_order_is_shown_and_a_known_one_settles_it() -> None:
    raw = RawArticle(title="A", published="03/04/2016")
    assert refine(raw, today=TODAY).date_order == "open"
    clean = refine(raw, today=TODAY, date_order="dmy")
    assert clean.published == Published(2016, 4, 3)
    assert clean.provenance["published"] == "record; read as dmy"
    assert clean.date_order == "open"
    assert refine(RawArticle(title="A", published="13/04/2016")).date_order == "dmy"


def test_broken_text_is_mended_in_every_field() -> None:
    clean = refine(
        RawArticle(
            body="Itâ€™s a cafÃ©.\n\nâ€œYes.â€\x9d",
            title="The cafÃ©",
            authors=["JosÃ© PÃ©rez"],
            source="El PaÃ\xads",
            section="EconomÃ\xada",
            tags=["cafÃ©"],
        )
    )
    assert clean.body == "It’s a café.\n\n“Yes.”"
    assert (clean.title, clean.authors, clean.source) == ("The café", ("José Pérez",), "El País")
    assert (clean.section, clean.tags) == ("Economía", ("café",))


def test_lines_of_the_page_go_before_the_trailing_list_is_looked_for() -> None:
    clean = refine(RawArticle(body=f"Advertisement\n\n{SCRAPED}\n\nRead more"))
    assert clean.tags == ("Local News", "Politics", "Westhaven", "westexit", "Ann Lee")
    assert clean.body.startswith("The town")


def test_without_an_address_of_its_own_an_article_has_that_of_its_page() -> None:
    clean = refine(RawArticle(title="A", url="not an address", page_url="http://example.com/a"))
    assert clean.url == "http://example.com/a"
    assert refine(RawArticle(title="A", page_url="http://example.com/a")).provenance["url"] == (
        "page-url"
    )


def test_an_article_without_title_and_text_is_refused() -> None:
    with pytest.raises(ReadError) as caught:
        refine(RawArticle(title=" \x00", body="\u200b\n", authors=["Ann Lee"]))
    assert caught.value.reason == "no-article"


def test_a_title_alone_is_an_article_and_its_language_is_not_guessed() -> None:
    clean = refine(RawArticle(title="Harbour wall to close"))
    assert (clean.body, clean.words, clean.language) == ("", 0, None)
    assert clean.provenance == {"title": "record", "words": "body"}


def test_refining_loads_no_parser_that_it_does_not_need() -> None:
    program = (
        "import sys; from newsidx.refine.refine import refine;"
        "from newsidx.article import RawArticle;"
        f"refine(RawArticle(body={SCRAPED!r}, published='2016-11-08'));"
        "assert not {'dateutil', 'ftfy', 'py3langid', 'numpy'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


_NO_FIELDS = ("provenance", "date_order")
_TEXT = st.text(max_size=200)
_MAYBE = st.none() | _TEXT


@settings(max_examples=150, deadline=None)
@given(
    st.builds(
        RawArticle,
        body=_TEXT,
        title=_MAYBE,
        authors=st.lists(_TEXT, max_size=3),
        source=_MAYBE,
        published=_MAYBE,
        other_dates=st.lists(st.tuples(st.sampled_from(["json-ld", "text"]), _TEXT), max_size=2),
        section=_MAYBE,
        tags=st.lists(_TEXT, max_size=3),
        url=_MAYBE,
        page_url=_MAYBE,
        record=_MAYBE,
        language=_MAYBE,
    )
)
def test_every_field_that_is_set_has_an_origin_and_no_other_has(raw: RawArticle) -> None:
    try:
        clean = refine(raw, today=TODAY)
    except ReadError:
        return
    names = [name for name in Clean.__struct_fields__ if name not in _NO_FIELDS]
    known = {name for name in names if getattr(clean, name) not in (None, "", ())}
    rejected = clean.provenance.get("published", "").startswith("rejected: ")
    assert set(clean.provenance) == known | ({"published"} if rejected else set())
    assert clean.title
