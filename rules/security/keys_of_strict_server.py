"""Keys for tokens that istiod cannot fetch, since the server that has them takes mesh mTLS only.

The keys of `jwksUri` are fetched by istiod, which has no proxy: a server of the mesh that is STRICT closes its
connection, over HTTPS too. istiod then gives proxies a key that nobody has, and every token is refused with 401
(`pilot/pkg/model/jwks_resolver.go`). With `PILOT_JWT_ENABLE_REMOTE_JWKS` the proxies fetch them by themselves, with
mTLS; the rule is silent where the files set it.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: tokens, namespace: shop}
spec:
  jwtRules:
  - issuer: login
    jwksUri: http://login.auth.svc.cluster.local/keys  # ML447
---
apiVersion: v1
kind: Namespace
metadata: {name: auth, labels: {istio-injection: enabled}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: auth}
spec:
  mtls: {mode: STRICT}
---
apiVersion: v1
kind: Service
metadata: {name: login, namespace: auth}
spec:
  selector: {app: login}
  ports:
  - {name: http, port: 80, targetPort: 8080}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: login, namespace: auth}
spec:
  selector:
    matchLabels: {app: login}
  template:
    metadata:
      labels: {app: login}
    spec:
      containers:
      - name: login
        image: registry.example/login:1.0
        ports:
        - containerPort: 8080
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: tokens, namespace: shop}
spec:
  jwtRules:
  - issuer: login
    jwksUri: http://login.auth.svc.cluster.local/keys
---
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: istio, namespace: istio-system}
spec:
  values:
    pilot:
      env: {PILOT_JWT_ENABLE_REMOTE_JWKS: hybrid}
---
apiVersion: v1
kind: Namespace
metadata: {name: auth, labels: {istio-injection: enabled}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: auth}
spec:
  mtls: {mode: STRICT}
---
apiVersion: v1
kind: Service
metadata: {name: login, namespace: auth}
spec:
  selector: {app: login}
  ports:
  - {name: http, port: 80, targetPort: 8080}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: login, namespace: auth}
spec:
  selector:
    matchLabels: {app: login}
  template:
    metadata:
      labels: {app: login}
    spec:
      containers:
      - name: login
        image: registry.example/login:1.0
        ports:
        - containerPort: 8080
```
"""

import re
from collections.abc import Iterator

from meshlint.api import (
    Findings,
    Mesh,
    PeerAuthentication,
    RequestAuthentication,
    Service,
    Severity,
    at,
    finding,
    rule,
)
from meshlint.mesh.host_names import abbreviated_service_of, service_of
from meshlint.model.security.request_authentication import JWTRule

from ._strict import refusing, strict_end

_BY_PROXIES = "PILOT_JWT_ENABLE_REMOTE_JWKS"
_BY_ISTIOD = frozenset({None, "", "false", "istiod"})
_URL = r"(?i)(https?)://([^/?#:@]+)(?::([0-9]{1,5}))?(?:[/?#]|$)"


@rule("ML447", "keys-of-strict-server", severity=Severity.ERROR, since="0.1.0")
def check(authentication: RequestAuthentication, mesh: Mesh) -> Findings:
    rules = (authentication.spec.jwt_rules if authentication.spec else None) or ()
    if not mesh.all(PeerAuthentication) or mesh.settings.environment(_BY_PROXIES) not in _BY_ISTIOD:
        return
    for jwt_rule in rules:
        for service, port in _servers(jwt_rule, mesh):
            for endpoint in mesh.mtls.client.endpoints.of_port(service, port) or ():
                server, number = endpoint.workload, endpoint.port
                policies = refusing(server, number, authentication, mesh) if server and number else ()
                if server and policies:
                    yield finding(
                        at(authentication, jwt_rule, "jwks_uri" if jwt_rule.jwks_uri else "jwks_uri_snake"),
                        f"istiod, which has no proxy, fetches these keys from port {number} of {server.kind} "
                        f"`{server.name}`, which is STRICT and closes the connection: every token gets 401",
                        help="take the port out of STRICT: a PeerAuthentication for the workload with "
                        f"`portLevelMtls: {{{number}: {{mode: PERMISSIVE}}}}`; or set `{_BY_PROXIES}: hybrid` for istiod",
                        related=[strict_end(policies[0])],
                    )
                    break


def _servers(jwt_rule: JWTRule, mesh: Mesh) -> Iterator[tuple[Service, int]]:
    """The Services of the cluster, and the port of them, that `jwksUri` names as DNS reads it."""
    parts = re.match(_URL, jwt_rule.jwks_uri or jwt_rule.jwks_uri_snake or "")
    if parts is None or jwt_rule.jwks:
        return
    scheme, host, port = parts.groups()
    name = service_of(host) or abbreviated_service_of(host)
    number = int(port) if port else 443 if scheme.lower() == "https" else 80
    for service in mesh.find("Service", name.namespace, name.name) if name else ():
        if isinstance(service, Service):
            yield service, number
