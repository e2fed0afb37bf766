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

from meshlint.api import AuthorizationPolicy, Findings, Mesh, Place, Resource, Severity, at, finding, rule
from meshlint.mesh.principals import LOCAL, SCHEME, parse

from ._policies import values

_FIELDS = ("principals", "not_principals", "service_accounts", "not_service_accounts")


@rule("ML404", "unused-identity", severity=Severity.WARNING, since="0.1.0", equivalents=("KIA0106",))
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    for source, field, index, text in values(policy, _FIELDS):
        account = _account(text, field, policy, mesh)
        if account is None or mesh.accounts.workloads(*account):
            continue
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


def _account(text: str, field: str, policy: AuthorizationPolicy, mesh: Mesh) -> tuple[str, str] | None:
    """The namespace and name of the one service account of this mesh that a text names; None where it names no such."""
    if "*" in text:
        return None
    if field.endswith("service_accounts"):
        namespace, slash, name = text.partition("/")
        return (namespace, name) if slash else (mesh.namespace(policy), text)
    principal = None if text.startswith(SCHEME) else parse(text)
    if principal is None:
        return None
    settings, domain = mesh.settings, principal.trust_domain
    is_ours = domain in {LOCAL, settings.trust_domain} or domain in settings.trust_domain_aliases
    return (principal.namespace, principal.account) if is_ours else None


def _advice(name: str, near: str | None) -> str:
    if near:
        return f"did you mean the account `{near}`?"
    return f"set `serviceAccountName: {name}` in the pod template of the caller, or name the account it runs as"


def _workload(resource: Resource, account: str) -> tuple[Place, str]:
    return at(resource), f"runs as `{account}`"
