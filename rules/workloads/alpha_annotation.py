"""An annotation of Istio that is of alpha status.

It may change or go with any release. Off by default: many annotations have been alpha for years, and Istio
itself writes some (https://istio.io/latest/docs/reference/config/annotations/).

### Bad

```yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  annotations:
    sidecar.istio.io/proxyCPU: 100m  # ML633
spec:
  containers:
  - name: web
    image: registry.example/web:1.0
```

### Good

```yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  annotations:
    prometheus.io/scrape: "true"
spec:
  containers:
  - name: web
    image: registry.example/web:1.0
```
"""

from meshlint.api import Findings, Resource, Severity, finding, rule

from ._keys import Keys, keys_of

_ALPHA = frozenset(
    {
        "inject.istio.io/templates",
        "istio.io/dry-run",
        "networking.istio.io/exportTo",
        "prometheus.istio.io/merge-metrics",
        "readiness.status.sidecar.istio.io/applicationPorts",
        "readiness.status.sidecar.istio.io/failureThreshold",
        "readiness.status.sidecar.istio.io/initialDelaySeconds",
        "readiness.status.sidecar.istio.io/periodSeconds",
        "sidecar.istio.io/agentLogLevel",
        "sidecar.istio.io/bootstrapOverride",
        "sidecar.istio.io/componentLogLevel",
        "sidecar.istio.io/discoveryAddress",
        "sidecar.istio.io/extraStatTags",
        "sidecar.istio.io/interceptionMode",
        "sidecar.istio.io/logLevel",
        "sidecar.istio.io/proxyCPU",
        "sidecar.istio.io/proxyCPULimit",
        "sidecar.istio.io/proxyImage",
        "sidecar.istio.io/proxyMemory",
        "sidecar.istio.io/rewriteAppHTTPProbers",
        "sidecar.istio.io/statsInclusionPrefixes",
        "sidecar.istio.io/statsInclusionRegexps",
        "sidecar.istio.io/statsInclusionSuffixes",
        "sidecar.istio.io/userVolume",
        "status.sidecar.istio.io/port",
        "traffic.sidecar.istio.io/excludeInboundPorts",
        "traffic.sidecar.istio.io/excludeOutboundIPRanges",
        "traffic.sidecar.istio.io/excludeOutboundPorts",
        "traffic.sidecar.istio.io/includeInboundPorts",
        "traffic.sidecar.istio.io/includeOutboundIPRanges",
        "traffic.sidecar.istio.io/includeOutboundPorts",
        "traffic.sidecar.istio.io/kubevirtInterfaces",
    }
)
"""Those with `featureStatus: Alpha` in `annotation/annotations.yaml` of istio/api."""

_OF_THE_INJECTOR = frozenset(
    {
        "sidecar.istio.io/interceptionMode",
        "traffic.sidecar.istio.io/excludeInboundPorts",
        "traffic.sidecar.istio.io/includeInboundPorts",
        "traffic.sidecar.istio.io/includeOutboundIPRanges",
    }
)
"""What the injector writes on pods where the CNI plugin redirects their traffic."""


@rule("ML633", "alpha-annotation", severity=Severity.INFO, since="0.1.0", equivalents=("IST0136",), default=False)
def check(resource: Resource) -> Findings:
    for keys in keys_of(resource):
        for key in keys.values if keys.form == "annotations" else ():
            if key in _ALPHA and not (key in _OF_THE_INJECTOR and _is_injected(keys)):
                yield finding(
                    keys.at(key),
                    f"`{key}` is of alpha status: it may change or go with any release",
                    help="test it before each upgrade",
                )


def _is_injected(keys: Keys) -> bool:
    """Whether the injector has been here, for a mesh with the CNI plugin."""
    spec = getattr(keys.holder, "spec", None)
    return any(item.name == "istio-validation" for item in getattr(spec, "init_containers", None) or ())
