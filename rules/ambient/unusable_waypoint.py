"""A label for a waypoint that does not take what is labelled.

`istio.io/use-waypoint` names a Gateway of the same namespace; one of another needs `istio.io/use-waypoint-namespace`
beside it. The Gateway has to be of a class for waypoints, and takes traffic to Services unless its label
`istio.io/waypoint-for` says `workload` or `none` (a namespace may have a waypoint for `workload`). Otherwise traffic to
Services goes straight to the pods, and routes and policies for requests are not in force; of a Gateway of class `istio`,
ztunnel finds no port 15008 (`pilot/pkg/serviceregistry/ambient/waypoints.go`,
https://istio.io/latest/docs/ambient/usage/waypoint/).

A Gateway is called missing only where the files hold a waypoint of that name in another namespace that takes those of
others (`allowedRoutes`), or a similar name.

### Bad

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  labels:
    istio.io/use-waypoint: waypoint  # ML907
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 80}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: mesh}
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - {name: mesh, port: 15008, protocol: HBONE, allowedRoutes: {namespaces: {from: All}}}
```

### Good

```yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  labels:
    istio.io/use-waypoint: waypoint
    istio.io/use-waypoint-namespace: mesh
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 80}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: mesh}
spec:
  gatewayClassName: istio-waypoint
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
    allowedRoutes: {namespaces: {from: All}}
```
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from meshlint.api import Findings, Mesh, Place, Severity, at, finding, listed, rule
from meshlint.mesh.injection import USE_WAYPOINT, WAYPOINT_FOR
from meshlint.mesh.trust import Sought
from meshlint.model.kinds import GATEWAY_API

if TYPE_CHECKING:
    from meshlint.api import Namespace, Service
    from meshlint.model.gateway_api.gateway import Gateway

_HOME = "istio.io/use-waypoint-namespace"
_INGRESS_CLASS = "istio"
_BINDING = "ambient.istio.io/waypoint-inbound-binding"
_HBONE = 15008


@rule("ML907", "unusable-waypoint", severity=Severity.WARNING, since="0.1.0")
def check(resource: "Service | Namespace", mesh: Mesh) -> Findings:
    name = resource.labels.get(USE_WAYPOINT)
    if name in {None, "", "none"} or mesh.is_patched(resource):
        return
    home = resource.labels.get(_HOME) or (resource.name if resource.kind == "Namespace" else mesh.namespace(resource))
    place = at(resource, resource.metadata, "labels", USE_WAYPOINT)
    found = _gateways(home, name, mesh)
    if not found and not mesh.find("Gateway", home, name):
        yield from _missing(resource, place, home, name, mesh)
        return
    reasons = [reason for gateway in found if (reason := _reason(gateway, resource)) and not mesh.is_patched(gateway)]
    if reasons and len(reasons) == len(found):
        why, help_ = reasons[0]
        yield finding(
            place,
            f"Gateway `{name}` {why}",
            help=help_,
            related=[(at(found[0]), "the Gateway")],
        )


def _reason(gateway: "Gateway", labelled: "Service | Namespace") -> tuple[str, str] | None:
    """Why a Gateway takes no traffic to what is labelled, and what to write there; None where it may."""
    used_for = gateway.labels.get(WAYPOINT_FOR)
    if used_for == "none" or (used_for == "workload" and labelled.kind == "Service"):
        return (
            f"is not for Services: it has `{WAYPOINT_FOR}: {used_for}`, and traffic to Services goes past it",
            f"write `{WAYPOINT_FOR}: all` or `service` there",
        )
    spec = gateway.spec
    if spec is None or spec.gateway_class_name != _INGRESS_CLASS or _BINDING in gateway.annotations:
        return None
    if any(listener.port == _HBONE for listener in spec.listeners or ()):
        return None
    return (
        f"is no waypoint: its class is `{_INGRESS_CLASS}`, and ztunnel finds no port {_HBONE} there",
        "write `gatewayClassName: istio-waypoint` there",
    )


def _missing(resource: "Service | Namespace", place: Place, home: str, name: str, mesh: Mesh) -> Findings:
    elsewhere = _shared(mesh).get(name, ())
    written = resource.kind == "Namespace" or _HOME in resource.labels
    sought = Sought("Gateway", home, name, resource, relative=not written)
    outcome = mesh.trust.judge(sought, lambda: mesh.trust.near(sought), lambda: bool(elsewhere))
    if outcome.is_missing:
        near = f"did you mean `{outcome.near}`?" if outcome.near else f"write the name of a waypoint of `{home}`"
        yield finding(
            place,
            f"there is no Gateway `{name}` in namespace `{home}`: traffic goes straight to the pods",
            help=f"name its namespace in `{_HOME}`: {listed(elsewhere)}" if elsewhere else near,
        )


@lru_cache(maxsize=1)  # one mesh at a time
def _shared(mesh: Mesh) -> Mapping[str, Sequence[str]]:
    """The namespaces that have a waypoint for others, by its name: most have the same."""
    homes: dict[str, dict[str, None]] = {}
    for gateway in mesh.of_gateway_api("Gateway"):
        if _is_shared(gateway):
            for home, name in mesh.identities(gateway):
                homes.setdefault(name, {})[home] = None
    return {name: list(found) for name, found in homes.items()}


def _is_shared(gateway: "Gateway") -> bool:
    """Whether a Gateway is a waypoint that takes what other namespaces label.

    One that does not is mostly the waypoint of its own namespace: all are called `waypoint` unless told otherwise.
    """
    spec = gateway.spec
    if spec is None or not gateway.is_waypoint:
        return False
    allowed = [listener.allowed_routes.namespaces for listener in spec.listeners or () if listener.allowed_routes]
    return any(namespaces is not None and namespaces.from_ in {"All", "Selector"} for namespaces in allowed)


def _gateways(namespace: str, name: str, mesh: Mesh) -> "Sequence[Gateway]":
    found = mesh.find("Gateway", namespace, name, GATEWAY_API)
    if not found:
        return ()
    from meshlint.model.gateway_api.gateway import Gateway

    return [item for item in found if isinstance(item, Gateway)]
