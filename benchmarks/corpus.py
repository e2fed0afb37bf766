"""Writes a repository of manifests as a platform team would have it: `python benchmarks/corpus.py OUT SERVICES [SEED]`.

Per service: one file with what runs it (a Namespace or the Deployment of a second version, ServiceAccount, Service,
Deployment, ConfigMap) and one with its mesh configuration (VirtualService, DestinationRule, AuthorizationPolicy,
PeerAuthentication, ServiceEntry or Gateway): two files, ten resources, about 9 KB. The same arguments give the same
bytes. Everything resolves: no findings.
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
    """What runs a service: five resources. Every fortieth one brings its namespace, the others a second version."""
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
        if not has_canary(number)
        else deployment(number, "v2", rng)
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
{deployment(number, "v1", rng)}---
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
    # how long a request may take, and how many wait
    deadline = {rng.choice((5, 10, 30))}s
    backlog = {rng.choice((64, 128, 256))}

    [features]
    canary = {"on" if has_canary(number) else "off"}
    search = on
  upstreams.yaml: |
    upstreams:
    - host: svc-{neighbour(number)}.{namespace_of(neighbour(number))}
      port: 80
      budget: {rng.randint(1, 100)}
"""


def neighbour(number: int) -> int:
    """The first of each eight services calls the others, and they call it."""
    return number - number % 8


def has_canary(number: int) -> bool:
    """Whether a second version of the service runs."""
    return number % 40 != 0


def deployment(number: int, version: str, rng: random.Random) -> str:
    """The workload of one version of a service."""
    name, namespace = f"svc-{number}", namespace_of(number)
    upstream = neighbour(number)
    return f"""# runs {name} {version}; see the run book before you scale it
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}-{version}
  namespace: {namespace}
  labels: {{app: {name}, tier: backend}}
  annotations:
    example.com/owner: "{namespace.partition("-")[0]}@example.com"
    example.com/run-book: https://runbooks.example.com/{name}
spec:
  replicas: {rng.choice((2, 3, 4))}
  revisionHistoryLimit: 3
  selector:
    matchLabels:
      app: {name}
      version: {version}
  strategy:
    type: RollingUpdate
    rollingUpdate: {{maxSurge: 1, maxUnavailable: 0}}
  template:
    metadata:
      labels:
        app: {name}
        version: {version}
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/port: "9102"
    spec:
      serviceAccountName: {name}
      terminationGracePeriodSeconds: {rng.choice((30, 60, 90))}
      securityContext:
        runAsNonRoot: true
        runAsUser: {rng.randint(1000, 9999)}
      containers:
      - name: main
        image: "registry.example/{name}:1.{number % 30}"
        imagePullPolicy: IfNotPresent
        args: ["--listen", ":8080", "--level=info"]
        ports:
        - containerPort: 8080
          name: http
        - containerPort: 9090
          name: grpc
        resources:
          requests: {{cpu: {rng.choice(_SIZES)}, memory: 128Mi}}
          limits:
            memory: {rng.choice((256, 512))}Mi
        readinessProbe:
          httpGet:
            path: /ready
            port: 8080
          initialDelaySeconds: {rng.randint(1, 9)}
          periodSeconds: 10
        livenessProbe:
          httpGet:
            path: /live
            port: 8080
          periodSeconds: 20
        env:
        - name: UPSTREAM
          value: http://svc-{upstream}.{namespace_of(upstream)}
        - name: REGION
          value: eu-{rng.randint(1, 3)}
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        volumeMounts:
        - name: settings
          mountPath: /etc/{name}
          readOnly: true
      volumes:
      - name: settings
        configMap:
          name: {name}
"""


def mesh(number: int, rng: random.Random) -> str:
    """The mesh configuration of a service: five resources."""
    name, namespace = f"svc-{number}", namespace_of(number)
    routes = "".join(
        f"""  - name: "part-{part}"
    match:
    - uri:
        prefix: /api/{part}/
      headers:
        x-tenant:
          exact: t{rng.randint(1, 9)}
    headers:
      request:
        set:
          x-part: "{part}"
    timeout: {rng.choice((5, 10, 30))}s
    retries:
      attempts: 2
      backoff: 50ms
      retryOn: connect-failure,refused-stream
    route:
    - destination:
        host: {name}.{namespace}.svc.cluster.local
        subset: v1
        port:
          number: 80
"""
        for part in range(rng.randint(3, 7))
    )
    share = rng.choice((5, 10, 50)) if has_canary(number) else 0
    rest = "  - route:\n" + "".join(
        f"""    - destination:
        host: {name}
        subset: {subset}
        port:
          number: 80
{f"      weight: {weight}" if share else ""}
"""
        for subset, weight in (("v1", 100 - share), ("v2", share))
        if weight
    )
    canary = (
        """  - name: v2
    labels:
      version: v2
"""
        if share
        else ""
    )
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
{routes}{rest}---
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
    outlierDetection:
      consecutive5xxErrors: 7
      interval: 30s
      baseEjectionTime: {rng.choice((30, 60))}s
      maxEjectionPercent: 50
  subsets:
  - name: v1
    labels:
      version: v1
{canary}---
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
        principals: ["cluster.local/ns/{namespace_of(neighbour(number))}/sa/svc-{neighbour(number)}"]
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
