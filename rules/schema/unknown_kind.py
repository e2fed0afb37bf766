"""A kind that was never one of Istio's or the Gateway API's.

The apiVersion is of a group of which every kind is known, and this is none of them: the API server
refuses the resource (`no matches for kind`). Mostly the name is misspelt, or the kind is of
another group. A kind that only Istio or the Gateway API has is reported in a misspelt group, too
(`networking.isto.io/v1`), and in those of Kubernetes itself (`v1`, `networking.k8s.io/v1`).

### Bad

```yaml
apiVersion: networking.istio.io/v1
kind: PeerAuthentication  # ML100
metadata:
  name: default
  namespace: shop
spec:
  mtls: {mode: STRICT}
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
  namespace: shop
spec:
  mtls: {mode: STRICT}
```
"""

import msgspec

from meshlint.api import Edit, Findings, Fix, Severity, UnknownKind, finding, listed, rule


@rule("ML100", "unknown-kind", severity=Severity.ERROR, since="0.1.0")
def check(problem: UnknownKind) -> Findings:
    group = problem.api_version.partition("/")[0]
    if problem.target:
        message = f"{problem.target} has no kind `{problem.kind}` in `{group}`: the API server refuses this resource"
    else:
        message = f"no API server knows a {problem.kind} of `{problem.api_version}`: it refuses this resource"
    yield finding(problem.spot, message, help=_help(problem, group), fix=_fix(problem))


def _help(problem: UnknownKind, group: str) -> str:
    if problem.nearest is None:
        return "correct `kind`, or `apiVersion`"
    api_version, _, kind = problem.nearest.partition(" ")
    if kind == problem.kind:
        reason = f"{kind} is of another group: " if problem.target else ""
        return f"{reason}write `apiVersion: {api_version}`"
    elsewhere = "" if api_version.startswith(f"{group}/") else f" of `{api_version}`"
    return f"did you mean `{kind}`{elsewhere}?"


def _fix(problem: UnknownKind) -> Fix | None:
    """Both lines as they were meant; which of them is right already stays."""
    if problem.nearest is None:
        return None
    api_version, _, kind = problem.nearest.partition(" ")
    if problem.target and api_version.partition("/")[0] == problem.api_version.partition("/")[0]:
        api_version = problem.api_version
    meant = {"apiVersion": (problem.api_version, api_version), "kind": (problem.kind, kind)}
    written = {field: after for field, (before, after) in meant.items() if after != before}
    root = problem.spot.path[:-1]
    edits = (
        Edit(msgspec.structs.replace(problem.spot, path=(*root, field)), "set", text) for field, text in written.items()
    )
    return Fix(f"write {listed((f'{field}: {text}' for field, text in written.items()), 'and')}", tuple(edits))
