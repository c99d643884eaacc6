"""The sample archive is what its README says: small, whole, varied and our own."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).parent.parent / "sample_data"
NOT_ARTICLES = {"README.md", ".newsidxignore"}
SEED_MANNER = "scraped/000_5c1e9d20b7a4f386.txt"
LATIN_1 = "ashcombe-lantern/business/cafe-counts-cost-of-falling-pound.txt"
UTF_16 = "ashcombe-lantern/sport/four-counties-cup-final.txt"
ESCAPES = "scraped/gannet-quay-terminal-log.txt"
UNDATED = "harbor-courier/features/the-tide-gauge-keeper.html"
SCRIPTED = "harbor-courier/2019/08/tide-board.html"

# Every outlet here has to be invented; these are the ones that slip from a pen most easily.
REAL_OUTLETS = (
    "ABC News", "Al Jazeera", "Associated Press", "BBC", "Bloomberg", "Breitbart", "CBS",
    "CNN", "Der Spiegel", "Deutsche Welle", "El Mundo", "El País", "Financial Times", "Fox News",
    "Frankfurter Allgemeine", "La Vanguardia", "Le Monde", "Los Angeles Times", "NBC",
    "New York Times", "NPR", "Politico", "Reuters", "Sacramento Bee", "Süddeutsche",
    "Tagesschau", "The Guardian", "The Herald", "The Scotsman", "Wall Street Journal",
    "Washington Post",
)  # fmt: skip


def files() -> dict[str, bytes]:
    """Path below the folder -> content, decompressed."""
    found = {}
    for path in sorted(SAMPLES.rglob("*")):
        name = path.relative_to(SAMPLES).as_posix()
        if path.is_file() and name not in NOT_ARTICLES:
            raw = path.read_bytes()
            found[name] = gzip.decompress(raw) if path.suffix == ".gz" else raw
    return found


FILES = files()


def text_of(name: str) -> str:
    encoding = {LATIN_1: "latin-1", UTF_16: "utf-16"}.get(name, "utf-8")
    return FILES[name].decode(encoding)


def ending(name: str) -> str:
    return "".join(re.findall(r"\.[a-z]+", name.rpartition("/")[2]))


def records(name: str) -> list[dict[str, Any]]:
    """The articles of a JSON or JSON Lines file."""
    if ".jsonl" in name:
        return [json.loads(line) for line in text_of(name).splitlines()]
    value = json.loads(FILES[name])
    if isinstance(value, dict):
        value = value.get("articles", [value])
    assert isinstance(value, list)
    return value


def bodies(name: str) -> list[str]:
    """The articles of a file, roughly: enough to count them and their words."""
    if ".json" not in name:
        return [text_of(name)]
    keys = ("text", "content", "body", "articleBody", "Body")
    return [next(record[key] for key in keys if key in record) for record in records(name)]


def test_there_are_some_forty_articles() -> None:
    assert 40 <= sum(len(bodies(name)) for name in FILES) <= 50


@pytest.mark.parametrize("name", FILES)
def test_each_article_has_a_length_that_news_has(name: str) -> None:
    for body in bodies(name):
        body = re.sub(r"(?s)<head>.*?</head>|<(script|style)\b.*?</\1>|<[^>]*>", " ", body)
        assert 120 <= len(body.split()) <= 480


def test_every_format_is_there_plain_and_in_gzip() -> None:
    assert {ending(name) for name in FILES} == {
        ".txt", ".md", ".html", ".html.gz", ".json", ".json.gz", ".jsonl", ".jsonl.gz",
    }  # fmt: skip


def test_json_comes_as_one_article_as_an_array_and_as_an_object_that_holds_one() -> None:
    values = [json.loads(FILES[name]) for name in FILES if ending(name) == ".json"]
    assert any(isinstance(value, list) for value in values)
    assert any(isinstance(value, dict) and "articles" in value for value in values)
    assert any(isinstance(value, dict) and "articles" not in value for value in values)


def test_the_table_in_the_readme_names_every_file_and_no_other() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([^`]+)` \|", readme, re.MULTILINE)
    assert sorted(named) == sorted(FILES)


def test_the_readme_says_how_many_files_there_are() -> None:
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert len(FILES) == 39
    assert sum(len(bodies(name)) for name in FILES) == 47
    assert "Forty-seven articles in thirty-nine files" in readme


def test_the_readme_is_left_out_of_the_index() -> None:
    lines = (SAMPLES / ".newsidxignore").read_text(encoding="utf-8").splitlines()
    assert "README.md" in lines


@pytest.mark.parametrize("name", FILES)
def test_no_real_outlet_is_named(name: str) -> None:
    text = text_of(name)
    assert [outlet for outlet in REAL_OUTLETS if re.search(rf"\b{outlet}\b", text)] == []


@pytest.mark.parametrize("name", FILES)
def test_addresses_lead_nowhere(name: str) -> None:
    hosts = set(re.findall(r"https?://([^/\"\s\\)<>]+)", text_of(name)))
    assert {host for host in hosts if not host.endswith(".example")} <= {"schema.org"}


def test_the_scraped_article_has_the_marks_of_its_kind() -> None:
    text = text_of(SEED_MANNER)
    assert "\n" not in text
    assert text.startswith("  ")
    assert text.count("[") == 1
    assert "]" not in text
    for mark in ("  —   ", "“Yes California,”", "#CalExit", " Calexit ", "U. S. ", "Kevin de León"):
        assert mark in text
    tags = text.rpartition("” ")[2].split(", ")
    assert {"calexit", "secession"} <= {tag.strip() for tag in tags}
    assert not text.endswith(".")


def test_calexit_is_the_scraped_article_s_subject_and_three_others_mention_it_once() -> None:
    counts = {name: text_of(name).lower().count("calexit") for name in FILES}
    assert counts.pop(SEED_MANNER) >= 5
    assert sorted(count for count in counts.values() if count) == [1, 1, 1]


def test_the_latin_1_file_is_not_utf_8() -> None:
    with pytest.raises(UnicodeDecodeError):
        FILES[LATIN_1].decode("utf-8")
    assert "£4,300" in text_of(LATIN_1)
    assert "Café" in text_of(LATIN_1)


def test_the_utf_16_file_has_a_byte_order_mark_and_every_other_file_is_utf_8() -> None:
    assert FILES[UTF_16].startswith(b"\xff\xfe")
    for name in FILES.keys() - {LATIN_1, UTF_16}:
        assert FILES[name].decode("utf-8")


def test_only_one_file_holds_terminal_escapes_and_it_holds_several_kinds() -> None:
    raw = FILES[ESCAPES]
    for escape in (b"\x1b[31m", b"\x1b]0;", b"\x1b]8;;https://", b"\x1b[2J", b"\x07"):
        assert escape in raw
    assert [name for name in FILES if b"\x1b" in FILES[name]] == [ESCAPES]


def test_the_undated_page_names_no_year() -> None:
    text = text_of(UNDATED)
    assert not re.search(r"\b(?:19|20)\d\d\b|<time|_time|date[A-Z]", text)


def test_the_scripted_page_escapes_its_headline_wherever_it_stands() -> None:
    text = text_of(SCRIPTED)
    assert "<script>alert" not in text
    assert text.count("&lt;script&gt;alert(") == 4
    assert "\\u003cscript>alert(" in text
    for word in ("marzipan", "quagga", "zanzibar", "xylophone"):
        assert text.count(word) == 1


def test_the_same_text_stands_under_two_days() -> None:
    first = records("pacific-ledger/2018-07-30-what-to-pack.json")[0]
    second = records("pacific-ledger/2019-10-08-what-to-pack.json")[0]
    assert first["text"] == second["text"]
    assert first["date"][:10] == "2018-07-30"
    assert second["date"][:10] == "2019-10-08"
    assert first["url"] != second["url"]


def test_the_copy_is_the_page_byte_for_byte() -> None:
    copy = FILES["reporters-desk/alder-gulch-fire (copy).html"]
    assert copy == FILES["harbor-courier/2018/11/alder-gulch-fire.html"]
    assert len(set(FILES.values())) == len(FILES) - 1


def test_two_versions_of_one_story_share_their_address() -> None:
    versions = [text_of(f"harbor-courier/2021/03/{day}/marlow-spirit.html") for day in ("14", "15")]
    canonical = '<link rel="canonical" href="https://harbor-courier.example/waterfront/2021/03/14/'
    assert all(canonical in version for version in versions)
    assert "Correction:" not in versions[0]
    assert "Correction:" in versions[1]


def test_three_outlets_print_the_wire_story_each_in_its_way() -> None:
    wire = records("wire/northline-2023-03.jsonl")[0]["text"].split("\n")
    printed = [
        text_of("harbor-courier/2023/03/caldera-valley-bank.html"),
        records("pacific-ledger/2023-03-13-caldera.json")[0]["body"],
        text_of("strathbrennan-dispatch/_posts/2023-03-14-us-lender-fails.md"),
    ]
    kept = [sum(paragraph in text for paragraph in wire) for text in printed]
    assert len(wire) == 6
    assert all(3 <= count < 6 for count in kept)
    assert "wicked" in printed[0]
    assert "wicked" not in printed[2]


def test_dates_lie_between_2016_and_2025_but_for_the_absurd_one() -> None:
    days = {}
    for name in FILES:
        text = text_of(name)
        pattern = (
            r'(?i)"?(?:date\w*|published\w*)"?: "?(\d{4})-\d\d|published_time" content="(\d{4})'
        )
        days.update({(name, a or b): int(a or b) for a, b in re.findall(pattern, text)})
    absurd = {key for key, year in days.items() if not 2016 <= year <= 2025}
    assert absurd == {("pacific-ledger/imported-00417.json", "0001")}
    assert set(days.values()) >= {2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025}


def test_there_are_at_least_five_outlets_and_three_languages() -> None:
    everything = "\n".join(map(text_of, FILES))
    for outlet in (
        "Harbor Courier", "Pacific Ledger", "Strathbrennan Dispatch", "Norddeutsche Chronik",
        "La Gaceta de Puerto Almendral", "Orbit Almanac", "Northline Wire",
    ):  # fmt: skip
        assert outlet in everything
    german = [name for name in FILES if re.search(r'\blang(?:: |=")de\b', text_of(name))]
    spanish = [r for name in FILES if name.startswith("gaceta") for r in records(name)]
    assert len(german) >= 3
    assert len(spanish) >= 3
