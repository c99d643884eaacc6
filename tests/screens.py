"""The screens in docs/screens: what newsidx shows on real terminals, as SVG.

    python -m tests.screens            # draw all of them anew
    python -m tests.screens search     # those whose names begin so

Each runs on a terminal of its own, over an index of sample_data; what it shows there is
drawn by Rich. The same newsidx makes the same bytes: what differs from run to run (times,
paths, ids that hang on the libraries that read web pages) is put in a standard form first.
To add a screen, add a line to SCREENS.
"""

from __future__ import annotations

import io
import re
import shutil
import sys
import tempfile
from html import unescape
from pathlib import Path
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.processes import on_screen

REPOSITORY = Path(__file__).resolve().parent.parent
TARGET = REPOSITORY / "docs" / "screens"

# Background, text, and the colours that newsidx draws with, dull and bright: black, red,
# green, yellow, blue, magenta, cyan, white.
DARK = TerminalTheme(
    (24, 26, 31),
    (214, 217, 223),
    [
        *((40, 43, 51), (240, 113, 103), (126, 188, 110), (222, 182, 99)),
        *((108, 164, 232), (196, 133, 219), (86, 188, 199), (214, 217, 223)),
    ],
)
LIGHT = TerminalTheme(
    (255, 255, 255),
    (36, 41, 47),
    [
        *((36, 41, 47), (190, 30, 45), (17, 119, 51), (140, 98, 0)),
        *((9, 90, 190), (130, 60, 160), (0, 112, 125), (110, 119, 129)),
    ],
)


class Screen(NamedTuple):
    """A command, the width of its terminal, and how many lines of it are drawn."""

    command: list[str]
    columns: int = 80
    theme: TerminalTheme = DARK
    lines: int = 60


SEARCH = ["search", "california president"]
SHOW = ["show", "501y", "--query", "california"]

TIMELINE = ["timeline", "california", "--by", "year"]

DRAFT = (
    "“The mood is not as clear-cut as the hashtag makes it look”, “can … leave of its own will”, "
    "“needed 585,407 valid signatures within 90 days”"
)
QUOTE = ["quote", "--draft", DRAFT]
SCREENS: dict[str, Screen] = {
    "search-60": Screen([*SEARCH, "-n", "3"], 60),
    "search-80": Screen([*SEARCH, "-n", "3"], 80),
    "search-80-light": Screen([*SEARCH, "-n", "3"], 80, LIGHT),
    "search-120": Screen([*SEARCH, "-n", "3", "--any"], 120),
    "search-200": Screen([*SEARCH, "-n", "3", "--any", "--snippets", "2"], 200),
    "search-200-light": Screen([*SEARCH, "-n", "3", "--any", "--snippets", "2"], 200, LIGHT),
    "search-compact": Screen(["search", "election OR wahl", "--compact"], 80),
    "search-nothing": Screen(["search", "califronia rusia"], 100),
    "show-80": Screen(SHOW, 80),
    "show-120-light": Screen(SHOW, 120, LIGHT),
    "stats-80": Screen(["stats"], 80),
    "stats-120-light": Screen(["stats"], 120, LIGHT),
    "kwic-60": Screen(["kwic", "california"], 60),
    "kwic-80": Screen(["kwic", "california"], 80),
    "kwic-120-light": Screen(["kwic", "california"], 120, LIGHT),
    "kwic-200": Screen(["kwic", "california", "--collocates", "--sort", "date"], 200),
    "timeline-60": Screen(TIMELINE, 60),
    "timeline-80": Screen(TIMELINE, 80),
    "timeline-120-light": Screen([*TIMELINE, "--split", "lang"], 120, LIGHT),
    "timeline-200": Screen([*TIMELINE, "--against", "fire"], 200),
    "facets-60": Screen(["facets", "source"], 60),
    "facets-80-light": Screen(["facets", "source", "california"], 80, LIGHT),
    "facets-120": Screen(["facets", "tags"], 120),
    "keywords-80": Screen(["keywords", "california", "-n", "10"], 80),
    "spread-80": Screen(["spread", "yf7jw4dpq367"], 80),
    "spread-120-light": Screen(["spread", "yf7jw4dpq367", "--diff"], 120, LIGHT),
    "quote-80": Screen(QUOTE, 80),
    "quote-120-light": Screen(QUOTE, 120, LIGHT),
    "error-query": Screen(["search", "calexit AND (russia OR"], 100),
    "error-field": Screen(["search", "titel:calexit"], 100, LIGHT),
    "error-article": Screen(["show", "zzzz9"], 100),
}


