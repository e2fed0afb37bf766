"""CRDs of the Gateway API that are too old for Istio.

istiod reads some kinds of the Gateway API only in a version that the CRDs have since a certain release. With
older CRDs it leaves the kind out, and routes of it do nothing
(https://istio.io/latest/docs/reference/config/analysis/ist0176/).

The release of a CRD is its annotation `gateway.networking.k8s.io/bundle-version`. What is asked for is
that of Istio 1.32.

### Bad

```yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: tlsroutes.gateway.networking.k8s.io
  annotations:
    gateway.networking.k8s.io/bundle-version: v1.4.1  # ML634
spec:
  group: gateway.networking.k8s.io
  scope: Namespaced
  names:
    kind: TLSRoute
    plural: tlsroutes
    singular: tlsroute
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
```

### Good

```yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: tlsroutes.gateway.networking.k8s.io
  annotations:
    gateway.networking.k8s.io/bundle-version: v1.5.0
spec:
  group: gateway.networking.k8s.io
  scope: Namespaced
  names:
    kind: TLSRoute
    plural: tlsroutes
    singular: tlsroute
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
```
"""

import re

from meshlint.api import CustomResourceDefinition, Findings, Severity, at, finding, rule

_ANNOTATION = "gateway.networking.k8s.io/bundle-version"
_GROUP = ".gateway.networking.k8s.io"
_MINIMUM = {"grpcroutes": (1, 1, 0), "backendtlspolicies": (1, 4, 0), "tlsroutes": (1, 5, 0), "tcproutes": (1, 6, 0)}
"""`istioctl`'s table (`pkg/config/analysis/analyzers/k8sgateway`)."""
_RELEASE = re.compile(r"v?([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})(?:[-+].*)?\Z")


@rule("ML634", "old-gateway-api", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0176",))
def check(definition: CustomResourceDefinition) -> Findings:
    wanted = _MINIMUM.get(definition.name.removesuffix(_GROUP)) if definition.name.endswith(_GROUP) else None
    written = definition.annotations.get(_ANNOTATION)
    found = _RELEASE.match(written or "")
    if wanted and found and tuple(map(int, found.groups())) < wanted:
        yield finding(
            at(definition, definition.metadata, "annotations", _ANNOTATION),
            f"Istio does not read `{definition.name.removesuffix(_GROUP)}` of release {written} of the Gateway API",
            help=f"install the CRDs of release {'.'.join(map(str, wanted))} or later",
        )
