"""Facts about the command line that help topics and the manual page tell alike."""

from __future__ import annotations

__all__ = ["ENVIRONMENT", "EXAMPLES", "FILES", "SEE_ALSO", "SETTINGS", "STATUSES"]

STATUSES: dict[str, str] = {
    "0": "Done, or found.",
    "1": "Nothing was found. From verify: something is damaged; from diff: the two differ.",
    "2": "An error: nothing was done, or not all of it. Standard error says what and why.",
    "3": "From index, read and repair: done, but for files that could not be read.",
    "130": "Interrupted with Ctrl-C.",
    "143": "Ended by a signal to terminate. watch takes that for its end, and ends with 0.",
}
"""Exit status -> what it means."""

ENVIRONMENT: dict[str, str] = {
    "NEWSIDX_INDEX": "The index directory, where there is no --index.",
    "NEWSIDX_CONFIG": "The configuration file, in place of the usual one.",
    "NEWSIDX_DEBUG": "Set to anything, the same as --debug: errors show where they came from.",
    "NO_COLOR": "Set to anything, nothing is coloured.",
    "FORCE_COLOR": "Set to anything, and without NO_COLOR, colours also go to files and pipes.",
    "TERM": "With dumb, nothing is coloured and no progress is drawn.",
    "FORCE_HYPERLINK": "1 makes titles links on any terminal, and 0 on none.",
    "NEWSIDX_PAGER": "What shows more than a screen; cat, or nothing, for no pager.",
    "PAGER": "The same, where that is not set. Default: less.",
    "VISUAL": "The editor of show --edit.",
    "EDITOR": "The same, where that is not set. Default: vi.",
    "COLUMNS": "How wide the terminal is, where it can't be asked.",
}
"""Variable of the environment -> what it does."""

FILES: dict[str, str] = {
    ".newsidx/": "An index for the folder that it is in, and those below: newsidx init.",
    "~/.local/share/newsidx/index/": "The index that is used where there is no other.",
    "~/.config/newsidx/config.toml": "The configuration.",
    ".newsidxignore": "In an indexed folder: what to leave out, in the syntax of .gitignore.",
}
"""File -> what it is, as on Linux."""

SETTINGS: dict[str, str] = {
    "index": "the index directory; from the folder of the file, if relative",
    "language": "of an index that is made now, where articles don't say theirs",
    "engine": "of an index that is made now",
    "exact": "true matches words as written, like --exact",
    "jobs": "worker processes of newsidx index",
    "memory": "megabytes that a build may take, in all processes together",
}
"""Setting of the configuration file -> what it means."""

EXAMPLES: tuple[tuple[str, str], ...] = (
    ("Read every article below a folder; again, to catch up:", "newsidx index ~/press"),
    ("Find articles, the best first:", "newsidx search 'calexit -sports' --since 2016-11"),
    ("Give their titles to another program:", "newsidx search calexit --jsonl | jq -r .title"),
    (
        "Look through the files themselves:",
        "newsidx search 'date:2016..2017' -0 | xargs -0 grep -l California",
    ),
    ("See what would be made of a file:", "newsidx read page.html"),
    ("See which files could not be read:", "newsidx files --status failed"),
)
"""What somebody wants, and the command for it."""

SEE_ALSO: tuple[str, ...] = ("jq(1)", "grep(1)", "xargs(1)")
