"""A change of a tag whose name is empty.

The key of an entry in `tagOverrides` is the name of the tag. No tag has an empty one, so the entry
changes nothing; istiod warns when it is applied.

### Bad

```yaml
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: default
  namespace: shop
spec:
  metrics:
  - overrides:
    - tagOverrides:
        "": {value: request.host}  # ML821
```

### Good

```yaml
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: default
  namespace: shop
spec:
  metrics:
  - overrides:
    - tagOverrides:
        request_host: {value: request.host}
```
"""

from meshlint.api import Findings, Severity, Telemetry, at, finding, rule


@rule("ML821", "nameless-tag-override", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(telemetry: Telemetry) -> Findings:
    for metrics in (telemetry.spec.metrics if telemetry.spec else None) or ():
        for override in metrics.overrides or ():
            if "" in (override.tag_overrides or {}):
                yield finding(
                    at(telemetry, override, "tag_overrides", ""),
                    "the name of the tag is empty, so nothing is changed",
                    help="write the name of the tag, such as `request_host`, or remove the entry",
                )
