"""A TrafficExtension that istiod's validating webhook refuses.

`kubectl apply` fails with the webhook's message. The checks are those of `ValidateTrafficExtension`
in `pkg/config/validation` of istio/istio, since 1.30:

| field | rows |
|---|---|
| `selector` | selector-empty-key, selector-wildcard |
| `targetRefs` | target-vs-selector: one way to say what is meant; target-name; target-namespace: none; target-kind: Gateway, GatewayClass, Service, ServiceEntry |
| `match[].ports[].number` | tx-match: 1 to 65535 |
| `wasm`, `lua` | tx-one-of: one of them |
| `wasm` | tx-wasm: wp-url, wp-sha, wp-pullsecret, wp-name, wp-env-name, wp-env-dup, wp-env-value of ML122 |
| `lua.inlineCode` | tx-lua-empty; tx-lua-size: at most 65,536 bytes |

### Bad

```yaml
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata:
  name: headers
  namespace: shop
spec:
  selector:
    matchLabels: {app: reviews}
  match:
  - ports: [{number: 0}]  # ML123
  lua:
    inlineCode: ""  # ML123
```

### Good

```yaml
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata:
  name: headers
  namespace: shop
spec:
  selector:
    matchLabels: {app: reviews}
  match:
  - ports: [{number: 9080}]
  lua:
    inlineCode: |
      function envoy_on_response(handle)
        handle:headers():add("x-reviewed", "yes")
      end
```
"""

from meshlint.api import Findings, Severity, Target, TrafficExtension, rule
from meshlint.model.extensions.traffic_extension import LuaConfig, TrafficExtensionSpec

from ._frame import Faults, fault, findings
from ._selection import selection
from ._wasm import wasm, wp_match

_CODE_LIMIT = 65_536


@rule("ML123", "invalid-traffic-extension", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(extension: TrafficExtension, target: Target) -> Findings:
    if extension.spec is not None:
        yield from findings(extension, traffic_extension(extension.spec, target))


def traffic_extension(spec: TrafficExtensionSpec, target: Target) -> Faults:
    """Every row."""
    yield from selection(spec, target)
    yield from wp_match(spec.match)  # row tx-match
    if spec.wasm is None and spec.lua is None:
        yield from tx_one_of()
    if spec.wasm is not None:
        yield from wasm(spec.wasm, target)  # row tx-wasm
    if spec.lua is not None:
        yield from tx_lua(spec.lua)


def tx_one_of() -> Faults:
    """Something to run. That both are there, the schema says."""
    yield fault(
        None,
        "spec",
        what="a TrafficExtension without `wasm` and `lua`",
        why="it has nothing to run",
        help="add `lua: {inlineCode: ...}` or `wasm: {url: ...}`",
    )


def tx_lua(given: LuaConfig) -> Faults:
    """Rows tx-lua-empty, tx-lua-size."""
    size = len((given.inline_code or "").encode("utf-8", "surrogatepass"))
    if size == 0 or size > _CODE_LIMIT:
        yield fault(
            given,
            "inline_code",
            what="`inlineCode`" if size else "`lua` without `inlineCode`",
            why=f"it has {size:,} bytes, of which {_CODE_LIMIT:,} are allowed" if size else "there is nothing to run",
            help="write `envoy_on_request` or `envoy_on_response`; long code belongs into a WebAssembly module",
        )
