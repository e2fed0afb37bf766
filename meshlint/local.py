"""The map step: one source at a time, independent of all others.

Text becomes documents, documents become resources; the gate, and the rules that judge one resource
alone, run here. What comes out is plain or typed data that can cross a process border.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.derive import carries_mesh_config, carries_pod_settings, derived, refused
from meshlint.findings import Identity, Path, Result, Spot
from meshlint.mesh.context import Entry, Origin
from meshlint.model.base import Generic, Opaque, Resource
from meshlint.model.kinds import convert
from meshlint.problems import DuplicateResource, Problem, SyntaxProblem
from meshlint.reading import Document, Reading, read
from meshlint.results import Owner, Resolver, rebased
from meshlint.ruleset import RuleSet
from meshlint.schemas import Catalog
from meshlint.sources import Skipped, Source, Unreadable, holds_actions, looks_like_template
from meshlint.spans import Spans
from meshlint.suppress.markers import holds_marker

if TYPE_CHECKING:
    from meshlint.written_values import Spelling


class Mapped(msgspec.Struct):
    """What the map step knows of one source."""

    entries: list[Entry]
    results: list[Result]
    spans: Spans
    skipped: dict[str, int]
    notes: list[str] = []
    is_template: bool = False
    """Whether the text is of a template (Helm, Jinja) and so was not judged."""
    is_marked: bool = False
    """Whether the text may hold something that silences findings."""
    digest: int = 0
    """What tells the text that was judged from a later one of the same file; 0 where there will be none."""
    failure: Unreadable | Skipped | None = None
    """Why there is no text."""
    is_part_lost: bool = False
    """Whether a document of a template did not parse: what it holds may be what another file names."""

    def skip(self, reason: str) -> None:
        """Count something that was not judged."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1


class Item(msgspec.Struct, frozen=True, eq=False):
    """One resource as plain data, and the way to it inside its document."""

    data: dict[str, Any]
    document: int
    prefix: Path


Reader = Callable[[str], Reading]
"""From the text of a source to its documents."""


def judge(
    source: Source, number: int, rules: RuleSet, catalog: Catalog, reader: Reader = read, *, fragment: bool = False
) -> Mapped:
    """Everything that can be said of one source alone. Never raises for any text.

    `fragment` says that the source is a kustomize patch: no resource of it joins the mesh and no
    rule judges what it leaves out, but its text is still checked.
    """
    if source.chart is not None and holds_actions(source.text):
        return Mapped([], [], Spans(), {"template": 1}, is_template=True)
    reading = reader(source.text)
    spans = Spans(number for d in reading.documents for number in (d.start, d.end, d.line))
    mapped = Mapped([], [], spans, {}, is_marked=holds_marker(source.text))
    broken = next((problem for problem in reading.problems if isinstance(problem, SyntaxProblem)), None)
    if broken is not None and _is_forgiven(source, broken, mapped):
        return mapped
    mapped.is_part_lost = broken is not None and looks_like_template(source.text)
    items = [item for index, document in enumerate(reading.documents) for item in _items(document, index, mapped)]
    if fragment:
        mapped.skipped["fragment"] = len(items)
        items = []
    resources: dict[Resource, Origin] = {}
    resolver = Resolver(resources.__getitem__, _owners(items))
    as_written = _as_written(source, reading.documents)
    for problem in (*source.problems, *reading.problems):
        _judge_problem(rebased(problem, number, -1, ()), rules, resolver, mapped)
    for item in items:
        origin = Origin(number, item.document, source.path, item.prefix)
        _judge_item(item, origin, rules, catalog, resolver, resources, mapped, as_written)
        if carries_mesh_config(item.data):
            _judge_derived(item, origin, rules, catalog, resolver, resources, mapped)
            for unread in _refused(item, source.text, reading.documents[item.document]):
                _judge_problem(rebased(unread, number, item.document, item.prefix), rules, resolver, mapped)
        elif carries_pod_settings(item.data):
            for setting in _pod_setting_problems(item.data, catalog):
                _judge_problem(rebased(setting, number, item.document, item.prefix), rules, resolver, mapped)
    for twin in _duplicates(mapped.entries):
        _judge_problem(twin, rules, resolver, mapped)
    return mapped


