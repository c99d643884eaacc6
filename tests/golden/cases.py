"""The commands whose output is kept in files beside this one.

A new case is a line here; NEWSIDX_UPDATE_GOLDEN=1 pytest tests/golden writes its file. What
the name ends in says how it is run: .term on a terminal, of 80 columns and without colours,
anything else in a pipe. Where the arguments ask for JSON, it is held to its schema.
"""

from __future__ import annotations

from pathlib import Path

from newsidx.cli.topics import TOPICS

__all__ = ["ALERTS", "ALONE", "COMMANDS", "ELSEWHERE", "FROZEN", "form_of"]

FEW = "name,input_id,line,query,total,rank,id,title,snippet,error"
NAMES = [
    "search",
    "--queries",
    str(Path(__file__).parent / "names.csv"),
    "--column",
    "name",
]

QUOTE = ["quote", "--draft", "-f", str(Path(__file__).parent / "draft.txt")]
JUDGED = str(Path(__file__).parent / "judged.csv")
DAY = ["--date", "2026-11-23"]

# File -> arguments; SAMPLE is the folder of sample_data.
COMMANDS: dict[str, list[str]] = {
    "search.json": ["search", "calexit", "--json", "-n", "2"],
    "search-phrase.json": ["search", '"yes california" -texas', "--json", "-n", "1"],
    "search-nothing.json": ["search", "zzzzqq", "--json"],
    "search-nothing.csv": ["search", "zzzzqq", "--csv"],
    "search-meant.txt": ["search", "califronia rusia"],
    "search-meant.json": ["search", "califronia rusia", "--source", "harbr", "--json"],
    "search-fields.json": ["search", "calexit", "--json", "--fields", "title,snippet", "-n", "2"],
    "explain.txt": ["search", "the calexit (russia OR elect*)", "--lang", "en", "--explain"],
    "explain.json": ["search", "tag:secession calexit^2", "--explain", "--json", "-n", "1"],
    "search.jsonl": ["search", "caldera -source:courier", "--jsonl"],
    "search.csv": ["search", "calexit", "--csv"],
    "search.tsv": ["search", "calexit", "--tsv"],
    "search.txt": ["search", "california", "--sort", "newest"],
    "search.term": ["search", "calexit", "-n", "2"],
    "search-paths.txt": ["search", "source:northline OR calexit", "-l"],
    "search-null.txt": ["search", "calexit", "-0"],
    "matches.csv": [*NAMES, "-F", "--fields", FEW],
    "matches.tsv": [*NAMES, "--fuzzy", "1", "--unmatched", "--tsv", "--fields", FEW],
    "matches.json": [*NAMES, "-F", "--json", "-n", "1"],
    "matches.jsonl": [*NAMES, "--jsonl", "-n", "1"],
    "matches-count.csv": [*NAMES, "-F", "--count"],
    "similar.json": ["similar", "6n62mv6pwzbb", "--json", "-n", "1"],
    "similar.jsonl": ["similar", "6n62mv6pwzbb", "--jsonl", "-n", "1"],
    "similar.csv": ["similar", "6n62mv6pwzbb", "--csv", "-n", "2"],
    "similar.tsv": ["similar", "6n62mv6pwzbb", "--tsv", "-n", "2"],
    "similar.txt": ["similar", "6n62mv6pwzbb", "-n", "2"],
    "similar.term": ["similar", "6n62mv6pwzbb", "-n", "2"],
    "similar-paths.txt": ["similar", "6n62mv6pwzbb", "-n", "2", "-l"],
    "similar-null.txt": ["similar", "6n62mv6pwzbb", "-n", "2", "-0"],
    "count.json": ["count", "date:2023", "--json"],
    "count.txt": ["count", "date:2023"],
    "count.term": ["count", "date:2023"],
    "count-searched.json": ["count", "california", "--source", "courier", "--searched", "--json"],
    "facets.json": ["facets", "source", "california", "--json", "-n", "3"],
    "facets.jsonl": ["facets", "tag", "california", "--jsonl", "-n", "2"],
    "facets.csv": ["facets", "author", "--since", "2020", "--csv"],
    "facets.tsv": ["facets", "lang", "--tsv", "--fields", "value,query"],
    "facets.term": ["facets", "source", "california"],
    "facets.txt": ["facets", "section", "california OR ferry"],
    "timeline.json": ["timeline", "california", "--by", "year", "--json", "--searched"],
    "timeline.jsonl": ["timeline", "california", "--by", "quarter", "--until", "2018", "--jsonl"],
    "timeline.csv": ["timeline", "*", "--split", "source", "--limit", "2", "--csv"],
    "timeline.tsv": ["timeline", "california", "--against", "russia", "--tsv", "--by", "year"],
    "timeline.term": ["timeline", "california", "--by", "year"],
    "timeline.txt": ["timeline", "california", "--unit", "per-million"],
    "timeline-nothing.txt": ["timeline", "zzzzqq", "--source", "courier"],
    "kwic.term": ["kwic", "calexit"],
    "kwic.txt": ["kwic", "calexit"],
    "kwic.json": ["kwic", "caldera NEAR/20 bank", "--json", "--sort", "date"],
    "kwic-nothing.json": ["kwic", "author:feldstein", "--json"],
    "kwic.jsonl": ["kwic", "title:caldera", "--jsonl", "--sort", "left"],
    "kwic.csv": ["kwic", "secession", "--csv", "--sort", "source", "--width", "60"],
    "kwic.tsv": ["kwic", "secession", "--tsv", "--fields", "id,left,match,right", "-n", "3"],
    "collocates.term": ["kwic", "california", "--collocates", "5"],
    "collocates.txt": ["kwic", "california", "--collocates", "10"],
    "collocates.json": ["kwic", "california", "--collocates", "3", "--json"],
    "collocates.jsonl": ["kwic", "california", "--collocates", "3", "--jsonl"],
    "collocates.csv": ["kwic", "california", "--collocates", "3", "--window", "2", "--csv"],
    "collocates.tsv": ["kwic", "california", "--collocates", "3", "--stopwords", "--tsv"],
    "terms.term": ["terms", "elect"],
    "terms.txt": ["terms", "elect"],
    "terms.json": ["terms", "elect", "--json"],
    "terms.jsonl": ["terms", "--sort", "articles", "--jsonl", "-n", "5"],
    "terms.csv": ["terms", "--field", "author", "--min", "3", "--csv"],
    "terms.tsv": ["terms", "S", "--field", "source", "--tsv"],
    "keywords.term": ["keywords", "caldera", "-n", "5"],
    "keywords.txt": ["keywords", "caldera", "-n", "5"],
    "keywords.json": ["keywords", "6n62", "--json", "-n", "3"],
    "keywords-against.json": ["keywords", "calexit", "--against", "caldera", "--json", "-n", "2"],
    "keywords.jsonl": ["keywords", "calexit", "--jsonl", "-n", "3"],
    "keywords.csv": ["keywords", "--source", "courier", "--csv", "-n", "5"],
    "keywords.tsv": ["keywords", "caldera", "--tsv", "--fields", "word,g2", "-n", "4"],
    "quote.term": QUOTE,
    "quote.txt": QUOTE,
    "quote.json": [*QUOTE, "--json"],
    "quote.jsonl": [*QUOTE, "--jsonl"],
    "quote.csv": [*QUOTE, "--csv"],
    "quote.tsv": [*QUOTE, "--tsv", "--fields", "verdict,difference,flags,id,start,end"],
    "sample.csv": ["sample", "california", "-n", "3", "--seed", "7", "--outside", "*"],
    "sample.term": ["sample", "california", "-n", "2"],
    "assess.json": ["assess", JUDGED, "--json"],
    "assess.term": ["assess", JUDGED],
    "assess.txt": ["assess", JUDGED],
    "explain.term": ["search", "calexit", "--explain", "-n", "1"],
    "cite.json": ["cite", "the calexit russia", "--any", "--json", *DAY],
    "cite.txt": ["cite", "the calexit (russia OR elect*)", "--lang", "en", *DAY],
    "cite.term": ["cite", "california", *DAY],
    "cite-nothing.txt": ["cite", "zzzzqq", "--source", "courier", *DAY],
    "help-cite.txt": ["cite", "--help"],
    "help-report.txt": ["report", "--help"],
    "suggest.json": ["suggest", "secession", "--json"],
    "suggest.jsonl": ["suggest", "secession", "--jsonl"],
    "suggest.csv": ["suggest", "secession", "--csv"],
    "suggest.tsv": ["suggest", "secession", "--tsv"],
    "suggest.txt": ["suggest", "secession"],
    "suggest.term": ["suggest", "secession"],
    "show.txt": ["show", "6n62mv6pwzbb"],
    "show.json": ["show", "6n62mv6pwzbb", "--json"],
    "export.jsonl": ["export", "id:6n62mv6pwzbb"],
    "cat.txt": ["cat", "6n62mv6pwzbb"],
    "cat.term": ["cat", "6n62mv6pwzbb"],
    "export.tsv": ["export", "id:6n62mv6pwzbb", "--tsv", "--fields", "id,words,path"],
    "export.csv": ["export", "id:6n62mv6pwzbb", "--csv", "--fields", "id,published_day,tags"],
    "stats.json": ["stats", "--json"],
    "stats.txt": ["stats"],
    "files.json": ["files", "--status", "superseded", "--json"],
    "files.jsonl": ["files", "--status", "superseded", "--jsonl"],
    "files.csv": ["files", "--status", "superseded", "--csv"],
    "files.tsv": ["files", "--status", "superseded", "--tsv"],
    "files.txt": ["files"],
    "read.term": ["read", "SAMPLE/scraped/000_5c1e9d20b7a4f386.txt"],
    "read.jsonl": ["read", "SAMPLE/scraped/000_5c1e9d20b7a4f386.txt"],
    "formats.json": ["formats", "--json"],
    "formats.jsonl": ["formats", "--jsonl"],
    "formats.csv": ["formats", "--csv"],
    "formats.tsv": ["formats", "--tsv"],
    "formats.txt": ["formats"],
    "formats.term": ["formats"],
    "rm.json": ["rm", "calexit", "--dry-run", "--json"],
    "rm.jsonl": ["rm", "calexit", "--dry-run", "--jsonl"],
    "rm.csv": ["rm", "calexit", "--dry-run", "--csv"],
    "rm.tsv": ["rm", "calexit", "--dry-run", "--tsv"],
    "rm.txt": ["rm", "calexit", "--dry-run"],
    "rm.term": ["rm", "calexit", "--dry-run"],
    "roots.json": ["roots", "--json"],
    "roots.jsonl": ["roots", "--jsonl"],
    "roots.csv": ["roots", "--csv"],
    "roots.tsv": ["roots", "--tsv"],
    "roots.txt": ["roots"],
    "schema.json": ["schema", "--json"],
    "schema.jsonl": ["schema", "--jsonl"],
    "schema.csv": ["schema", "--csv"],
    "schema.tsv": ["schema", "--tsv"],
    "schema.txt": ["schema"],
    "schema.term": ["schema"],
    "schema-suggest.txt": ["schema", "suggest"],
    "error.json": ["search", "calexit AND (", "--json"],
    "error.term": ["search", "calexit AND ("],
    "help.txt": ["--help"],
    "help-search.txt": ["search", "--help"],
    "help-index.txt": ["index", "--help"],
    "help-query.txt": ["help", "query"],
    "help-stopwords.txt": ["help", "stopwords", "--language", "en"],
    "help-kwic.txt": ["kwic", "--help"],
    "help-terms.txt": ["terms", "--help"],
    "help-keywords.txt": ["keywords", "--help"],
    "help-quote.txt": ["quote", "--help"],
    "help-sample.txt": ["sample", "--help"],
    "help-assess.txt": ["assess", "--help"],
    "help-facets.txt": ["facets", "--help"],
    "help-timeline.txt": ["timeline", "--help"],
    **{f"topic-{name}.txt": ["help", name] for name in TOPICS if name != "query"},
    "topics.txt": ["help"],
    **{f"completion-{shell}.txt": ["completion", shell] for shell in ("bash", "zsh", "fish")},
}

