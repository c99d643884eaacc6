"""The engine of a new index, as options of the commands that make one."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from msgspec import Struct, field

from newsidx.cli.groups import Together

__all__ = ["Chosen", "Engine", "EngineOptions"]


class Chosen(Struct, frozen=True):
    """An engine as it was given on a command line.

    Attributes:
        name: None where none was.
        options: What the engine wants to know, as far as it was given.
    """

    name: str | None = None
    options: dict[str, Any] = field(default_factory=dict)


def _options(
    url: Annotated[
        list[str] | None,
        typer.Option(
            "--url",
            metavar="URL",
            help="For --engine opensearch: https://host:9200/name. Several nodes: repeat it, or "
            "commas.",
            show_default=False,
        ),
    ] = None,
    shards: Annotated[
        int | None,
        typer.Option(
            "--shards", metavar="N", help="For --engine opensearch. Default: 1.", show_default=False
        ),
    ] = None,
    replicas: Annotated[
        int | None,
        typer.Option(
            "--replicas",
            metavar="N",
            help="For --engine opensearch: further copies. Default: 1.",
            show_default=False,
        ),
    ] = None,
    ca: Annotated[
        str | None,
        typer.Option(
            "--ca",
            metavar="FILE",
            help="For --engine opensearch: certificates to trust.",
            show_default=False,
        ),
    ] = None,
) -> dict[str, Any]:
    given = {"url": url or None, "shards": shards, "replicas": replicas, "ca": ca}
    return {name: value for name, value in given.items() if value is not None}


EngineOptions = Annotated[dict[str, Any], Together(_options)]
"""Stands for what engines want to know."""


def _chosen(
    engine: Annotated[
        str | None,
        typer.Option(
            "--engine", metavar="NAME", help="For a new index: its engine.", show_default=False
        ),
    ] = None,
    *,
    options: EngineOptions,
) -> Chosen:
    return Chosen(engine, options)


Engine = Annotated[Chosen, Together(_chosen)]
"""Stands for --engine and what engines want to know."""
