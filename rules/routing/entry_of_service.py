"""A ServiceEntry for the host of a Service, whose endpoints and addresses are not used.

A ServiceEntry with the host of a Service of Kubernetes only decorates it: istiod takes
`subjectAltNames` from it, and goes on with the endpoints, addresses and ports of the Service
(<https://istio.io/latest/docs/reference/config/networking/service-entry/#ServiceEntry>, note 2 of `hosts`).

### Bad

```yaml
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  selector: {app: db}
  ports: [{name: tcp, port: 5432}]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: shop}
spec:
  hosts:
  - db.shop.svc.cluster.local  # ML282
  resolution: STATIC
  location: MESH_INTERNAL
  ports: [{number: 5432, name: tcp, protocol: TCP}]
  endpoints: [{address: 10.1.2.3}]
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: shop}
spec:
  hosts: [db.legacy.example]
  resolution: STATIC
  location: MESH_INTERNAL
  addresses: [10.9.9.9]
  ports: [{number: 5432, name: tcp, protocol: TCP}]
  endpoints: [{address: 10.1.2.3}]
```
"""

from meshlint.api import Findings, Mesh, Service, ServiceEntry, Severity, at, finding, listed, rule
from meshlint.mesh.host_names import service_of

_UNUSED = {"endpoints": "endpoints", "workload_selector": "workloadSelector", "addresses": "addresses"}


@rule("ML282", "entry-of-service", severity=Severity.INFO, since="0.1.0")
def check(service_entry: ServiceEntry, mesh: Mesh) -> Findings:
    spec = service_entry.spec
    if spec is None or not (spec.endpoints or spec.workload_selector or spec.addresses):
        return
    unused = [_UNUSED[name] for name in _UNUSED if getattr(spec, name)]
    for index, host in enumerate(service_entry.hosts):
        named = service_of(mesh.hosts.fqdn(host, mesh.namespace(service_entry)) if "." in host else host)
        found = mesh.find("Service", named.namespace, named.name) if named is not None else ()
        service = next((item for item in found if isinstance(item, Service)), None)
        # A Service without selector may well be meant to get its endpoints from somewhere.
        if service is None or not service.selector or not mesh.trust.may_conflict(service_entry, service):
            continue
        yield finding(
            at(service_entry, None, "spec", "hosts", index),
            f"this is the host of Service `{named.namespace if named else ''}/{service.name}`, of which the entry is only a decoration: {listed(unused, 'and')} are not documented to count",
            help="give the entry a host of its own, or remove the Service",
            related=[(at(service), "the Service that wins")],
        )
