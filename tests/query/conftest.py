"""What the tests of queries share."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsidx.errors import QueryError
from newsidx.query.parser import parse

Refused = Callable[[str], QueryError]


@pytest.fixture(scope="session")
def refused() -> Refused:
    """Parses a query in which ⟦…⟧ marks a place: the error, which must be at that place."""

    def refuse(marked: str) -> QueryError:
        query = marked.replace("⟦", "").replace("⟧", "")
        with pytest.raises(QueryError) as caught:
            parse(query)
        place = (marked.index("⟦"), marked.index("⟧") - 1)
        assert (caught.value.start, caught.value.end) == place
        assert caught.value.query == query
        assert caught.value.hint
        return caught.value

    return refuse
