"""The measures of rankings, by hand on a tiny example, and the forms of test collections."""

from __future__ import annotations

from math import log2
from pathlib import Path

import pytest

from benchmarks.metrics import average_precision, ndcg, precision, recall
from benchmarks.testcollections import Collection, judgements_in, topics_in

RANKING = ["a", "x", "b", "y", "c"]
JUDGED = {"a": 1, "b": 3, "c": 2, "d": 1, "x": 0, "y": -1}


def test_average_precision_counts_relevant_documents_that_are_not_found() -> None:
    assert average_precision(RANKING, JUDGED) == pytest.approx((1 / 1 + 2 / 3 + 3 / 5) / 4)
    assert average_precision([], JUDGED) == 0
    assert average_precision(RANKING, {"x": 0}) == 0


def test_ndcg_has_the_grade_for_gain_and_the_best_ranking_for_one() -> None:
    gained = 1 / log2(2) + 3 / log2(4) + 2 / log2(6)
    best = 3 / log2(2) + 2 / log2(3) + 1 / log2(4) + 1 / log2(5)
    assert ndcg(RANKING, JUDGED) == pytest.approx(gained / best)
    assert ndcg(["b", "c", "a", "d"], JUDGED) == pytest.approx(1)
    best_at_two = 3 / log2(2) + 2 / log2(3)
    assert ndcg(RANKING, JUDGED, depth=2) == pytest.approx(1 / best_at_two)
    assert ndcg(["y"], {"y": -1}) == 0


def test_precision_counts_a_missing_document_as_wrong() -> None:
    assert precision(RANKING, JUDGED) == 0.3
    assert precision(RANKING, JUDGED, depth=2) == 0.5


def test_recall_is_the_share_of_relevant_documents_found() -> None:
    assert recall(RANKING, JUDGED) == 0.75
    assert recall(RANKING, JUDGED, depth=1) == 0.25
    assert recall(RANKING, {}) == 0


def test_topics_are_read_in_their_usual_forms() -> None:
    assert topics_in(".I 001\n.W\nthe sea\nand ships\n.I 004\n.W\nports\n") == {
        "1": "the sea and ships",
        "2": "ports",
    }
    assert topics_in("*FIND      1\n\n THE SEA .\n\n*FIND  2\n PORTS\n*STOP\n") == {
        "1": "THE SEA .",
        "2": "PORTS",
    }
    trec = "<top>\n<num> Number: 051\n<title> Topic: Sea ports\n<desc> Which?\n</top>\n"
    assert topics_in(trec) == {"51": "Sea ports"}
    assert topics_in('{"_id": "q1", "text": "sea"}\n') == {"q1": "sea"}
    assert topics_in("7\tsea ports\n") == {"7": "sea ports"}


def test_judgements_are_read_in_their_usual_forms() -> None:
    assert judgements_in("51 0 AP1 1\n51 0 AP2 0\n") == {"51": {"AP1": 1, "AP2": 0}}
    assert judgements_in("query-id\tcorpus-id\tscore\nq\td\t2\n") == {"q": {"d": 2}}
    assert judgements_in("1 184 1\n1 29 4\n1 30 -1\n") == {"1": {"184": 4, "29": 1, "30": 0}}
    assert judgements_in("1  268 288\n\n2  326\n") == {"1": {"268": 1, "288": 1}, "2": {"326": 1}}


def test_cranfield_and_time_are_whole(data: Path) -> None:
    cranfield = Collection.in_folder(data / "ir_cran")
    assert cranfield.documents.name == "cran.all.1400"
    relevant = [grade for found in cranfield.judgements.values() for grade in found.values()]
    assert (len(cranfield.topics), sum(grade > 0 for grade in relevant)) == (225, 1612)
    time = Collection.in_folder(data / "ir_time")
    assert time.documents.name == "TIME.ALL"
    assert time.ordinals
    assert (len(time.topics), sum(map(len, time.judgements.values()))) == (83, 324)
    # What comes behind the two that are missing has moved up by as many places.
    assert set(time.judgements["3"]) == {"326", "350", "364", "383"}
    assert max(int(place) for found in time.judgements.values() for place in found) <= 423
