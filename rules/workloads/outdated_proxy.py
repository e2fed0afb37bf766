"""Running pods whose proxy is not the one that the injector gives now.

After an upgrade of the control plane pods keep their proxy until they are made again
(https://istio.io/latest/docs/reference/config/analysis/ist0158/).

Said of Pods and the injector's ConfigMap, as read from a cluster. Off by default: it passes with the next
rollout, and is no matter of the files. Variants of an image (`-distroless`) are the same image.

### Bad

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop  # ML631
  labels:
    istio-injection: enabled
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio-sidecar-injector
  namespace: istio-system
data:
  values: '{"global": {"hub": "registry.example", "tag": "1.30.0", "proxy": {"image": "proxyv2"}}}'
---
apiVersion: v1
kind: Pod
metadata:
  name: web-0
  namespace: shop
spec:
  containers:
  - name: web
    image: registry.example/web:1.0
  - name: istio-proxy
    image: registry.example/proxyv2:1.29.0
```

### Good

```yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    istio-injection: enabled
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio-sidecar-injector
  namespace: istio-system
data:
  values: '{"global": {"hub": "registry.example", "tag": "1.30.0", "proxy": {"image": "proxyv2"}}}'
---
apiVersion: v1
kind: Pod
metadata:
  name: web-0
  namespace: shop
spec:
  containers:
  - name: web
    image: registry.example/web:1.0
  - name: istio-proxy
    image: registry.example/proxyv2:1.30.0-distroless
```
"""

from meshlint.api import Findings, Mesh, Namespace, Severity, at, finding, rule

_SHOWN = 3


@rule("ML631", "outdated-proxy", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0158",), default=False)
def check(namespace: Namespace, mesh: Mesh) -> Findings:
    pods = list(mesh.injectors.images.outdated(namespace))
    if pods:
        names = ", ".join(f"`{pod.name}`" for pod, _, _ in pods[:_SHOWN])
        more = f" and {len(pods) - _SHOWN} more" if len(pods) > _SHOWN else ""
        yield finding(
            at(namespace),
            f"pods {names}{more} have proxy `{pods[0][1]}`, while the injector gives `{pods[0][2]}`",
            help="restart the workloads, so that their pods are made again",
            related=[(at(pod), f"its proxy is `{image}`") for pod, image, _ in pods[:_SHOWN]],
        )
