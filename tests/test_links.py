"""Where titles lead, and that an address can't do anything but that."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsidx.output.links import file_link, has_links, target_of, web_link, without_links
from newsidx.output.marking import marked
from newsidx.results import Span


@given(st.text())
def test_a_web_link_is_printable_ascii(rest: str) -> None:
    assert re.fullmatch("https://[!-~]*", web_link(f"https://{rest}") or "")


def test_only_the_web_is_linked_to() -> None:
    for url in ("javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "", None):
        assert web_link(url) is None
    assert web_link(
        "HTTP://a.example/ü y%20z?q=a;b#c"
    ) == "HTTP://a.example/%C3%BC%20y%20z?q=a;b#c".replace("%20z", "%20z")


def test_a_file_link_leads_to_the_file_or_to_its_archive(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/a \xe9\x1b#?%.txt"
    os.close(os.open(raw, os.O_CREAT | os.O_WRONLY))
    link = file_link(os.fsdecode(raw))
    assert link is not None
    assert re.fullmatch("file://[!-~]+", link)
    assert unquote_to_bytes(link.removeprefix("file://")) == raw
    archive = tmp_path / "a.zip"
    archive.touch()
    assert file_link(f"{archive}/inner/b.html") == archive.as_uri()
    assert file_link("/nowhere/at/all") is None
    assert target_of("ftp://a.example", f"{archive}") == archive.as_uri()


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "dumb"}, False),
        ({"TERM": "linux"}, False),
        ({}, False),
        ({"TERM": "xterm", "FORCE_HYPERLINK": "0"}, False),
        ({"TERM": "linux", "FORCE_HYPERLINK": "1"}, True),
    ],
)
def test_links_are_for_terminals_that_have_them(environ: dict[str, str], expected: bool) -> None:
    assert has_links(environ) == expected


def test_links_can_be_taken_out() -> None:
    linked = "a \x1b]8;id=1;https://b.example\x1b\\\x1b[1mc\x1b[0m\x1b]8;;\x1b\\ d"
    assert without_links(linked) == "a \x1b[1mc\x1b[0m d"


@given(
    st.lists(st.sampled_from(["wind", "  ", "\n", "東", "\x1b", "a\t\tb"])).map("".join),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_marks_stay_on_their_words_where_blanks_go(text: str, start: int, length: int) -> None:
    drawn = marked(text, [Span("body", start, start + length)], "body")
    assert not re.search(r"\s\s|[\x00-\x1f]", drawn.plain)
    wanted = " ".join(text[start : start + length].replace("\x1b", "\ufffd").split())
    assert "".join(drawn.plain[s.start : s.end] for s in drawn.spans).strip() == wanted
