"""Two PeerAuthentications of one scope that set different modes.

istiod uses one policy for a namespace (or the mesh), and one for a workload: of several, the oldest.
Which one that is depends on the order in which they were applied, so that another cluster, or the same one
after it was set up anew, may have another mode
(<https://istio.io/latest/docs/reference/config/security/peer_authentication/>;
`pilot/pkg/model/authentication.go`).

Policies that agree are not reported, nor are those whose `creationTimestamp` says which is older.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls: {mode: STRICT}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: legacy  # ML407
  namespace: shop
spec:
  mtls: {mode: DISABLE}
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls: {mode: STRICT}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: legacy
  namespace: shop
spec:
  selector:
    matchLabels: {app: legacy}
  mtls: {mode: DISABLE}
```
"""

from collections.abc import Iterator

from meshlint.api import Findings, Mesh, PeerAuthentication, Severity, at, finding, rule
from meshlint.mesh.exceptions import picked
from meshlint.mesh.server_mtls import ServerMode


@rule(
    "ML407",
    "rival-peer-authentications",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=("KIA0002", "KIA0003"),
)
def check(policy: PeerAuthentication, mesh: Mesh) -> Findings:
    for what, mode, equivalent in _modes(policy, mesh):
        if len(mode.rivals) < 2 or mode.rivals[1] is not policy:
            continue  # said at the second one
        first = mode.rivals[0]
        if mesh.trust.may_conflict(first, policy):
            modes = " or ".join(item.value for item in mode.possible)
            yield finding(
                at(policy),
                f"`{first.name}` and `{policy.name}` both set the mode of {what}: the older one counts, so it is {modes}",
                help="leave one of them, or narrow one by `selector`",
                related=[(at(first), "the other policy")],
                equivalents=(equivalent,),
            )
            return


def _modes(policy: PeerAuthentication, mesh: Mesh) -> Iterator[tuple[str, ServerMode, str]]:
    """What the policy sets modes of, the mode in force, and Kiali's code for two policies of that scope."""
    server = mesh.mtls.server
    if not (policy.spec and policy.spec.selector and policy.spec.selector.wanted):
        for namespace in mesh.homes(policy):
            whole = namespace == mesh.settings.root_namespace
            yield (
                "the whole mesh" if whole else f"the namespace `{namespace}`",
                server.of_namespace(namespace),
                "KIA0002",
            )
        return
    for workload in picked(policy, mesh):
        policies = server.selecting(workload)
        if len(policies) < 2:
            continue
        what = f"{workload.kind} `{workload.name}`"
        yield what, server.of_workload(workload), "KIA0003"
        ports = {port for item in policies for port in (item.spec.port_level_mtls if item.spec else None) or ()}
        for port in sorted(ports):
            if port.isdecimal():
                yield f"port {port} of {what}", server.of_workload(workload, int(port)), "KIA0003"
