"""Writes a repository of manifests as a platform team would have it: `python benchmarks/corpus.py OUT SERVICES [SEED]`.

Per service: a folder file with what runs it (Namespace where new, ServiceAccount, Service, Deployment, ConfigMap) and one
with its mesh configuration (VirtualService, DestinationRule, AuthorizationPolicy, PeerAuthentication, ServiceEntry or
Gateway): two files, ten resources. The same arguments give the same bytes. Everything resolves: no findings above info.
"""

import random
import sys
from pathlib import Path

_TEAMS = ("checkout", "catalog", "payments", "search", "identity", "shipping", "media", "reports")
_SIZES = ("100m", "250m", "500m", "1")


def namespace_of(number: int) -> str:
    """The namespace of a service: forty services share one."""
    return f"{_TEAMS[number // 40 % len(_TEAMS)]}-{number // 40}"


def runtime(number: int, rng: random.Random) -> str:
    """What runs a service: five resources."""
    name, namespace = f"svc-{number}", namespace_of(number)
    first = (
        f"""apiVersion: v1
kind: Namespace
metadata:
  name: {namespace}
  labels:
    istio-injection: enabled
    team: "{namespace.partition("-")[0]}"
"""
        if number % 40 == 0
        else f"""apiVersion: v1
kind: Secret
metadata:
  name: {name}-token
  namespace: {namespace}
type: Opaque
stringData:
  token: "value-{number}"
"""
    )
    return f"""{first}---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
  namespace: {namespace}
---
apiVersion: v1
kind: Service
metadata:
  name: {name}
  namespace: {namespace}
  labels:
    app: {name}
spec:
  selector:
    app: {name}
  ports:
  - name: http
    port: 80
    targetPort: 8080
  - name: grpc-api
    port: 9090
    targetPort: grpc
---
# runs {name}; see the run book
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: {namespace}
  labels: {{app: {name}, tier: backend}}
spec:
  replicas: {rng.choice((1, 2, 3))}
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
        version: v1
      annotations:
        prometheus.io/scrape: "true"
    spec:
      serviceAccountName: {name}
      containers:
      - name: main
        image: "registry.example/{name}:1.{number % 30}"
        args: ["--listen", ":8080", "--level=info"]
        ports:
        - containerPort: 8080
          name: http
        - containerPort: 9090
          name: grpc
        resources:
          requests: {{cpu: {rng.choice(_SIZES)}, memory: 128Mi}}
        readinessProbe:
          httpGet:
            path: /ready
            port: 8080
        env:
        - name: UPSTREAM
          value: http://svc-{max(0, number - 1)}.{namespace_of(max(0, number - 1))}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
  namespace: {namespace}
data:
  settings.ini: |
    [server]
    name = {name}
    workers = {rng.randint(1, 16)}

    [features]
    canary = off
"""


def mesh(number: int, rng: random.Random) -> str:
    """The mesh configuration of a service: five resources."""
    name, namespace = f"svc-{number}", namespace_of(number)
    caller = f"svc-{max(0, number - 1)}"
    routes = "".join(
        f"""  - name: "part-{part}"
    match:
    - uri:
        prefix: /api/{part}/
      headers:
        x-tenant:
          exact: t{rng.randint(1, 9)}
    timeout: {rng.choice((5, 10, 30))}s
    retries:
      attempts: 2
      perTryTimeout: 1s
      retryOn: connect-failure,refused-stream
    route:
    - destination:
        host: {name}.{namespace}.svc.cluster.local
        subset: v1
        port:
          number: 80
"""
        for part in range(rng.randint(2, 6))
    )
    share = rng.choice((5, 10, 50))
    last = (
        f"""apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: {name}-partner
  namespace: {namespace}
spec:
  hosts:
  - partner-{number}.example.com
  location: MESH_EXTERNAL
  resolution: DNS
  exportTo: ["."]
  ports:
  - number: 443
    name: tls
    protocol: TLS
"""
        if number % 10
        else f"""apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: {name}
  namespace: {namespace}
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 443
      name: https-{number}
      protocol: HTTPS
    tls:
      mode: SIMPLE
      credentialName: {name}-cert
    hosts:
    - {name}.example.com
"""
    )
    return f"""apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {name}
  namespace: {namespace}
spec:
  hosts:
  - {name}
  http:
{routes}  - route:
    - destination:
        host: {name}
        subset: v1
      weight: {100 - share}
    - destination:
        host: {name}
        subset: v2
      weight: {share}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {name}
  namespace: {namespace}
spec:
  host: {name}
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: {rng.choice((100, 200, 500))}
      http:
        http2MaxRequests: 1000
    loadBalancer:
      simple: LEAST_REQUEST
  subsets:
  - name: v1
    labels:
      version: v1
  - name: v2
    labels:
      version: v2
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: {name}
  namespace: {namespace}
spec:
  selector:
    matchLabels:
      app: {name}
  action: ALLOW
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/{namespace_of(max(0, number - 1))}/sa/{caller}"]
    to:
    - operation:
        methods: [GET, POST]
        paths: ["/api/*"]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: {name}
  namespace: {namespace}
spec:
  selector:
    matchLabels:
      app: {name}
  mtls:
    mode: STRICT
---
{last}"""


def write(out: Path, services: int, seed: int = 1) -> int:
    """Write the repository; how many bytes it has."""
    rng = random.Random(seed)
    size = 0
    for number in range(services):
        folder = out / namespace_of(number) / f"svc-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in (("runtime.yaml", runtime(number, rng)), ("mesh.yaml", mesh(number, rng))):
            size += len(text)
            (folder / name).write_text(text, encoding="utf-8")
    return size


if __name__ == "__main__":
    print(f"{write(Path(sys.argv[1]), int(sys.argv[2]), int((sys.argv[3:] or ['1'])[0])):,} bytes")
