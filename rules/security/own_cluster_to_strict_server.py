"""Proxies call a STRICT port by a cluster that nothing gives mesh mTLS.

Auto mTLS and DestinationRules are about the clusters that istiod makes for services. A cluster that an EnvoyFilter
adds, gRPC's own client in a filter (`google_grpc`), and the tracers and services of `defaultConfig` in mesh config
send what is written in them: plain text, or TLS without a certificate of the mesh. A STRICT port closes such a
connection (`pilot/pkg/networking/core/envoyfilter/cluster_patch.go`,
`tools/packaging/common/envoy_bootstrap.json`).

A cluster is reported where some filter of the files uses it, and not where it has the proxy's own certificate (the
secret `default`).

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: enabled}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls: {mode: STRICT}
---
apiVersion: v1
kind: Service
metadata: {name: authz, namespace: shop}
spec:
  selector: {app: authz}
  ports:
  - {name: grpc, port: 9000, targetPort: 9000}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: authz, namespace: shop}
spec:
  selector:
    matchLabels: {app: authz}
  template:
    metadata:
      labels: {app: authz}
    spec:
      containers:
      - name: authz
        image: registry.example/authz:1.0
        ports: [{containerPort: 9000}]
---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: login, namespace: edge}
spec:
  workloadSelector:
    labels: {app: edge}
  configPatches:
  - applyTo: CLUSTER
    match: {context: GATEWAY}
    patch:
      operation: ADD
      value:
        name: authz
        type: STRICT_DNS
        connect_timeout: 1s
        load_assignment:
          cluster_name: authz
          endpoints:
          - lb_endpoints:
            - endpoint:
                address:
                  socket_address:
                    address: authz.shop.svc.cluster.local  # ML468
                    port_value: 9000
  - applyTo: HTTP_FILTER
    match:
      context: GATEWAY
      listener:
        filterChain:
          filter:
            name: envoy.filters.network.http_connection_manager
            subFilter: {name: envoy.filters.http.router}
    patch:
      operation: INSERT_BEFORE
      value:
        name: envoy.filters.http.ext_authz
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
          grpc_service:
            envoy_grpc: {cluster_name: "authz"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: edge, namespace: edge}
spec:
  selector:
    matchLabels: {app: edge}
  template:
    metadata:
      annotations: {inject.istio.io/templates: gateway}
      labels: {app: edge, sidecar.istio.io/inject: "true"}
    spec:
      containers:
      - {name: istio-proxy, image: auto}
```

### Good

The cluster that istiod makes for the Service speaks mTLS by itself.

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio-injection: enabled}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec:
  mtls: {mode: STRICT}
---
apiVersion: v1
kind: Service
metadata: {name: authz, namespace: shop}
spec:
  selector: {app: authz}
  ports:
  - {name: grpc, port: 9000, targetPort: 9000}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: authz, namespace: shop}
spec:
  selector:
    matchLabels: {app: authz}
  template:
    metadata:
      labels: {app: authz}
    spec:
      containers:
      - name: authz
        image: registry.example/authz:1.0
        ports: [{containerPort: 9000}]
---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: login, namespace: edge}
spec:
  workloadSelector:
    labels: {app: edge}
  configPatches:
  - applyTo: HTTP_FILTER
    match:
      context: GATEWAY
      listener:
        filterChain:
          filter:
            name: envoy.filters.network.http_connection_manager
            subFilter: {name: envoy.filters.http.router}
    patch:
      operation: INSERT_BEFORE
      value:
        name: envoy.filters.http.ext_authz
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
          grpc_service:
            envoy_grpc: {cluster_name: "outbound|9000||authz.shop.svc.cluster.local"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: edge, namespace: edge}
spec:
  selector:
    matchLabels: {app: edge}
  template:
    metadata:
      annotations: {inject.istio.io/templates: gateway}
      labels: {app: edge, sidecar.istio.io/inject: "true"}
    spec:
      containers:
      - {name: istio-proxy, image: auto}
```
"""

from meshlint.api import (
    EnvoyFilter,
    Findings,
    Mesh,
    MeshConfig,
    PeerAuthentication,
    Place,
    Service,
    Severity,
    finding,
    rule,
)
from meshlint.mesh.client_mtls import Wire
from meshlint.mesh.proxy_calls import DirectCall

from ._strict import refusing, strict_end


@rule("ML468", "own-cluster-to-strict-server", severity=Severity.ERROR, since="0.1.0")
def check(resource: EnvoyFilter | MeshConfig, mesh: Mesh) -> Findings:
    for call in mesh.mtls.proxy_calls.shown_by(resource) if mesh.all(PeerAuthentication) else ():
        if call.place is not None and call.is_used and call.wire is not Wire.MESH:
            yield from _refused(call, call.place, mesh)


def _refused(call: DirectCall, place: Place, mesh: Mesh) -> Findings:
    for endpoint in mesh.mtls.client.endpoints.of_port(call.service, call.port) or ():
        server, port = endpoint.workload, endpoint.port
        policies = refusing(server, port, place.resource, mesh) if server is not None and port is not None else ()
        if server is not None and policies:
            yield finding(
                place,
                f"{call.who} leads proxies to port {port} of {server.kind} `{server.name}` with {call.wire.value}: it is "
                "STRICT and closes the connection",
                help=f"call `outbound|{call.port}||{_host(call, mesh)}`, the cluster that istiod makes for the service, or a "
                "provider of `extensionProviders`; both speak mTLS",
                related=[strict_end(policies[0])],
            )
            return


def _host(call: DirectCall, mesh: Mesh) -> str:
    if not isinstance(call.service, Service):
        return next(iter(call.service.hosts), "")
    namespace, name = min(mesh.identities(call.service))
    return f"{name}.{namespace}.svc.{mesh.settings.cluster_domain}"
