"""Markdown with front matter, as static site generators keep their posts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.limits import MAX_RECORD, check_body
from newsidx.readers.markdowntext import first_heading, plain_text
from newsidx.readers.records.record import fill
from newsidx.readers.source import Source
from newsidx.readers.texts.encoding import decode, peek
from newsidx.readers.texts.markup import without_title

__all__ = ["READER", "MarkdownReader"]

_START = re.compile(r"(?:---|\+\+\+)[ \t]*\r?\n(?:#[^\n]*\n)*[\w\"'-]+[ \t]*[:=]")
_TOML_RULE = re.compile(r"^\+{3,}[ \t]*\r?$", re.MULTILINE)
_YAML_RULE = re.compile(r"^-{3,}[ \t]*\r?$", re.MULTILINE)
_LONGEST_MATTER = 64 * 1024
_KEY = re.compile(r"[A-Za-z_][\w -]{0,60}")

# Jekyll names a post by its day.
_DATED_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-")


class MarkdownReader:
    """Reads `.md`, and whatever starts with front matter."""

    name = "markdown"
    version = 1
    suffixes = (".md", ".markdown", ".mdown", ".mkd")
    title = "Markdown"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of front matter, which plain text and HTML never start with."""
        text = peek(head)
        if text is None:
            return 0
        named = suffix in self.suffixes
        if _START.match(text):
            return 95 if named else 75
        return 60 if named else 0

    def read(self, source: Source, options: ReadOptions) -> Iterator[RawArticle | BadRecord]:
        """Yield the one article of the file.

        Its fields are those of the front matter (`front-matter:<name>`). Front matter
        that does not parse gives what its plain lines give (`broken-front-matter:<name>`).
        A title may come from the first heading (`heading`), a date from the file's
        name (`file-name`).

        Raises:
            ReadError: `no-article` when there is neither text nor title.
        """
        text, _ = decode(source.read(MAX_RECORD))
        check_body(text)
        fields, body, origin = _split(text)
        article = RawArticle()
        fill(article, fields, options, origin)
        heading = None if article.title else first_heading(body)
        if heading:
            article.title, article.provenance["title"] = heading, "heading"
        article.body = without_title(plain_text(body), article.title)
        dated = _DATED_NAME.match(source.name.rpartition("/")[2])
        if dated and not article.published:
            article.published, article.provenance["published"] = dated[1], "file-name"
        if not article.body and not article.title:
            raise ReadError("no-article", "it has neither text nor title")
        yield article


READER = MarkdownReader()


def _split(text: str) -> tuple[Mapping[str, object], str, str]:
    """The fields of the front matter, the text after it, and the provenance to note."""
    text = text.lstrip("\ufeff\r\n")
    for rule, load in ((_YAML_RULE, _yaml), (_TOML_RULE, _toml)):
        if not rule.match(text):
            continue
        parts = rule.split(text, 2)
        if len(parts) < 3:
            continue
        _, matter, body = parts
        try:
            fields = load(matter) if len(matter) <= _LONGEST_MATTER else None
        except (ValueError, RecursionError):
            fields = None
        if isinstance(fields, Mapping):
            return fields, body, "front-matter:{}"
        broken = _plain_lines(matter)
        if broken:
            return broken, body, "broken-front-matter:{}"
    return {}, text, ""


def _plain_lines(matter: str) -> dict[str, object]:
    """What the lines of the form `name: value` say in front matter that does not parse."""
    found: dict[str, object] = {}
    for line in matter.splitlines():
        name, mark, value = line.partition("=" if "=" in line.partition(":")[0] else ":")
        if mark and _KEY.fullmatch(name.rstrip()):
            found.setdefault(name.rstrip(), value.strip().strip("\"'"))
    return found


def _yaml(matter: str) -> object:
    """Read YAML with every value left as the string that is written there.

    The loader in Python and not the one in C, whose recursion overflows the stack on a
    few thousand brackets; the base one, since `2010-02-30` and `No` are no errors here.

    Raises:
        ValueError: It is not YAML.
    """
    import yaml
    from frontmatter.default_handlers import YAMLHandler

    try:
        return YAMLHandler().load(matter, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _toml(matter: str) -> object:
    import tomllib

    return tomllib.loads(matter)
