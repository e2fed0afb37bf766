"""A ServiceEntry with `resolution: STATIC` that has no endpoints.

With STATIC the endpoints are those that `endpoints` lists, or that `workloadSelector` selects. Nothing else gives
any: `addresses` are only what clients speak to. Without them what is sent to the host itself gets 503
(`pilot/pkg/serviceregistry/serviceentry/conversion.go`,
https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry-Resolution).

A host may be a mere name, which VirtualServices or routes of the Gateway API lead on to other services; and a host of the
cluster may have the endpoints of a Service. So the rule is silent where the files hold routes for the host, and for hosts
of the cluster. An empty list in writing (`endpoints: []`) is left alone: that there are none just now is allowed
(<https://github.com/istio/istio/pull/19036>).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ledger, namespace: shop}
spec:
  hosts: [ledger.example.com]
  addresses: [192.0.2.7]
  location: MESH_EXTERNAL
  ports:
  - {number: 5432, name: tcp, protocol: TCP}
  resolution: STATIC  # ML736
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ledger, namespace: shop}
spec:
  hosts: [ledger.example.com]
  addresses: [192.0.2.7]
  location: MESH_EXTERNAL
  ports:
  - {number: 5432, name: tcp, protocol: TCP}
  resolution: STATIC
  endpoints:
  - address: 192.0.2.7
```
"""

from functools import lru_cache

from meshlint.api import Findings, Mesh, ServiceEntry, Severity, at, finding, rule
from meshlint.mesh.host_names import covers, service_of

_ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute")


@rule("ML736", "entry-without-endpoints", severity=Severity.WARNING, since="0.1.0")
def check(entry: ServiceEntry, mesh: Mesh) -> Findings:
    spec = entry.spec
    if spec is None or spec.resolution != "STATIC" or spec.endpoints is not None or spec.workload_selector is not None:
        return
    if mesh.is_patched(entry) or any(_may_lead_on(host, entry, mesh) for host in entry.hosts):
        return
    listed = "list the `addresses` as `endpoints` too" if spec.addresses else "list `endpoints`"
    by_name = "" if any("*" in host for host in entry.hosts) else "`resolution: DNS`, or "
    yield finding(
        at(entry, spec, "resolution"),
        "there are no endpoints: STATIC takes those of `endpoints` or `workloadSelector`, and what is sent to the host gets 503",
        help=f"{listed}, or use {by_name}`NONE` to go where the application connects to",
    )


def _may_lead_on(host: str, entry: ServiceEntry, mesh: Mesh) -> bool:
    """Whether something else may bring endpoints for a host, or routes that lead elsewhere."""
    home = mesh.namespace(entry)
    if service_of(host) or any(other is not entry for other in mesh.hosts.named(host, home)):
        return True
    hosts, wildcards, is_parent = _routed(mesh)
    return host in hosts or is_parent or any(covers(wildcard, host) for wildcard in wildcards)


@lru_cache(maxsize=1)  # one mesh at a time
def _routed(mesh: Mesh) -> tuple[frozenset[str], tuple[str, ...], bool]:
    """The hosts of VirtualServices, the wildcards among them, and whether ServiceEntries are parents of routes."""
    hosts = frozenset(
        host for item in mesh.of_class("VirtualService") for host in (item.spec.hosts if item.spec else None) or ()
    )
    is_parent = any(
        reference.kind in {"ServiceEntry", "Hostname"}
        for kind in _ROUTES
        for route in mesh.of_class(kind)
        for reference in (route.spec.parent_refs if route.spec else None) or ()
    )
    return hosts, tuple(sorted(host for host in hosts if "*" in host)), is_parent
