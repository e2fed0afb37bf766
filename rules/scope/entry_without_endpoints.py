"""A ServiceEntry with `resolution: STATIC` that has no endpoints.

With STATIC the endpoints are those that `endpoints` lists, or that `workloadSelector` selects. Nothing else gives
any: `addresses` are only what clients speak to. Without them every request gets 503
(`pilot/pkg/serviceregistry/serviceentry/conversion.go`,
https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry-Resolution).

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

from meshlint.api import Findings, Mesh, ServiceEntry, Severity, at, finding, rule


@rule("ML736", "entry-without-endpoints", severity=Severity.WARNING, since="0.1.0")
def check(entry: ServiceEntry, mesh: Mesh) -> Findings:
    spec = entry.spec
    if spec is None or spec.resolution != "STATIC" or spec.endpoints or spec.workload_selector is not None:
        return
    if mesh.is_patched(entry) or any(_has_rivals(host, entry, mesh) for host in entry.hosts):
        return
    listed = "list the `addresses` as `endpoints` too" if spec.addresses else "list `endpoints`"
    yield finding(
        at(entry, spec, "resolution"),
        "there are no endpoints: STATIC takes those of `endpoints` or `workloadSelector`, and requests get 503",
        help=f"{listed}, or use `resolution: DNS`, or `NONE` to go where the application connects to",
    )


def _has_rivals(host: str, entry: ServiceEntry, mesh: Mesh) -> bool:
    """Whether something else of the input has the host, and may bring endpoints."""
    return any(other is not entry for other in mesh.hosts.named(host, mesh.namespace(entry)))
