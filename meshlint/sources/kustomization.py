"""One kustomization file as a struct: what it takes in and what it does to names and namespaces.

Facts from kubernetes-sigs/kustomize: fields and their legacy forms from `api/types/kustomization.go`,
patches from `api/internal/builtins/PatchTransformer.go`, selectors from `api/types/selector.go`.
Whatever does not have the form kustomize expects is left out, and said to be a flaw: a broken
kustomization is for kustomize to refuse.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.sources import touched
from meshlint.sources.loading import load
from meshlint.sources.selector import Selector
from meshlint.sources.source import File

if TYPE_CHECKING:
    from meshlint.reading import Reading

_GROUP = "kustomize.config.k8s.io/"
_REWRITERS = ("configurations", "replacements", "vars", "crds", "openapi")
"""Fields that can make kustomize rewrite references it would leave alone."""
_LISTS = ("resources", "bases", "components", "patches", "patchesStrategicMerge", "patchesJson6902", "replacements")
_UNSEEN = ("helmCharts", "helmChartInflationGenerator", "generators", "transformers")
"""Fields whose resources, or what they do to resources, no file of the input shows."""


class Patch(msgspec.Struct, frozen=True):
    """A patch, as far as it matters here: what it applies to, the fields it changes, the identity it gives.

    `late` ones (`patchesJson6902`) come after the kustomization's namespace, prefix and suffix.
    """

    selector: Selector
    fields: tuple[touched.Path, ...] = (touched.ALL,)
    name: str | None = None
    namespace: str | None = None
    late: bool = False


class Generated(msgspec.Struct, frozen=True):
    """A ConfigMap or Secret that a generator makes. With `hashed` its name gets a suffix of its content."""

    kind: str
    namespace: str | None
    name: str
    hashed: bool


class Kustomization(msgspec.Struct, frozen=True, eq=False):
    """A kustomization or component. All paths are absolute. Equal means the same.

    `missing` are entries of resources and components that lead nowhere: remote bases
    (`https://...`, `github.com/org/repo?ref=v1`), and files that are not there.
    """

    folder: str
    component: bool = False
    namespace: str | None = None
    prefix: str = ""
    suffix: str = ""
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    patches: tuple[Patch, ...] = ()
    patch_files: tuple[str, ...] = ()
    generated: tuple[Generated, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()
    flaws: tuple[str, ...] = ()
    """Why kustomize refuses it: what it does to the files around is then not known."""
    unseen: bool = False
    rewrites: bool = False


def read_kustomization(file: File) -> Kustomization | None:
    """Read a kustomization file; None if it is none (another API's `Kustomization`)."""
    folder = os.path.dirname(file.location)
    try:
        data = _first(file)
    except ValueError:
        return Kustomization(folder, flaws=("does not parse",))
    if not isinstance(data, dict):
        return Kustomization(folder, flaws=("is no mapping",))
    kind = data.get("kind") or "Kustomization"
    version = data.get("apiVersion") or _GROUP
    if kind not in {"Kustomization", "Component"} or not str(version).startswith(_GROUP):
        return None
    # the two lists were separate fields once; kustomize reads `bases` as more resources
    files, folders, missing = _operands(folder, [*_strings(data, "resources"), *_strings(data, "bases")])
    more_files, components, more_missing = _operands(folder, _strings(data, "components"))
    patches = (*patches_of(folder, data), *_replacements(folder, data), *_scaled(data))
    return Kustomization(
        folder=folder,
        component=kind == "Component",
        namespace=_string(data, "namespace") or None,
        prefix=_string(data, "namePrefix"),
        suffix=_string(data, "nameSuffix"),
        files=files,
        folders=folders,
        components=components,
        patches=tuple(patch for _, patch in patches if patch),
        patch_files=tuple(path for path, _ in patches if path),
        generated=tuple(_generated(data)),
        labels=tuple(sorted(_labels(data))),
        flaws=tuple(f"has `{key}` that is no list" for key in _LISTS if not isinstance(data.get(key) or [], list)),
        missing=(*missing, *more_files, *more_missing),
        unseen=any(data.get(key) for key in _UNSEEN),
        rewrites=any(data.get(key) for key in _REWRITERS),
    )


def _documents(file: File) -> Iterator[Any]:
    """The documents of a file, as far as it can be read."""
    for reading in _readings(file):
        for document in reading.documents:
            yield document.data


def _first(file: File) -> Any:
    """The first document of a file; an empty mapping for an empty one. Raises ValueError where none can be read."""
    for reading in _readings(file):
        if reading.documents:
            return reading.documents[0].data
        if reading.problems:
            raise ValueError(reading.problems[0])
    return {}


def _readings(file: File) -> Iterator[Reading]:
    from meshlint.reading import read

    loaded = load(file)
    for source in loaded if isinstance(loaded, list) else ():
        yield read(source.text)


def _operands(folder: str, entries: list[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Files, folders and what is neither. Like kustomize, look for a path first and then for a URL."""
    files, folders, missing = [], [], []
    for entry in entries:
        location = _resolve(folder, entry)
        if os.path.isfile(location):
            files.append(location)
        elif os.path.isdir(location):
            folders.append(location)
        else:
            missing.append(entry)
    return tuple(files), tuple(folders), tuple(missing)


def _resolve(folder: str, entry: str) -> str:
    return os.path.normpath(os.path.join(folder, entry.replace("\0", "")))


def patches_of(folder: str, data: Mapping[str, Any]) -> Iterator[tuple[str | None, Patch | None]]:
    """The patches of a kustomization and the files they are in."""
    for text in _strings(data, "patchesStrategicMerge"):
        yield from _patch(folder, {"patch": text} if "\n" in text else {"path": text})
    for entry in _mappings(data, "patches"):
        yield from _patch(folder, entry)
    for entry in _mappings(data, "patchesJson6902"):
        for path, patch in _patch(folder, entry):
            yield path, msgspec.structs.replace(patch, late=True) if patch else None


def _patch(folder: str, entry: Mapping[str, Any]) -> Iterator[tuple[str | None, Patch | None]]:
    """One entry: its file, if it has one, and what its documents do."""
    from meshlint.reading import read

    target = entry.get("target")
    selector = Selector.of(target) if isinstance(target, dict) else None
    if path := _string(entry, "path"):
        location = _resolve(folder, path)
        yield location, None
        contents = list(_documents(File(location, location))) if os.path.isfile(location) else []
    else:
        contents = [document.data for document in read(_string(entry, "patch")).documents]
    options = entry.get("options")
    renames = isinstance(options, dict) and options.get("allowNameChange") is True
    if not contents and selector:
        yield None, Patch(selector)
    for content in contents:
        if isinstance(content, list) and selector:
            yield None, _json_patch(selector, content)
        elif isinstance(content, dict):
            yield None, _merge_patch(selector, content, renames=renames)


def _json_patch(selector: Selector, operations: list[Any]) -> Patch:
    """A list of operations (RFC 6902), of which those on the name and namespace change the identity."""
    found: dict[str, str] = {}
    for operation in operations:
        if isinstance(operation, dict) and operation.get("op") in {"replace", "add"}:
            path, value = operation.get("path"), operation.get("value")
            if isinstance(path, str) and isinstance(value, str):
                found[path] = value
    fields = tuple(sorted(set(touched.by_operations(operations))))
    return Patch(selector, fields, found.get("/metadata/name"), found.get("/metadata/namespace"))


def _merge_patch(selector: Selector | None, content: dict[str, Any], *, renames: bool) -> Patch | None:
    """A strategic merge patch. With a target it may rename, where the kustomization allows that."""
    metadata = content.get("metadata")
    meta = metadata if isinstance(metadata, dict) else {}
    kind, namespace, name = _string(content, "kind"), _string(meta, "namespace"), _string(meta, "name")
    fields = tuple(sorted(set(touched.by_merge(content, kind or (selector.kind if selector else "")))))
    if selector:
        return Patch(selector, fields, name if renames and name else None)
    return Patch(Selector(kind, namespace, name), fields) if kind and name else None


def _replacements(folder: str, data: Mapping[str, Any]) -> Iterator[tuple[str | None, Patch | None]]:
    """The fields that values from elsewhere are written into (`api/types/replacement.go`)."""
    for entry in _mappings(data, "replacements"):
        path = _string(entry, "path")
        if path:
            location = _resolve(folder, path)
            yield location, None
            contents = list(_documents(File(location, location))) if os.path.isfile(location) else []
            found = [item for content in contents for item in (content if isinstance(content, list) else [content])]
        else:
            found = [entry]
        for item in found:
            for target in _mappings(item, "targets") if isinstance(item, dict) else ():
                select = target.get("select")
                fields = tuple(map(touched.by_field_path, _strings(target, "fieldPaths"))) or (("metadata", "name"),)
                if isinstance(select, dict):
                    yield None, Patch(Selector.of(select), fields)


def _scaled(data: Mapping[str, Any]) -> Iterator[tuple[str | None, Patch | None]]:
    """The workloads that the kustomization scales (`api/types/kustomization.go`, Replicas)."""
    for entry in _mappings(data, "replicas"):
        if name := _string(entry, "name"):
            kinds = "Deployment|ReplicaSet|ReplicationController|StatefulSet"
            yield None, Patch(Selector(kinds, "", name), (("spec", "replicas"),))


def _generated(data: Mapping[str, Any]) -> Iterator[Generated]:
    for key, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
        for entry in _mappings(data, key):
            plain = any(
                isinstance(options, dict) and options.get("disableNameSuffixHash") is True
                for options in (entry.get("options"), data.get("generatorOptions"))
            )
            if name := _string(entry, "name"):
                yield Generated(kind, _string(entry, "namespace") or None, name, not plain)


def _labels(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The labels that a kustomization adds to resources or pod templates."""
    found = [data.get("commonLabels"), *(entry.get("pairs") for entry in _mappings(data, "labels"))]
    for pairs in found:
        if isinstance(pairs, dict):
            for key, value in pairs.items():
                yield str(key), str(value)


def _string(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _strings(data: Mapping[str, Any], key: str) -> list[str]:
    value = data.get(key)
    return [item for item in value if isinstance(item, str) and item] if isinstance(value, list) else []


def _mappings(data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    value = data.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
