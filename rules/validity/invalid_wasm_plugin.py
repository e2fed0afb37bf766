"""A WasmPlugin that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message. The checks are those of `ValidateWasmPlugin` in
`pkg/config/validation` of istio/istio, and follow `--istio-version`:

| field | rows |
|---|---|
| `selector` | selector-empty-key, selector-wildcard |
| `targetRef`, `targetRefs` | target-vs-selector: one way to say what is meant; target-name; target-namespace: none; target-kind: Gateway, Service (1.22), ServiceEntry (1.24), GatewayClass (1.25) |
| `url` | wp-url: not empty; an image (`oci` or no scheme), `http`, `https` or `file` |
| `sha256` | wp-sha: 64 characters of 0-9 and a-f |
| `imagePullSecret` | wp-pullsecret: at most 253 characters (1.23) |
| `pluginName` | wp-name: at most 256 characters (1.23) |
| `vmConfig.env[]` | wp-env-name: 1 to 256 characters; wp-env-dup; wp-env-value: not with `valueFrom: HOST` (1.23) |
| `match[].ports[].number` | wp-match: 1 to 65535 |

### Bad

```yaml
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata:
  name: headers
  namespace: shop
spec:
  selector:
    matchLabels: {app: reviews}
  url: oci://registry.example.com/headers:v1
  vmConfig:
    env:
    - {name: LEVEL, value: debug}
    - {name: LEVEL, value: info}  # ML122
  match:
  - ports: [{number: 65536}]  # ML122
```

### Good

```yaml
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata:
  name: headers
  namespace: shop
spec:
  selector:
    matchLabels: {app: reviews}
  url: oci://registry.example.com/headers:v1
  vmConfig:
    env:
    - {name: LEVEL, value: debug}
  match:
  - ports: [{number: 9080}]
```
"""

from meshlint.api import Findings, Severity, Target, WasmPlugin, rule
from meshlint.model.extensions.wasm_plugin import WasmPluginSpec

from ._frame import Faults, findings
from ._selection import selection
from ._wasm import wasm, wp_match


@rule("ML122", "invalid-wasm-plugin", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(plugin: WasmPlugin, target: Target) -> Findings:
    if plugin.spec is not None:
        yield from findings(plugin, wasm_plugin(plugin.spec, target))


def wasm_plugin(spec: WasmPluginSpec, target: Target) -> Faults:
    """Every row."""
    yield from selection(spec, target)
    yield from wasm(spec, target)
    yield from wp_match(spec.match)
