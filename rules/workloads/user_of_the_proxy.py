"""An application that runs as user 1337, which is the proxy's.

The redirection leaves traffic of user 1337 alone, since it comes from the proxy. So the calls of this
application go round the proxy: no mTLS, no routes, no policies
(https://istio.io/latest/docs/ops/deployment/application-requirements/).

Silent for pods that surely get no sidecar, and for gateways, whose only container is the proxy.

### Bad

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: registry.example/web:1.0
        securityContext:
          runAsUser: 1337  # ML624
```

### Good

```yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: registry.example/web:1.0
        securityContext:
          runAsUser: 1000
```
"""

from collections.abc import Iterator
from typing import Any

from meshlint.api import Answer, Findings, Mesh, Severity, at, finding, rule
from meshlint.api import Workload as Controller
from meshlint.mesh.context import Scope
from meshlint.mesh.injection import PROXY
from meshlint.mesh.workloads import Workload

_USER = 1337
_OWN = frozenset({PROXY, "istio-operator", "istio-init", "istio-validation"})


@rule("ML624", "user-of-the-proxy", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0144",))
def check(resource: Controller, mesh: Mesh) -> Findings:
    for workload in mesh.workloads.of_resource(resource)[:1]:
        contexts = list(_contexts(workload, mesh))
        for context, name in contexts if contexts and _is_concerned(workload, mesh) else ():
            yield finding(
                at(resource, context, "run_as_user"),
                f"{name} runs as user {_USER}, like the proxy: its calls go round the proxy",
                help="run it as another user",
            )


def _contexts(workload: Workload, mesh: Mesh) -> Iterator[tuple[Any, str]]:
    """What gives an application the user of the proxy, and what it is for."""
    pod = workload.pod.security_context
    # `istioctl analyze` does not ask whether some container takes the user of the pod.
    if pod and pod.run_as_user == _USER and (mesh.context.scope is Scope.COMPLETE or _inherit(workload)):
        yield pod, "the pod"
    for container in workload.containers:
        own = container.security_context
        if container.name not in _OWN and own and own.run_as_user == _USER:
            yield own, f"container `{container.name}`"


def _inherit(workload: Workload) -> bool:
    """Whether some application has no user of its own, and so that of the pod."""
    contexts = (item.security_context for item in workload.containers if item.name not in _OWN)
    return any(context is None or context.run_as_user is None for context in contexts)


def _is_concerned(workload: Workload, mesh: Mesh) -> bool:
    if mesh.injection.control_plane(workload) or "istio" in workload.resource.labels:
        return False
    if all(container.name in _OWN for container in workload.containers):
        return False
    surely_not = mesh.injection.sidecar(workload) is Answer.NO
    return mesh.context.scope is Scope.COMPLETE or not surely_not
