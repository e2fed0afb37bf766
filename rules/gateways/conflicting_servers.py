"""Servers of several Gateways that cannot share their port.

A gateway puts the servers of all its Gateways together, the oldest Gateway first, and leaves out what does
not fit: another kind of protocol on the same port, a TLS host that is there already, a second server of
plain TCP. Its hosts are not served, or by somebody else's certificate, and nothing is reported
(https://istio.io/latest/docs/ops/common-problems/network-issues/#port-conflict-when-configuring-multiple-tls-hosts-in-a-gateway).

Reported for Gateways that share pods: their selectors are equal, or one includes the other, or the
files hold a pod that both pick. Servers of plain HTTP merge and are no conflict; neither are other ports,
other addresses (`bind`), and a wildcard beside a host below it. `istioctl analyze` compares hosts as text
and does not look at protocols.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    istio: edge-gateway
  servers:
  - port:
      number: 443  # ML524
      name: https-443
      protocol: HTTPS
    tls:
      mode: SIMPLE
      credentialName: shop
    hosts:
    - shop.example.com
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: legacy
  namespace: legacy
spec:
  selector:
    istio: edge-gateway
  servers:
  - port:
      number: 443  # ML524
      name: tcp-443
      protocol: TCP
    hosts:
    - '*'
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: public
  namespace: edge
spec:
  selector:
    istio: edge-gateway
  servers:
  - port:
      number: 443
      name: https-443
      protocol: HTTPS
    tls:
      mode: SIMPLE
      credentialName: shop
    hosts:
    - shop.example.com
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: legacy
  namespace: legacy
spec:
  selector:
    istio: edge-gateway
  servers:
  - port:
      number: 9443
      name: tcp-9443
      protocol: TCP
    hosts:
    - '*'
```
"""

from meshlint.api import Findings, Gateway, Mesh, Severity, at, finding, rule
from meshlint.mesh.server_conflicts import Conflict
from meshlint.model.networking.gateway import Server


@rule("ML524", "conflicting-servers", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0145", "KIA0301"))
def check(gateway: Gateway, mesh: Mesh) -> Findings:
    for server, conflict in mesh.server_conflicts.of(gateway):
        index = _index(server, conflict)
        place = at(gateway, server.port, "number") if index is None else at(gateway, server, "hosts", index)
        yield finding(
            place,
            f"{_what(server, conflict)}: the oldest Gateway is served, the others are left out",
            help=_advice(conflict),
            related=conflict.rivals.places("this Gateway has the other server"),
        )


def _index(server: Server, conflict: Conflict) -> int | None:
    hosts = [host.rpartition("/")[2] for host in server.hosts or ()]
    return hosts.index(conflict.host) if conflict.host in hosts else None


def _what(server: Server, conflict: Conflict) -> str:
    number = server.port.number if server.port else 0
    names, verb = conflict.rivals.names, "has" if conflict.rivals.single else "have"
    if conflict.host is not None:
        return f"{names} also {verb} the TLS host `{conflict.host}` on port {number} of the same pods"
    if conflict.family is conflict.others:
        return f"{names} also {verb} a server of plain TCP on port {number} of the same pods"
    return (
        f"{names} {verb} {conflict.others.value} on port {number} of the same pods, "
        f"where this server has {conflict.family.value}"
    )


def _advice(conflict: Conflict) -> str:
    if conflict.host is not None:
        return "serve a host in one Gateway"
    return "give the servers ports of their own"
