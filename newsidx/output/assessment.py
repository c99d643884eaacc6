"""What a judged sample says of a query, for programs and for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from newsidx.output.numbers import percent, rounded
from newsidx.output.safe import one_line
from newsidx.text.counted import counted

__all__ = ["ASSESSMENT", "AssessmentLike", "assessment_lines", "assessment_record"]

ASSESSMENT = "newsidx.assess/1"
"""Name and version of its shape."""


class EstimateLike(Protocol):
    """A number and its interval."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def standard_error(self) -> float | None: ...


class StratumLike(Protocol):
    """What was judged of one stratum."""

    @property
    def part(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def population(self) -> int: ...
    @property
    def judged(self) -> int: ...
    @property
    def relevant(self) -> int: ...


class AssessmentLike(Protocol):
    """What a sample says of a query."""

    @property
    def strata(self) -> Sequence[StratumLike]: ...  # noqa: D102
    @property
    def precision(self) -> EstimateLike: ...  # noqa: D102
    @property
    def found(self) -> EstimateLike: ...  # noqa: D102
    @property
    def missed(self) -> EstimateLike | None: ...  # noqa: D102
    @property
    def recall(self) -> EstimateLike | None: ...  # noqa: D102
    @property
    def correction(self) -> float | None: ...  # noqa: D102


class OriginLike(Protocol):
    """What the sample was drawn from."""

    @property
    def matches(self) -> int: ...
    @property
    def remainder(self) -> int | None: ...
    @property
    def seed(self) -> int: ...
    @property
    def per(self) -> str | None: ...
    @property
    def query(self) -> str: ...
    @property
    def outside(self) -> str | None: ...
    @property
    def state(self) -> str: ...


def assessment_record(found: AssessmentLike, origin: OriginLike) -> dict[str, Any]:
    """An assessment as `newsidx.assess/1`."""
    return {
        "schema": ASSESSMENT,
        "query": origin.query,
        "outside": origin.outside,
        "seed": origin.seed,
        "per": origin.per,
        "state": origin.state,
        "matches": origin.matches,
        "remainder": origin.remainder,
        "judged": sum(each.judged for each in found.strata),
        "precision": _estimate(found.precision),
        "recall": _estimate(found.recall),
        "found": _estimate(found.found),
        "missed": _estimate(found.missed),
        "correction": rounded(found.correction),
        "strata": [
            {
                "part": each.part,
                "stratum": each.name,
                "population": each.population,
                "judged": each.judged,
                "relevant": each.relevant,
            }
            for each in found.strata
        ],
        "warnings": [],
    }


def _estimate(estimate: EstimateLike | None) -> dict[str, float | None] | None:
    if estimate is None:
        return None
    return {
        "estimate": rounded(estimate.value),
        "low": rounded(estimate.low),
        "high": rounded(estimate.high),
        "standard_error": rounded(estimate.standard_error),
    }


def assessment_lines(found: AssessmentLike, origin: OriginLike) -> Iterator[str]:
    """An assessment in words, a line each."""
    yield f"Query      {one_line(origin.query)}"
    if origin.outside is not None:
        yield f"Outside    {one_line(origin.outside)}"
    yield f"Judged     {_judged(found, origin)}"
    yield ""
    yield f"Precision  {_share(found.precision)}"
    if found.recall is not None:
        yield f"Recall     {_share(found.recall)}  of what the broader query reaches"
    elif found.missed is not None:
        yield "Recall     unknown: no relevant article was met"
    else:
        yield "Recall     unknown: nothing was drawn outside (newsidx sample --outside QUERY)"
    yield ""
    yield f"Relevant among the matches  {_number(found.found)}"
    if found.missed is not None:
        yield f"Relevant and missed         {_number(found.missed)}"
    if found.correction is not None:
        yield f"Matches x {found.correction:.3g} is about the number of all relevant articles."
    yield "Intervals are at 95 %; newsidx assess --help names the formulas."


def _judged(found: AssessmentLike, origin: OriginLike) -> str:
    said = []
    for part, size in (("matches", origin.matches), ("remainder", origin.remainder)):
        strata = [each for each in found.strata if each.part == part]
        if size is not None:
            judged, relevant = (
                sum(getattr(each, name) for each in strata) for name in ("judged", "relevant")
            )
            where = f" in {counted(len(strata), 'stratum', 'strata')}" if len(strata) > 1 else ""
            said.append(f"{judged:,} of {size:,} {part}{where}, {relevant:,} relevant")
    return "; ".join(said)


def _share(estimate: EstimateLike) -> str:
    return f"{percent(estimate.value)}  ({percent(estimate.low)} to {percent(estimate.high)})"


def _number(estimate: EstimateLike) -> str:
    return f"{estimate.value:,.0f}  ({estimate.low:,.0f} to {estimate.high:,.0f})"
