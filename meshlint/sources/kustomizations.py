"""What the kustomizations of the input make of its files: identities, fragments, builds.

A *build* is a kustomization that no other one takes in. It gives every resource it reaches an
identity, innermost kustomization first (`api/internal/target/kusttarget.go`):

* `namespace` sets `metadata.namespace` of everything but cluster-scoped kinds, replaces one that
  is there, and renames a `Namespace` (`api/konfig/builtinpluginconsts/namespace.go`);
* `namePrefix` and `nameSuffix` apply to all names but those of Namespaces, CRDs and APIServices
  (`api/internal/builtins/PrefixTransformer.go`);
* a component acts on all that its kustomization has gathered before it, then the kustomization;
* patches come before both, and may rename.

kustomize rewrites references only where its table says so (`namereference.go`, in the folder of
`namespace.go`): ConfigMaps,
Secrets, Services, ServiceAccounts, roles and the like, as workloads, Ingress, RBAC and webhooks
name them. No field of Istio or of the Gateway API is in it: hosts of a VirtualService, a
`credentialName` or a principal keep the name they have, so a prefix does break them. Only
`configurations`, `replacements` or `vars` can change that; where a build uses these, the name
without prefix and suffix counts as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from meshlint.sources import touched
from meshlint.sources.discovery import KUSTOMIZATIONS, Discovery, reported
from meshlint.sources.kustomization import Generated, Kustomization, Patch, read_kustomization
from meshlint.sources.source import File

Chain = tuple[Kustomization, ...]
"""The kustomizations that change a resource on its way into a build, innermost first."""
Identity = tuple[str | None, str]
"""Namespace and name."""

_DEEPEST = 100
_MOST_STEPS = 200_000
"""Builds beyond these bounds are left unexplained: what a folder goes through doubles with every diamond."""

CLUSTER_SCOPED = frozenset(
    {
        "APIService",
        "ClusterRole",
        "ClusterRoleBinding",
        "CustomResourceDefinition",
        "GatewayClass",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
    }
)
_KEEP_THEIR_NAME = frozenset({"Namespace", "CustomResourceDefinition", "APIService"})


class _Content(msgspec.Struct):
    """What a kustomization gathers: chains by the folder whose own files take that way, and whether all is there."""

    chains: dict[str, set[Chain]]
    incomplete: bool = False


class Kustomizations:
    """Answers about files of the input, by the path they are reported under."""

    def __init__(self, discoveries: Sequence[Discovery] = ()) -> None:
        """Read the kustomizations of everything that was discovered (the input and its context)."""
        self._working = os.getcwd()
        self._input = {file.path for discovery in discoveries for file in discovery.files}
        self._known: dict[str, Kustomization | None] = {}
        self._contents: dict[str, _Content] = {}
        self._steps = 0
        folders: dict[str, None] = {}
        for discovery in discoveries:
            for file in discovery.kustomizations:
                folders[os.path.dirname(file.location)] = None
        found = [kustomization for folder in folders if (kustomization := self._at(folder))]
        self._roots = self._builds(found)
        self._owners: dict[str, list[str]] = {}
        self._fragments: set[str] = set()
        for kustomization in filter(None, self._known.values()):
            for file_location in kustomization.files:
                self._owners.setdefault(self._path(file_location), []).append(kustomization.folder)
            self._fragments.update(map(self._path, kustomization.patch_files))
        self._fragments.difference_update(self._owners)
        self._flawed = {self._folder(item.folder) for item in filter(None, self._known.values()) if item.flaws}
        self._chains: dict[str, list[tuple[str, Chain]]] = {}
        for root in self._roots:
            for folder, chains in self._contents[root].chains.items():
                self._chains.setdefault(folder, []).extend((root, chain) for chain in chains)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be told of kustomizations that could not be understood."""
        return tuple(
            f"{self._path(folder)}: the kustomization here {kustomization.flaws[0]}: what it may change is not judged"
            for folder, kustomization in sorted(self._known.items())
            if kustomization and kustomization.flaws
        )

    def is_fragment(self, path: str) -> bool:
        """Whether a file is a patch: not a resource, but a piece of one."""
        return path in self._fragments

    def builds(self, path: str) -> frozenset[str]:
        """The folders of the builds that take a file in, as reported. Files without a common one are alternatives."""
        return frozenset(self._path(root) for root, _ in self._ways(path))

    def identities(self, path: str, namespace: str | None, name: str, kind: str) -> set[Identity]:
        """Every (namespace, name) that some build gives a resource of this file.

        Its own where no build takes the file. A namespace of None stays None until something sets it.
        """
        own = (namespace, name)
        found: set[Identity] = set()
        for _, chain in self._ways(path):
            found |= _follow(chain, own, kind)[0]
        return found or {own}

    def patched(self, path: str, namespace: str | None, name: str, kind: str) -> frozenset[touched.Path]:
        """The fields of a resource of this file that some build patches (see `touched`).

        What the file says of these is not the last word.
        """
        if path.rpartition("/")[0] in self._flawed:
            return frozenset({touched.ALL})
        own = (namespace, name)
        return frozenset(field for _, chain in self._ways(path) for field in _follow(chain, own, kind)[1])

    def added_labels(self, path: str) -> Mapping[str, frozenset[str]]:
        """Labels that builds add to the resources of a file, with the values they give."""
        found: dict[str, set[str]] = {}
        for _, chain in self._ways(path):
            for step in chain:
                for key, value in step.labels:
                    found.setdefault(key, set()).add(value)
        return {key: frozenset(values) for key, values in found.items()}

    def incomplete(self, path: str) -> bool:
        """Whether a build that takes this file brings resources the input does not hold.

        Remote bases, charts, generators and transformers of others, missing files, and files
        that exist but are no part of the input.
        """
        flawed = path.rpartition("/")[0] in self._flawed
        return flawed or any(self._contents[root].incomplete for root, _ in self._ways(path))

    def facts(self) -> object:
        """All that the answers follow from: which files there are, and what kustomizations say."""
        return self._working, self._input, self._known, self._roots

    def generated(self) -> set[Generated]:
        """The ConfigMaps and Secrets that generators make, with the names that builds give them."""
        found: set[Generated] = set()
        for folder, ways in self._chains.items():
            kustomization = self._known[folder]
            for item in kustomization.generated if kustomization else ():
                for _, chain in ways:
                    identities, _ = _follow(chain, (item.namespace, item.name), item.kind)
                    found.update(Generated(item.kind, namespace, name, item.hashed) for namespace, name in identities)
        return found

    def _ways(self, path: str) -> Iterator[tuple[str, Chain]]:
        """The builds that take a file in, and the chain of each way there."""
        for owner in self._owners.get(path, ()):
            yield from self._chains.get(owner, ())

    def _path(self, location: str) -> str:
        return reported(location, self._working)

    def _folder(self, location: str) -> str:
        """A folder as paths of files in it begin."""
        path = self._path(location)
        return "" if path == "." else path

    def _at(self, folder: str) -> Kustomization | None:
        """The kustomization of a folder, read once."""
        if folder not in self._known:
            files = (os.path.join(folder, name) for name in KUSTOMIZATIONS)
            location = next((file for file in files if os.path.isfile(file)), None)
            self._known[folder] = read_kustomization(File(location, location)) if location else None
        return self._known[folder]

    def _builds(self, found: Sequence[Kustomization]) -> list[str]:
        """The folders of the builds, each with its content worked out."""
        inner = {folder for item in found for folder in (*item.folders, *item.components)}
        roots = sorted(item.folder for item in found if item.folder not in inner and not item.component)
        for root in roots:
            self._build(root, ())
        return roots

    def _build(self, folder: str, above: tuple[str, ...]) -> _Content:
        """What a kustomization gives to whoever takes it in. A cycle gives nothing."""
        if folder not in self._contents:
            content = _Content({})
            self._gather(folder, content, above)
            self._contents[folder] = content
        return self._contents[folder]

    def _gather(self, folder: str, content: _Content, above: tuple[str, ...]) -> None:
        """Add a kustomization's resources to `content`, then let its components and itself act on all of it."""
        kustomization = self._at(folder)
        self._steps += 1
        if kustomization is None or folder in above or len(above) > _DEEPEST or self._steps > _MOST_STEPS:
            content.incomplete = True
            return
        above = (*above, folder)
        unknown = (file for file in kustomization.files if self._path(file) not in self._input)
        if kustomization.missing or kustomization.flaws or kustomization.unseen or next(unknown, None):
            content.incomplete = True
        content.chains.setdefault(folder, set()).add(())
        for inner in kustomization.folders:
            base = self._build(inner, above)
            content.incomplete = content.incomplete or base.incomplete
            for owner, chains in base.chains.items():
                self._steps += len(chains)
                content.chains.setdefault(owner, set()).update(chains)
        for component in kustomization.components:
            self._gather(component, content, above)
        if _changes(kustomization):
            for owner, chains in content.chains.items():
                self._steps += len(chains)
                content.chains[owner] = {(*chain, kustomization) for chain in chains}
        if self._steps > _MOST_STEPS:
            content.chains, content.incomplete = {owner: {()} for owner in content.chains}, True


