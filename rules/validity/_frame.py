"""What every check of a webhook rule is made of.

A check is a small generator: it takes the message it looks at and yields a `Fault` for what istiod
refuses. It is named after the row of istiod's validation that it stands for (`retry_on` for row
retry-on); where one check holds several rows, its docstring names them. A rule calls the checks in
the order of the object and turns faults into findings; its page has the rows by field.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import msgspec

from meshlint.api import Findings, NoMapping, Resource, Target, at, finding, shown
from meshlint.mesh.placeholders import is_placeholder
from meshlint.schemas.versions import Release, number
from meshlint.values.durations import duration
from meshlint.values.labels import bad_labels, bad_selector


class Fault(msgspec.Struct, frozen=True, eq=False):
    """What istiod refuses: a place inside a resource (see `at`), a message and what to write instead.

    Nothing is said of placeholders in the value at the place, or in `text` where that is given.
    """

    holder: object
    path: tuple[str | int, ...]
    message: str
    help: str
    text: str | None = None


Faults = Iterator[Fault]


def fault(holder: object, *path: str | int, what: str, why: str, help: str) -> Fault:  # noqa: A002 - as in `finding`
    """Istiod refuses `what`: `why`. `holder` is the message that has the field, `path` leads on from there."""
    return Fault(holder, path, f"istiod refuses {what}: {why}".replace("``", '`""`'), help)


def findings(resource: Resource, faults: Iterable[Fault], *, refuser: str = "istiod") -> Findings:
    """The faults of a resource as findings; nothing of values that are still to be filled in."""
    for found in faults:
        if _is_filled_in_later(found):
            continue
        message = found.message.replace("istiod refuses", f"{refuser} refuses", 1)
        yield finding(at(resource, found.holder, *found.path), message, help=found.help)


def certain(faults: Iterable[Fault]) -> Faults:
    """The faults that stay whatever is filled in later."""
    return (found for found in faults if not _is_filled_in_later(found))


def _is_filled_in_later(found: Fault) -> bool:
    """Whether the value that a fault is about, or its key, holds a placeholder such as `${HOST}`."""
    if found.text is not None:
        return is_placeholder(found.text)
    value: object = found.holder
    for step in found.path:
        if isinstance(value, msgspec.Struct):
            value = getattr(value, str(step), None)
        elif isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list | tuple) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            value = None
    texts = value if isinstance(value, list | tuple) else (value, *found.path[-1:])
    return any(isinstance(text, str) and is_placeholder(text) for text in texts)


def no_mapping(problem: NoMapping, advice: str) -> Findings:
    """A text of mesh configuration that is a list or a scalar; one that is still to be filled in is left alone."""
    if not (isinstance(problem.value, str) and is_placeholder(problem.value)):
        what = "a list" if isinstance(problem.value, list) else f"`{shown(problem.value)}`"
        yield finding(problem.spot, f"istiod refuses this {problem.kind}: it is {what} and no mapping", help=advice)


@lru_cache(maxsize=1024)
def since(target: Target, release: Release) -> bool:
    """Whether the target is this release of Istio or a later one: for rows that Istio has from then on."""
    return number(target.istio) >= number(release)


def yaml_name(holder: msgspec.Struct, attribute: str) -> str:
    """The name of an attribute in YAML: `perTryTimeout`."""
    return _names(type(holder))[attribute]


@lru_cache(maxsize=256)
def _names(message: type[msgspec.Struct]) -> dict[str, str]:
    return dict(zip(message.__struct_fields__, message.__struct_encode_fields__, strict=True))


def namespace_of(resource: Resource) -> str:
    """The namespace that istiod takes a resource to be in; one without a namespace is in `default`."""
    return resource.namespace or "default"


def bad_duration(holder: msgspec.Struct, *attributes: str) -> Faults:
    """Durations below 1 ms, or with a fraction of it."""
    for attribute in attributes:
        value = getattr(holder, attribute)
        reason = value is not None and duration(value)
        if reason:
            yield fault(
                holder,
                attribute,
                what=f"`{yaml_name(holder, attribute)}: {value}`",
                why=reason,
                help="write a duration of 1ms or more in whole milliseconds, such as `500ms` or `2s`; "
                "a field that is left out takes its default",
            )


def labels(holder: msgspec.Struct, attribute: str, given: Mapping[str, str] | None) -> Faults:
    """Labels that Kubernetes would not take as such."""
    for key, reason in bad_labels(given) if given else ():
        yield fault(
            holder,
            attribute,
            key,
            what=f"`{yaml_name(holder, attribute)}`",
            why=reason,
            help="write a label as it is on the pods",
        )


def selector(holder: msgspec.Struct, attribute: str, given: Mapping[str, str] | None) -> Faults:
    """An empty key or a wildcard: rows selector-empty-key, selector-wildcard."""
    for key, reason in bad_selector(given) if given else ():
        yield fault(
            holder,
            attribute,
            key,
            what="the selector",
            why=reason,
            help="write the labels of the pods as they are; a key that is left out matches any value",
        )