def index_samples(folder: Path) -> Path:
    """An index of sample_data, in a folder of its own under a name that is always the same."""
    shutil.copytree(REPOSITORY / "sample_data", folder / "sample_data")
    index = folder / "index"
    made = on_screen("index", folder / "sample_data", "--index", index, "-q", "--jobs", "1")
    assert made.status == 0, made.out
    return index


def captured(screen: Screen, index: Path) -> str:
    """What the command shows on its terminal, with colours, in a standard form."""
    home = str(index.parent)
    more = {"HOME": home, "NEWSIDX_INDEX": str(index), "NEWSIDX_PAGER": ""}
    text = on_screen(*screen.command, columns=screen.columns, **more).out.replace(home, "~")
    text = re.sub(r"· \d+(\.\d+)? (ms|s)\b", "· 8 ms", text)
    text = re.sub(r"\d\.\d MB", "1.1 MB", text)
    return re.sub("(?<![0-9a-f])[0-9a-f]{32}", "3f1c0a9be2d84756a1c94d0e7b52f680", text)


def drawn(name: str, screen: Screen, text: str) -> str:
    """A screen as SVG: the command line, and what it printed."""
    line = Text.assemble(("$ ", "bold"), "newsidx ", typed(screen.command))
    lines = [line, *(Text.from_ansi(each) for each in text.rstrip("\n").split("\n"))]
    console = Console(
        record=True, width=screen.columns, file=io.StringIO(), color_system="standard"
    )
    for each in lines[: screen.lines]:
        console.print(each, soft_wrap=True)
    svg = console.export_svg(
        title="newsidx", theme=screen.theme, unique_id=name, code_format=FORMAT
    )
    return smaller(svg)


def smaller(svg: str) -> str:
    """The same picture without what it does not need, and each piece of text in its place.

    Rich draws blanks as text; fonts that are a little narrower than its own would shift
    what stands behind them.
    """
    svg = re.sub(r"<text[^>]*>\n</text>", "", svg)
    svg = re.sub(r' clip-path="[^"]*-line-\d+\)"', "", svg)
    svg = re.sub(r'<clipPath id="[^"]*-line-\d+">.*?</clipPath>\n?', "", svg, flags=re.DOTALL)
    svg = TEXT.sub(pieces, svg.replace("&#160;", " "))
    return re.sub(r"[ \t]+$|\n(?=\n)", "", svg, flags=re.MULTILINE)


TEXT = re.compile(
    r'<text class="(\S+)" x="([\d.]+)" y="([\d.]+)" textLength="[\d.]+">([^<]*)</text>'
)
CELL = 12.2  # as Rich has it: 20 pixels high, 0.61 times as wide


def pieces(found: re.Match[str]) -> str:
    """The words of a piece of text, apart where several blanks are between them."""
    style, x, y, text = found.groups()
    drawn = []
    for piece in re.finditer(r"\S+(?: \S+)*", text):
        before, width = (cell_len(unescape(each)) for each in (text[: piece.start()], piece[0]))
        place = f'x="{float(x) + before * CELL:g}" y="{y}" textLength="{width * CELL:g}"'
        drawn.append(f'<text class="{style}" {place}>{piece[0]}</text>')
    return "".join(drawn)


# Rich's own frame without its buttons, and in the fonts that the reader has.
FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" \
xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" \
clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def typed(command: list[str]) -> str:
    """The arguments as a person would type them."""
    return " ".join(f"'{word}'" if " " in word else word for word in command)


def draw(names: list[str], target: Path = TARGET) -> list[str]:
    """Draw screens into a folder; gives their names."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="newsidx-screens-") as folder:
        index = index_samples(Path(folder))
        for name in names:
            screen = SCREENS[name]
            svg = drawn(name, screen, captured(screen, index))
            (target / f"{name}.svg").write_text(svg, encoding="utf-8")
    return names


if __name__ == "__main__":
    prefixes = tuple(sys.argv[1:]) or ("",)
    for each in draw([name for name in SCREENS if name.startswith(prefixes)]):
        sys.stdout.write(f"docs/screens/{each}.svg\n")
