"""What istiod refuses in the value of an EnvoyFilter's patch: reference row ef-value-decode.

It decodes the value into the message of Envoy that `applyTo` means. Without Envoy's descriptors
only what is sure for all of them is told: `name` is a text, and types of Envoy's API v2 are gone.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from meshlint.model.networking.envoy_filter import Patch

from ._frame import Faults, fault


def value_faults(patch: Patch) -> Faults:
    """Every row."""
    yield from ef_value_name(patch)
    yield from ef_value_type(patch)


def ef_value_name(patch: Patch) -> Faults:
    """Whatever may be patched has a `name` that is a text, but for the bootstrap, which has none."""
    value = patch.value
    if isinstance(value, Mapping) and not isinstance(value.get("name"), str | None):
        yield fault(
            patch,
            "value",
            "name",
            what=f"`name` of type {_json_type(value['name'])} in the value",
            why="Envoy's names are texts",
            help="write the name in quotes",
        )


def ef_value_type(patch: Patch) -> Faults:
    """Types of Envoy's API v2 cannot be resolved: Envoy dropped it with 1.18."""
    for holder in any_messages(patch.value):
        url = holder["@type"]
        if ".v2." in url.rpartition("/")[2]:
            yield fault(
                holder,
                "@type",
                what=f"type `{url}`",
                why="Envoy has no API v2 any more",
                help="write the type of the same name in API v3, say `envoy.extensions.filters.http.lua.v3.Lua`",
            )


def any_messages(value: Any) -> Iterator[dict[str, Any]]:
    """The typed messages inside a value, at any depth: those with a text as `@type`, outermost first."""
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            if isinstance(here.get("@type"), str):
                yield here
            waiting.extend(reversed(here.values()))
        elif isinstance(here, list | tuple):
            waiting.extend(reversed(here))


def _json_type(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return "list" if isinstance(value, list | tuple) else "object"
