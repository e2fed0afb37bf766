"""A name, label or annotation that the API server or istiod's webhook refuses.

Of every kind of Istio, the Gateway API and Kubernetes that meshlint knows, the API server wants:

| field | refused |
|---|---|
| `name` | none, without `generateName`; no DNS name in lower case of up to 253 characters; for a Service or a Namespace, more than one part, or 63 characters |
| `namespace` | no part of a DNS name of up to 63 characters |
| `labels` | a key that is no name of up to 63 characters (letters, digits, `-`, `_`, `.`), maybe after a DNS name and `/`; a value that is no such name and not empty |
| `annotations` | a key that is none of a label; more than 256 KiB |

A Pod without a name is taken for a template, `${NAME}` and the like for what another tool fills in:
both are left alone. Istio's annotations are checked on every kind of `networking`, `security`, `telemetry` and `extensions.istio.io`, before the
kind itself (`validateMetadata` in `pkg/config/validation`); where an annotation is refused, istiod
looks no further.

| annotation | refused |
|---|---|
| `istio.io/dry-run` | on another kind than AuthorizationPolicy; where the action is not ALLOW or DENY; a value that Go does not read as a boolean |
| `internal.istio.io/webhook-always-reject` | always: Istio's own tests use it |
| `internal.istio.io/parents`, `internal.istio.io/parent-namespace` | always, since 1.27: istiod writes them on what it makes of Gateway API resources |

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-admin
  namespace: shop
  annotations:
    istio.io/dry-run: "yes"  # ML127
spec:
  action: DENY
  rules:
  - to: [{operation: {paths: [/admin/*], ports: ["8080"]}}]
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: deny-admin
  namespace: shop
  annotations:
    istio.io/dry-run: "true"
spec:
  action: DENY
  rules:
  - to: [{operation: {paths: [/admin/*], ports: ["8080"]}}]
```
"""

from meshlint.api import Findings, Resource, Severity, Target, rule
from meshlint.values.numbers import go_bool

from ._frame import Faults, fault, findings, since
from ._metadata import metadata

_GROUPS = ("networking.istio.io/", "security.istio.io/", "telemetry.istio.io/", "extensions.istio.io/")
_DRY_RUN = "istio.io/dry-run"
_REJECTED = {
    "internal.istio.io/webhook-always-reject": "1.20",
    "internal.istio.io/parents": "1.27",
    "internal.istio.io/parent-namespace": "1.27",
}


@rule("ML127", "invalid-metadata", severity=Severity.ERROR, since="0.1.0", equivalents=("IST0106",))
def check(resource: Resource, target: Target) -> Findings:
    yield from metadata(resource)
    if resource.metadata and resource.metadata.annotations and resource.api_version.startswith(_GROUPS):
        yield from findings(resource, meta_dryrun(resource))
        yield from findings(resource, meta_internal(resource, target))


def meta_dryrun(resource: Resource) -> Faults:
    """Rows meta-dryrun-kind, meta-dryrun-action, meta-dryrun-value."""
    value = resource.annotations.get(_DRY_RUN)
    if value is None:
        return
    action = _action(resource)
    if action is None:
        why, advice = f"a {resource.kind} cannot be tried out, only an AuthorizationPolicy", "remove the annotation"
    elif action not in {"ALLOW", "DENY"}:
        why, advice = f"action {action} cannot be tried out", "remove the annotation, or use action ALLOW or DENY"
    elif go_bool(value) is None:
        why, advice = "it is no boolean", 'write "true" or "false"'
    else:
        return
    yield fault(
        resource, "metadata", "annotations", _DRY_RUN, what=f"annotation `{_DRY_RUN}: {value}`", why=why, help=advice
    )


def meta_internal(resource: Resource, target: Target) -> Faults:
    """Rows meta-always-reject, meta-internal-parents, meta-internal-parent-ns."""
    for name, release in _REJECTED.items():
        if name in resource.annotations and since(target, release):
            yield fault(
                resource,
                "metadata",
                "annotations",
                name,
                what=f"any resource with annotation `{name}`",
                why="it is for Istio alone",
                help="remove the annotation",
            )


def _action(resource: Resource) -> str | None:
    """The action of an AuthorizationPolicy; None for another kind."""
    if resource.kind != "AuthorizationPolicy":
        return None
    from meshlint.api import AuthorizationPolicy

    spec = resource.spec if isinstance(resource, AuthorizationPolicy) else None
    return (spec and spec.action) or "ALLOW"
