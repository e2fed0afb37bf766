"""A provider that mesh config does not define.

A Telemetry sends to a provider, and a CUSTOM AuthorizationPolicy asks one, by its name in mesh config's
`extensionProviders`. An unknown name in a Telemetry does nothing; in a policy it denies every request
(https://istio.io/latest/docs/tasks/security/authorization/authz-custom/).

Reported where the files, or `--mesh-config`, show the mesh config. Istio itself defines `prometheus`,
`stackdriver` and `envoy`. `istioctl analyze` does not check names of providers.

### Bad

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    extensionProviders:
    - name: otel
      opentelemetry:
        service: collector.monitoring.svc.cluster.local
        port: 4317
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: tracing
  namespace: shop
spec:
  tracing:
  - providers:
    - name: otle  # ML836
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
    extensionProviders:
    - name: otel
      opentelemetry:
        service: collector.monitoring.svc.cluster.local
        port: 4317
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata:
  name: tracing
  namespace: shop
spec:
  tracing:
  - providers:
    - name: otel
```
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from meshlint.api import AuthorizationPolicy, Findings, Mesh, Severity, at, finding, listed, rule

if TYPE_CHECKING:
    from meshlint.api import Telemetry

_SHOWN = 5


@rule("ML836", "missing-provider", severity=Severity.ERROR, since="0.1.0")
def check(resource: "Telemetry | AuthorizationPolicy", mesh: Mesh) -> Findings:
    for provider in _providers(resource):
        outcome = mesh.providers.resolve(provider.name or "", resource)
        if outcome.is_missing:
            known = sorted(mesh.settings.extension_providers)
            effect = "every request is denied" if isinstance(resource, AuthorizationPolicy) else "nothing is sent to it"
            advice = f"mesh config defines {listed(known[:_SHOWN], 'and')}" if known else "define it in mesh config"
            yield finding(
                at(resource, provider, "name"),
                f"mesh config defines no provider `{provider.name}`: {effect}",
                help=f"did you mean `{outcome.near}`?" if outcome.near else advice,
            )


def _providers(resource: "Telemetry | AuthorizationPolicy") -> Iterator[Any]:
    """Everything that names a provider."""
    if isinstance(resource, AuthorizationPolicy):
        if (
            resource.spec
            and resource.spec.action == "CUSTOM"
            and resource.spec.provider
            and resource.spec.provider.name
        ):
            yield resource.spec.provider
    elif resource.spec:
        settings = (resource.spec.tracing, resource.spec.metrics, resource.spec.access_logging)
        entries: list[Any] = [entry for section in settings for entry in section or ()]
        yield from (provider for entry in entries for provider in entry.providers or () if provider.name)
