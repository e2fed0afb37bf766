"""A TCP port of a ServiceEntry without addresses, which is told apart by its number alone.

TCP has no host name. Without an address in `addresses`, and none that istiod allocates, the proxy's
listener for the port takes every connection to that port, to whatever address, also those meant
for other services. istiod allocates addresses by itself since 1.25, but not with
`resolution: NONE`, and not under the label `networking.istio.io/enable-autoallocate-ip: "false"`
(<https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/>).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: database
  namespace: shop
spec:
  hosts: [db.example.com]
  ports:
  - {number: 3306, name: tcp, protocol: TCP}  # ML714
  resolution: NONE
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: database
  namespace: shop
spec:
  hosts: [db.example.com]
  addresses: [203.0.113.7]
  ports:
  - {number: 3306, name: tcp, protocol: TCP}
  resolution: NONE
```
"""

from meshlint.api import Findings, ServiceEntry, Severity, Target, at, finding, rule
from meshlint.schemas.versions import number

_LABEL = "networking.istio.io/enable-autoallocate-ip"


@rule("ML714", "tcp-without-addresses", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133", "IST0134"))
def check(entry: ServiceEntry, target: Target) -> Findings:
    if entry.spec is None or entry.spec.addresses:
        return
    ports = [port for port in entry.ports if (port.protocol or "TCP").upper() == "TCP"]
    why = _why_unallocated(entry, target) if ports else None
    if why is None:
        return
    said = ", ".join(str(port.number) for port in ports[:4]) + (f" and {len(ports) - 4} more" if len(ports) > 4 else "")
    yield finding(
        at(entry, ports[0]),
        f"port {said} of `{next(iter(entry.hosts), '')}` is TCP without an address: the proxy takes every connection "
        f"to that port for it ({why})",
        help="list the addresses in `addresses`, or set `protocol` if it is HTTP or TLS",
        equivalents=_equivalents(entry),
    )


def _why_unallocated(entry: ServiceEntry, target: Target) -> str | None:
    """Why istiod allocates no address; None where it does."""
    if number(target.istio) < (1, 25):
        return f"Istio {target.istio} allocates addresses only where that is switched on"
    if entry.spec is None or entry.spec.resolution in {None, "NONE"}:
        return "with `resolution: NONE` none is allocated"
    if entry.labels.get(_LABEL, "").lower() == "false":
        return f"the label `{_LABEL}` switches allocation off"
    return None


def _equivalents(entry: ServiceEntry) -> tuple[str, ...]:
    """`istioctl` says nothing of an entry whose status has addresses; the webhook does not see the status."""
    allocated = entry.status.get("addresses") if isinstance(entry.status, dict) else None
    return ("IST0133",) if allocated else ("IST0133", "IST0134")
