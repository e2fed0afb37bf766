"""Where Argo CD and Flux put what lies in a folder of the repository: namespaces, and patches of Flux.

* An Application of Argo CD gives resources without a namespace its `destination.namespace`. It takes the
  files of its `path` itself, with `directory.recurse` those below too, or the build if a kustomization is
  there (https://argo-cd.readthedocs.io/en/stable/user-guide/directory/).
* An ApplicationSet with a generator over folders does so for each of them.
* A Kustomization of Flux sets `targetNamespace` whatever the files say, and applies its `patches`; without
  a kustomization in its `path` it takes all files below (https://fluxcd.io/flux/components/kustomize/kustomizations/).

Paths are those of the repository: the folder is looked for from the root of the input, then from each
folder around the file that names it. Which repository is meant is not asked, but a path that several
repositories have is none of the input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.mesh.context import PLACING_KINDS
from meshlint.reading.data import mapping
from meshlint.sources import touched
from meshlint.sources.kustomization import Patch, patches_of
from meshlint.sources.kustomizations import CLUSTER_SCOPED, Identity

if TYPE_CHECKING:
    from meshlint.mesh.context import Builds

_WHOLE_PATH = re.compile(r"\{\{\s*(?:path|\.path\.path)\s*\}\}\Z")
_BASENAME = re.compile(r"\{\{\s*\.?path\.basename(?:Normalized)?\s*\}\}")
_SEGMENT = re.compile(r"\{\{\s*(?:path\[(\d+)\]|index\s+\.path\.segments\s+(\d+))\s*\}\}")


class Deployment(msgspec.Struct, frozen=True):
    """One folder (`*` in it is any part of a name) and what becomes of its resources."""

    folder: str
    namespace: str | None
    overrides: bool
    """Whether the namespace replaces one that is written."""
    recursive: bool
    patches: tuple[Patch, ...] = ()
    repository: str = ""
    top: str = ""
    """The folder of the input that the path starts from."""

    @property
    def fixed(self) -> str:
        """The folder around those that a pattern means."""
        steps = self.folder.split("/")
        return "/".join(steps[: next((number for number, step in enumerate(steps) if "*" in step), len(steps))])

    def around(self, path: str) -> str | None:
        """The folder around a file that is meant, if there is one."""
        steps = path.split("/")[:-1]
        wanted = self.folder.split("/")
        if len(steps) < len(wanted) or not all(map(fnmatchcase, steps, wanted)):
            return None
        return "/".join(steps[: len(wanted)]) if self.recursive or len(steps) == len(wanted) else None

    def target(self, folder: str) -> str | None:
        """The namespace of what lies in one of the folders; None if it is not known."""
        steps = folder[len(self.top) :].lstrip("/").split("/")

        def segment(match: re.Match[str]) -> str:
            number = int(match[1] or match[2])
            return steps[number] if number < len(steps) else match[0]

        text = _SEGMENT.sub(segment, _BASENAME.sub(steps[-1], self.namespace or ""))
        return text if text and "{{" not in text else None


class Deployments:
    """Answers about files of the input: those of kustomizations, and what is done to their outcome."""

    def __init__(self, builds: Builds | None, deployments: Iterable[Deployment]) -> None:
        self._builds = builds
        self._all = list(deployments)
        self._by_folder: dict[str, list[tuple[str, Deployment]]] = {}

    def builds(self, path: str) -> frozenset[str]:
        """The folders of the kustomize builds that take a file in."""
        return self._builds.builds(path) if self._builds else frozenset()

    def identities(self, path: str, namespace: str | None, name: str, kind: str) -> set[Identity]:
        """Every (namespace, name) that a resource of this file gets; a namespace of None is set by nobody."""
        own = self._builds.identities(path, namespace, name, kind) if self._builds else {(namespace, name)}
        if kind in CLUSTER_SCOPED:
            return own
        found: set[Identity] = set()
        for folder, deployment in self._of(path):
            target = deployment.target(folder)
            found |= {(target if target and (deployment.overrides or not home) else home, it) for home, it in own}
        return found or own

    def patched(self, path: str, namespace: str | None, name: str, kind: str) -> frozenset[touched.Path]:
        """The fields of a resource that somebody changes."""
        fields = self._builds.patched(path, namespace, name, kind) if self._builds else frozenset()
        patches = [patch for _, deployment in self._of(path) for patch in deployment.patches]
        if not patches:
            return fields
        known = {(namespace, name), *self.identities(path, namespace, name, kind)}
        return fields.union(*(patch.fields for patch in patches if patch.selector.matches(kind, known)))

    def added_labels(self, path: str) -> Mapping[str, frozenset[str]]:
        """Labels that builds add."""
        return self._builds.added_labels(path) if self._builds else {}

    def incomplete(self, path: str) -> bool:
        """Whether a build brings resources that the input does not hold."""
        return self._builds is not None and self._builds.incomplete(path)

    def facts(self) -> object:
        """All that the answers follow from."""
        return self._builds.facts() if self._builds else None, self._all

    def _of(self, path: str) -> list[tuple[str, Deployment]]:
        """The deployments of a file with the folder each means.

        Those of builds that take the file in; else, of several around it, the innermost.
        """
        built = [(root, item) for root in self.builds(path) for item in self._all if item.around(f"{root}/*") == root]
        return built or self._around(path)

    def _around(self, path: str) -> list[tuple[str, Deployment]]:
        parent = path.rpartition("/")[0]
        if parent not in self._by_folder:
            found = [(folder, item) for item in self._all if (folder := item.around(path)) is not None]
            longest = max((len(folder) for folder, _ in found), default=0)
            self._by_folder[parent] = [pair for pair in found if len(pair[0]) == longest]
        return self._by_folder[parent]


def deployments(contents: Iterable[tuple[str, Any]], paths: Iterable[str]) -> Iterator[Deployment]:
    """What resources of `PLACING_KINDS` say of folders that hold one of the files of `paths`.

    `contents` are such resources as plain data, each with the path of its file.
    """
    known = [(path, content) for path, content in contents if isinstance(content, dict) and _is_known(content)]
    found = [(path, item) for path, content in known for item in _deployments(content)]
    repositories: dict[str, set[str]] = {}
    for _, item in found:
        repositories.setdefault(item.folder, set()).add(item.repository)
    folders = {folder for path in paths for folder in _folders(path)} if found else set()
    for path, item in found:
        top = next((top for top in reversed(list(_folders(path))) if _joined(top, item.fixed) in folders), None)
        if top is not None and len(repositories[item.folder]) == 1:
            yield msgspec.structs.replace(item, folder=_joined(top, item.folder), top=top)


def _folders(path: str) -> Iterator[str]:
    """Every folder around a file, from its own up to the root of the input (`""`)."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _joined(top: str, folder: str) -> str:
    return f"{top}/{folder}" if top else folder


