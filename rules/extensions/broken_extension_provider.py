"""An extension provider of mesh config that istiod finds invalid, and says so in its log only.

Mesh config with such a provider is in force all the same. What uses the provider does not work:
there is no cluster to send traces and logs to, and a CUSTOM policy whose authorizer cannot be set
up denies every request (`pkg/config/validation/agent/extensionprovider.go` and
`pilot/pkg/security/authz/builder/extauthz.go` of istio/istio).

| field | reported |
|---|---|
| `name` | empty, or used before |
| the kind | none is given |
| `service` | no host name, IP address or `namespace/host` |
| `port` | not from 1 to 65535 |
| `envoyExtAuthzHttp.pathPrefix` | does not begin with `/` |
| `envoyExtAuthzHttp.statusOnError`, also of `envoyExtAuthzGrpc` | no status that Envoy knows |
| `lightstep.accessToken` | missing |
| `opentelemetry` | both `grpc` and `http` |

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
    - name: opa
      envoyExtAuthzHttp:
        service: http://opa.shop.svc.cluster.local  # ML822
        port: 8181
        pathPrefix: v1  # ML822
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
    - name: opa
      envoyExtAuthzHttp:
        service: opa.shop.svc.cluster.local
        port: 8181
        pathPrefix: /v1
```
"""

from typing import Any

from meshlint.api import Findings, MeshConfig, Severity, at, finding, rule
from meshlint.model.mesh_config.extension_providers import ExtensionProvider
from meshlint.values import Reason
from meshlint.values.hosts import label, name_or_ip, wild_domain
from meshlint.values.numbers import integer
from meshlint.values.numbers import port as port_number

_KINDS = tuple(name for name in ExtensionProvider.__struct_fields__ if name != "name")
_SERVED = (
    *("envoy_ext_authz_http", "envoy_ext_authz_grpc", "zipkin", "lightstep", "datadog", "opencensus", "skywalking"),
    *("opentelemetry", "envoy_http_als", "envoy_tcp_als", "envoy_otel_als"),
)
_STATUSES = frozenset(
    {0, 100, *range(200, 209), 226, *range(300, 306), 307, 308, *range(400, 418), *range(421, 425), 426, 428, 429, 431}
    | {*range(500, 509), 510, 511}
)
"""`envoy.type.v3.StatusCode`."""


@rule("ML822", "broken-extension-provider", severity=Severity.WARNING, since="0.1.0")
def check(config: MeshConfig) -> Findings:
    names: set[str] = set()
    for provider in (config.spec.extension_providers if config.spec else None) or ():
        yield from _name(config, provider, names)
        kinds = [kind for kind in _KINDS if getattr(provider, kind) is not None]
        if not kinds:
            yield finding(
                at(config, provider),
                f"provider `{provider.name or ''}` is of no kind, so nothing can use it",
                help="add its kind, such as `opentelemetry: {service: ..., port: 4317}`",
            )
        for kind in kinds:
            if kind in _SERVED:
                yield from _service(config, provider, getattr(provider, kind))
        yield from _settings(config, provider)


def _name(config: MeshConfig, provider: ExtensionProvider, names: set[str]) -> Findings:
    if not provider.name:
        yield finding(
            at(config, provider, "name"),
            "a provider without `name` cannot be referred to",
            help="write the name that policies and Telemetries use",
        )
    elif provider.name in names:
        yield finding(
            at(config, provider, "name"),
            f"another provider is called `{provider.name}` too, and which of them is used is not defined",
            help="give each provider a name of its own",
        )
    else:
        names.add(provider.name)


def _service(config: MeshConfig, provider: ExtensionProvider, kind: Any) -> Findings:
    service = kind.service or ""
    reason = _service_reason(service)
    if reason:
        yield finding(
            at(config, kind, "service"),
            f"istiod cannot use provider `{provider.name or ''}`: its service `{service}` is none, {reason}",
            help="write `host` or `namespace/host`, such as `opa.shop.svc.cluster.local`, without scheme and port",
        )
    if port_number(kind.port or 0):
        yield finding(
            at(config, kind, "port"),
            f"istiod cannot use provider `{provider.name or ''}`: its port is {kind.port or 'missing'}",
            help="write the port of the service, from 1 to 65535",
        )


def _service_reason(text: str) -> Reason:
    namespace, slash, host = text.partition("/")
    if not slash:
        return name_or_ip(text)
    if not namespace or not host:
        return "one side of its `/` is empty"
    if namespace not in {"*", ".", "~"} and label(namespace):
        return f"`{namespace}` is no namespace"
    if host != "*" and "." not in host:
        return f"`{host}` is a short name"
    return wild_domain(host)


def _settings(config: MeshConfig, provider: ExtensionProvider) -> Findings:
    http, otel, lightstep = provider.envoy_ext_authz_http, provider.opentelemetry, provider.lightstep
    if http is not None and http.path_prefix and not http.path_prefix.startswith("/"):
        yield finding(
            at(config, http, "path_prefix"),
            f"`pathPrefix: {http.path_prefix}` does not begin with `/`, so istiod cannot use the provider",
            help=f"write `/{http.path_prefix}`",
        )
    for authorizer in (http, provider.envoy_ext_authz_grpc):
        status = authorizer and authorizer.status_on_error
        if status and integer(status) not in _STATUSES:
            yield finding(
                at(config, authorizer, "status_on_error"),
                f"Envoy knows no status `{status}`, so istiod cannot use the provider",
                help='write a status, such as `"403"`',
            )
    if otel is not None and otel.grpc is not None and otel.http is not None:
        yield finding(
            at(config, otel, "http"),
            "a provider sends over `grpc` or `http`, not both",
            help="keep one of them",
        )
    if lightstep is not None and not lightstep.access_token:
        yield finding(
            at(config, lightstep, "access_token"),
            "Lightstep takes no spans without `accessToken`",
            help="write the token",
        )
