"""All resources of the input: by kind and by name, where each is written, and where kustomize takes it."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any, TypeVar

from meshlint.mesh.context import Context, Entry, Origin
from meshlint.model.base import Opaque, Resource
from meshlint.model.kinds import POD_PATHS

R = TypeVar("R", bound=Resource)

_RUNNING = POD_PATHS.keys() | {"WorkloadEntry", "WorkloadGroup"}


class Inventory:
    """What there is. Indexes are built on first use, once; nothing in it ever changes."""

    def __init__(self, entries: Iterable[Entry], context: Context | None = None) -> None:
        self.context = context or Context()
        self.entries = tuple(entries)
        self._by_type: dict[type[Resource], list[Resource]] = {}
        self._origins: dict[Resource, Origin] = {}
        self._written: dict[Resource, Resource] = {}
        for entry in self.entries:
            self._by_type.setdefault(type(entry.resource), []).append(entry.resource)
            self._origins[entry.resource] = entry.origin
        self._identities: dict[Resource, set[tuple[str, str]]] = {}
        self.unknown: Counter[str] = Counter()
        """How often a reference could not be judged from these files, by kind of reference."""

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every resource of a kind, in the order of the input."""
        return self._by_type.get(kind, ())  # type: ignore[return-value]

    def of_class(self, name: str) -> Sequence[Any]:
        """Every resource whose class has this name: for kinds that seldom occur, whose model need not be imported."""
        found = [resources for kind, resources in self._by_type.items() if kind.__name__ == name]
        return found[0] if found else ()

    def of_gateway_api(self, name: str) -> Sequence[Any]:
        """The same for kinds of the Gateway API, which has a Gateway of its own."""
        named = [kind for kind in self._by_type if kind.__name__ == name and ".gateway_api." in kind.__module__]
        return self._by_type[named[0]] if named else ()

    def is_of_class(self, resource: Resource, name: str) -> bool:
        """Whether a resource, or the one it is made of, is of the class of this name, which need not be imported."""
        return type(self._written.get(resource, resource)).__name__ == name

    @cached_property
    def runs_anything(self) -> bool:
        """Whether some resource brings pods or machines; where none does, nobody need look for workloads."""
        return any(kind.__name__ in _RUNNING for kind in self._by_type)

    @property
    def judged(self) -> Iterable[Entry]:
        """The entries that rules judge: those whose content could be read."""
        return (entry for entry in self.entries if not isinstance(entry.resource, Opaque))

    def origin(self, resource: Resource) -> Origin:
        """Where a resource was written."""
        return self._origins[resource]

    def derive(self, resource: R, written: R) -> None:
        """Let a resource that a question is asked with stand where the one that it is made of is written."""
        self._origins[resource] = self._origins[written]
        self._written[resource] = written

    def written(self, resource: R) -> R:
        """The resource of the input that a derived one is made of; any other is itself."""
        return self._written.get(resource, resource)  # type: ignore[return-value]

    def namespace(self, resource: Resource) -> str:
        """The namespace a resource lives in: the one that all kustomize builds agree on, its own, or `--namespace`."""
        own = resource.namespace or self.context.namespace
        if self.context.builds is None:
            return own
        homes = self.homes(resource)
        return homes[0] if len(homes) == 1 else own

    def homes(self, resource: Resource) -> tuple[str, ...]:
        """Every namespace that some kustomize build takes a resource to, sorted; its own where none takes it."""
        if self.context.builds is None:
            return (resource.namespace or self.context.namespace,)
        return tuple(sorted({namespace for namespace, _ in self.identities(resource)}))

    def identities(self, resource: Resource) -> set[tuple[str, str]]:
        """Every (namespace, name) that some kustomize build gives a resource; its own where none takes it."""
        builds = self.context.builds
        if builds is None:
            return {(resource.namespace or self.context.namespace, resource.name)}
        if resource not in self._identities:
            path = self.origin(resource).path
            found = builds.identities(path, resource.namespace, resource.name, resource.kind)
            self._identities[resource] = {(namespace or self.context.namespace, name) for namespace, name in found}
        return self._identities[resource]

    def is_patched(self, resource: Resource) -> bool:
        """Whether a kustomize build changes what the file says of a resource, in more than idle fields."""
        return bool(self.changes(resource))

    def changes(self, resource: Resource) -> Collection[tuple[str, ...]]:
        """The fields of a resource that a kustomize build changes, but for idle ones (see `mesh.patches`)."""
        fields = self.patched(resource)
        if not fields:
            return ()
        from meshlint.mesh.patches import is_idle

        return [field for field in fields if not is_idle(resource.kind, field)]

    def patched(self, resource: Resource) -> frozenset[tuple[str, ...]]:
        """All fields of a resource that a kustomize build changes (see `Builds.patched`)."""
        builds = self.context.builds
        if builds is None:
            return frozenset()
        return builds.patched(self.origin(resource).path, resource.namespace, resource.name, resource.kind)

    def find(self, kind: str, namespace: str, name: str, group: str | None = None) -> Sequence[Resource]:
        """The resources of this name, in any variant and under every identity, opaque and unmodelled ones too.

        `group` narrows kinds that two API groups have (`Gateway`).
        """
        found = self._names.get((kind, namespace, name), ())
        if group is None:
            return found
        return [resource for resource in found if resource.api_version.rpartition("/")[0] == group]

    def names(self, kind: str, namespace: str) -> Sequence[str]:
        """The names of all resources of a kind in a namespace, each once, under every identity."""
        return self._names_in.get((kind, namespace), ())

    def namespaces_of(self, kind: str, name: str) -> Sequence[str]:
        """The namespaces that hold a resource of this kind and name."""
        return self._namespaces_of.get((kind, name), ())

    @cached_property
    def _names(self) -> dict[tuple[str, str, str], Sequence[Resource]]:
        index: dict[tuple[str, str, str], Sequence[Resource]] = {}
        several: dict[tuple[str, str, str], list[Resource]] = {}
        for entry in self.entries:
            for namespace, name in self.identities(entry.resource):
                key = (entry.resource.kind, namespace, name)
                first = index.setdefault(key, (entry.resource,))  # a list for each would take twice the room
                if first[0] is not entry.resource:
                    several.setdefault(key, [first[0]]).append(entry.resource)
        return {**index, **several} if several else index

    @cached_property
    def _names_in(self) -> dict[tuple[str, str], list[str]]:
        index: dict[tuple[str, str], list[str]] = {}
        for kind, namespace, name in self._names:
            index.setdefault((kind, namespace), []).append(name)
        return index

    @cached_property
    def _namespaces_of(self) -> dict[tuple[str, str], list[str]]:
        index: dict[tuple[str, str], list[str]] = {}
        for kind, namespace, name in self._names:
            index.setdefault((kind, name), []).append(namespace)
        return index
