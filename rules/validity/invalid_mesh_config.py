"""Mesh config that istiod refuses.

istiod does not start with it; where it runs already, it logs the error and keeps the configuration
that it had. The checks are those of `ValidateMeshConfig` and `ValidateMeshConfigProxyConfig` in
`pkg/config/validation/agent` of istio/istio, and follow `--istio-version`. Mesh config is in the
ConfigMap `istio`, in an IstioOperator or in the file of `--mesh-config`:

| field | rows |
|---|---|
| any | what does not decode: a text that is no mapping, durations, names out of a list. A value of another type, such as a number for a text, is reported by ML102 |
| `proxyListenPort` | mc-listen-port: 1 to 65535 |
| `connectTimeout` | mc-connect-timeout: 1ms to 1h |
| `protocolDetectionTimeout` | mc-detect-timeout: whole milliseconds |
| `localityLbSetting`, `zoneAwareLbSetting` (1.31) | mc-locality, mc-zone: as in a DestinationRule (ML111) |
| `serviceSettings[].hosts[]` | mc-service-settings |
| `trustDomain`, `trustDomainAliases[]` | mc-trust-domain |
| `meshMTLS.ecdhCurves` | mc-mtls-curves: not there |
| `defaultTrafficPolicy` (1.31) | mc-dtp-pool, mc-dtp-outlier: as in a DestinationRule |
| `defaultConfig` | px-config-path, px-binary-path, px-cluster-name: not empty; px-drain: whole seconds; px-discovery: `host:port` |
| `defaultConfig.tracing` | px-tracing: `host:port`, a token with Lightstep; px-tracing-tls |
| `defaultConfig.statsdUdpAddress`, `envoyMetricsService`, `envoyAccessLogService` | px-statsd, px-metrics, px-als: `host:port` |
| `defaultConfig.proxyAdminPort`, `statusPort` | px-admin-port, px-status-port: 1 to 65535 |
| `defaultConfig.controlPlaneAuthPolicy` | px-auth-policy |
| `defaultConfig.privateKeyProvider` | px-private-key: `cryptomb` or `qat`, with `pollDelay` |
| `defaultConfig.connectionSettings` (1.31) | px-conn-nonneg, px-conn-positive, px-conn-window |

### Bad

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    trustDomain: example_com  # ML125
    connectTimeout: 2h  # ML125
    defaultConfig:
      discoveryAddress: istiod.istio-system.svc  # ML125
```

### Good

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    trustDomain: example.com
    connectTimeout: 10s
    defaultConfig:
      discoveryAddress: istiod.istio-system.svc:15012
```
"""

from meshlint.api import Findings, MeshConfig, NoMapping, Severity, Target, rule

from ._frame import findings, no_mapping
from ._mesh_config import mesh_config


@rule("ML125", "invalid-mesh-config", severity=Severity.ERROR, since="0.1.0")
def check(config: MeshConfig | NoMapping, target: Target) -> Findings:
    if isinstance(config, NoMapping):
        if config.kind == "MeshConfig":
            yield from no_mapping(config, "write fields of MeshConfig, such as `accessLogFile: /dev/stdout`")
    elif config.spec is not None:
        yield from findings(config, mesh_config(config.spec, target))
