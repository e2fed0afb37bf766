"""A policy names an identity that no workload has.

A principal is the service account that the *calling* pod runs as, not its name: a pod whose template
names no `serviceAccountName` runs as `default`. An ALLOW rule for an account that nobody runs as
never matches, and the caller gets 403
(https://istio.io/latest/docs/concepts/security/#istio-identity).

Reported only with evidence: a workload of that name (or nearly) exists in that namespace and runs as
another account. A ServiceAccount object that is missing proves nothing and is not asked for.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: backend
  namespace: shop
spec:
  selector:
    matchLabels:
      app: backend
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/shop/sa/frontend"]  # ML404
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: frontend
  namespace: shop
spec:
  selector:
    matchLabels:
      app: frontend
  template:
    metadata:
      labels:
        app: frontend
    spec:
      containers:
      - name: frontend
        image: registry.example/frontend:1.0
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: backend
  namespace: shop
spec:
  selector:
    matchLabels:
      app: backend
  template:
    metadata:
      labels:
        app: backend
    spec:
      containers:
      - name: backend
        image: registry.example/backend:1.0
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: backend
  namespace: shop
spec:
  selector:
    matchLabels:
      app: backend
  rules:
  - from:
    - source:
        principals: ["cluster.local/ns/shop/sa/frontend"]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: frontend
  namespace: shop
spec:
  selector:
    matchLabels:
      app: frontend
  template:
    metadata:
      labels:
        app: frontend
    spec:
      serviceAccountName: frontend
      containers:
      - name: frontend
        image: registry.example/frontend:1.0
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: backend
  namespace: shop
spec:
  selector:
    matchLabels:
      app: backend
  template:
    metadata:
      labels:
        app: backend
    spec:
      containers:
      - name: backend
        image: registry.example/backend:1.0
```
"""

from collections.abc import Iterator

from meshlint.api import AuthorizationPolicy, Findings, Mesh, Place, Resource, Severity, at, finding, rule
from meshlint.mesh.principals import parse
from meshlint.model.security.authorization_policy import Source

_FIELDS = ("principals", "not_principals", "service_accounts", "not_service_accounts")


@rule("ML404", "unused-identity", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA0106",))
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    for source, field, index, text, account in _accounts(policy, mesh):
        namespace, name = account
        outcome = mesh.accounts.runs_as(namespace, name, policy)
        if not outcome.is_missing:
            continue
        namesake = mesh.accounts.namesake(namespace, name)
        runs = f": {namesake.kind} `{namesake.name}` runs as `{namesake.service_account}`" if namesake else ""
        yield finding(
            at(policy, source, field, index),
            f"no pod of namespace `{namespace}` runs as `{name}`{runs}, so `{text}` matches nobody",
            help=_advice(name, outcome.near),
            related=[_workload(namesake.resource, namesake.service_account)] if namesake else [],
        )


def _accounts(policy: AuthorizationPolicy, mesh: Mesh) -> Iterator[tuple[Source, str, int, str, tuple[str, str]]]:
    """Every entry of the policy that names exactly one service account of this mesh."""
    for entry in policy.rules:
        for source in entry.sources():
            for field in _FIELDS:
                for index, text in enumerate(getattr(source, field) or ()):
                    account = _account(text, field, policy, mesh)
                    if account is not None:
                        yield source, field, index, text, account


def _account(text: str, field: str, policy: AuthorizationPolicy, mesh: Mesh) -> tuple[str, str] | None:
    if field.endswith("service_accounts"):
        namespace, slash, name = text.partition("/")
        return None if "*" in text else (namespace, name) if slash else (mesh.namespace(policy), text)
    principal = parse(text)
    settings = mesh.settings
    ours = {"cluster.local", settings.trust_domain, *settings.trust_domain_aliases}
    if (
        principal is None
        or not principal.is_exact
        or text.startswith("spiffe://")
        or principal.trust_domain not in ours
    ):
        return None
    return principal.namespace, principal.account


def _advice(name: str, near: str | None) -> str:
    if near:
        return f"did you mean the account `{near}`?"
    return f"set `serviceAccountName: {name}` in the pod template of the caller, or name the account it runs as"


def _workload(resource: Resource, account: str) -> tuple[Place, str]:
    return at(resource), f"runs as `{account}`"
