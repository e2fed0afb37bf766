"""From results to what is reported: lines, columns and fingerprints.

Only documents that have a finding are read again, each from its own start; what finds places in a text is
imported by the first one. Of a file that was changed since it was judged nothing is shown: its findings
stand at its start.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from meshlint.findings import FixResult, Identity, Path, Region, RelatedResult, Result, Spot
from meshlint.mapped import Mapped
from meshlint.reading import Document, read
from meshlint.registry import Meta
from meshlint.report.model import PlannedEdit, PlannedFix, RelatedPlace, Reported, field_text
from meshlint.sources import Source, Stock

_START = Region(1, 1, 1, 1)
_BATCH = 256
"""Results that are located together: of so many sources, texts and data are in memory at a time."""


class Locator:
    """Finds regions and values of spots. Sources are read again as needed; the last few are remembered."""

    def __init__(self, stock: Stock, mapped: Sequence[Mapped]) -> None:
        self._stock = stock
        self._mapped = mapped
        self._sources: dict[int, Source | None] = {}
        self._documents: dict[tuple[int, int], Document] = {}
        self._regions: dict[Spot, Region] = {}

    def prepare(self, spots: Iterable[Spot]) -> None:
        """Find the regions of many spots with one pass over each document."""
        from meshlint.reading.places import regions

        wanted: dict[tuple[int, int], list[Spot]] = {}
        for spot in spots:
            if spot.region is None and spot.inner is None and spot.source >= 0 and spot not in self._regions:
                wanted.setdefault((spot.source, spot.document), []).append(spot)
        for (number, index), group in wanted.items():
            document = self._document(number, index)
            source = self._source(number)
            if document is not None and source is not None:
                found = regions(source.text, document, [(spot.path, spot.part) for spot in group])
                self._regions.update(zip(group, found, strict=True))

    def forget(self) -> None:
        """Let go of texts and data; regions stay."""
        self._sources.clear()
        self._documents.clear()

    def region(self, spot: Spot) -> Region:
        """Where a spot is, in lines and columns of its file; the file's start where its text has changed since."""
        inside = self.inside(spot)
        source = self._source(spot.source) if inside else None
        return source.outer(inside) if source and inside else _START

    def inside(self, spot: Spot) -> Region | None:
        """Where a spot is, in lines and columns of its source's text; None where it is nowhere."""
        if spot.source < 0 or self._source(spot.source) is None:
            return None
        return spot.region or self._regions.get(spot) or self._inner(spot)

    def path(self, spot: Spot) -> str:
        """The file of a spot."""
        return self._stock.path(spot.source) if spot.source >= 0 else ""

    def text(self, number: int) -> str:
        """The text of a source, `""` where it has changed since it was judged."""
        source = self._source(number)
        return source.text if source else ""

    def fence(self, spot: Spot) -> int | None:
        """Which fence of its Markdown file a spot is in."""
        source = self._source(spot.source) if spot.source >= 0 else None
        return source.fence if source else None

    def data(self, spot: Spot) -> Any:
        """The plain data of the document a spot is in, None where it cannot be read."""
        document = self._document(spot.source, spot.document) if spot.source >= 0 else None
        return document.data if document else None

    def _source(self, number: int) -> Source | None:
        if number not in self._sources:
            self._sources[number] = self._stock.again(number, self._mapped[number].digest)
        return self._sources[number]

    def _document(self, number: int, index: int) -> Document | None:
        key = (number, index)
        if key not in self._documents:
            spans = self._mapped[number].spans
            source = self._source(number)
            if index >= len(spans) or source is None:
                return None
            span = spans[index]
            found = read(source.text[span.start : span.end]).documents
            self._documents[key] = Document(found[0].data if found else None, span.start, span.end, span.line)
        return self._documents[key]

    def _inner(self, spot: Spot) -> Region | None:
        """The region of a spot in YAML that a scalar of the document holds."""
        document = self._document(spot.source, spot.document)
        if document is None:
            return None
        return region_of(self.text(spot.source), document, spot)


def region_of(text: str, document: Document, spot: Spot) -> Region | None:
    """Where a spot of a document is in the text of its source; in YAML that a scalar holds, too."""
    from meshlint.reading.nested import nested
    from meshlint.reading.places import regions

    held = nested(text, document, spot.path) if spot.inner is not None else None
    if held is None:
        return regions(text, document, [(spot.path, spot.part)])[0]
    documents = read(held.text).documents
    if not documents:
        return None
    return held.outer(regions(held.text, documents[0], [(spot.inner or (), spot.part)])[0])


def report_all(results: Sequence[Result], metas: dict[str, Meta], locator: Locator) -> list[Reported]:
    """Everything that is reported, in its final order: path, line, column, code, message."""
    found: list[Reported] = []
    ordered = sorted(results, key=lambda result: (result.spot.source, result.spot.document))
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        locator.prepare(spot for result in batch for spot in _spots(result))
        found += [_reported(result, metas.get(result.rule), locator) for result in batch]
        locator.forget()
    found.sort(key=lambda item: (item.path, item.region, item.rule, item.message, item.fingerprint))
    return _distinct(found)