def _changes(kustomization: Kustomization) -> bool:
    """Whether a kustomization does anything to what it takes in."""
    return bool(
        kustomization.namespace
        or kustomization.prefix
        or kustomization.suffix
        or kustomization.patches
        or kustomization.labels
        or kustomization.rewrites
    )


def _follow(chain: Chain, own: Identity, kind: str) -> tuple[set[Identity], set[touched.Path]]:
    """The identities that a chain gives a resource, and the fields that its patches change.

    More than one identity where a patch or a rewrite is not certain.
    """
    former, current = {own}, {own}
    fields: set[touched.Path] = set()
    for step in chain:
        for late in (False, True):
            for patch in step.patches:
                if patch.late is late and patch.selector.matches(kind, former | current):
                    fields.update(patch.fields)
                    former |= current
                    current = _renamed(patch, current)
            if not late:
                former |= current
                current = {identity for before in current for identity in _transformed(step, before, kind)}
    return current, fields


def _renamed(patch: Patch, identities: set[Identity]) -> set[Identity]:
    if not patch.name and not patch.namespace:
        return identities
    renamed = {(patch.namespace or namespace, patch.name or name) for namespace, name in identities}
    return renamed | identities if patch.selector.partial else renamed


def _transformed(step: Kustomization, identity: Identity, kind: str) -> Iterator[Identity]:
    """What namespace, prefix and suffix make of an identity."""
    namespace, name = identity
    if step.namespace and kind == "Namespace":
        name = step.namespace
    elif step.namespace and kind not in CLUSTER_SCOPED:
        namespace = step.namespace
    if kind in _KEEP_THEIR_NAME:
        yield namespace, name
        return
    yield namespace, step.prefix + name + step.suffix
    if step.rewrites:
        yield namespace, name
