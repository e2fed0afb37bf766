"""A provider of tracing that Istio no longer supports.

Envoy removed its Lightstep tracer. Istio sent the spans of such a provider as OpenTelemetry for some
releases, now it only writes into its log that the provider is deprecated, and proxies send no span. Lightstep
takes OpenTelemetry
(https://istio.io/latest/docs/tasks/observability/distributed-tracing/lightstep/).

### Bad

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    extensionProviders:
    - name: lightstep
      lightstep:
        service: satellite.monitoring.svc.cluster.local
        port: 8383
        accessToken: token
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: tracing
  namespace: shop
spec:
  tracing:
  - providers:
    - name: lightstep  # ML835
```

### Good

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    extensionProviders:
    - name: otel
      opentelemetry:
        service: collector.monitoring.svc.cluster.local
        port: 4317
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: tracing
  namespace: shop
spec:
  tracing:
  - providers:
    - name: otel
```
"""

from meshlint.api import Findings, Mesh, Severity, Telemetry, at, finding, rule


@rule("ML835", "retired-provider", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0002",))
def check(telemetry: Telemetry, mesh: Mesh) -> Findings:
    for tracing in (telemetry.spec.tracing if telemetry.spec else None) or ():
        for provider in tracing.providers or ():
            known = mesh.settings.extension_providers.get(provider.name or "")
            if known and known.lightstep:
                yield finding(
                    at(telemetry, provider, "name"),
                    f"provider `{provider.name}` uses the Lightstep tracer, which Envoy no longer has: no span is sent",
                    help="use a provider of type `opentelemetry`, which Lightstep takes",
                    related=[(at(telemetry, tracing, "providers"), "the providers are here")],
                )
