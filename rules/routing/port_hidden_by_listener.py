"""A service that a listener of a Sidecar hides on its port.

An egress listener without `port` serves the ports of all hosts it imports, but for those that another
listener has: on the port of a listener only the hosts of that listener are known. A service of the
listener without port that has the same port number is then not reached on it: 404, or 502
(<https://istio.io/latest/docs/reference/config/networking/sidecar/#IstioEgressListener>, `port`;
istio/istio issues 12536 and 16885).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec:
  egress:
  - port:
      number: 80  # ML287
      protocol: HTTP
      name: http
    hosts: ["./web.shop.svc.cluster.local"]
  - hosts: ["./*"]
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports: [{name: http, port: 80}]
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec:
  egress:
  - port: {number: 80, protocol: HTTP, name: http}
    hosts: ["./*"]
  - hosts: ["./*"]
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports: [{name: http, port: 80}]
```
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from meshlint.api import Findings, Mesh, Service, Severity, Sidecar, at, finding, rule
from meshlint.mesh.host_names import covers
from meshlint.mesh.sidecars import Import
from meshlint.model.networking.sidecar import IstioEgressListener

_LOOKED_AT = 200
"""How many services of a port are looked at for each listener: one that is hidden is enough."""


@rule("ML287", "port-hidden-by-listener", severity=Severity.WARNING, since="0.1.0")
def check(sidecar: Sidecar, mesh: Mesh) -> Findings:
    listeners = (sidecar.spec.egress or ()) if sidecar.spec else ()
    general = [item for item in listeners if item.port is None]
    home = mesh.namespace(sidecar)
    for listener in listeners if general else ():
        number = listener.port.number if listener.port else None
        if not number or listener.bind or (listener.capture_mode or "DEFAULT") == "NONE":
            continue
        hidden = list(_hidden(mesh, home, number, [item for item in listeners if _is_of(item, number)], general))
        if hidden:
            more = f" and {len(hidden) - 1} more" if len(hidden) > 1 else ""
            yield finding(
                at(sidecar, listener, "port", "number"),
                f"on port {number} only the hosts of this listener are known, so that `{mesh.namespace(hidden[0])}/{hidden[0].name}`{more} "
                "of the listener without port cannot be called there",
                help="add the host to this listener, or leave its `port` out",
                related=[
                    (at(hidden[0]), f"it has port {number}"),
                    (at(sidecar, general[0], "hosts").key(), "it is imported here"),
                ],
            )


def _is_of(listener: IstioEgressListener, number: int) -> bool:
    return listener.port is not None and listener.port.number == number


def _hidden(
    mesh: Mesh, home: str, number: int, own: Sequence[IstioEgressListener], general: Sequence[IstioEgressListener]
) -> Iterator[Service]:
    here = [item for listener in own for item in mesh.sidecars.imports(listener, home)]
    there = [item for listener in general for item in mesh.sidecars.imports(listener, home)]
    for namespace, host, service in _of_port(mesh).get(number, ())[:_LOOKED_AT]:
        is_hidden = _imports(there, namespace, host) and not _imports(here, namespace, host)
        if is_hidden and mesh.visibility.visible(service, home):
            yield service


def _imports(entries: Sequence[Import], namespace: str, host: str) -> bool:
    taken = [item for item in entries if item.concerns(namespace) and covers(item.host, host)]
    return bool(taken) and not any(item.excludes for item in taken)


@lru_cache(maxsize=1)  # one mesh at a time
def _of_port(mesh: Mesh) -> Mapping[int, Sequence[tuple[str, str, Service]]]:
    """By number of a port, the Services that have it, with namespace and host."""
    index: dict[int, list[tuple[str, str, Service]]] = {}
    for service in mesh.all(Service):
        home = mesh.namespace(service)
        host = f"{service.name}.{home}.svc.{mesh.settings.cluster_domain}"
        for port in service.ports:
            if port.port:
                index.setdefault(port.port, []).append((home, host, service))
    return index
