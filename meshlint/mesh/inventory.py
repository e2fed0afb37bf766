"""All resources of the input: by kind and by name, where each is written, and where kustomize takes it."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
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
        for entry in self.entries:
            resource = entry.resource
            kind = type(resource)
            if kind in self._by_type:
                self._by_type[kind].append(resource)
            else:
                self._by_type[kind] = [resource]
        self._written: dict[Resource, Resource] = {}
        self._identities: dict[Resource, set[tuple[str, str]]] = {}
        self._names: dict[str, dict[tuple[str, str], Sequence[Resource]]] = {}
        self._names_in: dict[str, dict[str, list[str]]] = {}
        self._namespaces_of: dict[str, dict[str, list[str]]] = {}
        self.unknown: Counter[str] = Counter()
        """How often a reference could not be judged from these files, by kind of reference."""

    def all(self, kind: type[R]) -> Sequence[R]:
        """Every resource of a kind, in the order of the input."""
        return self._by_type.get(kind, ())  # type: ignore[return-value]

    def of_class(self, name: str) -> Sequence[Any]:
        """Every resource whose class has this name: for kinds that seldom occur, whose model need not be imported."""
        return self._by_class.get(name, ())

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
    def judged(self) -> Sequence[Entry]:
        """The entries that rules judge: those whose content could be read."""
        if Opaque not in self._by_type:
            return self.entries
        return [entry for entry in self.entries if not isinstance(entry.resource, Opaque)]

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
        return self.context.builds is not None and bool(self.changes(resource))

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
        found = self._named(kind).get((namespace, name), ())
        if group is None:
            return found
        return [resource for resource in found if resource.api_version.rpartition("/")[0] == group]

    def names(self, kind: str, namespace: str) -> Sequence[str]:
        """The names of all resources of a kind in a namespace, each once, under every identity."""
        index = self._names_in.get(kind)
        if index is None:
            index = self._names_in[kind] = {}
            for home, name in self._named(kind):
                index.setdefault(home, []).append(name)
        return index.get(namespace, ())

    def namespaces_of(self, kind: str, name: str) -> Sequence[str]:
        """The namespaces that hold a resource of this kind and name."""
        index = self._namespaces_of.get(kind)
        if index is None:
            index = self._namespaces_of[kind] = {}
            for namespace, own in self._named(kind):
                index.setdefault(own, []).append(namespace)
        return index.get(name, ())

    def _named(self, kind: str) -> Mapping[tuple[str, str], Sequence[Resource]]:
        """The resources of a kind by namespace and name. Most kinds are never asked for, the others again and again."""
        index = self._names.get(kind)
        if index is None:
            index = self._names[kind] = {}
            several: dict[tuple[str, str], list[Resource]] = {}
            for resource in self._by_kind.get(kind, ()):
                for identity in self.identities(resource):
                    if identity in index:
                        several.setdefault(identity, [*index[identity]]).append(resource)
                    else:
                        index[identity] = (resource,)  # a list for each would take twice the room
            index.update(several)
        return index

    @cached_property
    def _by_class(self) -> Mapping[str, Sequence[Resource]]:
        """All resources by the name of their class; of two classes of one name (`Gateway`) the first of the input."""
        return {kind.__name__: resources for kind, resources in reversed(self._by_type.items())}

    @cached_property
    def _by_kind(self) -> Mapping[str, Sequence[Resource]]:
        """All resources by the kind that is written in them, in the order of the input."""
        index: dict[str, list[Resource]] = {}
        for entry in self.entries:
            resource = entry.resource
            if resource.kind in index:
                index[resource.kind].append(resource)
            else:
                index[resource.kind] = [resource]
        return index

    @cached_property
    def _origins(self) -> dict[Resource, Origin]:
        return {entry.resource: entry.origin for entry in self.entries}
