"""Envoy's configuration as plain data: which fields its messages have, and values of what kind.

istiod decodes the value of an EnvoyFilter's patch into a message of Envoy (`BuildXDSObjectFromStruct`
of `pkg/config/xds`). A value of the wrong kind is refused, a field that the message lacks is dropped
with a warning. The fields are those of one release of Envoy's API (`schemas/envoy/messages.json`,
written by `tools/gen_envoy.py`): fields are hardly ever removed, so only a field that is younger
than that release would be taken for unknown.
"""

import os
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from meshlint._bundled import folder
from meshlint.schemas import golang
from meshlint.suggest import nearest

Path = tuple[str | int, ...]

_ROOTS = {
    "BOOTSTRAP": "envoy.config.bootstrap.v3.Bootstrap",
    "CLUSTER": "envoy.config.cluster.v3.Cluster",
    "EXTENSION_CONFIG": "envoy.config.core.v3.TypedExtensionConfig",
    "FILTER_CHAIN": "envoy.config.listener.v3.FilterChain",
    "HTTP_FILTER": "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter",
    "HTTP_ROUTE": "envoy.config.route.v3.Route",
    "LISTENER": "envoy.config.listener.v3.Listener",
    "LISTENER_FILTER": "envoy.config.listener.v3.ListenerFilter",
    "NETWORK_FILTER": "envoy.config.listener.v3.Filter",
    "ROUTE_CONFIGURATION": "envoy.config.route.v3.RouteConfiguration",
    "VIRTUAL_HOST": "envoy.config.route.v3.VirtualHost",
}

_TEXT, _DURATION, _BOOL, _NUMBER, _ENUM = "s", "d", "b", "n", "e"
_TYPED, _FREE, _LIST, _MAP = "@", "*", "[", "{"
"""The notation of a field's kind: one of these, or the name of a message; `[` and `{` come before what is inside."""

_WORDS = {
    _TEXT: "a text",
    _DURATION: "a duration such as `5s`",
    _BOOL: "true or false",
    _NUMBER: "a number",
    _ENUM: "the name of one of its values",
    _TYPED: "an object with `@type`",
    _LIST: "a list",
    _MAP: "an object",
}


_CONFIGURED_BY = frozenset({"typedconfig", "configdiscovery"})
_V2 = re.compile(r"envoy\.(?:api\.v2\b|config\.filter\.|.*\.v2(?:alpha[0-9]*)?\.)")
"""Envoy's API v2; what lay under `envoy.config.filter` has moved to `envoy.extensions.filters` in v3."""


class Misfit(NamedTuple):
    """A part of a value that does not fit Envoy's message.

    `path` leads to it from the value. `message` is the message it stands in. `expected` says what
    belongs there; None means that the message has no such field, and `known` are those it has.
    """

    path: Path
    message: str
    expected: str | None
    known: tuple[str, ...] = ()


def misfits(apply_to: str, value: Any) -> Iterator[Misfit]:
    """Everything in the value of a patch of `apply_to` that does not fit, in no certain order."""
    root = _ROOTS.get(apply_to)
    if root is None:
        return
    waiting: list[tuple[Any, str, str, Path]] = [(value, root, root, ())]
    while waiting:
        here, kind, owner, path = waiting.pop()
        if here is None or kind == _FREE:
            continue
        expected = _mismatch(here, kind)
        if expected:
            yield Misfit(path, owner, expected)
        elif kind[0] == _LIST:
            waiting += [(item, kind[1:], owner, (*path, index)) for index, item in enumerate(here)]
        elif kind[0] == _MAP:
            waiting += [(item, kind[1:], owner, (*path, key)) for key, item in here.items()]
        elif isinstance(here, dict):
            message = here["@type"].rpartition("/")[2] if kind == _TYPED else kind
            fields = _fields(message)
            if fields is None:
                continue
            for key, item in here.items():
                field = fields.get(_plain(key))
                if field is not None:
                    waiting.append((item, field[1], message, (*path, key)))
                elif key != "@type" or (kind != _TYPED and str(item).rpartition("/")[2] != message):
                    yield Misfit((*path, key), message, None, tuple(name for name, _ in fields.values()))


