"""Which fields a patch changes, as paths from the root of the resource; `()` stands for all of it.

Exact where kustomize is (`api/internal/builtins/PatchTransformer.go`): operations of RFC 6902 by their
pointers, merge patches by their leaves. A list is one field: another item may move all that follow. Only
items that both kinds of patch name for sure are looked into: those of `replace`, and containers, which
kustomize merges by name in the kinds it knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Path = tuple[str, ...]

ALL: Path = ()
ITEM = "*"
"""A step that stands for any item of a list."""

_IDENTITY = frozenset({("apiVersion",), ("kind",), ("metadata", "name"), ("metadata", "namespace")})
_CONTAINERS = frozenset({"containers", "initContainers"})
_POD_KINDS = frozenset(
    {
        "Pod",
        "Deployment",
        "StatefulSet",
        "DaemonSet",
        "ReplicaSet",
        "ReplicationController",
        "Job",
        "CronJob",
    }
)


def by_operations(operations: Sequence[Any]) -> Iterator[Path]:
    """The fields that a list of operations (RFC 6902) changes. What is none changes who knows what."""
    for operation in operations:
        if not isinstance(operation, dict):
            yield ALL
            continue
        kind = operation.get("op")
        if kind == "test":
            continue
        for key in ("path", "from") if kind == "move" else ("path",):
            yield _pointed(operation.get(key), moves=kind != "replace")


def by_merge(content: Mapping[str, Any], kind: str) -> Iterator[Path]:
    """The fields that a merge patch of a resource of this kind changes, without the names that say which resource."""
    for path in _leaves(content, (), kind):
        if path not in _IDENTITY:
            yield path


def by_field_path(text: str) -> Path:
    """The field of a replacement (`spec.hosts.0`, `spec.template.spec.containers.[name=web].image`)."""
    steps: list[str] = []
    for step in text.replace("\\.", "\0").split("."):
        if step.isdecimal() or step == ITEM or step.startswith("["):
            steps.append(step if step.isdecimal() else ITEM)
        else:
            steps.append(step.replace("\0", "."))
    return tuple(steps)


def _pointed(pointer: object, *, moves: bool) -> Path:
    """The field that a pointer names; the list around an item that comes or goes."""
    if not isinstance(pointer, str) or not pointer.startswith("/"):
        return ALL
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]
    return tuple(steps[:-1] if steps[-1] == "-" or (moves and steps[-1].isdecimal()) else steps)


def _leaves(value: Any, path: Path, kind: str) -> Iterator[Path]:
    if not isinstance(value, dict) or not value or any(str(key).startswith("$") for key in value):
        yield path
        return
    for key, inner in value.items():
        below = (*path, str(key))
        if key in _CONTAINERS and kind in _POD_KINDS and _are_named(inner):
            for item in inner:
                rest = {name: content for name, content in item.items() if name != "name"}
                yield from _leaves(rest, (*below, ITEM), kind)
        else:
            yield from _leaves(inner, below, kind)


def _are_named(items: Any) -> bool:
    """Whether each item surely is one that is there: a new container comes with its image."""
    return isinstance(items, list) and all(
        isinstance(item, dict) and item.get("name") and "image" not in item and len(item) > 1 for item in items
    )
