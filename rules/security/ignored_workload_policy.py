"""A PeerAuthentication for single workloads in the root namespace.

A policy with a selector counts in its own namespace only, and those of the root namespace count nowhere:
istiod takes from there what has no selector, for the whole mesh, and nothing else. So the exception
that such a policy was to make is none
(<https://istio.io/latest/docs/reference/config/security/peer_authentication/>).

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: legacy, namespace: istio-system}
spec:
  selector:  # ML405
    matchLabels: {app: legacy}
  mtls: {mode: DISABLE}
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: legacy, namespace: shop}
spec:
  selector:
    matchLabels: {app: legacy}
  mtls: {mode: DISABLE}
```
"""

from meshlint.api import Findings, Mesh, PeerAuthentication, Severity, at, finding, rule
from meshlint.mesh.exceptions import picks_in_root


@rule("ML405", "ignored-workload-policy", severity=Severity.WARNING, since="0.1.0")
def check(policy: PeerAuthentication, mesh: Mesh) -> Findings:
    if picks_in_root(policy, mesh):
        yield finding(
            at(policy, policy.spec, "selector"),
            f"`{policy.name}` picks workloads, but lies in the root namespace `{policy.namespace}`: istiod ignores it",
            help="write it into the namespace of the workloads, or remove `selector` to set the mode of the whole mesh",
        )
