"""What becomes of a request, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from meshlint.findings import Place
    from meshlint.mesh.delegates import MergedRoute
    from meshlint.mesh.destinations import Target
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.networking.virtual_service import HTTPRetry


class Outcome(str, Enum):
    """How a request ends, as far as routing decides it."""

    ROUTED = "routed"
    """It is sent to the targets."""
    ANSWERED = "answered"
    """The proxy answers by itself: a redirect, a direct response."""
    PASSED = "passed through"
    """It leaves the proxy as it is, without routes, policies or mesh mTLS."""
    FAILED = "failed"
    """No route: 404, 502, 503 or a closed connection."""
    UNKNOWN = "unknown"


class Step(msgspec.Struct, frozen=True, eq=False):
    """One decision on the way."""

    text: str
    place: Place | None = None


class Decision(msgspec.Struct, frozen=True, eq=False):
    """What becomes of a request."""

    outcome: Outcome
    steps: tuple[Step, ...]
    """In the order in which they are taken; the last one says how it ends."""
    targets: tuple[Target, ...] = ()
    route: MergedRoute | None = None
    """The HTTP route that took it; None for the default route of a service, and for connections."""


def ending(
    outcome: Outcome, steps: Sequence[Step], text: str, place: Place | None = None, route: MergedRoute | None = None
) -> Decision:
    """Make the decision that ends with a step."""
    return Decision(outcome, (*steps, Step(text, place)), (), route)


def reached(found: Sequence[Target], steps: Sequence[Step], route: MergedRoute | None = None) -> Decision:
    """Make the decision that sends a request to targets; it fails if all of them do."""
    broken = [target for target in found if target.problem]
    outcome = Outcome.FAILED if found and len(broken) == len(found) else Outcome.ROUTED
    return Decision(outcome, (*steps, *(Step(target.text, target.place) for target in found)), tuple(found), route)


def retrying(mesh: Mesh, retries: HTTPRetry | None, place: Place | None) -> Step:
    """The step that says how requests are retried: as a route says, or by the mesh's default."""
    policy = retries or mesh.settings.default_retries
    if not policy.attempts:
        return Step("no retries", place)
    on = policy.retry_on or "connect-failure,refused-stream,unavailable,cancelled"
    each = f", {policy.per_try_timeout} for each try" if policy.per_try_timeout else ""
    origin = "" if retries else " by default"
    return Step(f"{policy.attempts} retries{origin} on {on}{each}", place)
