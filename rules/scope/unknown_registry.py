"""A network whose endpoints come from a registry that nobody knows.

`fromRegistry` names a cluster: by the name under which its remote Secret (label `istio/multiCluster`)
gives access to it, or by the name the cluster has in its own istiod. Endpoints of an unknown one belong to
no network, and traffic to them skips the gateway of the network
(https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#Network-NetworkEndpoints).

Remote Secrets are seldom in git. So meshlint says so only where the files hold some, or with
`--scope complete`. The name of the own cluster, which istiod gets when it is installed, counts.

### Bad

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  meshNetworks: |
    networks:
      west:
        endpoints:
        - fromRegistry: westt  # ML734
        gateways:
        - address: 192.0.2.1
          port: 15443
---
apiVersion: v1
kind: Secret
metadata:
  name: istio-remote-secret-west
  namespace: istio-system
  labels:
    istio/multiCluster: "true"
stringData:
  west: "..."
```

### Good

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  meshNetworks: |
    networks:
      west:
        endpoints:
        - fromRegistry: west
        gateways:
        - address: 192.0.2.1
          port: 15443
---
apiVersion: v1
kind: Secret
metadata:
  name: istio-remote-secret-west
  namespace: istio-system
  labels:
    istio/multiCluster: "true"
stringData:
  west: "..."
```
"""

from meshlint.api import Findings, Mesh, MeshNetworks, Severity, at, finding, listed, rule

_SHOWN = 5


@rule("ML734", "unknown-registry", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0126",))
def check(networks: MeshNetworks, mesh: Mesh) -> Findings:
    for name, network in ((networks.spec.networks if networks.spec else None) or {}).items():
        for endpoints in (network.endpoints if network else None) or ():
            registry = endpoints.from_registry
            if registry and mesh.registries.resolve(registry, networks).is_missing:
                known = sorted(mesh.registries.names)
                advice = f"the files know {listed(known[:_SHOWN], 'and')}" if known else "write the name of a cluster"
                yield finding(
                    at(networks, endpoints, "from_registry"),
                    f"no cluster is known as `{registry}`: its endpoints do not belong to network `{name}`",
                    help=advice,
                )
