"""What the mesh knows besides its resources: how much of it is visible, and where things came from."""

from collections.abc import Mapping
from enum import Enum
from typing import Protocol

import msgspec

from meshlint.findings import Path
from meshlint.model.base import Resource


class Scope(str, Enum):
    """How much of the mesh the input holds (`--scope`)."""

    AUTO = "auto"
    """Unknown: *missing* needs evidence."""
    COMPLETE = "complete"
    """All of it: every unresolved reference is a finding."""
    PARTIAL = "partial"
    """A part: nothing is ever called missing."""


class Origin(msgspec.Struct, frozen=True):
    """Where a resource was written.

    `prefix` leads to it inside a List (`("items", 3)`). A resource derived from a part of another
    (MeshConfig from a ConfigMap or an IstioOperator) has `base`: the path that its `spec` stands
    for. With `inner` that path leads to a scalar whose text is YAML of its own, and `inner` on inside of it.
    """

    source: int
    document: int
    path: str
    """The file, as reported. Fences of one Markdown file share it."""
    prefix: Path = ()
    base: Path | None = None
    inner: Path | None = None
    carrier: str = ""
    """The kind of the resource that a derived one is a part of."""
    is_part: bool = False
    """Whether a derived resource is completed by what other files hold: Helm values below or above those here."""
    reported: bool = True
    """False for `--context`: read, never reported on."""


class Entry(msgspec.Struct, frozen=True, eq=False):
    """A resource and where it was written."""

    resource: Resource
    origin: Origin


PLACING_KINDS = {
    "Application": "argoproj.io",
    "ApplicationSet": "argoproj.io",
    "Kustomization": "kustomize.toolkit.fluxcd.io",
}
"""The kinds of Argo CD and Flux that say where folders go, with their groups."""


class Builds(Protocol):
    """What is done to the resources of a file before they are applied.

    By kustomizations (`meshlint.sources.kustomizations`), Argo CD and Flux (`meshlint.sources.deployments`).
    """

    def builds(self, path: str) -> frozenset[str]:
        """The folders of the builds that take a file in, as reported."""

    def identities(self, path: str, namespace: str | None, name: str, kind: str) -> set[tuple[str | None, str]]:
        """Every (namespace, name) that some build gives the resource; its own if no build takes it."""

    def added_labels(self, path: str) -> Mapping[str, frozenset[str]]:
        """Labels that builds add to the resources of a file and to their pods, with the values they give."""

    def patched(self, path: str, namespace: str | None, name: str, kind: str) -> frozenset[tuple[str, ...]]:
        """The fields of a resource of this file that some build patches; `()` is all of it.

        What the file says of these is not the last word. `*` in a path is any item of a list.
        """

    def incomplete(self, path: str) -> bool:
        """Whether a build that takes this file brings resources the input does not hold."""

    def facts(self) -> object:
        """All that the other answers follow from, as data that msgpack can hold: equal facts, equal answers."""


class External(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Names that exist although no file says so (globs), from the configuration's `external`."""

    hosts: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    service_accounts: tuple[str, ...] = ()


class Context(msgspec.Struct, frozen=True, eq=False):
    """Everything the mesh is told besides its resources."""

    scope: Scope = Scope.AUTO
    namespace: str = "default"
    """Where a resource without `metadata.namespace` lives (`--namespace`)."""
    external: External = External()
    builds: Builds | None = None
    template_folders: tuple[str, ...] = ()
    """Folders that held templates or charts which could not be read."""
    mesh_config: Mapping[str, object] | None = None
    """The plain MeshConfig of `--mesh-config`."""
