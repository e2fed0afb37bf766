"""Laying silencers over results: which findings are silent, and which silencers had nothing to do."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import msgspec

from meshlint.findings import Region, Result, Spot
from meshlint.problems import Problem, SuppressionWithoutReason, UnknownSuppression, UnusedSuppression
from meshlint.registry import Meta
from meshlint.selection import Selection
from meshlint.suppress.collect import in_annotations, in_comments
from meshlint.suppress.markers import ANNOTATION, GALLEY, holds_marker
from meshlint.suppress.silencer import Silencer, Words

Span = tuple[int, int]
"""Where a document begins and ends in the text of its source."""


class Places(Protocol):
    """What is asked about places; `meshlint.locate.Locator` answers."""

    def prepare(self, spots: Iterable[Spot]) -> None:
        """Look many places up at once."""

    def inside(self, spot: Spot) -> Region | None:
        """The region of a spot in its source's text."""

    def data(self, spot: Spot) -> Any:
        """The plain data of the document that a spot is in."""


class Silencing(msgspec.Struct, frozen=True):
    """What came of it: all results, those silenced with `suppressed` set, and problems with silencers."""

    results: list[Result]
    problems: list[Problem]


def silence(
    results: Sequence[Result],
    texts: Sequence[str],
    documents: Sequence[Sequence[Span] | None],
    places: Places,
    selection: Selection,
    *,
    judged: Callable[[int, Meta], bool],
) -> Silencing:
    """Silence what comments and annotations say.

    `texts` are those of the sources, `documents` where in each its documents are (None: it was not judged).
    `judged(source, rule)` tells whether the run can know that a rule has nothing to say in a
    source; only then a silencer may be called unused.
    """
    silencers: dict[int, list[Silencer]] = {}
    problems: list[Problem] = []
    for number, (text, spans) in enumerate(zip(texts, documents, strict=True)):
        if spans is not None and holds_marker(text):
            for item in _collected(text, number, spans, places):
                if isinstance(item, Problem):
                    problems.append(item)
                else:
                    silencers.setdefault(number, []).append(item)
    if not silencers:
        return Silencing(list(results), problems)
    places.prepare(result.spot for result in results if result.spot.source in silencers)
    silent = _Silent(silencers, places, selection)
    after = [silent.judged(result) if result.spot.source in silencers else result for result in results]
    return Silencing(after, [*problems, *silent.problems(judged)])


def _collected(text: str, source: int, spans: Sequence[Span], places: Places) -> Iterable[Silencer | Problem]:
    yield from in_comments(text, source)
    if ANNOTATION not in text and GALLEY not in text:
        return
    for document, (start, end) in enumerate(spans):
        if text.find(ANNOTATION, start, end) >= 0 or text.find(GALLEY, start, end) >= 0:
            yield from in_annotations(places.data(Spot(source, document)), source, document)


class _Silent:
    """Judges results one by one and remembers which silencers did something."""

    def __init__(self, silencers: Mapping[int, Sequence[Silencer]], places: Places, selection: Selection) -> None:
        self._silencers = silencers
        self._places = places
        self._selection = selection
        self._metas = {**selection.known, **selection.rules}
        self._used: set[int] = set()
        self._locked: set[int] = set()
        """Silencers (by `id`) that covered a finding, and those that covered one that may not be silenced."""
        self._by_line: dict[tuple[int, int], list[Silencer]] = {}
        self._wide: dict[int, list[Silencer]] = {}
        for source, group in silencers.items():
            for silencer in group:
                if silencer.line is None:
                    self._wide.setdefault(source, []).append(silencer)
                else:
                    self._by_line.setdefault((source, silencer.line), []).append(silencer)

    def judged(self, result: Result) -> Result:
        """The result, with the reason where a silencer covers it."""
        covering = [silencer for silencer in self._around(result) if silencer.names(result)]
        if not covering:
            return result
        meta = self._metas.get(result.rule)
        if meta is not None and not meta.ignorable:
            self._locked.update(map(id, covering))
            return result
        self._used.update(map(id, covering))
        return msgspec.structs.replace(result, suppressed=next((s.reason for s in covering if s.reason), ""))

    def _around(self, result: Result) -> Iterator[Silencer]:
        spot = result.spot
        region = self._places.inside(spot)
        for line in range(region.line, region.end_line + 1) if region else ():
            yield from self._by_line.get((spot.source, line), ())
        for silencer in self._wide.get(spot.source, ()):
            if silencer.document is None or (
                silencer.document == spot.document and spot.path[: len(silencer.prefix)] == silencer.prefix
            ):
                yield silencer

    def problems(self, knows: Callable[[int, Meta], bool]) -> Iterator[Problem]:
        """What is wrong with the silencers, once every result was judged; `knows` is `judged` of `silence`."""
        words = Words(self._metas.values())
        for source, group in self._silencers.items():
            for silencer in group:
                if not silencer.foreign:
                    yield from self._problems_of(silencer, words, partial(knows, source))

    def _problems_of(self, silencer: Silencer, words: Words, knows: Callable[[Meta], bool]) -> Iterator[Problem]:
        rules = words.rules(silencer.word)
        if not rules:
            yield UnknownSuppression(spot=silencer.spot, word=silencer.word, nearest=words.nearest(silencer.word))
            return
        if not silencer.reason:
            yield SuppressionWithoutReason(spot=silencer.spot, word=silencer.word)
        if id(silencer) in self._used:
            return
        locked = id(silencer) in self._locked
        if locked or all(self._ran(meta) and knows(meta) for meta in rules):
            yield UnusedSuppression(spot=silencer.spot, word=silencer.word, locked=locked)

    def _ran(self, meta: Meta) -> bool:
        """Whether a rule ran, and all of its findings were wanted."""
        return meta.code in self._selection.rules and meta.code not in self._selection.peers
