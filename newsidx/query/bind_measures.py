"""Binding dates and numbers: values, ranges and comparisons, as ranges of whole numbers."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from newsidx.query import bind_complaints as complaints
from newsidx.query import bound, nodes
from newsidx.query.dates import date_range
from newsidx.schema import Field, Kind

__all__ = ["Measures"]

_Measured = nodes.Word | nodes.Phrase | nodes.Exact | nodes.Range | nodes.Compare


class Measures(Struct, frozen=True):
    """What binds values of fields of dates and numbers.

    Args:
        query: The query's text, for error messages.
        today: What `date:yesterday` counts from.
    """

    query: str
    today: date

    def bind(self, node: _Measured, scope: Field | None) -> bound.Bound:
        """Bind a value, a range or a comparison.

        Raises:
            QueryError: The field is of words, or the value is no date or number.
        """
        match node:
            case nodes.Range():
                return self._bind_range(node, scope)
            case nodes.Compare():
                return self._bind_compare(node, scope)
            case _:
                scope = self._measurable(scope, node.span, "values")
                if scope.kind is Kind.DATE:
                    return self._days(scope, node.text, node.text, node.span)
                number = self._number(scope, node.text, node.span)
                return bound.Range(scope.name, number, number)

    def _bind_range(self, node: nodes.Range, scope: Field | None) -> bound.Bound:
        scope = self._measurable(scope, node.span, "ranges")
        if scope.kind is Kind.DATE:
            return self._days(scope, node.low, node.high, node.span)
        low, high = (
            None if end is None else self._number(scope, end, node.span)
            for end in (node.low, node.high)
        )
        self._check_order(low, high, node)
        return bound.Range(scope.name, low, high)

    def _bind_compare(self, node: nodes.Compare, scope: Field | None) -> bound.Bound:
        scope = self._measurable(scope, node.span, "comparisons")
        if scope.kind is Kind.DATE:
            first, last = (day.toordinal() for day in self._day_span(node.value, node.span))
        else:
            first = last = self._number(scope, node.value, node.span)
        match node.operator:
            case ">":
                return bound.Range(scope.name, last + 1, None)
            case ">=":
                return bound.Range(scope.name, first, None)
            case "<":
                return bound.Range(scope.name, None, first - 1)
            case _:
                return bound.Range(scope.name, None, last)

    def _days(
        self, scope: Field, low: str | None, high: str | None, span: tuple[int, int]
    ) -> bound.Bound:
        first = None if low is None else self._day_span(low, span)[0].toordinal()
        last = None if high is None else self._day_span(high, span)[1].toordinal()
        self._check_order(first, last, nodes.Range(low, high, span))
        return bound.Range(scope.name, first, last)

    def _day_span(self, text: str, span: tuple[int, int]) -> tuple[date, date]:
        try:
            return date_range(text, self.today)
        except ValueError as problem:
            raise complaints.no_date(self.query, str(problem), text, span, self.today) from None

    def _number(self, scope: Field, text: str, span: tuple[int, int]) -> int:
        if text.isascii() and text.isdigit() and len(text) < 16:
            return int(text)
        raise complaints.no_number(self.query, scope, text, span)

    def _check_order(self, low: int | None, high: int | None, node: nodes.Range) -> None:
        if low is not None and high is not None and low > high:
            raise complaints.reversed_range(self.query, node)

    def _measurable(self, scope: Field | None, span: tuple[int, int], what: str) -> Field:
        if scope is None or scope.kind not in (Kind.DATE, Kind.NUMBER):
            raise complaints.wrong_kind(self.query, scope, span, what)
        return scope
