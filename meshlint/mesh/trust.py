"""May a name that is not found be called missing? Mostly not: a repository rarely holds a whole mesh.

With `--scope auto` a claim needs evidence that the place a name points to is in the input: a name
there that is a slip away, or another resource of the kind there that does not merely belong to the
referrer. Even then nothing is claimed where something of the input could not be read, or where the
user said that names exist elsewhere. What stays unknown is counted, once per reference.
"""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.context import Scope
from meshlint.mesh.nearness import Nearest
from meshlint.mesh.partial import PartialInput
from meshlint.mesh.placeholders import is_placeholder
from meshlint.mesh.references import EXISTS, UNKNOWN, Reference, missing
from meshlint.mesh.variants import Branch, Variants
from meshlint.model.base import Resource
from meshlint.model.kubernetes.service import Service

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh


_OWN_HOSTS = ("spec", "hosts")
_EVERYWHERE: Branch = (-1,)
"""A key besides the homes, none of which has this number."""


Counted = tuple[str, str, str, Resource]
"""A reference that could not be judged: kind, namespace and name of what it names, and who refers to it."""


class Sought(msgspec.Struct, frozen=True, eq=False):
    """A name that was looked for and not found."""

    kind: str
    """The kind of resource that should have it."""
    namespace: str
    """Where it should be; for a host outside the cluster, where it is asked from."""
    name: str
    referrer: Resource
    relative: bool = False
    """Whether the namespace is the referrer's, not written in the reference."""


