"""Several sidecar injectors that are called for the same pods.

The API server calls one after the other, each for its own revision, and the pod ends with what the last
one left
(https://istio.io/latest/docs/reference/config/analysis/ist0139/).

The selectors of the webhooks are tried with all labels that decide about injection: of namespaces
(`istio-injection`, `istio.io/rev`) and of pods (`sidecar.istio.io/inject`, `istio.io/rev`).

### Bad

```yaml
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: istio-sidecar-injector
webhooks:
- name: sidecar-injector.istio.io  # ML628
  admissionReviewVersions:
  - v1
  sideEffects: None
  clientConfig:
    service:
      name: istiod
      namespace: istio-system
  namespaceSelector:
    matchLabels:
      istio-injection: enabled
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: istio-sidecar-injector-canary
webhooks:
- name: sidecar-injector.istio.io  # ML628
  admissionReviewVersions:
  - v1
  sideEffects: None
  clientConfig:
    service:
      name: istiod-canary
      namespace: istio-system
  namespaceSelector:
    matchLabels:
      istio-injection: enabled
```

### Good

```yaml
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: istio-sidecar-injector
webhooks:
- name: sidecar-injector.istio.io
  admissionReviewVersions:
  - v1
  sideEffects: None
  clientConfig:
    service:
      name: istiod
      namespace: istio-system
  namespaceSelector:
    matchLabels:
      istio-injection: enabled
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  name: istio-sidecar-injector-canary
webhooks:
- name: sidecar-injector.istio.io
  admissionReviewVersions:
  - v1
  sideEffects: None
  clientConfig:
    service:
      name: istiod-canary
      namespace: istio-system
  namespaceSelector:
    matchLabels:
      istio.io/rev: canary
    matchExpressions:
    - key: istio-injection
      operator: DoesNotExist
```
"""

from collections.abc import Mapping

from meshlint.api import Findings, Mesh, Severity, at, finding, rule


@rule("ML628", "overlapping-injectors", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0139",))
def check(mesh: Mesh) -> Findings:
    if not mesh.of_class("MutatingWebhookConfiguration"):
        return
    for injector in mesh.injectors.all:
        overlap = mesh.injectors.overlap(injector)
        if overlap:
            other = overlap.other
            yield finding(
                at(injector.configuration, injector.webhook, "name"),
                f"`{other.webhook.name}` of `{other.configuration.name}` is called for the same pods "
                f"({_spelled(overlap.namespace, overlap.pod)}): both inject, one over the other",
                help="let their selectors exclude each other, by `istio.io/rev`",
                related=[(at(other.configuration, other.webhook, "name"), "the other injector")],
            )


def _spelled(namespace: Mapping[str, str], pod: Mapping[str, str]) -> str:
    def labels(of: Mapping[str, str]) -> str:
        return ", ".join(f"`{key}: {value}`" for key, value in of.items()) or "no label"

    return f"{labels(namespace)} on the namespace, {labels(pod)} on the pod"
