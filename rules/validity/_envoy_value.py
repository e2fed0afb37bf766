"""What istiod refuses in the value of an EnvoyFilter's patch: reference row ef-value-decode.

It decodes the value into the message of Envoy that `applyTo` means.
"""

from collections.abc import Iterator
from typing import Any

from meshlint.model.networking.envoy_filter import Patch
from meshlint.schemas.envoy import misfits, nearest_type, unresolvable

from ._frame import Faults, fault


def value_faults(apply_to: str, patch: Patch) -> Faults:
    """Every row."""
    yield from ef_value_type(patch)
    yield from ef_value_kind(apply_to, patch)


def ef_value_type(patch: Patch) -> Faults:
    """Types have to be resolved, and istiod has those of Envoy's API v3 only."""
    for path, url in _types(patch.value):
        if unresolvable(url):
            near = nearest_type(url)
            yield fault(
                patch,
                "value",
                *path,
                "@type",
                what=f"type `{url}`",
                why="it is no type of Envoy's API v3, and v2 is gone",
                help=f"did you mean `type.googleapis.com/{near}`?"
                if near
                else "write the type that Envoy's API v3 has",
            )


def ef_value_kind(apply_to: str, patch: Patch) -> Faults:
    """Each field of the value holds what Envoy's message has there: a text, a number, a list ..."""
    for misfit in misfits(apply_to, patch.value):
        if misfit.expected:
            yield fault(
                patch,
                "value",
                *misfit.path,
                what=f"`{misfit.path[-1]}` in the value" if misfit.path else "the value",
                why=f"`{misfit.message}` takes {misfit.expected} there",
                help=f"write {misfit.expected}",
            )


def _types(value: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The `@type` of each typed message inside a value, at any depth, and the way to the message."""
    waiting: list[tuple[Any, tuple[str | int, ...]]] = [(value, ())]
    while waiting:
        here, path = waiting.pop()
        if isinstance(here, dict):
            url = here.get("@type")
            if isinstance(url, str):
                yield path, url
            waiting += [(item, (*path, key)) for key, item in here.items()]
        elif isinstance(here, list | tuple):
            waiting += [(item, (*path, index)) for index, item in enumerate(here)]