# The same on an index with standing queries, a new one for each.
ALERTS: dict[str, list[str]] = {
    "new.json": ["new", "split", "--json", "-n", "1"],
    "new-all.json": ["new", "--json", "-n", "1"],
    "new-nothing.json": ["new", "quiet", "--json"],
    "new.jsonl": ["new", "split", "--jsonl", "-n", "1"],
    "new.csv": ["new", "split", "--csv"],
    "new.tsv": ["new", "split", "--tsv"],
    "new.txt": ["new"],
    "new-paths.txt": ["new", "split", "-l"],
    "new-null.txt": ["new", "split", "-0"],
    "new.term": ["new"],
    "alert-list.json": ["alert", "list", "--json"],
    "alert-list.jsonl": ["alert", "list", "--jsonl"],
    "alert-list.csv": ["alert", "list", "--csv"],
    "alert-list.tsv": ["alert", "list", "--tsv"],
    "alert-list.txt": ["alert", "list"],
    "alert-list.term": ["alert", "list"],
    "help-new.txt": ["new", "--help"],
    "help-alert.txt": ["alert", "--help"],
    "help-alert-add.txt": ["alert", "add", "--help"],
}

# The same on an index with frozen sets of before some articles came, went and changed.
FROZEN: dict[str, list[str]] = {
    "freeze-list.json": ["freeze", "list", "--json"],
    "freeze-list.jsonl": ["freeze", "list", "--jsonl"],
    "freeze-list.csv": ["freeze", "list", "--csv"],
    "freeze-list.tsv": ["freeze", "list", "--tsv"],
    "freeze-list.txt": ["freeze", "list"],
    "freeze-list.term": ["freeze", "list"],
    "diff.json": ["diff", "ferries", "--json"],
    "diff.jsonl": ["diff", "all", "--jsonl"],
    "diff.csv": ["diff", "all", "now", "--csv"],
    "diff.tsv": ["diff", "ferries", "query:ferry", "--tsv", "--fields", "event,id,today"],
    "diff.txt": ["diff", "all"],
    "diff.term": ["diff", "all"],
    "diff-same.json": ["diff", "now", "now", "--json"],
    "help-freeze.txt": ["freeze", "--help"],
    "help-freeze-add.txt": ["freeze", "add", "--help"],
    "help-diff.txt": ["diff", "--help"],
}

