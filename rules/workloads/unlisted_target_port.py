"""A Service port that leads to a port none of its pods has.

The Service sends to a container port that no container of the selected pods declares, although
those containers do declare ports: connections are refused and Envoy answers 503 (`UF`). A *named*
target port that no container has leaves the pod out of the Service's endpoints altogether
(https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports).

Kubernetes takes container ports for information only, so a list that is merely incomplete is
possible; the rule is silent for pods with a container that lists no ports at all, or one that is told
of the port in an argument, a variable, a probe or a ConfigMap that it mounts; and for ports that a Sidecar
opens (`ingress`). A `targetPort` that is left out means the number of `port`.

### Bad

```yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    app: reviews
  ports:
  - name: http
    port: 8080  # ML601
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    matchLabels:
      app: reviews
  template:
    metadata:
      labels:
        app: reviews
    spec:
      containers:
      - name: reviews
        image: registry.example/reviews:1.0
        ports:
        - containerPort: 9080
```

### Good

```yaml
apiVersion: v1
kind: Service
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    app: reviews
  ports:
  - name: http
    port: 8080
    targetPort: 9080
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reviews
  namespace: shop
spec:
  selector:
    matchLabels:
      app: reviews
  template:
    metadata:
      labels:
        app: reviews
    spec:
      containers:
      - name: reviews
        image: registry.example/reviews:1.0
        ports:
        - containerPort: 9080
```
"""

from collections.abc import Sequence
from typing import Any

from meshlint.api import Answer, Findings, Mesh, Place, Service, Severity, at, finding, rule
from meshlint.model.kubernetes.pod import ContainerPort
from meshlint.model.kubernetes.service import ServicePort

_SHOWN = 3


@rule("ML601", "unlisted-target-port", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA0701",))
def check(service: Service, mesh: Mesh) -> Findings:
    workloads = mesh.services.workloads(service)
    for port in service.ports if workloads else ():
        if any(mesh.services.listens(item, port) is not Answer.NO for item in workloads):
            continue
        target = port.target_port if port.target_port not in {None, 0} else port.port
        message, help_ = _explained(service, target, port, [item for pods in workloads for item in pods.ports])
        yield finding(
            at(service, port, "target_port" if port.target_port else "port"),
            message,
            help=help_,
            related=_lists(workloads),
        )


def _explained(
    service: Service, target: int | str | None, port: ServicePort, ports: Sequence[ContainerPort]
) -> tuple[str, str]:
    """Message and help."""
    protocol = port.protocol or "TCP"
    others = sorted({item.protocol or "TCP" for item in ports if item.container_port == target})
    if others:
        way = f"port {port.port} is {protocol} and leads to {target}"
        return (
            f"{way}, which the pods of `{service.name}` list for {others[0]} only",
            f"write `protocol: {others[0]}`, or list the container port with `protocol: {protocol}` too",
        )
    listed = sorted({str(item.container_port) for item in ports})
    shown = ", ".join(listed[:_SHOWN]) + (f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else "")
    return (
        f"{_sentence(target, port.port)}, but the pods of `{service.name}` list {shown or 'no port of that name'} only",
        f"write `targetPort: {listed[0]}`" if len(listed) == 1 else "write a port of the containers as `targetPort`",
    )


def _sentence(target: int | str | None, port: int | None) -> str:
    if isinstance(target, str):
        return f"port {port} leads to the container port named `{target}`"
    return f"connections to port {port} go to {target}" if target != port else f"connections go to {target}"


def _lists(workloads: Sequence[Any]) -> list[tuple[Place, str]]:
    """Where the pods list their ports."""
    places = []
    for workload in workloads[:_SHOWN]:
        port = next(iter(workload.ports), None)
        if port is not None:
            places.append(
                (at(workload.resource, port, "container_port"), f"{workload.kind} `{workload.name}` listens here")
            )
    return places
