"""A webhook of Istio whose Service does not exist.

The API server cannot call it. With `failurePolicy: Fail` no pod of the namespaces it selects can be made
any more; with `Ignore` pods get no proxy
(https://istio.io/latest/docs/ops/common-problems/injection/).

Services named `istiod...` come with the installation and are not asked for.

### Bad

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
      name: istio-pilot  # ML629
      namespace: istio-system
  namespaceSelector:
    matchLabels:
      istio-injection: enabled
---
apiVersion: v1
kind: Service
metadata:
  name: istio-pilots
  namespace: istio-system
spec:
  selector:
    app: istiod
  ports:
  - name: https-webhook
    port: 443
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
```
"""

from meshlint.api import Findings, Mesh, Severity, at, finding, rule


@rule("ML629", "webhook-without-service", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0139",))
def check(mesh: Mesh) -> Findings:
    if not mesh.of_class("MutatingWebhookConfiguration"):
        return
    for injector in mesh.injectors.all:
        config = injector.webhook.client_config
        service = config.service if config else None
        if service is None or not service.name or not service.namespace:
            continue
        host = f"{service.name}.{service.namespace}.svc.{mesh.settings.cluster_domain}"
        outcome = mesh.hosts.resolve(host, injector.configuration)
        if outcome.is_missing:
            near = (outcome.near or "").partition(".")[0]
            yield finding(
                at(injector.configuration, service, "name"),
                f"there is no Service `{service.namespace}/{service.name}`: the API server cannot call "
                f"`{injector.webhook.name}`",
                help=f"did you mean `{near}`?" if near else "correct the name, or remove the webhook",
            )
