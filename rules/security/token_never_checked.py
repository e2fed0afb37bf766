"""A policy about tokens, for pods that check none.

Who a token is about is known only where a RequestAuthentication checks tokens: without one, no request has a
`requestPrincipal` or a claim, whatever token it carries. An ALLOW rule that asks for one lets nothing in, and a DENY
rule for requests without one refuses everything
(https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source).

A RequestAuthentication is looked for in the namespace of the pods and in the root namespace. It is missed only where
the files hold RequestAuthentications of the namespace of the pods, but none that is in force for them, nor an EnvoyFilter
that brings Envoy's filter for tokens (`envoy.filters.http.jwt_authn`).

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  selector:
    matchLabels: {app: cart}
  rules:
  - from:
    - source:
        requestPrincipals: ["*"]  # ML448
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: tokens, namespace: shop}
spec:
  selector:
    matchLabels: {app: desk}
  jwtRules:
  - {issuer: login.example.com, jwksUri: "https://login.example.com/keys"}
---
apiVersion: v1
kind: Pod
metadata:
  name: cart
  namespace: shop
  labels: {app: cart, sidecar.istio.io/inject: "true"}
spec:
  containers: [{name: cart, image: "registry.example/cart:1.0"}]
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  selector:
    matchLabels: {app: cart}
  rules:
  - from:
    - source:
        requestPrincipals: ["*"]
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: tokens, namespace: shop}
spec:
  selector:
    matchLabels: {app: cart}
  jwtRules:
  - {issuer: login.example.com, jwksUri: "https://login.example.com/keys"}
---
apiVersion: v1
kind: Pod
metadata:
  name: cart
  namespace: shop
  labels: {app: cart, sidecar.istio.io/inject: "true"}
spec:
  containers: [{name: cart, image: "registry.example/cart:1.0"}]
```
"""

from collections.abc import Iterator
from functools import lru_cache

from meshlint.api import Answer, AuthorizationPolicy, Findings, Mesh, Severity, at, finding, rule
from meshlint.mesh.workloads import Workload
from meshlint.model.security.authorization_policy import Condition, Source

_OF_TOKENS = "request.auth."


@rule("ML448", "token-never-checked", severity=Severity.WARNING, since="0.1.0")
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    asked = next(_asked(policy), None)
    if asked is None or policy.action not in {"ALLOW", "DENY"} or mesh.is_patched(policy):
        return
    for workload in mesh.authorization.workloads(policy):
        if not _has_proxy(workload, mesh) or not mesh.token_checks.is_shown(workload.namespace):
            continue
        if mesh.token_checks.of_workload(workload) is Answer.NO and not _brings_a_check(mesh):
            message, field = asked
            always = field == "not_request_principals"
            what = "every request has what this asks for" if always else "requests never have what this asks for"
            yield finding(
                at(policy, message, field),
                f"no RequestAuthentication checks tokens for {workload.kind} `{workload.name}`: {what}, with any token or none",
                help="write a RequestAuthentication for these pods, in their namespace",
                related=[(at(workload.resource), "checks no tokens")],
            )
            return


def _asked(policy: AuthorizationPolicy) -> Iterator[tuple[Source | Condition, str]]:
    """The parts of rules about who a token is of, or what it says."""
    for given in policy.rules:
        for source in given.sources():
            for field in ("request_principals", "not_request_principals"):
                if getattr(source, field):
                    yield source, field
        for condition in given.when or ():
            if (condition.key or "").startswith(_OF_TOKENS):
                yield condition, "key"


def _has_proxy(workload: Workload, mesh: Mesh) -> bool:
    """Whether the pods surely have a proxy of their own that enforces the policy."""
    return Answer.YES in {mesh.injection.sidecar(workload), mesh.injection.gateway(workload)}


@lru_cache(maxsize=1)  # one mesh at a time
def _brings_a_check(mesh: Mesh) -> bool:
    """Whether an EnvoyFilter inserts Envoy's own filter for tokens, for whichever pods."""
    patches = (
        patch.patch
        for item in mesh.of_class("EnvoyFilter")
        for patch in (item.spec.config_patches if item.spec else None) or ()
        if patch.patch
    )
    return any("jwt_authn" in str(patch.value) for patch in patches)
