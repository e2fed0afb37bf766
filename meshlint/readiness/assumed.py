"""Namespaces that are taken for injected because the user says so: kubectl may have set the label, and no file shows it."""

from collections.abc import Iterator, Sequence

from meshlint.mesh.context import Entry, Origin
from meshlint.mesh.injection import INJECTION, REVISION
from meshlint.mesh.mesh import Mesh
from meshlint.mesh.trust import matches_any
from meshlint.model.base import ObjectMeta, Resource
from meshlint.model.kubernetes.namespace import Namespace


def with_injection(mesh: Mesh, globs: Sequence[str]) -> Mesh:
    """The mesh with the label `istio-injection: enabled` on namespaces of these names, where a file says nothing else."""
    return Mesh(_entries(mesh, globs), mesh.context) if globs else mesh


def _entries(mesh: Mesh, globs: Sequence[str]) -> Iterator[Entry]:
    seen: set[str] = set()
    for entry in mesh.entries:
        namespace = entry.resource
        if not isinstance(namespace, Namespace) or not matches_any(globs, namespace.name):
            yield entry
            continue
        seen.add(namespace.name)
        decided = INJECTION in namespace.labels or REVISION in namespace.labels
        yield entry if decided else Entry(_labelled(namespace.name, namespace), entry.origin)
    for name in sorted(set(mesh.workloads.namespaces) - seen):
        if matches_any(globs, name):
            yield Entry(_labelled(name, None), Origin(-1, 0, ""))


def _labelled(name: str, namespace: Resource | None) -> Namespace:
    labels = {**(namespace.labels if namespace else {}), INJECTION: "enabled"}
    return Namespace("v1", "Namespace", ObjectMeta(name=name, labels=labels))
