"""A DestinationRule for a host that no Service or ServiceEntry has.

The rule configures nothing. Mostly the host is misspelt, or a short name that istiod completes with the
namespace of the *rule*, not with that of the service
(https://istio.io/latest/docs/reference/config/networking/destination-rule/#DestinationRule).

Wildcards are not judged, and a host outside of the cluster only where one of nearly that name is known,
or with `--scope complete`. `istioctl analyze` calls every wildcard unknown.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviewz  # ML248
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: 100
---
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
apiVersion: v1
kind: Service
metadata:
  name: cart
  namespace: shop
spec:
  selector:
    app: cart
  ports:
  - name: http
    port: 80
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: reviews
  namespace: shop
spec:
  host: reviews
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: 100
---
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
```
"""

from meshlint.api import DestinationRule, Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.context import Scope
from meshlint.mesh.host_names import service_of


@rule("ML248", "rule-for-unknown-host", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0174", "KIA0202"))
def check(destination_rule: DestinationRule, mesh: Mesh) -> Findings:
    spec = destination_rule.spec
    if spec is None or not spec.host:
        return
    outcome = mesh.hosts.resolve(spec.host, destination_rule)
    if not outcome.is_missing or outcome.hidden:
        return
    fqdn = mesh.hosts.fqdn(spec.host, mesh.namespace(destination_rule))
    if service_of(fqdn) is None and not outcome.near and mesh.context.scope is not Scope.COMPLETE:
        return
    meant = f" (`{fqdn}`)" if fqdn != spec.host else ""
    yield finding(
        at(destination_rule, spec, "host"),
        f"no Service or ServiceEntry has the host `{spec.host}`{meant}: the rule configures nothing",
        help=f"did you mean `{outcome.near}`?" if outcome.near else "write the host of a service, or remove the rule",
    )
