"""Retries that the timeout of the route leaves no time for.

`timeout` is for the whole request with all its retries, and `perTryTimeout` is for each try: if each
try uses its whole time, the last ones are cut short or never start. Envoy answers 504 when the
timeout is over, however many retries are left
(<https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-max-retries>;
`attempts` in <https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry>:
one request and at most that many retries).

Only said where a try that timed out is retried at all: Envoy does so under `5xx`, `gateway-error`
and `reset`, neither under status codes such as `504` nor under Istio's default conditions
(<https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on>).
The pauses between tries come on top and are not counted.

Nor where `attempts` times `perTryTimeout` is exactly the timeout (3 of `10s` in `30s`): whoever writes that
counts tries, not retries, and gets as many tries as they count.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews}
    timeout: 5s
    retries:
      attempts: 3  # ML301
      perTryTimeout: 2s
      retryOn: 5xx,reset
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: {host: reviews.shop.svc.cluster.local}
    timeout: 8s
    retries:
      attempts: 3
      perTryTimeout: 2s
      retryOn: 5xx,reset
```
"""

from decimal import Decimal

from meshlint.api import Findings, Severity, VirtualService, at, duration_text, finding, rule

from ._tries import RETRIES_TIMEOUTS, timed_retries


@rule("ML301", "retries-exceed-timeout", severity=Severity.WARNING, since="0.1.0")
def check(virtual_service: VirtualService) -> Findings:
    for timed in timed_retries(virtual_service):
        tries, total = timed.attempts + 1, timed.timeout
        needed = tries * timed.per_try
        fits = needed <= total or timed.attempts * timed.per_try == total
        if fits or timed.per_try >= total or not RETRIES_TIMEOUTS.intersection(timed.conditions):
            continue
        per_try_text, total_text = duration_text(timed.per_try), duration_text(total)
        yield finding(
            at(virtual_service, timed.retries, "attempts"),
            f"{tries} tries of {per_try_text} do not fit into the timeout of {total_text}: "
            f"if each uses its whole time, {_outcome(tries, timed.per_try, total)}",
            help=_advice(tries, timed.per_try, total),
            related=[
                (at(virtual_service, timed.route, "timeout"), "the time for all tries together"),
                (at(virtual_service, timed.retries, "per_try_timeout"), "the time for each try"),
            ],
        )


def _outcome(tries: int, per_try: Decimal, total: Decimal) -> str:
    """What becomes of the tries that do not fit: `the third gets 1s, the fourth cannot start`."""
    whole, rest = divmod(total, per_try)
    started = int(whole) + (1 if rest else 0)
    parts = []
    if rest:
        parts.append(f"the {_ordinal(started)} gets {duration_text(rest)}")
    if started + 1 == tries:
        parts.append(f"the {_ordinal(tries)} cannot start")
    elif started < tries:
        word = "and" if started + 2 == tries else "to"
        parts.append(f"the {_ordinal(started + 1)} {word} the {_ordinal(tries)} cannot start")
    return ", ".join(parts)


def _advice(tries: int, per_try: Decimal, total: Decimal) -> str:
    """The ways to make all tries fit; a retry has to remain, and a time of at least a millisecond."""
    ways = [f"raise `timeout` to {duration_text(tries * per_try)}"]
    attempts = int(total // per_try) - 1
    if attempts:
        ways.append(f"lower `attempts` to {attempts}")
    milliseconds = total * 1000 // tries
    if milliseconds:
        ways.append(f"lower `perTryTimeout` to {duration_text(milliseconds / 1000)}")
    return " or ".join(filter(None, (", ".join(ways[:-1]), ways[-1])))


_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def _ordinal(number: int) -> str:
    if number <= len(_WORDS):
        return _WORDS[number - 1]
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
