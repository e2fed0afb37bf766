"""A TCP port of a ServiceEntry whose allocated address no proxy uses.

istiod allocates an address for a ServiceEntry without `addresses`, but clients get it only from a proxy that
answers DNS (`ISTIO_META_DNS_CAPTURE`). Without that they connect to the real address, and the listener for
the port takes *every* connection to that port number, also those to other hosts
(https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/).

Reported where the files, or `--mesh-config`, show a mesh config without DNS capture; with `--scope complete`
wherever none switches it on. Ports without any address at all are the matter of `tcp-without-addresses`.
`istioctl analyze` looks at the mesh config only, not at what istiod allocates.

### Bad

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    defaultConfig:
      proxyMetadata:
        ISTIO_META_DNS_CAPTURE: "false"
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: db
  namespace: shop
spec:
  hosts:
  - db.example.com
  ports:
  - number: 3306  # ML735
    name: tcp
    protocol: TCP
  resolution: DNS
```

### Good

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    defaultConfig:
      proxyMetadata:
        ISTIO_META_DNS_CAPTURE: "true"
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: db
  namespace: shop
spec:
  hosts:
  - db.example.com
  ports:
  - number: 3306
    name: tcp
    protocol: TCP
  resolution: DNS
```
"""

from meshlint.api import Findings, Mesh, ServiceEntry, Severity, Target, at, finding, rule
from meshlint.mesh.context import Scope
from meshlint.schemas.versions import number

_LABEL = "networking.istio.io/enable-autoallocate-ip"


@rule("ML735", "unused-allocated-address", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0134",))
def check(entry: ServiceEntry, mesh: Mesh, target: Target) -> Findings:
    if not _goes_unused(mesh) or not _is_allocated(entry, target):
        return
    for port in entry.ports:
        if port.number and (port.protocol or "TCP").upper() == "TCP":
            yield finding(
                at(entry, port, "number"),
                f"the address that istiod allocates is not used, since proxies do not answer DNS: "
                f"every connection to port {port.number} is taken for `{next(iter(entry.hosts), '')}`",
                help="list the addresses in `addresses`, set `protocol` if it is HTTP or TLS, "
                "or switch `ISTIO_META_DNS_CAPTURE` on",
            )


def _is_allocated(entry: ServiceEntry, target: Target) -> bool:
    """Whether istiod allocates an address, but has not written one into the status yet."""
    spec, status = entry.spec, entry.status
    if spec is None or spec.addresses or (isinstance(status, dict) and status.get("addresses")):
        return False
    if number(target.istio) < (1, 25) or entry.labels.get(_LABEL, "").lower() == "false":
        return False
    return spec.resolution not in {None, "NONE"}


def _goes_unused(mesh: Mesh) -> bool:
    """Whether proxies surely do not answer DNS; ztunnel does."""
    settings = mesh.settings
    known = (settings.is_known and not settings.mixed) or mesh.context.scope is Scope.COMPLETE
    return known and not settings.dns_capture and not mesh.injection.uses_ambient
