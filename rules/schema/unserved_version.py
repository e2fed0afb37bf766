"""A kind or apiVersion that the release does not serve.

The API server knows no such resource and refuses it: `no matches for kind`. Which release is meant
say `--istio-version` and `--gateway-api-version`, or the installation of Istio in the input (see
[versions](../versions.md)). For a kind of a CRD in `--schema-dir` it is that which says what is
served.

### Bad

```yaml
apiVersion: gateway.networking.k8s.io/v1alpha2  # ML105
kind: HTTPRoute
metadata:
  name: reviews
  namespace: shop
spec:
  parentRefs: [{name: public}]
```

### Good

```yaml
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: reviews
  namespace: shop
spec:
  parentRefs: [{name: public}]
```
"""

from meshlint.api import Edit, Findings, Fix, Severity, UnservedVersion, finding, listed, rule


@rule("ML105", "unserved-version", severity=Severity.ERROR, since="0.1.0")
def check(problem: UnservedVersion) -> Findings:
    yield finding(
        problem.spot,
        f"{problem.target or f'the CRD of {problem.kind}'} serves no {problem.kind} of `{problem.api_version}`{_history(problem)}: "
        "the API server refuses it",
        help=_help(problem),
        fix=_fix(problem),
    )


def _history(problem: UnservedVersion) -> str:
    project = problem.target.rpartition(" ")[0]
    target, since, until = (_number(text) for text in (problem.target, problem.since, problem.until))
    if since and since > target:
        return f", which came with {project} {problem.since}"
    if until and until < target:
        return f", which went after {project} {problem.until}"
    return ""


def _number(text: str | None) -> tuple[int, ...]:
    """The numbers of a release, empty for none."""
    release = (text or "").rpartition(" ")[2].partition("-")[0]
    return tuple(int(part) for part in release.split(".")) if release else ()


def _help(problem: UnservedVersion) -> str:
    if problem.experimental and not problem.served:
        return (
            "it is of the experimental channel: remove it, or check against both channels (--gateway-api-version X.Y)"
        )
    if problem.served:
        return f"write {listed(f'apiVersion: {served}' for served in _stable(problem))}"
    if problem.replacement:
        return f"use `{problem.replacement}` instead"
    if problem.since:
        return f"it needs {problem.target.rpartition(' ')[0]} {problem.since} or later; --istio-version or --gateway-api-version say which you run"
    return "remove it"


def _fix(problem: UnservedVersion) -> Fix | None:
    """The version to write, where there is one."""
    versions = _stable(problem)
    if len(versions) != 1:
        return None
    return Fix(f"write `apiVersion: {versions[0]}`", (Edit(problem.spot, "set", versions[0]),))


def _stable(problem: UnservedVersion) -> tuple[str, ...]:
    """The served versions that are stable; all, where none is."""
    return tuple(served for served in problem.served if served.endswith("/v1")) or problem.served
