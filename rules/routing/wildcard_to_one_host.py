"""A route that lets every host of a domain out by the servers of one.

A ServiceEntry that names one host keeps a client to that host. A TLS route with a wildcard in `sniHosts` takes every
server name of the domain, and sends all of them where that one host is: with `resolution: NONE` to whatever
address the client has chosen, otherwise to the host's own servers, which may serve other names
of the domain too. What was meant to open one host opens the domain
(<https://github.com/istio/istio.io/issues/2766>).

Off by default: where one server serves the whole domain, that is the documented way
(<https://istio.io/latest/docs/tasks/traffic-management/egress/wildcard-egress-hosts/>).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: bank, namespace: shop}
spec:
  hosts: [api.bank.example]
  ports: [{number: 443, name: tls, protocol: TLS}]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: bank, namespace: shop}
spec:
  hosts: ["*.bank.example"]
  tls:
  - match:
    - port: 443
      sniHosts:
      - "*.bank.example"  # ML290
    route:
    - destination: {host: api.bank.example}
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: bank, namespace: shop}
spec:
  hosts: [api.bank.example]
  ports: [{number: 443, name: tls, protocol: TLS}]
  resolution: DNS
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: bank, namespace: shop}
spec:
  hosts: [api.bank.example]
  tls:
  - match:
    - port: 443
      sniHosts: [api.bank.example]
    route:
    - destination: {host: api.bank.example}
```
"""

from collections.abc import Iterator

from meshlint.api import Findings, Mesh, ServiceEntry, Severity, VirtualService, at, finding, rule
from meshlint.mesh.host_names import covers, is_wildcard
from meshlint.model.networking.virtual_service import TLSRoute


@rule("ML290", "wildcard-to-one-host", severity=Severity.INFO, since="0.1.0", default=False)
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    home = mesh.namespace(virtual_service)
    for route in (virtual_service.spec.tls if virtual_service.spec else None) or ():
        entries = list(_entries(route, home, mesh))
        for match in route.match or ():
            for index, name in enumerate(match.sni_hosts or ()):
                narrow = [(host, entry) for host, entry in entries if host != name and covers(name, host)]
                if not is_wildcard(name) or not narrow or _is_open(name, home, mesh):
                    continue
                host, entry = narrow[0]
                way = (
                    "to any address"
                    if ((entry.spec and entry.spec.resolution) or "NONE") == "NONE"
                    else "to its servers"
                )
                yield finding(
                    at(virtual_service, match, "sni_hosts", index),
                    f"every host of `{name}` is let out {way}, although the ServiceEntry names `{host}` only",
                    help=f"write `{host}` here, or name `{name}` in a ServiceEntry to say that it is meant",
                    related=[(at(entry, None, "spec", "hosts"), "the hosts that were opened")],
                )


def _entries(route: TLSRoute, home: str, mesh: Mesh) -> Iterator[tuple[str, ServiceEntry]]:
    """The hosts without wildcards that a route leads to, if each of its destinations is one of a ServiceEntry."""
    for weighted in route.route or ():
        host = (weighted.destination.host if weighted.destination else None) or ""
        for entry in mesh.hosts.services(host, home):
            if isinstance(entry, ServiceEntry) and host in (entry.hosts or ()):
                yield host, entry


def _is_open(name: str, home: str, mesh: Mesh) -> bool:
    """Whether some ServiceEntry opens the domain anyway."""
    return any(
        isinstance(entry, ServiceEntry) and any(covers(host, name) for host in entry.hosts)
        for entry in mesh.hosts.services(name, home)
    )
