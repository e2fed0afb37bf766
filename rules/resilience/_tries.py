"""HTTP routes whose retries have a time for each try, within a time for all."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from meshlint.api import VirtualService, seconds

_MOST_ATTEMPTS = 2**31 - 1
"""The field is an int32; what does not fit into it is refused."""


class TimedRetries(NamedTuple):
    """One route with `timeout`, `retries.attempts` and `retries.perTryTimeout`."""

    route: object
    retries: object
    attempts: int
    per_try: Decimal
    timeout: Decimal
    conditions: frozenset[str]
    """The parts of `retryOn`; empty where the mesh's default conditions apply."""


@lru_cache(maxsize=1)  # two rules look at one resource after another
def timed_retries(virtual_service: VirtualService) -> tuple[TimedRetries, ...]:
    """Every route that sends requests on, with retries, a time for each try and a time for all.

    Left out are routes with a fault (Istio's reference says that timeouts and retries are not enabled
    there), and those that hand over to a delegate, which may replace either of the times.
    """
    found = []
    for route in virtual_service.http:
        retries = route.retries
        if not route.route or route.fault or route.delegate or not retries or not retries.attempts:
            continue
        per_try, timeout = seconds(retries.per_try_timeout), seconds(route.timeout)
        if per_try and timeout and per_try > 0 and timeout > 0 and 0 < retries.attempts <= _MOST_ATTEMPTS:
            # istiod trims the parts (`parseRetryOn` in pilot/pkg/networking/core/route/retry).
            conditions = frozenset(part.strip() for part in (retries.retry_on or "").split(",")) - {""}
            found.append(TimedRetries(route, retries, retries.attempts, per_try, timeout, conditions))
    return tuple(found)
