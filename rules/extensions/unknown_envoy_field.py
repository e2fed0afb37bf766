"""A field in the value of a patch that Envoy's message does not have.

istiod decodes the value into the message that `applyTo` means and drops fields that it does not
know, with a warning: the rest is applied, and what the field should do is not done. Most often the
field belongs one level deeper, into `typed_config`.

### Bad

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: buffers
  namespace: shop
spec:
  configPatches:
  - applyTo: CLUSTER
    match:
      context: SIDECAR_OUTBOUND
    patch:
      operation: MERGE
      value:
        per_connection_buffer_limit: 32768  # ML815
```

### Good

```yaml
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: buffers
  namespace: shop
spec:
  configPatches:
  - applyTo: CLUSTER
    match:
      context: SIDECAR_OUTBOUND
    patch:
      operation: MERGE
      value:
        per_connection_buffer_limit_bytes: 32768
```
"""

from meshlint.api import EnvoyFilter, Findings, Severity, at, finding, rule
from meshlint.schemas.envoy import misfits
from meshlint.suggest import nearest

from ._patches import checked_patches


@rule("ML815", "unknown-envoy-field", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(envoy_filter: EnvoyFilter) -> Findings:
    for patch in checked_patches(envoy_filter):
        if patch.patch is None or patch.patch.value is None:
            continue
        for misfit in misfits(patch.apply_to or "", patch.patch.value):
            if misfit.expected is None:
                name = str(misfit.path[-1])
                near = nearest(name, misfit.known)
                yield finding(
                    at(envoy_filter, patch.patch, "value", *misfit.path),
                    f"Envoy's `{misfit.message}` has no field `{name}`: istiod drops it",
                    help=f"did you mean `{near}`?" if near else "remove it, or write it where Envoy's API has it",
                )
