"""Test collections in their usual forms: documents, topics and judgements.

Documents are whatever newsidx reads: SMART, TREC's SGML, JSON Lines. Topics may be
SMART's (`.I`, `.W`), TIME's (`*FIND`), TREC's (`<top>`), JSON Lines with an id and a
text, or lines of an id, a tab and a text. Judgements may be TREC's (topic, iteration,
document, grade), BEIR's (topic, document, grade, under a header), Cranfield's (topic,
document, code) or TIME's (a topic, then its documents).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Collection", "judgements_in", "topics_in", "whole"]

Judgements = dict[str, dict[str, int]]

_DOCUMENTS = ("TIME.ALL", "cran.all*", "*.all", "*.ALL", "corpus.jsonl*", "documents*", "docs*")
_TOPICS = ("TIME.QUE", "*.qry", "*.QRY", "queries.jsonl*", "topics*", "queries*")
_JUDGEMENTS = ("TIME.REL.ALL", "cranqrel", "*.rel", "*.REL", "qrels/test.tsv", "qrels*", "*qrel*")

# Cranfield's codes run from 1, a complete answer, to 4, of least interest; -1 is none.
_CRANFIELD_CODES = 5

# TIME names documents by their ordinals in a file of 425, of which two, between the
# 371st and the 377th, are missing in the file that is about.
_TIME_LAST_SAME, _TIME_MISSING = 370, 2


@dataclass(frozen=True)
class Collection:
    """Topics by id, and judgements: topic -> document -> grade.

    Attributes:
        ordinals: Whether judgements name a document by its place in the file, from 1,
            and not by its own id.
    """

    name: str
    documents: Path
    topics: dict[str, str]
    judgements: Judgements
    ordinals: bool = False

    @classmethod
    def of(cls, documents: Path, topics: Path, judgements: Path) -> Collection:
        is_time = topics.name == "TIME.QUE"
        read = topics_in(topics.read_text("utf-8", "replace"))
        judged = judgements_in(judgements.read_text("utf-8", "replace"))
        if is_time:
            judged = {
                topic: {str(_time_place(int(name))): grade for name, grade in found.items()}
                for topic, found in judged.items()
            }
        kept = {topic: text for topic, text in read.items() if whole(judged.get(topic, {}))}
        return cls(documents.parent.name, documents, kept, judged, is_time)

    @classmethod
    def in_folder(cls, folder: Path) -> Collection:
        found = [_first(folder, names) for names in (_DOCUMENTS, _TOPICS, _JUDGEMENTS)]
        return cls.of(*found)


def whole(judged: dict[str, int]) -> int:
    """The number of relevant documents."""
    return sum(grade > 0 for grade in judged.values())


def _first(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        if found := sorted(folder.glob(name)):
            return found[0]
    raise SystemExit(f"{folder} has none of: {', '.join(names)}")


def _time_place(ordinal: int) -> int:
    return ordinal if ordinal <= _TIME_LAST_SAME else ordinal - _TIME_MISSING


def topics_in(text: str) -> dict[str, str]:
    """Topics by id; of SMART's the id is the ordinal, which is what judgements mean by it."""
    start = text.lstrip()[:1]
    if start == ".":
        found = re.split(r"(?m)^\.I .*$", text)[1:]
        each = (re.sub(r"(?m)^\.[A-Z]\s*$", " ", part) for part in found)
        return {str(n): " ".join(topic.split()) for n, topic in enumerate(each, 1)}
    if start == "*":
        parts = re.split(r"(?m)^\*FIND\s+(\d+)", re.sub(r"(?m)^\*STOP.*", "", text))[1:]
        return {n: " ".join(q.split()) for n, q in zip(parts[::2], parts[1::2], strict=True)}
    if start == "<":
        return dict(_trec_topics(text))
    if start == "{":
        records = [json.loads(line) for line in text.splitlines() if line.strip()]
        return {str(r.get("_id", r.get("id"))): r.get("text") or r["title"] for r in records}
    return dict(line.split("\t", 1) for line in text.splitlines() if line.strip())


def _trec_topics(text: str) -> Iterator[tuple[str, str]]:
    for top in re.findall(r"(?s)<top>(.*?)(?:</top>|\Z)", text):
        number = re.search(r"<num>\s*(?:Number:)?\s*0*(\w+)", top)
        title = re.search(r"(?s)<title>\s*(?:Topic:)?\s*(.*?)\s*(?=<|\Z)", top)
        assert number
        assert title
        yield number[1], " ".join(title[1].split())


def judgements_in(text: str) -> Judgements:
    """Judgements; those of Cranfield with the best grade for a complete answer."""
    rows = [line.split() for line in text.splitlines() if line.strip()]
    judged: Judgements = {}
    if rows and not rows[0][-1].lstrip("-").isdigit():  # a header
        for topic, document, grade in rows[1:]:
            judged.setdefault(topic, {})[document] = int(grade)
    elif rows and all(len(row) == 4 and row[1] in ("0", "Q0") for row in rows):
        for topic, _, document, grade in rows:
            judged.setdefault(topic, {})[document] = int(grade)
    elif rows and all(len(row) == 3 and int(row[2]) < _CRANFIELD_CODES for row in rows):
        for topic, document, code in rows:
            grade = _CRANFIELD_CODES - int(code) if int(code) > 0 else 0
            judged.setdefault(topic, {})[document] = grade
    else:
        for topic, *documents in rows:
            judged.setdefault(topic, {}).update(dict.fromkeys(documents, 1))
    return judged