# What depends on the day, on paths or on files, and is looked at on screens of several widths.
SCREENED = ("show", "stats", "files", "roots")

# What an unchanging index has nothing to show of: command and form -> the test, below tests/.
ELSEWHERE: dict[tuple[str, str], str] = {
    ("cat", "-0"): "cli/test_cat.py",
    ("count -", "jsonl"): "cli/test_query_lines.py",
    ("export", "parquet"): "cli/test_export_forms.py",
    ("index", "json"): "cli/test_processes.py",
    ("index", "terminal"): "test_progress.py",
    ("migrate", "json"): "cli/test_engines.py",
    ("optimize", "json"): "cli/test_keeping.py",
    ("repair", "json"): "cli/test_keeping.py",
    **{("restore", form): "cli/test_rm.py" for form in ("json", "jsonl", "csv", "tsv", "plain")},
    ("search -", "jsonl"): "cli/test_query_lines.py",
    **{(command, "terminal"): "cli/test_screen.py" for command in SCREENED},
    ("verify", "json"): "cli/test_keeping.py",
    ("verify", "plain"): "cli/test_keeping.py",
    ("repair", "plain"): "cli/test_keeping.py",
    ("watch", "jsonl"): "cli/test_watch.py",
}

# What needs no index.
ALONE = {"--help", "assess", "help", "completion", "read", "formats", "schema"}


def form_of(name: str) -> str:
    """What a golden file holds, as docs/output-formats.md calls it."""
    suffix = name.rpartition(".")[2]
    if suffix != "txt":
        return {"term": "terminal"}.get(suffix, suffix)
    paths = [word for word in {**COMMANDS, **ALERTS, **FROZEN}[name] if word in ("-l", "-0")]
    return paths[0] if paths else "plain"
