"""A PeerAuthentication that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message. The checks are those of `ValidatePeerAuthentication`
in `pkg/config/validation` of istio/istio, and follow `--istio-version`:

| field | rows |
|---|---|
| `selector` | selector-empty-key, selector-wildcard |
| `portLevelMtls` | pa-port-no-selector: only with a selector; pa-port-empty: not without ports; pa-port-range: 1 to 65535 (1.23; before, only 0 is refused) |

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls: {mode: STRICT}
  portLevelMtls:  # ML119
    8080: {mode: PERMISSIVE}
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    matchLabels: {app: reviews}
  mtls: {mode: STRICT}
  portLevelMtls:
    8080: {mode: DISABLE}
```
"""

from meshlint.api import Findings, PeerAuthentication, Severity, Target, rule
from meshlint.model.security.peer_authentication import PeerAuthenticationSpec
from meshlint.values.numbers import integer
from meshlint.values.numbers import port as port_number

from ._frame import Faults, fault, findings, since
from ._selection import workload_selector


@rule("ML119", "invalid-peer-authentication", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(policy: PeerAuthentication, target: Target) -> Findings:
    if policy.spec is not None:
        yield from findings(policy, peer_authentication(policy.spec, target))


def peer_authentication(spec: PeerAuthenticationSpec, target: Target) -> Faults:
    """Every row."""
    yield from workload_selector(spec.selector)
    if spec.port_level_mtls is not None:
        yield from pa_port_no_selector(spec)
        yield from pa_port_empty(spec)
        yield from pa_port_range(spec, target)


def pa_port_no_selector(spec: PeerAuthenticationSpec) -> Faults:
    """Ports are those of workloads, so these have to be picked."""
    if spec.port_level_mtls and not (spec.selector and spec.selector.wanted):
        yield fault(
            spec,
            "port_level_mtls",
            what="`portLevelMtls` without labels in `selector`",
            why="a policy of a namespace or the mesh has no ports",
            help="add `selector: {matchLabels: ...}` with the labels of the workload, or remove `portLevelMtls`",
        )


def pa_port_empty(spec: PeerAuthenticationSpec) -> Faults:
    """A mapping without ports."""
    if not spec.port_level_mtls:
        yield fault(
            spec,
            "port_level_mtls",
            what="an empty `portLevelMtls`",
            why="it has to name a port",
            help="add a port of the workload, or remove it",
        )


def pa_port_range(spec: PeerAuthenticationSpec, target: Target) -> Faults:
    """1 to 65535; before 1.23 anything but 0. A key that is no number does not even decode."""
    for key in spec.port_level_mtls or {}:
        number = integer(key)
        reason = "a port is a number from 1 to 65535" if number is None else port_number(number)
        if reason and (number in {None, 0} or since(target, "1.23")):
            yield fault(
                spec,
                "port_level_mtls",
                key,
                what=f"port `{key}` in `portLevelMtls`",
                why=reason,
                help="write the port that the workload listens on, which may not be that of the Service",
            )
