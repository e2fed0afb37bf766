"""Mesh networks that istiod refuses.

istiod takes over nothing of it and goes on with what it had; at the start that is no network at all.
The checks are those of `ValidateMeshNetworks` in `pkg/config/validation/agent` of istio/istio:

| field | rows |
|---|---|
| any | what does not decode: a text that is no mapping |
| `networks{}.endpoints[]` | mn-endpoint: `fromCidr` an IP address or a range, `fromRegistry` a DNS label |
| `networks{}.gateways[]` | mn-gateway: `registryServiceName` a DNS name, `address` an IP address or a DNS name, `port` 1 to 65535 |

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
      east:
        endpoints:
        - fromCidr: 10.0.0.0/33  # ML126
        gateways:
        - address: 203.0.113.4  # ML126
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
      east:
        endpoints:
        - fromCidr: 10.0.0.0/16
        gateways:
        - address: 203.0.113.4
          port: 15443
```
"""

from meshlint.api import Findings, MeshNetworks, NoMapping, Severity, rule
from meshlint.model.mesh_config.mesh_networks import IstioNetworkGateway, NetworkEndpoints
from meshlint.values.addresses import subnet
from meshlint.values.hosts import fqdn, label, name_or_ip
from meshlint.values.numbers import port as port_number

from ._frame import Faults, fault, findings, no_mapping


@rule("ML126", "invalid-mesh-networks", severity=Severity.ERROR, since="0.1.0")
def check(config: MeshNetworks | NoMapping) -> Findings:
    if isinstance(config, NoMapping):
        if config.kind == "MeshNetworks":
            yield from no_mapping(config, "write `networks:` and the networks by name below it")
        return
    for network in ((config.spec.networks if config.spec else None) or {}).values():
        for endpoints in network.endpoints or ():
            yield from findings(config, mn_endpoint(endpoints))
        for gateway in network.gateways or ():
            yield from findings(config, mn_gateway(gateway))


def mn_endpoint(endpoints: NetworkEndpoints) -> Faults:
    """An address range, or the name of a cluster."""
    if endpoints.from_cidr is not None:
        reason = subnet(endpoints.from_cidr)
        if reason:
            yield fault(
                endpoints,
                "from_cidr",
                what=f"`fromCidr: {endpoints.from_cidr}`",
                why=reason,
                help="write a range such as `10.0.0.0/16`",
            )
    elif endpoints.from_registry is not None:
        reason = label(endpoints.from_registry)
        if reason:
            yield fault(
                endpoints,
                "from_registry",
                what=f"`fromRegistry: {endpoints.from_registry}`",
                why=reason,
                help="write the name of the cluster, of letters, digits and `-`",
            )


def mn_gateway(gateway: IstioNetworkGateway) -> Faults:
    """A service of the network, or an address; and a port."""
    if gateway.registry_service_name is not None:
        reason = fqdn(gateway.registry_service_name)
        if reason:
            yield fault(
                gateway,
                "registry_service_name",
                what=f"`registryServiceName: {gateway.registry_service_name}`",
                why=reason,
                help="write the full name, such as `istio-eastwestgateway.istio-system.svc.cluster.local`",
            )
    elif gateway.address is not None:
        reason = name_or_ip(gateway.address)
        if reason:
            yield fault(
                gateway,
                "address",
                what=f"gateway `{gateway.address}`",
                why=reason,
                help="write an IP address or a DNS name",
            )
    number = gateway.port or 0
    reason = port_number(number)
    if reason:
        yield fault(
            gateway,
            "port",
            what=f"port {gateway.port}" if gateway.port is not None else "a gateway without `port`",
            why=reason,
            help="write the port that the gateway listens on for other networks, such as 15443",
        )
