"""A host that wants client certificates beside a wildcard that does not.

Servers of one port are told apart by the SNI of the connection, requests by their authority. A client
that connects by another name of the wildcard, without a certificate, may send requests with the
authority of the protected host over that connection, and reaches its routes
(<https://istio.io/latest/docs/ops/best-practices/security/>, on gateways).

Not said where a route of the protected host answers 421 (misdirected request), the remedy of the page.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: https-admin, protocol: HTTPS}
    hosts:
    - admin.example.com  # ML281
    tls: {mode: MUTUAL, credentialName: admin}
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: ["*.example.com"]
    tls: {mode: SIMPLE, credentialName: shop}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: edge}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 8443, name: https-admin, protocol: HTTPS}
    hosts: [admin.example.com]
    tls: {mode: MUTUAL, credentialName: admin}
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: ["*.example.com"]
    tls: {mode: SIMPLE, credentialName: shop}
```
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from meshlint.api import Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.host_names import HostIndex, is_wildcard

if TYPE_CHECKING:
    from meshlint.api import VirtualService
    from meshlint.mesh.gateways import BoundServer


@rule("ML281", "relaxed-mutual-host", severity=Severity.INFO, since="0.1.0")
def check(mesh: Mesh) -> Findings:
    said: set[tuple[int, int]] = set()
    if not mesh.of_class("Gateway"):
        return
    for listener in mesh.gateways.listeners:
        relaxed: HostIndex[BoundServer] = HostIndex()
        for bound in listener.servers:
            for written in bound.server.hosts or () if _mode(bound) == "SIMPLE" else ():
                if is_wildcard(written.rpartition("/")[2]):
                    relaxed.add(written.rpartition("/")[2], bound)
        for bound in listener.servers if relaxed else ():
            for index, written in enumerate(bound.server.hosts or () if _mode(bound) == "MUTUAL" else ()):
                host = written.rpartition("/")[2]
                wide = next(iter(relaxed.covering(host)), None) if not is_wildcard(host) else None
                key = (id(bound.server), index)
                if wide is None or key in said or host in _guarded(mesh):
                    continue
                said.add(key)
                yield finding(
                    at(bound.gateway, bound.server, "hosts", index),
                    f"`{host}` wants client certificates, but a connection to another name of the wildcard beside it does not, "
                    "and may carry requests for it",
                    help="serve it on another port or gateway, or answer 421 where the SNI is another",
                    related=[(at(wide.gateway, wide.server, "hosts").key(), "the wildcard, with mode SIMPLE")],
                )


def _mode(bound: "BoundServer") -> str | None:
    return bound.server.tls.mode if bound.server.tls else None


@lru_cache(maxsize=1)  # one mesh at a time
def _guarded(mesh: Mesh) -> frozenset[str]:
    """The hosts for which some route answers 421."""
    every: Sequence[VirtualService] = mesh.of_class("VirtualService")
    return frozenset(
        host
        for item in every
        if any(route.direct_response is not None and route.direct_response.status == 421 for route in item.http)
        for host in (item.spec.hosts if item.spec else None) or ()
    )
