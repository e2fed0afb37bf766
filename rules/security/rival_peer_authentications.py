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
from meshlint.mesh.server_mtls import ServerMode


@rule(
    "ML407",
    "rival-peer-authentications",
    severity=Severity.WARNING,
    since="0.1.0",
    equivalents=("KIA0002", "KIA0003"),
)
def check(mesh: Mesh) -> Findings:
    said: set[PeerAuthentication] = set()
    for what, mode, equivalent in _modes(mesh):
        if not mode.rivals or not said.isdisjoint(mode.rivals):
            continue
        first, second = mode.rivals[:2]
        if not mesh.trust.may_conflict(first, second):
            continue
        said.update(mode.rivals)
        modes = " or ".join(item.value for item in mode.possible)
        yield finding(
            at(second),
            f"`{first.name}` and `{second.name}` both set the mode of {what}: the older one counts, so it is {modes}",
            help="leave one of them, or narrow one by `selector`",
            related=[(at(first), "the other policy")],
            equivalents=(equivalent,),
        )


def _modes(mesh: Mesh) -> Iterator[tuple[str, ServerMode, str]]:
    """What each mode is about, the mode, and Kiali's code for two policies of that scope."""
    root = mesh.settings.root_namespace
    namespaces = {namespace for policy in mesh.all(PeerAuthentication) for namespace, _ in mesh.identities(policy)}
    for namespace in sorted(namespaces):
        what = "the whole mesh" if namespace == root else f"the namespace `{namespace}`"
        yield what, mesh.mtls.server.of_namespace(namespace), "KIA0002"
    for namespace in sorted(namespaces):
        for workload in mesh.workloads.of(namespace):
            what = f"{workload.kind} `{workload.name}`"
            yield what, mesh.mtls.server.of_workload(workload), "KIA0003"
            for policy in mesh.mtls.server.selecting(workload):
                for port in (policy.spec.port_level_mtls if policy.spec else None) or ():
                    if port.isdecimal():
                        yield f"port {port} of {what}", mesh.mtls.server.of_workload(workload, int(port)), "KIA0003"
