"""Weighted routes of a VirtualService, and how Envoy shares traffic between their destinations."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

from meshlint.api import VirtualService
from meshlint.model.base import TOGETHER

_RATIO_LIMIT = 20
_NAMED = 4


class Split(msgspec.Struct, frozen=True, eq=False):
    """One HTTP, TLS or TCP route, and what each of its destinations gets."""

    route: object
    """The route itself, to name places by."""
    destinations: tuple[Any, ...]
    parts: list[int]
    """The weights as istiod reads them: an absent one is 0."""
    traffic: str
    """What is shared: requests, or connections that the proxy does not look into."""

    @property
    def hosts(self) -> list[str]:
        """The host of each destination."""
        return [(item.destination and item.destination.host) or "" for item in self.destinations]

    @property
    def weights(self) -> list[int | None]:
        """The weights as written."""
        return [item.weight for item in self.destinations]

    @property
    def is_shared(self) -> bool:
        """Whether there are two or more destinations, so that weights count at all."""
        return len(self.parts) > 1

    @property
    def is_ratio(self) -> bool:
        """Whether the weights are plainly no percentages: their total is small, as in 1:1 or 1:9."""
        return sum(self.parts) <= _RATIO_LIMIT

    @property
    def said(self) -> str:
        """The weights as written, in words."""
        return listed(["none" if weight is None else weight for weight in self.weights])

    @property
    def shares(self) -> str:
        """The percentages that Envoy really uses, in words."""
        total = sum(self.parts)
        return listed([f"{round(100 * part / total, 1):g}%" for part in self.parts])

    @property
    def percentages(self) -> str:
        """Whole percentages that add to 100 and come closest to the weights (largest remainder), in words."""
        total, parts = sum(self.parts), self.parts
        whole = [100 * part // total for part in parts]
        by_remainder = sorted(range(len(parts)), key=lambda index: -(100 * parts[index] % total))
        for index in by_remainder[: 100 - sum(whole)]:
            whole[index] += 1
        return listed(whole)


@lru_cache(maxsize=TOGETHER)
def splits(virtual_service: VirtualService) -> tuple[Split, ...]:
    """Every route with several destinations, or with a weight on its only one: the others share nothing.

    One with a negative weight is invalid and left to other rules.
    """
    spec = virtual_service.spec
    if spec is None:
        return ()
    found: list[Split] = []
    groups: tuple[tuple[Sequence[Any], str], ...] = (
        (spec.http or (), "requests"),
        (spec.tls or (), "connections"),
        (spec.tcp or (), "connections"),
    )
    for routes, traffic in groups:
        for route in routes:
            destinations = route.route
            if not destinations or (len(destinations) == 1 and not destinations[0].weight):
                continue
            parts = [item.weight or 0 for item in destinations]
            if min(parts) >= 0:
                found.append(Split(route, destinations, parts, traffic))
    return tuple(found)


def listed(items: Sequence[object]) -> str:
    """A list in words; a long one names a few and counts the rest."""
    texts = [str(item) for item in items]
    if len(texts) > _NAMED + 1:
        return f"{', '.join(texts[:_NAMED])} and {len(texts) - _NAMED} more"
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))
