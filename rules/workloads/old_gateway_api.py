"""CRDs of the Gateway API that are too old for Istio.

istiod reads some kinds of the Gateway API only in a version that the CRDs have since a certain release. With
older CRDs it leaves the kind out, and routes of it do nothing
(https://istio.io/latest/docs/reference/config/analysis/ist0176/).

The release of a CRD is its annotation `gateway.networking.k8s.io/bundle-version`. What is asked for depends
on the release of Istio (`--istio-version`): TLSRoutes, for example, of 1.5 since Istio 1.30.

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

from meshlint.api import CustomResourceDefinition, Findings, Severity, Target, at, finding, is_before, rule

_ANNOTATION = "gateway.networking.k8s.io/bundle-version"
_GROUP = ".gateway.networking.k8s.io"
_MINIMUM: dict[str, tuple[str, tuple[int, int, int]]] = {
    "grpcroutes": ("1.22", (1, 1, 0)),
    "backendtlspolicies": ("1.28", (1, 4, 0)),
    "tlsroutes": ("1.30", (1, 5, 0)),
    "tcproutes": ("1.32", (1, 6, 0)),
}
"""The release of Istio that began to ask for it, and the release of the Gateway API.

The latter from `pkg/config/schema/gatewayapi/minimumversions.go`.
"""
_RELEASE = re.compile(r"v?([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})(?:[-+].*)?\Z")


@rule("ML634", "old-gateway-api", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0176",))
def check(definition: CustomResourceDefinition, target: Target) -> Findings:
    kind = definition.name.removesuffix(_GROUP) if definition.name.endswith(_GROUP) else ""
    since, wanted = _MINIMUM.get(kind, ("", (0, 0, 0)))
    written = definition.annotations.get(_ANNOTATION)
    found = _RELEASE.match(written or "")
    if not since or not found or is_before(target.istio, since):
        return
    if tuple(map(int, found.groups())) < wanted:
        yield finding(
            at(definition, definition.metadata, "annotations", _ANNOTATION),
            f"Istio {target.istio} does not read `{kind}` of release {written} of the Gateway API",
            help=f"install the CRDs of release {'.'.join(map(str, wanted))} or later",
        )
