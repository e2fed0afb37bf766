"""A ProxyConfig that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message. The checks are those of `ValidateProxyConfig` in
`pkg/config/validation` of istio/istio:

| field | rows |
|---|---|
| `selector` | selector-empty-key, selector-wildcard |
| `concurrency` | pc-concurrency: 0 or more |

The ProxyConfig of mesh config and of pod annotations is another message; ML125 and ML128 are about it.

### Bad

```yaml
apiVersion: networking.istio.io/v1beta1
kind: ProxyConfig
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    matchLabels: {app: reviews-*}  # ML124
  concurrency: 2
```

### Good

```yaml
apiVersion: networking.istio.io/v1beta1
kind: ProxyConfig
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    matchLabels: {app: reviews}
  concurrency: 2
```
"""

from meshlint.api import Findings, ProxyConfig, Severity, rule
from meshlint.model.networking.proxy_config import ProxyConfigSpec

from ._frame import Faults, fault, findings
from ._selection import workload_selector


@rule("ML124", "invalid-proxy-config", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(config: ProxyConfig) -> Findings:
    if config.spec is not None:
        yield from findings(config, workload_selector(config.spec.selector))
        yield from findings(config, pc_concurrency(config.spec))


def pc_concurrency(spec: ProxyConfigSpec) -> Faults:
    """0 or more."""
    if (spec.concurrency or 0) < 0:
        yield fault(
            spec,
            "concurrency",
            what=f"`concurrency: {spec.concurrency}`",
            why="it is negative",
            help="write the number of worker threads, or 0 for one per core",
        )