def _is_forgiven(source: Source, broken: SyntaxProblem, mapped: Mapped) -> bool:
    """Whether broken text is no finding: a template found by walking, or a fence of a Markdown file."""
    region = broken.spot.region
    line = source.outer(region).line if region else source.line + 1
    if source.fence is not None:
        mapped.notes.append(f"{source.path}:{line}: this YAML block was skipped: {broken.message}")
        mapped.skip("template" if looks_like_template(source.text) else "not-kubernetes")
    elif not source.named and looks_like_template(source.text):
        mapped.is_template = True
        mapped.skip("template")
    else:
        return False
    return True


def _items(document: Document, index: int, mapped: Mapped) -> Iterator[Item]:
    """The resources of a document: one, or those of a List; what is no resource is counted."""
    stack: list[tuple[Any, Path]] = [(document.data, ())]
    while stack:
        data, prefix = stack.pop()
        if not isinstance(data, dict) or not _is_resource(data):
            mapped.skip("not-kubernetes")
        elif str(data["kind"]).endswith("List") and isinstance(data.get("items"), list) and "spec" not in data:
            stack += [(item, (*prefix, "items", n)) for n, item in reversed(list(enumerate(data["items"])))]
        else:
            yield Item(data, index, prefix)


def _is_resource(data: dict[str, Any]) -> bool:
    version, kind = data.get("apiVersion"), data.get("kind")
    return bool(version and kind) and isinstance(version, str) and isinstance(kind, str)


def _owners(items: list[Item]) -> Callable[[Spot], Owner]:
    """A function from a spot to the resource that holds it, for problems, which know no objects."""

    @cache
    def by_document() -> dict[int, list[Item]]:
        found: dict[int, list[Item]] = {}
        for item in items:
            found.setdefault(item.document, []).append(item)
        return found

    def owner(spot: Spot) -> Owner:
        held = by_document().get(spot.document, ())
        for item in held:
            if spot.path[: len(item.prefix)] == item.prefix and (spot.path or len(held) == 1):
                return plain_identity(item.data), len(item.prefix)
        return None, 0

    return owner


def plain_identity(data: dict[str, Any]) -> Identity:
    """The identity of a resource as plain data, whatever its metadata holds."""
    metadata = data.get("metadata")
    meta = metadata if isinstance(metadata, dict) else {}
    namespace, name = meta.get("namespace"), meta.get("name")
    return Identity(
        data["apiVersion"],
        data["kind"],
        namespace if isinstance(namespace, str) else None,
        name if isinstance(name, str) else "",
    )


def _judge_item(
    item: Item,
    origin: Origin,
    rules: RuleSet,
    catalog: Catalog,
    resolver: Resolver,
    resources: dict[Resource, Origin],
    mapped: Mapped,
    as_written: Callable[[Problem], Problem],
) -> None:
    number = origin.source
    if not catalog.valid(item.data):
        for problem in catalog.explain(item.data):
            found = as_written(rebased(problem, number, item.document, item.prefix))
            _judge_problem(found, rules, resolver, mapped)
    for problem in catalog.deprecated(item.data):
        _judge_problem(rebased(problem, number, item.document, item.prefix), rules, resolver, mapped)
    resource = convert(item.data)
    if isinstance(resource, Opaque):
        for refused in _wrong_types(item.data):
            found = as_written(rebased(refused, number, item.document, item.prefix))
            _judge_problem(found, rules, resolver, mapped)
    resources[resource] = origin
    mapped.entries.append(Entry(resource, origin))
    if isinstance(resource, Generic) and catalog.entry(resource.api_version, resource.kind) is None:
        mapped.skip("unknown-kind")
    if not isinstance(resource, Opaque):
        mapped.results += resolver.run(rules.local(type(resource)), resource)


