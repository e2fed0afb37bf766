"""The resources of one source, each judged alone: by the gate here, and by the rules that wait for those of other sources."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.carriers import carries
from meshlint.derive import CARRYING, Derived, carries_pod_settings, derived, derived_of_file, refused
from meshlint.findings import Identity, Path, Spot
from meshlint.local_rules import LocalRules
from meshlint.mapped import Mapped
from meshlint.mesh.context import Entry, Origin
from meshlint.model.base import Generic, Opaque, Resource
from meshlint.model.kinds import convert
from meshlint.problems import DuplicateResource, Problem
from meshlint.reading import Document
from meshlint.results import Owner, Resolver, rebased
from meshlint.schemas import Catalog
from meshlint.sources import Source

if TYPE_CHECKING:
    from meshlint.written_values import Spelling


class Item(msgspec.Struct, frozen=True, eq=False):
    """One resource as plain data, and the way to it inside its document."""

    data: dict[str, Any]
    document: int
    prefix: Path


class Judging:
    """Judges what one source holds, and adds what it finds to `mapped`. What rare documents need is imported there."""

    def __init__(
        self,
        source: Source,
        number: int,
        documents: Sequence[Document],
        items: Sequence[Item],
        local: LocalRules,
        catalog: Catalog,
        mapped: Mapped,
    ) -> None:
        self._source = source
        self._number = number
        self._documents = documents
        self._catalog = catalog
        self._mapped = mapped
        self._local = local
        self._resolver = Resolver(_nowhere, _Owners(items).of)

    def judge_text(self, problem: Problem) -> None:
        """Report what is wrong with the text, wherever that is."""
        self._report(rebased(problem, self._number, -1, ()))

    def judge_item(self, item: Item) -> None:
        """Judge a resource, and what it carries."""
        self._judge_schema(item)
        origin = Origin(self._number, item.document, self._source.path, item.prefix)
        resource = convert(item.data)
        self._add(resource, origin)
        if type(resource) is Opaque:
            self._report_unreadable(item)
        if item.data["kind"] in CARRYING and self._judge_carried(item, origin):
            return
        if type(resource) is Generic and self._catalog.entry(resource.api_version, resource.kind) is None:
            self._mapped.skip("unknown-kind")

    def judge_values(self, document: int) -> None:
        """Judge the mesh configuration in Helm values, which are no resource.

        What such a file says joins no mesh: which installation it is for, and what is laid over it, is not known.
        """
        origin = Origin(self._number, document, self._source.path)
        data = self._documents[document].data
        for part in derived_of_file(data):
            self._judge_settings(part, part.origin(origin), data)

    def judge_duplicates(self) -> None:
        """Report resources that the source holds twice."""
        if _may_hold_twins(self._mapped.entries):
            for twin in _duplicates(self._mapped.entries):
                self._report(twin)

    def _add(self, resource: Resource, origin: Origin) -> None:
        """Keep a resource for the mesh, and for the rules that look at it alone."""
        self._mapped.entries.append(Entry(resource, origin))
        self._let_judge(resource, origin)

    def _let_judge(self, resource: Resource, origin: Origin) -> None:
        if type(resource) is not Opaque:
            self._local.add(resource, origin, self._mapped)

    def _judge_schema(self, item: Item) -> None:
        if not self._catalog.valid(item.data):
            self._report_values(item, self._catalog.explain(item.data))
        self._report_in(item, self._catalog.deprecated(item.data))

    def _report_unreadable(self, item: Item) -> None:
        """Report why a resource of Kubernetes' own kinds does not convert; those of others the gate has refused."""
        from meshlint.model.refusal import wrong_types

        self._report_values(item, wrong_types(item.data))

    def _judge_carried(self, item: Item, origin: Origin) -> bool:
        """Judge the settings in a resource. Gives whether it is one that only carries mesh configuration."""
        if carries(item.data):
            return self._judge_mesh_config(item, origin)
        if carries_pod_settings(item.data):
            self._judge_pod_settings(item)
        return False

    def _judge_mesh_config(self, item: Item, origin: Origin) -> bool:
        """The mesh configuration in a resource is a resource of its own, written where it stands. Gives whether there is any."""
        found = list(derived(item.data))
        for part in found:
            inside = part.origin(origin)
            self._mapped.entries.append(Entry(part.resource, inside))
            self._judge_settings(part, inside, item.data)
        self._report_in(item, self._refused(item))
        return bool(found)

    def _judge_settings(self, part: Derived, inside: Origin, data: dict[str, Any]) -> None:
        from meshlint.setting_problems import mesh_setting_problems

        self._let_judge(part.resource, inside)
        for problem in mesh_setting_problems(part, data, self._catalog):
            self._report(_inside(problem, inside))

    def _refused(self, item: Item) -> Iterator[Problem]:
        """What cannot be read of mesh configuration, at its place in the source."""
        from meshlint.reading.nested import nested

        for path, problem in refused(item.data):
            region = problem.spot.region
            held = nested(self._source.text, self._documents[item.document], item.prefix + path) if region else None
            outer = held.outer(region) if held and region else None
            yield msgspec.structs.replace(problem, spot=msgspec.structs.replace(problem.spot, path=path, region=outer))

    def _judge_pod_settings(self, item: Item) -> None:
        from meshlint.setting_problems import pod_setting_problems

        self._report_in(item, pod_setting_problems(item.data, self._catalog))

    @cached_property
    def _spelling(self) -> "Spelling":
        from meshlint.written_values import Spelling

        return Spelling(self._source.text, self._documents)

    def _report_in(self, item: Item, problems: Iterable[Problem]) -> None:
        """Report problems whose spots are relative to an item."""
        for problem in problems:
            self._report(self._placed(item, problem))

    def _report_values(self, item: Item, problems: Iterable[Problem]) -> None:
        """The same for what is wrong with values: they are shown as the text has them."""
        for problem in problems:
            self._report(self._spelling.of(self._placed(item, problem)))

    def _placed(self, item: Item, problem: Problem) -> Problem:
        return rebased(problem, self._number, item.document, item.prefix)

    def _report(self, problem: Problem) -> None:
        self._mapped.results += self._resolver.run(self._local.rules.local(type(problem)), problem)


def _nowhere(_: Resource) -> Origin:
    raise LookupError  # problems have spots, and speak of no resources as objects


class _Owners:
    """The resources that hold spots: for problems, which know no objects."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items

    def of(self, spot: Spot) -> Owner:
        held = self._by_document.get(spot.document, ())
        for item in held:
            if spot.path[: len(item.prefix)] == item.prefix and (spot.path or len(held) == 1):
                return plain_identity(item.data), len(item.prefix)
        return None, 0

    @cached_property
    def _by_document(self) -> dict[int, list[Item]]:
        found: dict[int, list[Item]] = {}
        for item in self._items:
            found.setdefault(item.document, []).append(item)
        return found


def _inside(problem: Problem, origin: Origin) -> Problem:
    """The problem of a derived resource at the place where that is written."""
    spot, base = problem.spot, origin.prefix + (origin.base or ())
    if origin.inner is not None:
        found = Spot(origin.source, origin.document, base, spot.part, inner=origin.inner + spot.path)
    else:
        found = Spot(origin.source, origin.document, base + spot.path, spot.part)
    return msgspec.structs.replace(problem, spot=found)


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


def _may_hold_twins(entries: list[Entry]) -> bool:
    """Whether two resources share kind and name; those of most sources do not."""
    return len(entries) > 1 and len({(entry.resource.kind, entry.resource.name) for entry in entries}) < len(entries)


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
