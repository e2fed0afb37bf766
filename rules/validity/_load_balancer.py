"""`loadBalancer` of a traffic policy: reference rows lb-*."""

from meshlint.api import Target
from meshlint.model.networking.traffic_policy import (
    ConsistentHashLB,
    HTTPCookie,
    LoadBalancerSettings,
    MagLev,
    WarmupConfiguration,
)
from meshlint.values.numbers import is_prime

from ._frame import Faults, bad_duration, fault, since
from ._localities import locality_setting, zone_setting

_TABLE_LIMIT = 5000011
_TABLE_HELP = "write a prime below 5000011, such as 65537"


def load_balancer(given: LoadBalancerSettings, target: Target) -> Faults:
    """All rows of a load balancer."""
    if given.consistent_hash is not None:
        yield from consistent_hash(given.consistent_hash, target)
    if given.locality_lb_setting is not None and given.zone_aware_lb_setting is not None:
        yield from lb_locality_and_zone(given)
    if given.locality_lb_setting is not None:
        yield from locality_setting(given.locality_lb_setting)
    if given.zone_aware_lb_setting is not None:
        yield from zone_setting(given.zone_aware_lb_setting)
    if given.warmup is not None:
        yield from warmup(given.warmup, target)


def consistent_hash(given: ConsistentHashLB, target: Target) -> Faults:
    """The hash and its algorithm."""
    if given.http_cookie is not None:
        yield from cookie(given.http_cookie)
    if given.minimum_ring_size and (given.ring_hash is not None or given.maglev is not None):
        yield from lb_ring_and_algorithm(given)
    if given.maglev is not None and since(target, "1.22"):
        yield from maglev(given.maglev)


def cookie(given: HTTPCookie) -> Faults:
    """Rows lb-cookie-name, lb-cookie-attr-name, lb-cookie-attr-dup."""
    if not given.name:
        yield fault(given, "name", what="a cookie without name", why="there is nothing to hash", help="name the cookie")
    names: set[str] = set()
    for attribute in given.attributes or ():
        name = attribute.name or ""
        if not name:
            yield fault(
                attribute,
                "name",
                what="a cookie attribute without name",
                why="its name is empty",
                help="name it, such as `SameSite`",
            )
        elif name in names:
            yield fault(
                attribute, "name", what=f"cookie attribute `{name}`", why="it is there twice", help="keep one of them"
            )
        names.add(name)


def lb_ring_and_algorithm(given: ConsistentHashLB) -> Faults:
    """The old field for the size of the ring beside an algorithm."""
    yield fault(
        given,
        "minimum_ring_size",
        what="`minimumRingSize` beside `ringHash` or `maglev`",
        why="only one algorithm can be in force",
        help="use `ringHash: {minimumRingSize: ...}`, or remove it",
    )


def maglev(given: MagLev) -> Faults:
    """Rows lb-maglev-unset, lb-maglev-max, lb-maglev-prime, since 1.22. As in Envoy, 1 counts as prime."""
    size = given.table_size or 0
    if size == 0:
        why = "it has to be set"
    elif size >= _TABLE_LIMIT:
        why = f"it is not below {_TABLE_LIMIT}"
    elif not is_prime(size):
        why = "it is no prime"
    else:
        return
    yield fault(given, "table_size", what=f"`tableSize: {size}` of maglev", why=why, help=_TABLE_HELP)


def lb_locality_and_zone(given: LoadBalancerSettings) -> Faults:
    """Two ways to prefer what is near; since 1.31."""
    yield fault(
        given,
        "zone_aware_lb_setting",
        what="`localityLbSetting` and `zoneAwareLbSetting` together",
        why="only one of them can be in force",
        help="keep one of them",
    )


def warmup(given: WarmupConfiguration, target: Target) -> Faults:
    """Rows lb-warmup-duration, lb-warmup-min, lb-warmup-aggression; since 1.24."""
    if given.duration is None:
        yield fault(
            given,
            "duration",
            what="`warmup` without `duration`",
            why="it has to be set",
            help="add `duration`, such as `60s`",
        )
    yield from bad_duration(given, "duration")
    if given.minimum_percent is not None and given.minimum_percent > 100:
        yield fault(
            given,
            "minimum_percent",
            what=f"`minimumPercent: {given.minimum_percent:g}`",
            why="it is above 100",
            help="write 0 to 100",
        )
    yield from lb_warmup_aggression(given, target)


def lb_warmup_aggression(given: WarmupConfiguration, target: Target) -> Faults:
    """Above 0; before 1.31 at least 1."""
    if given.aggression is None:
        return
    if since(target, "1.31"):
        wrong, least = given.aggression <= 0, "above 0"
    else:
        wrong, least = given.aggression < 1, "at least 1"
    if wrong:
        yield fault(
            given,
            "aggression",
            what=f"`aggression: {given.aggression:g}`",
            why=f"it has to be {least}",
            help="write 1 for an even increase, more for a slow start",
        )
