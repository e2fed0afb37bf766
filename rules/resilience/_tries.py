"""HTTP routes whose retries have a time for each try, within a time for all."""

from decimal import Decimal
from functools import lru_cache

import msgspec

from meshlint.api import VirtualService, seconds
from meshlint.model.base import TOGETHER
from meshlint.model.networking.virtual_service import HTTPRetry

_MOST_ATTEMPTS = 2**31 - 1
"""The field is an int32; what does not fit into it is refused."""
RETRIES_TIMEOUTS = frozenset({"5xx", "gateway-error", "reset"})
"""The conditions under which Envoy retries a try that hit its timeout."""


class TimedRetries(msgspec.Struct, frozen=True, eq=False):
    """One route with `timeout`, `retries.attempts` and `retries.perTryTimeout`."""

    route: object
    retries: object
    attempts: int
    per_try: Decimal
    timeout: Decimal
    conditions: frozenset[str]
    """The parts of `retryOn`; empty where the mesh's default conditions apply."""


@lru_cache(maxsize=TOGETHER)
def timed_retries(virtual_service: VirtualService) -> tuple[TimedRetries, ...]:
    """Every route that sends requests on, with retries, a time for each try and a time for all.

    Left out are routes with a fault (Istio's reference says that timeouts and retries are not enabled
    there), and those that hand over to a delegate, which may replace either of the times.
    """
    found = []
    for route in virtual_service.http:
        retries = route.retries
        if retries is None or not retries.attempts or retries.per_try_timeout is None or route.timeout is None:
            continue
        if not route.route or route.fault or route.delegate:
            continue
        per_try, timeout = seconds(retries.per_try_timeout), seconds(route.timeout)
        if per_try and timeout and per_try > 0 and timeout > 0 and 0 < retries.attempts <= _MOST_ATTEMPTS:
            found.append(TimedRetries(route, retries, retries.attempts, per_try, timeout, conditions(retries)))
    return tuple(found)


def conditions(retries: HTTPRetry) -> frozenset[str]:
    """The parts of `retryOn`; istiod trims them (`parseRetryOn` in pilot/pkg/networking/core/route/retry)."""
    return frozenset(part.strip() for part in (retries.retry_on or "").split(",")) - {""}
