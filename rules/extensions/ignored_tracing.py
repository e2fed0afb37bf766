"""Several entries of `tracing`, or several providers in one.

Istio sends the spans of a proxy to one tracer. Of several entries or providers only one counts, and
istiod warns when they are applied (`providers` in
<https://istio.io/latest/docs/reference/config/telemetry/#Tracing>).

### Bad

```yaml
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: default
  namespace: shop
spec:
  tracing:
  - providers:
    - name: zipkin
    - name: otel  # ML820
```

### Good

```yaml
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: default
  namespace: shop
spec:
  tracing:
  - providers:
    - name: otel
```
"""

from meshlint.api import Findings, Severity, Telemetry, at, finding, rule


@rule("ML820", "ignored-tracing", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(telemetry: Telemetry) -> Findings:
    entries = (telemetry.spec.tracing if telemetry.spec else None) or ()
    if len(entries) > 1:
        yield finding(
            at(telemetry, entries[1]),
            f"Istio supports one entry of `tracing`, and here are {len(entries)}: "
            "what they say of the same setting does not hold together",
            help="put all settings into one entry",
        )
    for entry in entries:
        providers = entry.providers or ()
        if len(providers) > 1:
            yield finding(
                at(telemetry, providers[1]),
                f"Istio supports one provider of traces, and here are {len(providers)}: spans go to one of them",
                help="keep one; a collector such as OpenTelemetry's can send spans to several systems",
            )
