"""PERMISSIVE mTLS that is written down.

In this mode a workload takes plain text beside mTLS, so that clients without a proxy go on working
while a mesh is introduced. As long as it stands, anybody who reaches the pod may call it unencrypted
and without an identity, and policies that ask for `principals` or `namespaces` cannot know such a
caller. Istio advises to lock down with STRICT when all clients have a proxy
(<https://istio.io/latest/docs/reference/config/security/peer_authentication/#PeerAuthentication-MutualTLS-Mode>,
<https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/>).
PERMISSIVE is also what holds where no PeerAuthentication says anything.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: PERMISSIVE  # ML401
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls:
    mode: STRICT
```
"""

from meshlint.api import Findings, PeerAuthentication, Severity, at, finding, rule
from meshlint.model.security.peer_authentication import PeerAuthenticationSpec

_PERMISSIVE = "PERMISSIVE"


@rule("ML401", "standing-permissive", severity=Severity.INFO, since="0.1.0")
def check(peer_authentication: PeerAuthentication) -> Findings:
    spec = peer_authentication.spec
    if spec is None:
        return
    if spec.mtls and spec.mtls.mode == _PERMISSIVE:
        yield finding(
            at(peer_authentication, spec.mtls, "mode"),
            f"{_PERMISSIVE}: {_workloads(spec)} take plain text beside mTLS, from any client and without an identity",
            help="write `mode: STRICT` when every client has a proxy; to ease in, begin with single workloads by `selector`",
        )
    for port, mtls in (spec.port_level_mtls or {}).items():
        if mtls and mtls.mode == _PERMISSIVE:
            yield finding(
                at(peer_authentication, mtls, "mode"),
                f"{_PERMISSIVE}: port {port} of {_workloads(spec)} takes plain text beside mTLS, from any client and without an "
                "identity",
                help="write `mode: STRICT` for the port, or remove it here to follow the rest of the workload",
            )


def _workloads(spec: PeerAuthenticationSpec) -> str:
    selected = spec.selector is not None and spec.selector.wanted
    return "the selected workloads" if selected else "all workloads without a policy of their own"
