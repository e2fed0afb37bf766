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

from meshlint.api import Findings, Resource, Severity, at, finding, rule
from meshlint.model.kinds import group_of

_BOUND = frozenset({"istio.io/WaypointBound"})
_GATEWAY_API = frozenset({"Accepted", "Programmed", "ResolvedRefs"})
_NEGATIVE = {
    ("", "Service"): _BOUND,
    ("gateway.networking.k8s.io", "GRPCRoute"): _GATEWAY_API,
    ("gateway.networking.k8s.io", "Gateway"): _GATEWAY_API,
    ("gateway.networking.k8s.io", "HTTPRoute"): _GATEWAY_API,
    ("networking.istio.io", "ServiceEntry"): _BOUND,
    ("networking.istio.io", "WorkloadEntry"): _BOUND,
    ("security.istio.io", "AuthorizationPolicy"): frozenset({"ZtunnelAccepted", "WaypointAccepted"}),
}
"""By group and kind, the conditions that mean something bad when they are false."""


@rule("ML632", "negative-condition", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0171",))
def check(resource: Resource) -> Findings:
    status = getattr(resource, "status", None)
    negative = _NEGATIVE.get((group_of(resource.api_version), resource.kind)) if isinstance(status, dict) else None
    if status is None or negative is None:
        return
    for path, condition in _conditions(status):
        if _is_negative(condition, negative):
            said = " ".join(str(condition.get(field) or "") for field in ("reason", "message")).strip()
            yield finding(
                at(resource, None, *path, "type"),
                f"its status says that it is not `{condition['type']}`: {said or 'no reason is given'}",
                help="do what the message asks for, or remove `status` from the file",
            )


def _is_negative(condition: dict[str, Any], negative: frozenset[str]) -> bool:
    kind, reason = condition.get("type"), condition.get("reason")
    if kind == "WaypointAccepted" and reason == "PartiallyInvalid":
        return True
    return condition.get("status") == "False" and kind in negative


def _conditions(status: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Every condition of the status, with the way to it; what has another form is passed over."""
    yield from _listed(("status", "conditions"), status.get("conditions"))
    parents = status.get("parents")
    for index, parent in enumerate(parents if isinstance(parents, list) else ()):
        if isinstance(parent, dict):
            yield from _listed(("status", "parents", index, "conditions"), parent.get("conditions"))


def _listed(path: tuple[str | int, ...], conditions: Any) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    for index, condition in enumerate(conditions if isinstance(conditions, list) else ()):
        if isinstance(condition, dict) and isinstance(condition.get("type"), str):
            yield (*path, index), condition