def _spots(result: Result) -> Iterable[Spot]:
    yield result.spot
    for end in result.related:
        yield end.spot


def _reported(result: Result, meta: Meta | None, locator: Locator) -> Reported:
    return Reported(
        rule=result.rule,
        name=result.name,
        severity=result.severity,
        message=result.message,
        help=result.help,
        url=meta.url if meta else f"https://meshlint.dev/rules/{result.rule}/",
        path=locator.path(result.spot),
        region=locator.region(result.spot),
        resource=result.resource,
        field=_field(result.spot, result.resource, result.prefix),
        related=tuple(_related(end, locator) for end in result.related),
        equivalents=result.equivalents,
        fix=_planned(result.fix, result.prefix, locator),
        fingerprint=_fingerprint(result, locator),
        suppressed=result.suppressed,
    )


def _related(end: RelatedResult, locator: Locator) -> RelatedPlace:
    field = _field(end.spot, end.resource, end.prefix)
    return RelatedPlace(locator.path(end.spot), locator.region(end.spot), end.resource, field, end.message)


def _planned(fix: FixResult | None, prefix: int, locator: Locator) -> PlannedFix | None:
    if fix is None:
        return None
    edits = tuple(
        PlannedEdit(
            locator.path(edit.spot),
            locator.region(edit.spot),
            field_text(edit.spot.path[prefix:]),
            edit.action,
            edit.value,
            locator.fence(edit.spot),
            edit.spot.document if edit.spot.inner is None else -1,
            edit.spot.path,
        )
        for edit in fix.edits
    )
    return PlannedFix(fix.description, edits)


def _field(spot: Spot, resource: Identity | None, prefix: int) -> str | None:
    path = spot.path[prefix:] + (spot.inner or ())
    return field_text(path) if resource is not None and path else None


def _fingerprint(result: Result, locator: Locator) -> str:
    """Rule, resource, field and value, without anything that moves when lines or list items do."""
    resource = result.resource
    data = locator.data(result.spot) if resource else None
    if resource is None:
        owner = locator.path(result.spot)
    else:
        group = resource.api_version.rpartition("/")[0]
        owner = f"{group}/{resource.kind}/{resource.namespace or ''}/{resource.name}"
    steps, value = _stable(data, result.spot.path, result.prefix)
    text = "\x00".join((result.rule, owner, *steps, *map(str, result.spot.inner or ()), value))
    return _digest(text)


def _stable(data: Any, path: Path, prefix: int) -> tuple[list[str], str]:
    """The steps of a path with list indexes replaced by the item's name or left out, and the value there."""
    steps: list[str] = []
    for number, step in enumerate(path):
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        if number < prefix:
            continue
        if isinstance(step, str):
            steps.append(step)
        elif isinstance(data, dict) and isinstance(data.get("name"), str):
            steps.append(f"[{data['name']}]")
    if isinstance(data, dict | list):
        return steps, ""
    return steps, "" if data is None else str(data)


def _digest(text: str) -> str:
    try:
        from _blake2 import blake2b  # what hashlib gives, without the 2 ms to load OpenSSL
    except ImportError:
        from hashlib import blake2b

    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def _distinct(found: list[Reported]) -> list[Reported]:
    """Number equal fingerprints in order: the second is `...:2`. Findings that are wholly equal become one."""
    import msgspec

    seen: dict[str, int] = {}
    before: tuple[object, ...] | None = None
    kept: list[Reported] = []
    for item in found:
        same = (item.path, item.region, item.rule, item.message, item.resource)
        if same == before:
            continue
        before = same
        count = seen[item.fingerprint] = seen.get(item.fingerprint, 0) + 1
        kept.append(item if count == 1 else msgspec.structs.replace(item, fingerprint=f"{item.fingerprint}:{count}"))
    return kept


def lines_of(stock: Stock, mapped: Sequence[Mapped]) -> Callable[[str], Sequence[str] | None]:
    """Lines of a file by its path, put together from its sources: fences leave the lines between them empty."""
    by_path: dict[str, list[int]] = {}
    for number in range(len(stock)):
        by_path.setdefault(stock.path(number), []).append(number)
    known: dict[str, list[str] | None] = {}

    def lines(path: str) -> Sequence[str] | None:
        if path not in known:
            known.clear()  # reports go file by file: one is enough
            again = [stock.again(n, mapped[n].digest) for n in by_path.get(path, ())]
            sources = [source for source in again if source is not None]
            known[path] = _joined(sources) if sources and len(sources) == len(again) else None
        return known[path]

    return lines


def _joined(sources: Sequence[Source]) -> list[str]:
    from meshlint.reading.lines import split_lines

    lines: list[str] = []
    for source in sources:
        lines += [""] * (source.line - len(lines))
        own = split_lines(source.text)
        indents = source.indents or (0,) * len(own)
        lines += [" " * indent + line for indent, line in zip(indents, own, strict=False)]
    return lines
