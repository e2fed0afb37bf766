"""A policy about identities, whose clients are told to send plain text.

Who calls is known from the certificate of the connection. Clients send none where a DestinationRule sets their
`tls` to DISABLE (or leaves out its `mode`), or where auto mTLS is off and no rule says ISTIO_MUTUAL: an ALLOW rule
for principals or namespaces never matches them, a DENY rule does not stop them
(https://istio.io/latest/docs/concepts/security/#dependency-on-mutual-tls).

Servers that are STRICT refuse such clients anyway, which `plain-client-of-strict-server` and
`strict-without-client-rule` report.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  rules:
  - from:
    - source:
        namespaces: ["shop"]  # ML467
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: plain
  namespace: shop
spec:
  host: "*.shop.svc.cluster.local"
  trafficPolicy:
    tls:
      mode: DISABLE
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: stock
  namespace: shop
spec:
  rules:
  - from:
    - source:
        namespaces: ["shop"]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: mutual
  namespace: shop
spec:
  host: "*.shop.svc.cluster.local"
  trafficPolicy:
    tls:
      mode: ISTIO_MUTUAL
```
"""

from collections.abc import Iterator
from itertools import islice

from meshlint.api import (
    Answer,
    AuthorizationPolicy,
    DestinationRule,
    Findings,
    Mesh,
    Place,
    Service,
    Severity,
    at,
    finding,
    rule,
)
from meshlint.mesh.context import Scope
from meshlint.mesh.server_mtls import Mode

from ._policies import identities

_ENOUGH = 100
"""Services that are looked at: of more, one will have a rule of its own."""

_Plain = tuple[DestinationRule, ...]
"""The rule that makes clients send plain text; empty where it is the mesh config."""


@rule("ML467", "identity-of-plain-clients", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA0105",))
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    if mesh.settings.auto_mtls and "DISABLE" not in mesh.destination_rules.tls_modes:
        return
    parts = list(identities(policy))
    plain = _plain_clients(policy, mesh) if parts else None
    if plain is None:
        return
    cause = f"DestinationRule `{plain[0].name}` makes" if plain else "auto mTLS is off, and no DestinationRule keeps"
    effect = "send plain text" if plain else "from sending plain text"
    for message, field in parts:
        yield finding(
            at(policy, message, field),
            f"{cause} clients of namespace `{mesh.namespace(policy)}` {effect}: they have no identity that this matches",
            help="write `mode: ISTIO_MUTUAL` for these hosts, or leave `tls` out and auto mTLS on",
            related=[_end(item) for item in plain],
        )


def _plain_clients(policy: AuthorizationPolicy, mesh: Mesh) -> _Plain | None:
    """Why clients of the policy's namespace send plain text to all of its pods; None where they may not."""
    namespace = mesh.namespace(policy)
    if policy.spec is None or policy.spec.targets or policy.namespace is None:
        return None
    if namespace == mesh.settings.root_namespace or mesh.injection.uses_ambient:
        return None
    if Mode.PERMISSIVE not in mesh.mtls.server.of_namespace(namespace).possible:
        return None
    found: _Plain | None = None
    names = list(islice(_services(policy, mesh), _ENOUGH + 1))
    for name in names if len(names) <= _ENOUGH else ():
        plain = _plain(f"{name}.{namespace}.svc.{mesh.settings.cluster_domain}", namespace, mesh)
        if plain is None or not all(mesh.trust.may_conflict(policy, item) for item in plain):
            return None
        found = found or plain
    return found


def _services(policy: AuthorizationPolicy, mesh: Mesh) -> Iterator[str]:
    """The names of the Services of the pods; any name first where no file shows the pods."""
    workloads, selector = mesh.authorization.workloads(policy), policy.spec.selector if policy.spec else None
    if workloads:
        services = (item for workload in workloads for item in mesh.services.of_workload(workload))
        yield from (item.name for item in services if isinstance(item, Service))
        return
    wanted = selector.wanted.items() if selector else ()
    if not wanted or mesh.context.scope is Scope.COMPLETE:
        yield "any-service"
    for service in mesh.services.of(mesh.namespace(policy)):
        if wanted <= service.selector.items() if wanted else service.selector:
            yield service.name


def _plain(host: str, namespace: str, mesh: Mesh) -> _Plain | None:
    lookup, settings = mesh.destination_rules.for_host(host, namespace), mesh.settings
    policy = lookup.policy()
    if policy is not None and any(entry.tls for entry in policy.port_level_settings or ()):
        return None
    if policy is not None and policy.tls is not None:
        top = lookup.top_policy()
        is_plain = lookup.answer is Answer.YES and policy.tls.mode in {None, "DISABLE"}
        return (top[0],) if is_plain and top else None
    off = not settings.auto_mtls and not settings.mixed and mesh.context.scope is Scope.COMPLETE
    return () if off and lookup.answer is not Answer.UNKNOWN else None


def _end(item: DestinationRule) -> tuple[Place, str]:
    spec = item.spec
    return at(
        item, spec, *(("traffic_policy", "tls") if spec and spec.traffic_policy else ())
    ), "plain text is set here"
