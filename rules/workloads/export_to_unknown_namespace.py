"""A resource that is exported to a namespace that does not exist.

`exportTo` lists who may see a resource. A namespace that does not exist sees nothing, and the one that was meant
does not see it either
(https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService).

Reported where a Namespace of the files has nearly that name; with `--scope complete`, wherever none has it.

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: web
  namespace: shop
spec:
  host: web.shop.svc.cluster.local
  exportTo:
  - .
  - check-out  # ML662
---
apiVersion: v1
kind: Namespace
metadata:
  name: checkout
  labels:
    istio-injection: enabled
```

### Good

```yaml
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: web
  namespace: shop
spec:
  host: web.shop.svc.cluster.local
  exportTo:
  - .
  - checkout
---
apiVersion: v1
kind: Namespace
metadata:
  name: checkout
  labels:
    istio-injection: enabled
```
"""

from typing import TYPE_CHECKING

from meshlint.api import Findings, Mesh, Severity, at, finding, rule

if TYPE_CHECKING:
    from meshlint.api import DestinationRule, ServiceEntry, VirtualService

_WORDS = frozenset({".", "*", "~", ""})


@rule("ML662", "export-to-unknown-namespace", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA0005",))
def check(resource: "VirtualService | DestinationRule | ServiceEntry", mesh: Mesh) -> Findings:
    for index, namespace in enumerate((resource.spec.export_to if resource.spec else None) or ()):
        if namespace in _WORDS or "*" in namespace:
            continue
        outcome = mesh.namespaces.resolve(namespace, resource)
        if outcome.is_missing:
            yield finding(
                at(resource, resource.spec, "export_to", index),
                f"there is no namespace `{namespace}`: nobody sees this {resource.kind} there",
                help=f"did you mean `{outcome.near}`?" if outcome.near else "correct the name, or remove it",
            )
