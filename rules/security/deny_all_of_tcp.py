"""A DENY rule that only HTTP can satisfy, and so denies all of TCP.

On ports that the proxy takes for TCP there are no methods, paths, hosts, headers and tokens. What a
DENY rule says of them is left out there, to be on the safe side, and what remains of the rule
applies: nothing remains of a rule for `paths: [/admin*]`, which then denies every connection to
every TCP port of the workloads, databases included. `ports` narrow it. What does remain is `ports`,
`principals`, `namespaces`, `serviceAccounts` and `ipBlocks`, and conditions on these
(<https://istio.io/latest/docs/reference/config/security/authorization-policy/#Rule>,
<https://istio.io/latest/docs/tasks/security/authorization/authz-tcp/>).

istiod warns of it when the policy is applied, but not of rules that consist of conditions (`when`).
meshlint says nothing of gateways whose servers take requests alone: a DENY of all requests without a
token, at the ingress gateway, is how the tasks of Istio ask for one. Nor does it of pods picked by labels
that list no other ports than those their Services declare as HTTP.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: no-admin
  namespace: shop
spec:
  selector:
    matchLabels: {app: orders}
  action: DENY
  rules:
  - to:  # ML430
    - operation: {paths: ["/admin*"]}
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: no-admin
  namespace: shop
spec:
  selector:
    matchLabels: {app: orders}
  action: DENY
  rules:
  - to:
    - operation: {paths: ["/admin*"], ports: ["8080"]}
```
"""

from meshlint.api import AuthorizationPolicy, Findings, Mesh, Place, Severity, at, finding, rule
from meshlint.mesh.injection import GATEWAY_NAME
from meshlint.mesh.protocols import selected
from meshlint.mesh.workloads import Workload
from meshlint.model.kubernetes.service import ServicePort
from meshlint.model.security.authorization_policy import Condition, Rule, Source

_REQUEST_ONLY = {"request_principals", "not_request_principals", "trust_domains", "not_trust_domains"}
_CONNECTION = tuple(name for name in Source.__struct_fields__ if name not in _REQUEST_ONLY)
"""Fields of a source that a connection has too. Trust domains are one in truth, but istiod warns all the same."""

_HTTP_KEYS = ("request.",)

_ENOUGH = 100
"""Workloads of one policy that are looked at."""


@rule("ML430", "deny-all-of-tcp", severity=Severity.WARNING, since="0.1.0", equivalents=("IST0133",))
def check(policy: AuthorizationPolicy, mesh: Mesh) -> Findings:
    if policy.action != "DENY":
        return
    for given in policy.rules:
        place = _loose_end(policy, given)
        if place is not None and not _is_for_requests(policy, mesh):
            yield finding(
                place,
                "on TCP ports nothing is left of what this DENY rule says of requests, "
                f"so it denies {_remainder(given)} to every TCP port of the workloads",
                help='add `ports` to each operation, such as `to: [{operation: {ports: ["8080"]}}]`',
            )


def _is_for_requests(policy: AuthorizationPolicy, mesh: Mesh) -> bool:
    """Whether the pods, by the files, have no port of mere connections to be denied.

    Pods of a whole namespace are never all in the files; those that labels pick mostly are.
    """
    if policy.spec is None:
        return False
    picked = [policy.spec.selector.match_labels or {}] if policy.spec.selector else []
    for target in policy.spec.targets:
        picked.append({GATEWAY_NAME: target.name} if target.kind == "Gateway" and target.name else {})
    if picked and all(map(mesh.gateway_workloads.take_requests_only, picked)):
        return True
    workloads = mesh.authorization.workloads(policy) if any(picked) else ()
    return 0 < len(workloads) <= _ENOUGH and all(_serves_requests(item, mesh) for item in workloads)


def _serves_requests(workload: Workload, mesh: Mesh) -> bool:
    """Whether every port that the containers list is one that a Service declares as HTTP, and no other."""
    if not workload.lists_ports or workload.is_machine or mesh.is_patched(workload.resource):
        return False
    routes = mesh.services.routes(workload)
    declared = [isinstance(route.port, ServicePort) and selected(route.port).is_http for route in routes]
    return all(declared) and {port.container_port for port in workload.ports} <= {route.target for route in routes}


def _loose_end(policy: AuthorizationPolicy, given: Rule) -> Place | None:
    """The part of the rule that TCP does not know, where no port narrows the rule."""
    operations = list(given.operations())
    if operations:
        has_ports = any(operation.ports or operation.not_ports for operation in operations)
        return None if has_ports else at(policy, given, "to")
    sources = list(given.sources())
    if sources:
        known = any(getattr(source, name) for source in sources for name in _CONNECTION)
        return None if known else at(policy, given, "from_")
    conditions = given.when or ()
    if conditions and all(map(_is_http, conditions)):
        return at(policy, given, "when")
    return None


def _remainder(given: Rule) -> str:
    kept = any(getattr(source, name) for source in given.sources() for name in _CONNECTION)
    narrowed = kept or not all(map(_is_http, given.when or ()))
    return "the connections that the rest of it matches" if narrowed else "every connection"


def _is_http(condition: Condition) -> bool:
    return (condition.key or "").startswith(_HTTP_KEYS)
