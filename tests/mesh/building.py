"""Builds a mesh of YAML text, for tests of its questions."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from meshlint.mesh.context import Context, Entry, Origin
from meshlint.mesh.mesh import Mesh
from meshlint.model.base import Resource
from meshlint.model.kinds import convert
from meshlint.reading import read

_FILE = "mesh.yaml"


def build(text: str = "", *, files: Mapping[str, str] | None = None, **context: Any) -> Mesh:
    """Make a mesh of one file, or of `files` (path to text). Further arguments are those of `Context`.

    Documents without a `kind` are left out; `kind: List` is not flattened.
    """
    return Mesh(_entries({_FILE: text, **(files or {})}), Context(**context))


def named(mesh: Mesh, name: str, kind: str | None = None) -> Any:
    """The first resource of this name (and kind)."""
    for entry in mesh.entries:
        if entry.resource.name == name and kind in {None, entry.resource.kind}:
            return entry.resource
    raise LookupError(name)


def names(resources: Iterable[Resource]) -> list[str]:
    """The names of resources, in order; `namespace/name` where a namespace is written."""
    return [f"{item.namespace}/{item.name}" if item.namespace else item.name for item in resources]


def plain(value: Any) -> Any:
    """A struct as plain data, to compare it by value."""
    return msgspec.to_builtins(value)


def _entries(files: Mapping[str, str]) -> Iterable[Entry]:
    for source, (path, text) in enumerate(files.items()):
        for number, data in enumerate(_documents(text)):
            if isinstance(data, dict) and "kind" in data:
                yield Entry(convert(data), Origin(source, number, path))


def _documents(text: str) -> list[Any]:
    reading = read(text)
    assert not reading.problems, reading.problems
    return [document.data for document in reading.documents]