def _is_known(content: dict[str, Any]) -> bool:
    group = PLACING_KINDS.get(str(content.get("kind")))
    return group is not None and str(content.get("apiVersion")).startswith(f"{group}/")


def _deployments(content: dict[str, Any]) -> Iterator[Deployment]:
    spec = mapping(content, "spec")
    if content.get("kind") == "Kustomization":
        yield from _of_flux(spec)
    elif content.get("kind") == "Application":
        yield from _of_application(spec, None)
    else:
        template = mapping(spec, "template", "spec")
        for pattern in _patterns(spec):
            yield from _of_application(template, pattern)


def _of_flux(spec: dict[str, Any]) -> Iterator[Deployment]:
    folder = _folder(spec.get("path"))
    target = spec.get("targetNamespace")
    patches = tuple(patch for _, patch in patches_of("", spec) if patch)
    if folder and (patches or isinstance(target, str)):
        yield Deployment(folder, target if isinstance(target, str) else None, True, True, patches)


def _of_application(spec: dict[str, Any], pattern: str | None) -> Iterator[Deployment]:
    """The folders of an Application; of one that is made for each folder of a pattern, that pattern."""
    namespace = mapping(spec, "destination").get("namespace")
    if not isinstance(namespace, str):
        return
    several = spec.get("sources")
    for source in [spec.get("source"), *(several if isinstance(several, list) else ())]:
        if not isinstance(source, dict) or "chart" in source or "helm" in source:
            continue
        path = source.get("path")
        made = pattern is not None and isinstance(path, str) and _WHOLE_PATH.match(path)
        folder = _folder(pattern if made else path)
        if folder and "{{" not in folder:
            recursive = mapping(source, "directory").get("recurse") is True
            yield Deployment(folder, namespace, False, recursive, (), str(source.get("repoURL")))


def _patterns(spec: dict[str, Any]) -> Iterator[str]:
    """The folders that the generators of an ApplicationSet go through (`apps/*`)."""
    generators = spec.get("generators")
    for generator in generators if isinstance(generators, list) else ():
        directories = mapping(generator, "git").get("directories")
        for directory in directories if isinstance(directories, list) else ():
            if isinstance(directory, dict) and isinstance(directory.get("path"), str) and not directory.get("exclude"):
                yield directory["path"]


def _folder(path: object) -> str:
    """A path of a repository as the paths of files begin; empty for the whole of it."""
    return "/".join(step for step in path.split("/") if step not in {"", "."}) if isinstance(path, str) else ""
