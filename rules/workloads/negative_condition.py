"""A resource whose status says that it does not work.

Istio and the Gateway API write into `status` what has become of a resource: a route that no Gateway took, a
reference that led nowhere, a policy that ztunnel cannot carry out
(https://istio.io/latest/docs/reference/config/analysis/ist0171/).

Said of what was read from a cluster: files of a repository have no `status`.

### Bad

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: shop
spec:
  parentRefs:
  - name: public
  rules:
  - backendRefs:
    - name: web
      port: 80
status:
  parents:
  - parentRef:
      name: public
    controllerName: istio.io/gateway-controller
    conditions:
    - type: Accepted  # ML632
      status: "False"
      reason: NoMatchingParent
      message: no listener takes the route
      lastTransitionTime: "2026-01-01T00:00:00Z"
```

### Good

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: shop
spec:
  parentRefs:
  - name: public
  rules:
  - backendRefs:
    - name: web
      port: 80
status:
  parents:
  - parentRef:
      name: public
    controllerName: istio.io/gateway-controller
    conditions:
    - type: Accepted
      status: "True"
      reason: Accepted
      message: a listener takes the route
      lastTransitionTime: "2026-01-01T00:00:00Z"
```
"""

from collections.abc import Iterator
from typing import Any

from meshlint.api import (
    AuthorizationPolicy,
    Findings,
    Resource,
    Service,
    ServiceEntry,
    Severity,
    WorkloadEntry,
    at,
    finding,
    gateway_api,
    rule,
)

Judged = (
    AuthorizationPolicy
    | Service
    | ServiceEntry
    | WorkloadEntry
    | gateway_api.Gateway
    | gateway_api.GRPCRoute
    | gateway_api.HTTPRoute
)
_BOUND = frozenset({"istio.io/WaypointBound"})
_GATEWAY_API = frozenset({"Accepted", "Programmed", "ResolvedRefs"})
_NEGATIVE = {
    "AuthorizationPolicy": frozenset({"ZtunnelAccepted", "WaypointAccepted"}),
    "Gateway": _GATEWAY_API,
    "GRPCRoute": _GATEWAY_API,
    "HTTPRoute": _GATEWAY_API,
}


@rule("ML632", "negative-condition", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0171",))
def check(resource: Judged) -> Findings:
    for path, condition in _conditions(resource):
        if _is_negative(resource, condition):
            said = " ".join(str(condition.get(field) or "") for field in ("reason", "message")).strip()
            yield finding(
                at(resource, None, *path, "type"),
                f"its status says that it is not `{condition['type']}`: {said or 'no reason is given'}",
                help="do what the message asks for, or remove `status` from the file",
            )


def _is_negative(resource: Resource, condition: dict[str, Any]) -> bool:
    kind, reason = condition.get("type"), condition.get("reason")
    if kind == "WaypointAccepted" and reason == "PartiallyInvalid":
        return True
    return condition.get("status") == "False" and kind in _NEGATIVE.get(resource.kind, _BOUND)


def _conditions(resource: Judged) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Every condition of the status, with the way to it; what has another form is passed over."""
    status = resource.status
    if not isinstance(status, dict):
        return
    yield from _listed(("status", "conditions"), status.get("conditions"))
    parents = status.get("parents")
    for index, parent in enumerate(parents if isinstance(parents, list) else ()):
        if isinstance(parent, dict):
            yield from _listed(("status", "parents", index, "conditions"), parent.get("conditions"))


def _listed(path: tuple[str | int, ...], conditions: Any) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    for index, condition in enumerate(conditions if isinstance(conditions, list) else ()):
        if isinstance(condition, dict) and isinstance(condition.get("type"), str):
            yield (*path, index), condition