def untyped(apply_to: str, value: Any) -> Iterator[Path]:
    """The ways to extensions in a value that have a name only, and neither `typed_config` nor `config_discovery`.

    As istiod does (`recurseMissingTypedConfig`), through single messages but not through lists.
    """
    waiting: list[tuple[Any, str, Path]] = [(value, _ROOTS.get(apply_to, _FREE), ())]
    while waiting:
        here, kind, path = waiting.pop()
        fields = _fields(kind) if isinstance(here, dict) else None
        if fields is None:
            continue
        written = {_plain(key) for key, item in here.items() if item is not None}
        if "typedconfig" in fields and written.isdisjoint(_CONFIGURED_BY):
            yield path
        for key, item in here.items():
            field = fields.get(_plain(key))
            if field is not None:
                waiting.append((item, field[1], (*path, key)))


def unresolvable(url: str) -> bool:
    """Whether a type is sure to be none that istiod knows: of Envoy's API v2, or a slip in the name of one of v3."""
    name = url.rpartition("/")[2]
    if _V2.match(name):
        return True
    package, _, last = name.rpartition(".")
    known = _packages().get(package)
    return known is not None and last not in known and nearest(last, known) is not None


def nearest_type(url: str) -> str | None:
    """The type that an unresolvable one was probably meant to be: one of the same last name, or a near one."""
    package, _, last = url.rpartition("/")[2].rpartition(".")
    known = _packages().get(package)
    if known is not None:
        near = nearest(last, known)
        return f"{package}.{near}" if near else None
    topic = package.split(".")[-3:-1]  # `http`, `lua`
    same = [name for name in _messages() if name.endswith(f".{last}") and topic == name.split(".")[-4:-2]]
    return same[0] if len(same) == 1 else None


@lru_cache(maxsize=1)
def _packages() -> dict[str, set[str]]:
    """The names of the messages of each package."""
    packages: dict[str, set[str]] = {}
    for name in _messages():
        package, _, last = name.rpartition(".")
        packages.setdefault(package, set()).add(last)
    return packages


def _mismatch(value: Any, kind: str) -> str | None:
    """What belongs here instead, as Go's `jsonpb` sees it: quoted numbers and numbers of enums are fine."""
    notation = kind[0] if kind[0] in {_LIST, _MAP} else kind if len(kind) == 1 else _MAP
    return None if _FITS[notation](value) else _WORDS[notation]


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return False
        return True
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_duration(value: Any) -> bool:
    try:
        return isinstance(value, str) and golang.duration(value) is not None
    except ValueError:
        return False


_FITS: dict[str, Callable[[Any], bool]] = {
    _TEXT: lambda value: isinstance(value, str),
    _DURATION: _is_duration,
    _BOOL: lambda value: isinstance(value, bool),
    _NUMBER: _is_number,
    _ENUM: lambda value: isinstance(value, str | int) and not isinstance(value, bool),
    _TYPED: lambda value: isinstance(value, dict) and isinstance(value.get("@type"), str),
    _LIST: lambda value: isinstance(value, list | tuple),
    _MAP: lambda value: isinstance(value, dict),
}


def _plain(name: str) -> str:
    """A name for comparison: `typed_config` and `typedConfig` are one field."""
    return name.replace("_", "").lower()


@lru_cache(maxsize=256)
def _fields(message: str) -> dict[str, tuple[str, str]] | None:
    """By comparable name: the name and the kind of each field; None for a message that is not known."""
    fields = _messages().get(message)
    return None if fields is None else {_plain(name): (name, kind) for name, kind in fields.items()}


@lru_cache(maxsize=1)
def _messages() -> dict[str, dict[str, str]]:
    with open(os.path.join(folder("schemas"), "envoy", "messages.json"), "rb") as file:
        return msgspec.json.decode(file.read(), type=dict[str, dict[str, str]])