def _refused(item: Item, text: str, document: Document) -> Iterator[Problem]:
    """What cannot be read of a document that carries mesh configuration, at its place in the source."""
    from meshlint.reading.nested import nested

    for path, problem in refused(item.data):
        region = problem.spot.region
        held = nested(text, document, item.prefix + path) if region else None
        outer = held.outer(region) if held and region else None
        spot = msgspec.structs.replace(problem.spot, path=path, region=outer)
        yield msgspec.structs.replace(problem, spot=spot)


def _wrong_types(data: dict[str, Any]) -> Iterator[Problem]:
    """Why a resource of Kubernetes' own kinds does not convert; imported where one does not."""
    from meshlint.model.refusal import wrong_types

    yield from wrong_types(data)


def _as_written(source: Source, documents: list[Document]) -> Callable[[Problem], Problem]:
    """A function from a problem to one with its value as the text has it; imported where the schemas refuse something."""

    @cache
    def spelling() -> "Spelling":
        from meshlint.written_values import Spelling

        return Spelling(source.text, documents)

    return lambda problem: spelling().of(problem)


def _pod_setting_problems(data: dict[str, Any], catalog: Catalog) -> Iterator[Problem]:
    """What there is to say of the settings that pods bring for their proxy; imported where some do."""
    from meshlint.setting_problems import pod_setting_problems

    yield from pod_setting_problems(data, catalog)


def _judge_derived(
    item: Item,
    origin: Origin,
    rules: RuleSet,
    catalog: Catalog,
    resolver: Resolver,
    resources: dict[Resource, Origin],
    mapped: Mapped,
) -> None:
    """The mesh configuration inside a resource is a resource of its own, written where it stands."""
    from meshlint.setting_problems import mesh_setting_problems

    for part in derived(item.data):
        inside = msgspec.structs.replace(origin, base=part.base, nested=part.nested)
        resources[part.resource] = inside
        mapped.entries.append(Entry(part.resource, inside))
        if not isinstance(part.resource, Opaque):
            mapped.results += resolver.run(rules.local(type(part.resource)), part.resource)
        for problem in mesh_setting_problems(part, item.data, catalog):
            _judge_problem(_inside(problem, inside), rules, resolver, mapped)


def _inside(problem: Problem, origin: Origin) -> Problem:
    """The problem of a derived resource at the place where that is written."""
    spot, base = problem.spot, origin.prefix + (origin.base or ())
    if origin.nested:
        found = Spot(origin.source, origin.document, base, spot.part, inner=spot.path)
    else:
        found = Spot(origin.source, origin.document, base + spot.path, spot.part)
    return msgspec.structs.replace(problem, spot=found)


def _judge_problem(problem: Problem, rules: RuleSet, resolver: Resolver, mapped: Mapped) -> None:
    mapped.results += resolver.run(rules.local(type(problem)), problem)


def _duplicates(entries: list[Entry]) -> Iterator[DuplicateResource]:
    """Resources that one source holds twice: the later one silently wins."""
    seen: dict[tuple[str, str, str | None, str], Entry] = {}
    for entry in entries:
        resource = entry.resource
        if not resource.name or entry.origin.base is not None:
            continue
        group = resource.api_version.rpartition("/")[0]
        key = (group, resource.kind, resource.namespace, resource.name)
        first = seen.setdefault(key, entry)
        if first is not entry:
            yield DuplicateResource(
                spot=_name_of(entry.origin),
                kind=resource.kind,
                namespace=resource.namespace or "",
                name=resource.name,
                first=_name_of(first.origin),
            )


def _name_of(origin: Origin) -> Spot:
    return Spot(origin.source, origin.document, (*origin.prefix, "metadata", "name"))
