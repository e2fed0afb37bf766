"""From results to what is reported: lines, columns and fingerprints.

Only documents that have a finding are read again, each from its own start.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from meshlint.findings import Fix, Identity, Path, Region, RelatedResult, Result, Spot
from meshlint.local import Span
from meshlint.reading import Document, nested, read, regions
from meshlint.registry import Meta
from meshlint.report.model import PlannedEdit, PlannedFix, RelatedPlace, Reported, field_text
from meshlint.sources import Source

_START = Region(1, 1, 1, 1)


class Locator:
    """Finds regions and values of spots, reading each document at most once."""

    def __init__(self, sources: Sequence[Source], spans: Sequence[Sequence[Span]]) -> None:
        self._sources = sources
        self._spans = spans
        self._documents: dict[tuple[int, int], Document] = {}
        self._regions: dict[Spot, Region] = {}

    def prepare(self, spots: Iterable[Spot]) -> None:
        """Find the regions of many spots with one pass over each document."""
        wanted: dict[tuple[int, int], list[Spot]] = {}
        for spot in spots:
            if spot.region is None and spot.inner is None and spot.source >= 0:
                wanted.setdefault((spot.source, spot.document), []).append(spot)
        for (source, number), group in wanted.items():
            document = self._document(source, number)
            if document is not None:
                text = self._sources[source].text
                found = regions(text, document, [(spot.path, spot.part) for spot in group])
                self._regions.update(zip(group, found, strict=True))

    def region(self, spot: Spot) -> Region:
        """Where a spot is, in lines and columns of its file."""
        inside = self.inside(spot)
        return self._sources[spot.source].outer(inside) if inside else _START

    def inside(self, spot: Spot) -> Region | None:
        """Where a spot is, in lines and columns of its source's text; None where it is nowhere."""
        if spot.source < 0:
            return None
        return spot.region or self._regions.get(spot) or self._inner(spot)

    def path(self, spot: Spot) -> str:
        """The file of a spot."""
        return self._sources[spot.source].path if spot.source >= 0 else ""

    def fence(self, spot: Spot) -> int | None:
        """Which fence of its Markdown file a spot is in."""
        return self._sources[spot.source].fence if spot.source >= 0 else None

    def data(self, spot: Spot) -> Any:
        """The plain data of the document a spot is in, None where it cannot be read."""
        document = self._document(spot.source, spot.document) if spot.source >= 0 else None
        return document.data if document else None

    def _document(self, source: int, number: int) -> Document | None:
        key = (source, number)
        if key not in self._documents:
            spans = self._spans[source]
            if number >= len(spans):
                return None
            span = spans[number]
            found = read(self._sources[source].text[span.start : span.end]).documents
            self._documents[key] = Document(found[0].data if found else None, span.start, span.end, span.line)
        return self._documents[key]

    def _inner(self, spot: Spot) -> Region | None:
        """The region of a spot in YAML that a scalar of the document holds."""
        document = self._document(spot.source, spot.document)
        if document is None:
            return None
        source = self._sources[spot.source]
        held = nested(source.text, document, spot.path) if spot.inner is not None else None
        if held is None:
            return regions(source.text, document, [(spot.path, spot.part)])[0]
        documents = read(held.text).documents
        if not documents:
            return None
        return held.outer(regions(held.text, documents[0], [(spot.inner or (), spot.part)])[0])


def report_all(results: Sequence[Result], metas: dict[str, Meta], locator: Locator) -> list[Reported]:
    """Everything that is reported, in its final order: path, line, column, code, message."""
    locator.prepare(spot for result in results for spot in _spots(result))
    found = [_reported(result, metas.get(result.rule), locator) for result in results]
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


def _planned(fix: Fix | None, prefix: int, locator: Locator) -> PlannedFix | None:
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
        if isinstance(edit.spot, Spot)
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
