"""A host of a Sidecar that no service has, so that it imports nothing.

What `egress[].hosts` does not import is unknown to the proxies: calls go out as if they led outside of the mesh,
without routes and policies, or are refused with REGISTRY_ONLY. An entry has the form `namespace/host`, with
the namespace of the *service* and its full name
(https://istio.io/latest/docs/reference/config/networking/sidecar/#IstioEgressListener).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default
  namespace: till
spec:
  egress:
  - hosts:
    - ./*
    - shop/inventroy.shop.svc.cluster.local  # ML660
---
apiVersion: v1
kind: Service
metadata:
  name: inventory
  namespace: shop
spec:
  selector:
    app: inventory
  ports:
  - name: http
    port: 80
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata:
  name: default
  namespace: till
spec:
  egress:
  - hosts:
    - ./*
    - shop/inventory.shop.svc.cluster.local
---
apiVersion: v1
kind: Service
metadata:
  name: inventory
  namespace: shop
spec:
  selector:
    app: inventory
  ports:
  - name: http
    port: 80
```
"""

from collections.abc import Iterator

from meshlint.api import Findings, Mesh, Service, ServiceEntry, Severity, Sidecar, at, finding, rule
from meshlint.mesh.host_names import is_wildcard
from meshlint.model.networking.sidecar import IstioEgressListener


@rule("ML660", "unmatched-egress-host", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA1004",))
def check(sidecar: Sidecar, mesh: Mesh) -> Findings:
    for listener, index, namespace, host in _hosts(sidecar, mesh):
        home = _elsewhere(host, namespace, mesh)
        outcome = None if home else mesh.hosts.resolve(host, sidecar)
        if home:
            message, help_ = f"`{host}` lives in namespace `{home}`, not in `{namespace}`", f"write `{home}/{host}`"
        elif _is_hidden(host, sidecar, mesh):
            message, help_ = f"`{host}` is exported to other namespaces only", "add this namespace to its `exportTo`"
        elif outcome and outcome.is_missing:
            message = f"no service has the host `{host}`"
            help_ = f"did you mean `{outcome.near}`?" if outcome.near else "write the full name of a Service"
        else:
            continue
        yield finding(at(sidecar, listener, "hosts", index), f"{message}: this imports nothing", help=help_)


def _elsewhere(host: str, namespace: str, mesh: Mesh) -> str | None:
    """The namespace that holds a host, if it surely is another one than an entry says."""
    services = mesh.hosts.named(host, namespace)
    homes = {home for service in services for home in mesh.homes(service)}
    if namespace == "*" or namespace in homes or not all(service.namespace for service in services):
        return None
    return min(homes, default=None)


def _is_hidden(host: str, sidecar: Sidecar, mesh: Mesh) -> bool:
    """Whether a host is there, but surely not for the namespace of the Sidecar."""
    namespace, services = mesh.namespace(sidecar), mesh.hosts.named(host, mesh.namespace(sidecar))
    if not services or sidecar.namespace is None or namespace == mesh.settings.root_namespace:
        return False
    known = all(isinstance(item, Service | ServiceEntry) and item.namespace for item in services)
    return known and not any(mesh.visibility.visible(item, namespace) for item in services)


def _hosts(sidecar: Sidecar, mesh: Mesh) -> Iterator[tuple[IstioEgressListener, int, str, str]]:
    """The exact hosts that a Sidecar imports: listener, index, namespace with `.` written out, host."""
    for listener in (sidecar.spec and sidecar.spec.egress) or ():
        for index, text in enumerate(listener.hosts or ()):
            namespace, slash, host = text.partition("/")
            if not slash or not host or is_wildcard(host) or namespace.startswith("~"):
                continue
            if namespace == "." and sidecar.namespace is None:
                continue
            yield listener, index, mesh.namespace(sidecar) if namespace == "." else namespace, host
