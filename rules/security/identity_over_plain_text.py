"""A policy about identities, for pods with mTLS switched off.

Who calls is known from the certificate of the connection. A port whose mode is DISABLE takes plain text only,
so that no caller has an identity: an ALLOW rule for principals, namespaces or service accounts never
matches, a DENY rule stops nobody, and what excludes identities (`notPrincipals`) holds for everybody
(https://istio.io/latest/docs/concepts/security/#dependency-on-mutual-tls).

PERMISSIVE pods know the identity of callers from the mesh, and are not reported; nor are gateways, whose servers say
how they take connections, and pods in ambient mode, which does not know DISABLE. Where no file shows the pods, the mode
of the namespace decides, if no policy makes exceptions and nothing speaks of a gateway or of ambient mode there.

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
        namespaces: ["till"]  # ML459
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
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
        namespaces: ["till"]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: STRICT
```
"""

from collections.abc import Sequence
from typing import Any

from meshlint.api import (
    Answer,
    AuthorizationPolicy,
    Findings,
    Mesh,
    PeerAuthentication,
    Place,
    Severity,
    at,
    finding,
    rule,
)
from meshlint.mesh.authorization import is_wide
from meshlint.mesh.injection import GATEWAY_NAME
from meshlint.mesh.server_mtls import Mode
from meshlint.mesh.workloads import Workload

from ._policies import identities

_ENOUGH = 100
"""Workloads that are looked at one by one; the mode of the namespace has to do for more."""


@rule("ML459", "identity-over-plain-text", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA0105",))
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    if Mode.DISABLE not in mesh.mtls.server.written:
        return
    parts = list(identities(policy))
    disabling = _disabling(policy, mesh) if parts else ()
    if not disabling:
        return
    for message, field in parts:
        yield finding(
            at(policy, message, field),
            f"mTLS is switched off for the pods of this policy: no caller has an identity, and this matches {_whom(message, field)}",
            help="set the mode to STRICT, or to PERMISSIVE while callers move; remove it where identities do not count",
            related=[_place(disabling[0])],
        )


def _disabling(policy: AuthorizationPolicy, mesh: Mesh) -> Sequence[PeerAuthentication]:
    """The PeerAuthentications that switch mTLS off for all pods of a policy; none where it may be on somewhere."""
    spec = policy.spec
    if spec is None or spec.targets:
        return ()
    workloads = mesh.authorization.workloads(policy)
    if not workloads or (is_wide(policy) and len(workloads) > _ENOUGH):
        return _of_namespace(policy, mesh)
    found: list[PeerAuthentication] = []
    for workload in workloads:
        if mesh.injection.in_mesh(workload) is Answer.NO:
            continue  # no proxy there reads the policy
        policies = _off(workload, mesh)
        if not policies or not all(mesh.trust.may_conflict(policy, item) for item in policies):
            return ()
        found += policies
    return found


def _of_namespace(policy: AuthorizationPolicy, mesh: Mesh) -> Sequence[PeerAuthentication]:
    """The policies that switch mTLS off in a whole namespace; none where pods of the policy may be something else."""
    namespace, injection = mesh.namespace(policy), mesh.injection
    is_off = namespace != mesh.settings.root_namespace and mesh.mtls.is_disabled_throughout(namespace) is Answer.YES
    may_be_ambient = injection.uses_ambient and injection.injecting_namespace(namespace) is not Answer.YES
    if not is_off or may_be_ambient or _may_be_gateways(policy, mesh):
        return ()
    return mesh.mtls.server.of_namespace(namespace).policies


def _may_be_gateways(policy: AuthorizationPolicy, mesh: Mesh) -> bool:
    """Whether pods that no file shows may be a gateway's, by the labels that a policy wants or by a Gateway of its namespace."""
    selector = policy.spec.selector if policy.spec else None
    labels = selector.wanted if selector else {}
    if GATEWAY_NAME in labels or labels.get("istio", "").endswith("gateway"):
        return True
    return any(
        all(gateway.selector.get(key, value) == value for key, value in labels.items())
        for gateway in mesh.gateway_workloads.possible_in(mesh.namespace(policy))
    )


def _whom(message: Any, field: str) -> str:
    """Whom a condition on identities holds for, where nobody has one."""
    if field == "key":
        return "nobody" if message.values else "everybody"
    return "everybody" if field.startswith("not_") else "nobody"


def _off(workload: Workload, mesh: Mesh) -> Sequence[PeerAuthentication]:
    """The policies that switch mTLS off for all ports of a workload; none where one may have it."""
    if Mode.DISABLE not in mesh.mtls.server.of_workload(workload).possible:
        return ()
    ports = {route.target for route in mesh.services.routes(workload)} | {
        port.container_port for port in workload.ports
    }
    modes = [mesh.mtls.server.of_workload(workload, port) for port in (None, *ports)]
    if any(mode.mode is not Mode.DISABLE or mode.is_clouded for mode in modes):
        return ()
    return () if mesh.injection.gateway(workload) is Answer.YES else modes[0].policies


def _place(policy: PeerAuthentication) -> tuple[Place, str]:
    spec = policy.spec
    return (at(policy, spec.mtls, "mode") if spec and spec.mtls else at(policy)), "mTLS is switched off here"
