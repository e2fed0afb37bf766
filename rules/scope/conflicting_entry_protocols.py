"""ServiceEntries that give one port of one host different protocols.

A proxy that sees both makes one service of them, with the protocol of one: HTTP rules, TLS and the way
connections are told apart follow the one, and the other is ignored
(https://istio.io/latest/docs/reference/config/analysis/ist0177/).

Entries that no namespace sees together (`exportTo`) are no conflict.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: api
  namespace: shop
spec:
  hosts:
  - api.example.com
  ports:
  - number: 443
    name: https
    protocol: HTTP  # ML733
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: api-tls
  namespace: pay
spec:
  hosts:
  - api.example.com
  ports:
  - number: 443
    name: https
    protocol: TLS  # ML733
  resolution: DNS
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: api
  namespace: shop
spec:
  hosts:
  - api.example.com
  ports:
  - number: 443
    name: https
    protocol: TLS
  resolution: DNS
```
"""

from meshlint.api import Findings, Mesh, ServiceEntry, Severity, at, finding, rule


@rule(
    "ML733",
    "conflicting-entry-protocols",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=("IST0177", "KIA1212"),
)
def check(service_entry: ServiceEntry, mesh: Mesh) -> Findings:
    for clash in mesh.entry_protocols.clashes(service_entry):
        number, protocol = clash.port.number, clash.port.protocol or "no protocol"
        yield finding(
            at(service_entry, clash.port, "protocol"),
            f"{clash.rivals.names} {'gives' if clash.rivals.single else 'give'} port {number} of `{clash.host}` "
            f"another protocol than {protocol}: proxies take one of them",
            help="write the same protocol in all ServiceEntries of the host",
            related=clash.rivals.places("this ServiceEntry has another protocol"),
        )
