"""newsidx alert add, list and rm."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from newsidx import alerts
from newsidx.app import open as open_index
from newsidx.cli.asking import Asked
from newsidx.cli.forms import RecordForm
from newsidx.cli.groups import spelled_out
from newsidx.cli.options import IndexOption, QueryCommand, WaitOption
from newsidx.config import load_settings
from newsidx.output.forms import Form
from newsidx.output.news import ALERTS, alert_record, put_alerts
from newsidx.output.safe import one_line
from newsidx.output.streams import say, write_text
from newsidx.results.news import Kept

__all__ = ["FromStart", "command"]

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="Letters a-z, digits, and - _ . among them.")
]
FromStart = Annotated[
    bool, typer.Option("--from-start", help="All that matches is new, whenever it came.")
]

app = typer.Typer(
    name="alert",
    help="Keep queries to be asked again and again what is new: newsidx new NAME.",
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def add(
    name: NameArgument,
    asked: Asked,
    *,
    from_start: FromStart = False,
    index: IndexOption = None,
) -> int:
    """Keep a query under a name, with its filters.

    newsidx new NAME then prints what matches and was not there when the alert was added.
    A day such as yesterday is reckoned anew each time.
    """
    settings = load_settings(index)
    question = asked.ask(settings)
    added = alerts.add(settings.index, name, question, from_start=from_start)
    what = "is kept" if added else "is there already, and asks for just that"
    say(f"The alert {name} {what}. See what is new: newsidx new {name}")
    return 0


def list_alerts(form: RecordForm, index: IndexOption = None) -> int:
    """List the alerts: name, query as understood, filters, cursor, since when."""
    ALERTS.check(form)
    settings = load_settings(index)
    with open_index(settings.index) as opened:
        info = opened.info
    kept = alerts.kept(settings.index)
    if form.kind == "terminal":
        _draw(form, kept)
    else:
        put_alerts(form, info, kept)
    if not kept:
        say(f"There are no alerts in {settings.index}: newsidx alert add NAME QUERY")
    return 0 if kept else 1


def _draw(form: Form, kept: list[Kept]) -> None:
    width = max((len(alert.name) for alert in kept), default=0)
    for alert in kept:
        record = alert_record(alert)
        query = record["understood"] or record["query"]
        filters = " ".join(record["filters"] or ())
        what = one_line(f"{query} {filters}".strip())
        name = f"{alert.name:<{width}}"
        if form.color:
            name = f"\x1b[36m{name}\x1b[0m"
        since = alert.since.astimezone()
        write_text(f"{name}  {what}  (since {since:%Y-%m-%d %H:%M})\n")


def rm(name: NameArgument, wait: WaitOption = 0.0, index: IndexOption = None) -> int:
    """Forget an alert."""
    alerts.remove(load_settings(index).index, name, wait=wait)
    say(f"The alert {name} is forgotten.")
    return 0


app.command("add", cls=QueryCommand)(spelled_out(add))
app.command("list")(spelled_out(list_alerts))
app.command("rm")(rm)


def command() -> Any:
    """The commands, for the group."""
    return typer.main.get_command(app)