class Trust:
    """Decides what may be said of names that are not found. Each question costs a few dict look-ups."""

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh
        self._nearest: dict[tuple[str, str], Nearest] = {}
        self._residents_of: dict[tuple[str, str, bool], dict[Branch, tuple[Resource, ...]]] = {}
        self.counted: set[Counted] = set()
        """The references that could not be judged so far."""

    def absent(self, sought: Sought, own: Collection[Resource] = ()) -> Reference:
        """Judge a name that no resource of the kind has in the namespace it points to.

        `own` are resources of that kind that belong to the referrer: a repository of one service
        holds that service, and says nothing of its neighbours.
        """
        return self.judge(sought, lambda: self.near(sought), lambda: self._is_populated(sought, own))

    def judge(self, sought: Sought, near: Callable[[], str | None], evidence: Callable[[], bool]) -> Reference:
        """Judge a name that is not found, with other means to see a near miss or evidence than `absent` has."""
        scope = self._mesh.context.scope
        if self.is_declared(sought) or self._partial.is_made(sought.kind, sought.namespace, sought.name):
            return EXISTS
        if scope is Scope.PARTIAL or is_placeholder(sought.name) or is_placeholder(sought.namespace):
            return self.unknown(sought)
        if self._may_have_moved(sought):
            return self.unknown(sought)
        if scope is Scope.COMPLETE:
            return missing(near())
        if self.is_clouded(sought):
            return self.unknown(sought)
        slip = near()
        return missing(slip) if slip is not None or evidence() else self.unknown(sought)

    def unknown(self, sought: Sought) -> Reference:
        """Count a reference that these files cannot settle, once however often it is asked."""
        self.count((sought.kind, sought.namespace, sought.name, sought.referrer))
        return UNKNOWN

    def count(self, reference: Counted) -> None:
        """Count what could not be judged, here or in another process."""
        if reference not in self.counted:
            self.counted.add(reference)
            self._mesh.unknown[reference[0]] += 1

    def near(self, sought: Sought) -> str | None:
        """Give the name of that kind and namespace that was probably meant."""
        key = (sought.kind, sought.namespace)
        if key not in self._nearest:
            self._nearest[key] = Nearest(self._mesh.names(*key))
        return self._nearest[key].of(sought.name)

    def is_declared(self, sought: Sought) -> bool:
        """Whether the configuration's `external` says that the name exists, or the whole namespace it points to."""
        external = self._mesh.context.external
        globs: Sequence[str] = ()
        if sought.kind == "Gateway":
            globs = external.gateways
        elif sought.kind == "ServiceAccount":
            globs = external.service_accounts
        if sought.kind != "ServiceEntry" and matches_any(external.namespaces, sought.namespace):
            return True
        return matches_any(globs, sought.name, f"{sought.namespace}/{sought.name}")

    def is_clouded(self, sought: Sought) -> bool:
        """Whether unread input may hold the name, beside the referrer or in the namespace pointed to.

        A referrer that a build patches may name something else in the end, other hosts of its own apart.
        """
        partial = self._partial
        return (
            any(field[:2] != _OWN_HOSTS for field in self._mesh.changes(sought.referrer))
            or partial.is_clouded(self._mesh.origin(sought.referrer).path)
            or sought.namespace in partial.namespaces
            or partial.may_be_made(sought.namespace, sought.name)
        )

    def may_conflict(self, one: Resource, other: Resource) -> bool:
        """Whether two resources are meant to exist together, so that a conflict of them is one.

        Sources and folders that hold variants of anything are alternatives: see `Variants`. A resource
        that may live in any namespace meets those of its own home only.
        """
        here, there = self._mesh.origin(one), self._mesh.origin(other)
        if here.source == there.source:
            return True
        if self._variants.are_alternatives(here, there):
            return False
        if self._mesh.context.scope is Scope.COMPLETE or not (self.lives_anywhere(one) or self.lives_anywhere(other)):
            return True
        return self._variants.home(here) == self._variants.home(there)

    def _may_have_moved(self, sought: Sought) -> bool:
        """Whether `kubectl -n` or a build may bring referrer and name together.

        A resource without a written namespace may live in any. One that a kustomize build renames
        may be known to the referrer by the name it is written with: name references in Istio's
        kinds are rewritten only where the build is told so.
        """
        is_loose = sought.relative and sought.referrer.namespace is None
        if is_loose and self._mesh.namespaces_of(sought.kind, sought.name):
            return True
        return sought.name in self._wandering.get(sought.kind, ())

    def _is_populated(self, sought: Sought, own: Collection[Resource]) -> bool:
        """Whether the namespace holds another resource of the kind than the referrer's own.

        Where nothing is known to be the referrer's own, the first service found is taken for it.
        """
        residents = self._residents(sought)
        if not own and sought.kind == "Service":
            return len(residents) > 1
        return any(not _is_kin(resource, own) for resource in residents)

    def _residents(self, sought: Sought) -> Collection[Resource]:
        """The resources of the kind that surely live in the namespace pointed to; of services of equal pods only one.

        Where nothing says the namespace of the referrer, those of its home are taken to live where it does.
        """
        moves_along = sought.relative and sought.referrer.namespace is None
        key = (sought.kind, sought.namespace, moves_along)
        if key not in self._residents_of:
            found: dict[Branch, dict[object, Resource]] = {}
            for name in self._mesh.names(sought.kind, sought.namespace):
                for resource in self._mesh.find(sought.kind, sought.namespace, name):
                    if moves_along or not self.lives_anywhere(resource):
                        home = self._variants.home(self._mesh.origin(resource)) if moves_along else ()
                        for group in {home, _EVERYWHERE}:
                            found.setdefault(group, {}).setdefault(_pods(resource) or name, resource)
            self._residents_of[key] = {home: tuple(residents.values()) for home, residents in found.items()}
        if moves_along and self.lives_anywhere(sought.referrer):
            return self._residents_of[key].get(self._variants.home(self._mesh.origin(sought.referrer)), ())
        return self._residents_of[key].get(_EVERYWHERE, ())

    def lives_anywhere(self, resource: Resource) -> bool:
        """Whether nothing says which namespace a resource is for."""
        return resource.namespace is None and self._mesh.identities(resource) == {
            (self._mesh.context.namespace, resource.name)
        }

    @cached_property
    def _wandering(self) -> dict[str, set[str]]:
        """By kind, the names of resources that may live in any namespace, and names that builds replace."""
        wandering: dict[str, set[str]] = {}
        for entry in self._mesh.entries:
            resource = entry.resource
            identities = self._mesh.identities(resource) if self._mesh.context.builds else ()
            renamed = any(name != resource.name for _, name in identities)
            if renamed or is_placeholder(resource.namespace or "") or self.lives_anywhere(resource):
                wandering.setdefault(resource.kind, set()).add(resource.name)
        return wandering

    @cached_property
    def _partial(self) -> PartialInput:
        return PartialInput(self._mesh)

    @cached_property
    def _variants(self) -> Variants:
        return Variants(self._mesh)


def matches_any(globs: Sequence[str], *spellings: str) -> bool:
    """Whether one of the spellings of a name fits one of the globs of the configuration."""
    if not globs:
        return False
    from fnmatch import fnmatchcase

    return any(fnmatchcase(spelling, glob) for glob in globs for spelling in spellings)


def _is_kin(resource: Resource, own: Collection[Resource]) -> bool:
    """Whether a resource is one of the referrer's own, a second service of the same pods, or a helper (`cart-redis`)."""
    pods = _pods(resource)
    return any(
        resource.name == mine.name
        or (pods and pods == _pods(mine))
        or resource.name.startswith(f"{mine.name}-")
        or mine.name.startswith(f"{resource.name}-")
        or _is_one_application(resource, mine)
        for mine in own
    )


def _is_one_application(one: Resource, other: Resource) -> bool:
    """Whether two resources say that they belong to one application, by Kubernetes' recommended labels."""
    return any(
        one.labels.get(label) is not None and one.labels.get(label) == other.labels.get(label)
        for label in ("app.kubernetes.io/part-of", "app.kubernetes.io/instance")
    )


def _pods(resource: Resource) -> frozenset[tuple[str, str]] | None:
    """The selector of a service, as something to compare; None where it has none."""
    return frozenset(resource.selector.items()) or None if isinstance(resource, Service) else None
