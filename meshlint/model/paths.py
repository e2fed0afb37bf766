"""From objects to the paths of the YAML text, and from such paths to values."""

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from types import NoneType
from typing import Any, get_args, get_origin

import msgspec

from meshlint.model.base import Resource

Step = str | int


def spelled(root: Any, target: Any, path: Sequence[Step] = ()) -> tuple[Step, ...]:
    """The path of `target`, and of `path` inside it, as the YAML text spells it.

    `target` is a struct (or a mapping or list of untyped content) that is found inside `root` by
    identity; None means `root` itself. `path` holds attribute names, indexes and keys. It is
    checked against the types even where a value is absent: `("retries", "per_try_timeout")` of a
    route without retries is fine, and so is a key that a map lacks. Raises LookupError for an object
    that is not inside `root`, an attribute that its message does not have, an index beyond a list,
    and a step into a scalar.
    """
    steps = [] if target is None or target is root else _path_to(root, target)
    steps += _continued(root if target is None else target, path)
    hidden = root.document_path if isinstance(root, Resource) else ()
    return tuple(steps[len(hidden) :]) if tuple(steps[: len(hidden)]) == hidden else tuple(steps)


def get(root: Any, path: Sequence[Step]) -> Any:
    """The value at a path in YAML spelling; None where something on the way is absent.

    Works on structs and on plain data alike. Raises LookupError for a key that a message cannot
    have, an index beyond a list, and a step into a scalar.
    """
    value = root
    if path and isinstance(root, Resource):
        for name in root.document_path:
            value = getattr(value, name, None)
    for step in path:
        if value is None:
            return None
        value = _member(value, step) if isinstance(value, msgspec.Struct) else _item(value, step)
    return value


def _path_to(root: Any, target: Any) -> list[Step]:
    index, goal, here = _index(root), id(root), id(target)
    steps: list[Step] = []
    while here != goal:
        if here not in index:
            raise LookupError(f"this {type(target).__name__} is not inside the {type(root).__name__}")
        here, step = index[here]
        steps.append(step)
    steps.reverse()
    return steps


# A rule that finds much in one resource asks for its objects again and again: the index is kept
# for a few roots, so that a document with thousands of findings is walked once.
@lru_cache(maxsize=8)
def _index(root: Any) -> dict[int, tuple[int, Step]]:
    """By id of each container inside `root`: the id of the container it lies in, and the step from there.

    The cache holds `root`, so no id can be used again while its entry lives. Of a container that
    lies there twice (a YAML alias in untyped content) the first place counts.
    """
    index: dict[int, tuple[int, Step]] = {}
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        owner = id(parent)
        for step, child in _children(parent):
            if child.__class__ not in _SCALARS and id(child) not in index:
                index[id(child)] = (owner, step)
                waiting.append(child)
    return index


_SCALARS = frozenset({str, int, float, bool, NoneType})


def _children(parent: Any) -> Iterable[tuple[Step, Any]]:
    if isinstance(parent, msgspec.Struct):
        return [(name, getattr(parent, attribute)) for attribute, name in _holders(type(parent))]
    return parent.items() if isinstance(parent, dict) else enumerate(parent)


@cache
def fields_of(kind: type[msgspec.Struct]) -> dict[Step, tuple[str, Any]]:
    """By attribute of a message: its name in YAML and its type.

    `msgspec.structs.fields` says the same, ten times slower: felt where a run has one finding.
    """
    types: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        types |= getattr(base, "__annotations__", {})
    names = zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True)
    return {attribute: (name, types[attribute]) for attribute, name in names}


@cache
def _holders(kind: type[msgspec.Struct]) -> tuple[tuple[str, str], ...]:
    """Attribute and YAML name of those fields of a message that may hold messages or untyped content."""
    fields = zip(kind.__struct_fields__, fields_of(kind).values(), strict=True)
    return tuple((attribute, name) for attribute, (name, annotation) in fields if _may_hold(annotation))


def _may_hold(annotation: Any) -> bool:
    inner = get_args(annotation)
    if inner:
        return any(_may_hold(part) for part in inner)
    return annotation is Any or is_message(annotation)


def is_message(annotation: Any) -> bool:
    """Whether a type is that of a message."""
    return isinstance(annotation, type) and issubclass(annotation, msgspec.Struct)


def _continued(value: Any, path: Sequence[Step]) -> list[Step]:
    steps: list[Step] = []
    annotation: Any = Any
    for position, step in enumerate(path):
        if value is None:
            return steps + _by_types(annotation, path[position:])
        if isinstance(value, msgspec.Struct):
            name, annotation = _field(type(value), step)
            steps.append(name)
            value = getattr(value, str(step))
        else:
            steps.append(step)
            value = _item(value, step)
            annotation = _inner(annotation)
    return steps


def _by_types(annotation: Any, path: Sequence[Step]) -> list[Step]:
    """Spell a path into a value that is absent, by what could be there."""
    steps: list[Step] = []
    for step in path:
        message = next((part for part in (annotation, *get_args(annotation)) if is_message(part)), None)
        if message is None:
            steps.append(step)
            annotation = _inner(annotation)
        else:
            name, annotation = _field(message, step)
            steps.append(name)
    return steps


def _inner(annotation: Any) -> Any:
    """What a list or map of this type holds: `X` of `tuple[X, ...] | None` and of `dict[str, X] | None`."""
    parts = (annotation, *get_args(annotation))
    for part in parts:
        origin = get_origin(part)
        if origin is tuple:
            return get_args(part)[0]
        if origin is dict:
            return get_args(part)[1]
    if Any in parts:
        return Any
    raise LookupError(f"a value of type {annotation} has nothing inside")


def _field(kind: type[msgspec.Struct], attribute: Step) -> tuple[str, Any]:
    found = fields_of(kind).get(attribute)
    if found is None:
        raise LookupError(f"{kind.__name__} has no attribute {attribute!r}")
    return found


def _member(message: msgspec.Struct, key: Step) -> Any:
    kind = type(message)
    for attribute, name in zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True):
        if name == key:
            return getattr(message, attribute)
    raise LookupError(f"{kind.__name__} has no field {key!r}")


def _item(container: Any, step: Step) -> Any:
    if isinstance(container, dict):
        return container.get(step)
    if isinstance(container, (list, tuple)):
        if isinstance(step, int) and 0 <= step < len(container):
            return container[step]
        raise LookupError(f"a list of {len(container)} has no item {step!r}")
    raise LookupError(f"{container!r:.40} has nothing inside, not even {step!r}")
