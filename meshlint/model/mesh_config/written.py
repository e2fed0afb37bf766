"""The settings that mesh config holds as plain data, each with what its message says of it."""

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args, get_origin

import msgspec

from meshlint.findings import Path
from meshlint.model.paths import fields_of, is_message


class Setting(msgspec.Struct, frozen=True, eq=False):
    """A key of a message, and the value there. `message` is the type of the object that holds it.

    `types` are those that the value may have, None for a key that the message does not know.
    """

    path: Path
    value: Any
    message: type[msgspec.Struct]
    siblings: frozenset[str]
    types: tuple[Any, ...] | None


def written(data: Any, types: tuple[Any, ...], path: Path = ()) -> Iterator[Setting]:
    """Every setting of a value that may be of one of `types`. What is of another type holds none."""
    if isinstance(data, dict):
        message = next((kind for kind in types if is_message(kind)), None)
        if message is not None:
            yield from _of_message(data, message, path)
        for inner in _inside(types, dict):
            for key, value in data.items():
                yield from written(value, inner, (*path, key))
    elif isinstance(data, list):
        for inner in _inside(types, tuple):
            for index, value in enumerate(data):
                yield from written(value, inner, (*path, index))


def _of_message(data: dict[str, Any], message: type[msgspec.Struct], path: Path) -> Iterator[Setting]:
    siblings = frozenset(data)
    for key, value in data.items():
        types = _types(message).get(key) or _types_by_proto(message).get(_bare(key) if "_" in str(key) else key)
        yield Setting((*path, key), value, message, siblings, types)
        if types is not None:
            yield from written(value, types, (*path, key))


def _inside(types: tuple[Any, ...], container: type) -> Iterator[tuple[Any, ...]]:
    """The types of what a list or a map among `types` holds."""
    for kind in types:
        if get_origin(kind) is container:
            yield _members(get_args(kind)[1 if container is dict else 0])


def _members(annotation: Any) -> tuple[Any, ...]:
    """The types of a union; any other type alone."""
    return (annotation,) if get_origin(annotation) in {dict, tuple} else (annotation, *get_args(annotation))


@cache
def _types(message: type[msgspec.Struct]) -> dict[str, tuple[Any, ...]]:
    """The types of each field by its name in YAML."""
    return {name: _members(annotation) for name, annotation in fields_of(message).values()}


@cache
def _types_by_proto(message: type[msgspec.Struct]) -> dict[str, tuple[Any, ...]]:
    """The same by the proto's name (`root_namespace`), which istiod reads too, without its `_`."""
    return {_bare(name): types for name, types in _types(message).items()}


def _bare(name: str) -> str:
    return name.replace("_", "").casefold()
