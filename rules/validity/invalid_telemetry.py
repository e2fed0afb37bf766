"""A Telemetry that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message. The checks are those of `ValidateTelemetry` in
`pkg/config/validation` of istio/istio, and follow `--istio-version`:

| field | rows |
|---|---|
| `selector` | selector-empty-key, selector-wildcard |
| `targetRef`, `targetRefs` | target-vs-selector: one way to say what is meant; target-name; target-namespace: none; target-kind: Gateway, Service (1.22), ServiceEntry (1.24), GatewayClass (1.25) |
| `tracing[].providers[]`, also of `metrics` and `accessLogging` | te-provider-name: not empty |
| `tracing[].randomSamplingPercentage` | te-sampling: 0 to 100 |
| `tracing[].customTags` | te-tag-name; te-tag-literal, te-tag-header, te-tag-environment: not empty |
| `metrics[].overrides[].match` | te-custom-metric: not empty |
| `metrics[].overrides[].tagOverrides` | te-upsert-value: a value with UPSERT; te-remove-value: none with REMOVE |
| `accessLogging[].filter.expression` | te-filter-cel: parses as CEL |

### Bad

```yaml
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: default
  namespace: shop
spec:
  accessLogging:
  - filter:
      expression: response.code > 400 and response.code < 500  # ML121
  metrics:
  - overrides:
    - tagOverrides:
        request_host: {}  # ML121
```

### Good

```yaml
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: default
  namespace: shop
spec:
  accessLogging:
  - filter:
      expression: response.code > 400 && response.code < 500
  metrics:
  - overrides:
    - tagOverrides:
        request_host: {value: request.host}
```
"""

from meshlint.api import Findings, Severity, Target, Telemetry, rule

from ._frame import findings
from ._telemetry import telemetry


@rule("ML121", "invalid-telemetry", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(given: Telemetry, target: Target) -> Findings:
    if given.spec is not None:
        yield from findings(given, telemetry(given.spec, target))
