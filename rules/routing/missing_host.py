"""A route to a host that no Service or ServiceEntry has.

Envoy gets a route to a cluster that does not exist and answers 503 (`NC`, no cluster) to every
request of it; `kubectl apply` says nothing. A short name is looked up in the namespace of the
*VirtualService*, not of the client, and a name such as `reviews.shop` is taken as it is
(https://istio.io/latest/docs/reference/config/networking/virtual-service/#Destination).

meshlint calls a host missing only with evidence: a similar name exists, the files hold other Services of the
namespace, or a short name is written in the root namespace and the Service is in another. Names that live elsewhere are declared in the configuration
(`external: {hosts: [...]}`); with `--scope complete` every host that is not found is reported, as
istioctl does. Unlike istioctl and Kiali, meshlint reads `svc.ns.svc.` with any cluster domain.

### Bad

```yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    app: reviews
  ports:
  - name: http
    port: 80
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews
  http:
  - route:
    - destination:
        host: reviws  # ML206
```

### Good

```yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    app: reviews
  ports:
  - name: http
    port: 80
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
  namespace: shop
spec:
  hosts:
  - reviews
  http:
  - route:
    - destination:
        host: reviews
```
"""

from meshlint.api import Findings, Mesh, Severity, VirtualService, at, finding, rule


@rule("ML206", "missing-host", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0101", "KIA1101"))
def check(virtual_service: VirtualService, mesh: Mesh) -> Findings:
    fine: set[str] = set()  # most routes lead to the same few hosts
    for destination in virtual_service.destinations():
        host = destination.host or ""
        if host in fine:
            continue
        outcome = mesh.hosts.resolve(host, virtual_service)
        if not outcome.is_missing:
            fine.add(host)
            continue
        if outcome.hidden:
            yield finding(
                at(virtual_service, destination, "host"),
                f"`{host}` exists, but its `exportTo` hides it from the clients of this route: they get 503",
                help=f"add `{mesh.namespace(virtual_service)}` to its `exportTo`",
                related=[(at(service), "it is exported elsewhere only") for service in outcome.hidden[:1]],
            )
            continue
        yield finding(
            at(virtual_service, destination, "host"),
            f"no Service or ServiceEntry has the host `{host}`: Envoy answers 503 to every request sent there",
            help=f"did you mean `{outcome.near}`?" if outcome.near else _advice(host, virtual_service, mesh),
        )


def _advice(host: str, virtual_service: VirtualService, mesh: Mesh) -> str:
    if "." in host:
        return "correct the host, or define it with a Service or a ServiceEntry"
    home = next(iter(mesh.namespaces_of("Service", host)), "NAMESPACE")
    return (
        f"a short name means a Service of namespace `{mesh.namespace(virtual_service)}`; "
        f"write `{host}.{home}.svc.{mesh.settings.cluster_domain}` for another"
    )
