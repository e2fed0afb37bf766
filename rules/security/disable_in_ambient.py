"""mTLS switched off for workloads in ambient mode.

Ztunnel knows STRICT and PERMISSIVE only: a policy with DISABLE is taken for PERMISSIVE, and calls between
workloads of the mesh stay encrypted. Whoever counts on plain text there, to look into the traffic or to
save the handshakes, does not get it
(<https://istio.io/latest/docs/reference/config/security/peer_authentication/#PeerAuthentication-MutualTLS-Mode>,
`pilot/pkg/serviceregistry/ambient/policies.go`).

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio.io/dataplane-mode: ambient}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls:
    mode: DISABLE  # ML408
```

### Good

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio.io/dataplane-mode: ambient}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls:
    mode: STRICT
```
"""

from collections.abc import Iterator
from typing import Any

from meshlint.api import Answer, Findings, Mesh, PeerAuthentication, Severity, at, finding, rule
from meshlint.mesh.exceptions import picked


@rule("ML408", "disable-in-ambient", severity=Severity.WARNING, since="0.1.0")
def check(policy: PeerAuthentication, mesh: Mesh) -> Findings:
    settings = [mtls for mtls in _settings(policy) if mtls and mtls.mode == "DISABLE"]
    if settings and _is_ambient(policy, mesh):
        for mtls in settings:
            yield finding(
                at(policy, mtls, "mode"),
                "ambient mode does not know DISABLE: ztunnel takes it for PERMISSIVE",
                help="write `mode: PERMISSIVE`, or take the workloads out of ambient mode "
                "(`istio.io/dataplane-mode: none`)",
            )


def _settings(policy: PeerAuthentication) -> Iterator[Any]:
    if policy.spec is not None:
        yield policy.spec.mtls
        yield from (policy.spec.port_level_mtls or {}).values()


def _is_ambient(policy: PeerAuthentication, mesh: Mesh) -> bool:
    """Whether all workloads that the policy is about are surely in ambient mode."""
    if policy.spec and policy.spec.selector and policy.spec.selector.wanted:
        workloads = picked(policy, mesh)
        return bool(workloads) and all(mesh.injection.ambient(item) is Answer.YES for item in workloads)
    namespaces = mesh.homes(policy)
    if mesh.settings.root_namespace in namespaces:
        return False
    workloads = [item for namespace in namespaces for item in mesh.workloads.of(namespace)]
    return all(mesh.injection.ambient_namespace(item) is Answer.YES for item in namespaces) and not any(
        mesh.injection.ambient(item) is Answer.NO for item in workloads
    )
