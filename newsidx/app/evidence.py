"""What an open index can be held to: quotations, samples, citations, frozen states."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from newsidx.app.counting import Counting
from newsidx.app.exporting import Exporting
from newsidx.app.opened import NOT_FINISHED
from newsidx.app.searching import as_question, this_day
from newsidx.errors import UsageError
from newsidx.searcher.question import Ask, Understood, question_of

if TYPE_CHECKING:
    from newsidx.index.accounts import Original
    from newsidx.index.frozen import Frozen, Holding
    from newsidx.results.spread import Spread
    from newsidx.searcher.citation import Citation, Versions
    from newsidx.searcher.dossier import Dossier
    from newsidx.searcher.freezing import Difference, Side
    from newsidx.searcher.quotation import Quotation
    from newsidx.searcher.sampling import Sample

__all__ = ["Evidence"]


class Evidence(Counting, Exporting):
    """What those need who must be right."""

    def quote(self, text: str) -> Quotation:
        """Say whether a quotation is in the archive, where, and what was changed.

        Args:
            text: The quotation, with or without the marks around it.
        """
        return next(self.quotations([text]))

    def quotations(self, texts: Iterable[str]) -> Iterator[Quotation]:
        """The same for many quotations, each answer made as it is taken."""
        from newsidx.searcher.quotes import Quotations

        checker = Quotations(self.engine, self.manifest.language, self.path_of)
        return (checker.check(text) for text in texts)

    def sample(
        self,
        query: str | Ask = "*",
        *,
        number: int = 200,
        seed: int = 1,
        per: str | None = None,
        outside: str | None = None,
        outside_number: int | None = None,
    ) -> Sample:
        """Draw articles at random from what a query matches; the same seed draws the same.

        Args:
            query: A query, or a question with filters.
            number: How many; all, where there are fewer.
            per: `source` or `month`: from each in proportion to its size.
            outside: A broader query: draw from what it matches and the first doesn't too.
            outside_number: How many there; None is as many.

        Raises:
            QueryError: A query can't be understood.
            UsageError: There are more strata than can be drawn from.
        """
        from newsidx.searcher.sampling import draw

        question = as_question(query)
        broader = None
        if outside is not None:
            wider = replace(question, text=outside, literal=False)
            broader = self.understand(wider).query.tree
        tree = self.understand(question).query.tree
        return draw(
            self.engine, tree, number, seed, per=per, broader=broader, outside=outside_number
        )

    def cite(self, query: str | Ask = "*", *, day: date | None = None, **options: Any) -> Citation:
        """What a methods section says of a query: numbers, coverage, versions, state.

        Args:
            query: In the query language, or a question that is put already.
            day: Of the search, from which `yesterday` counts; None is today.
            options: As for `search`: `any`, `exact`, `literal`, and the filters.

        Raises:
            QueryError: The query can't be understood.
            UsageError: A filter makes no sense.
        """
        from newsidx.index.accounts import account
        from newsidx.searcher.citation import cite

        question, day = question_of(query, **options), day or this_day()
        understood = self.understand(question, day)
        return cite(
            self.engine,
            question,
            understood,
            self._held_by(understood),
            index=self.info,
            searched=self.coverage(understood),
            account=self._told_by_ledger(account),
            versions=self.versions,
            day=day,
            warnings=self.warnings,
        )

    @property
    def versions(self) -> Versions:
        """What decides besides the articles what a query finds."""
        from newsidx._version import __version__
        from newsidx.searcher.citation import Versions

        manifest = self.manifest
        return Versions(__version__, manifest.tokens, manifest.stems, manifest.language)

    def holdings(self, ids: Collection[str] | None = None) -> dict[str, Holding]:
        """Id -> the article as it is: a hash of what it says, and where it was read.

        Args:
            ids: Of which articles; None is all.
        """
        from newsidx.index.accounts import holdings as kept
        from newsidx.searcher.holdings import holdings

        if ids is None and self.engine.capabilities.shared:
            ids = self.engine.ids("")  # the ledger knows of one's own only
        state = self.manifest.state
        if self._known is None:
            steady = NOT_FINISHED not in self.warnings
            told = self._told_by_ledger(lambda ledger: kept(ledger, state)) if steady else None
            self._known = told or {}
        return holdings(self.engine, ids, self._known)

    def _held_by(self, understood: Understood) -> dict[str, Holding]:
        return self.holdings(self._ids(understood))

    def freeze(
        self,
        name: str,
        query: str | Ask | None = None,
        *,
        day: date | None = None,
        wait: float = 0.0,
        **options: Any,
    ) -> tuple[Frozen, bool]:
        """Keep what the archive holds, or what a query finds, under a name in the index.

        Args:
            name: Up to 64 letters a to z, digits, and - _ . among them.
            query: None is the state of the archive.
            day: As for `cite`.
            wait: Seconds to wait while somebody else keeps one.
            options: As for `search`: `any`, `exact`, `literal`, and the filters.

        Returns:
            What was kept, and whether it is new; False where just that has that name already.

        Raises:
            QueryError: The query can't be understood.
            Refused: The name is taken by something else.
        """
        from newsidx.index.frozen import checked_name, save
        from newsidx.searcher.freezing import frozen_of

        checked_name(name)
        question, day = None if query is None else question_of(query, **options), day or this_day()
        understood = None if question is None else self.understand(question, day)
        held = self.holdings() if understood is None else self._held_by(understood)
        info = None if understood is None else understood.info
        frozen = frozen_of(name, question, info, held, self.info.state, self.versions, day)
        return frozen, save(self.path, frozen, held, wait)

    def diff(
        self, first: str, second: str | None = None, *, day: date | None = None, exact: bool = False
    ) -> Difference:
        """What came, went and changed between two states, or two results.

        Args:
            first: The name of a frozen set; `now` for the archive as it is; or `query:` and
                a query.
            second: The same; None is the first as it is now: the archive, or what the query
                of a frozen result finds today.
            day: From which `yesterday` counts; None is today.
            exact: Match the words of `query:` as written, without stemming.

        Raises:
            UsageError: There is nothing of that name.
            QueryError: A query can't be understood.
        """
        from newsidx.index.removals import removals
        from newsidx.searcher.freezing import difference

        day = day or this_day()
        one = self._side(first, day, exact=exact)
        two = self._again(one, day) if second is None else self._side(second, day, exact=exact)
        told = self._told_by_ledger(removals) or []
        removed = {each.id for each in told}
        return difference(
            self.engine, one, two, self.holdings(), removed, self.versions, self.warnings
        )

    def report(
        self,
        queries: Iterable[str | Ask],
        *,
        limit: int | None = 100,
        sort: str = "oldest",
        by: str | None = None,
        day: date | None = None,
    ) -> Dossier:
        """A dossier: some queries with their coverage, matches in context, and articles.

        Args:
            queries: In the query language, or questions that are put already.
            limit: Articles of each query at most; None is all.
            sort: Which of them come first, and are kept: as for `search`. By relevance,
                another engine may keep others.
            by: The size of buckets, as for `timeline`.
            day: As for `cite`.

        Raises:
            QueryError: A query can't be understood.
            UsageError: An option makes no sense, or there is no query.
        """
        from newsidx.searcher.dossier import Dossier, chapter, entries
        from newsidx.searcher.timeline import Plan

        language, day = self.manifest.language, day or this_day()
        questions = [replace(question_of(each), sort=sort, limit=limit) for each in queries]
        chapters = tuple(
            chapter(
                self.engine,
                self.understand(each, day),
                self.cite(each, day=day),
                language,
                limit=limit,
                sort=sort,
                plan=Plan(by),
            )
            for each in questions
        )
        if not chapters:
            raise UsageError("There is no query.", "Write what the dossier is to be about.")
        ids = {key for each in chapters for key in each.ids}
        places = self._told_by_ledger(lambda ledger: self._places_below(ledger, ids))
        return Dossier(chapters, entries(self.engine, chapters, self.holdings(ids), places or {}))

    def originals(self, ids: Collection[str]) -> dict[str, Original]:
        """Id -> the file on disk that an article was read from, with a hash of its bytes."""
        from newsidx.index.accounts import originals

        ledger = self.ledger()
        try:
            return originals(ledger, ids)
        finally:
            ledger.close()

    def _side(self, text: str, day: date, *, exact: bool) -> Side:
        """What is meant by a word of `diff`."""
        from newsidx.index.frozen import NOW, load
        from newsidx.searcher.freezing import QUERY, Side

        if text == NOW:
            return Side(text, None, None, self.holdings())
        if text.startswith(QUERY):
            understood = self.understand(Ask(text.removeprefix(QUERY), exact=exact), day)
            return Side(text, understood.info, None, self._held_by(understood))
        frozen, held = load(self.path, text)
        return Side(text, None, frozen, held)

    def _again(self, side: Side, day: date) -> Side:
        """The same as it is now."""
        from newsidx.index.frozen import NOW
        from newsidx.searcher.freezing import Side, question_kept_in

        question = question_kept_in(side)
        if question is None:
            return Side(NOW, None, None, self.holdings())
        understood = self.understand(question, day)
        return Side(f"{side.text}, {NOW}", understood.info, None, self._held_by(understood))

    def spread(
        self, article_id: str, *, against: str | None = None, by_word: bool = False
    ) -> Spread:
        """Who printed an article, when, and what each changed.

        Args:
            article_id: Of any version of it; its first four or more characters do.
            against: The version that the others are compared with. Default: the earliest.
            by_word: Tell the differences word by word as well.

        Raises:
            ArticleNotFound: There is no such article.
            UsageError: `against` is not one of the versions.
        """
        from newsidx.searcher.spread import spread

        return spread(
            self.engine,
            self.get(article_id),
            self._sketches(),
            self.manifest.language,
            self.manifest.roots,
            against=against,
            by_word=by_word,
        )
