"""A path in a policy that no request has.

Paths of requests begin with `/`, and policies compare them without what follows a `?` or `#`: neither
`orders/*` nor `/orders?id=*` matches anything. In an ALLOW rule it lets nothing in, in a DENY rule it stops
nothing, and in `notPaths` it makes no exception
(<https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation>,
<https://www.envoyproxy.io/docs/envoy/latest/api-v3/type/matcher/v3/path.proto>).

Paths that begin with `*` are only judged by their `?` and `#`, templates are not.

### Bad

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: orders, namespace: shop}
spec:
  rules:
  - to:
    - operation:
        paths: ["orders/*"]  # ML445
    - operation:
        paths: ["/search?q=*"]  # ML445
```

### Good

```yaml
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: orders, namespace: shop}
spec:
  rules:
  - to:
    - operation:
        paths: ["/orders/*"]
    - operation:
        paths: ["/search"]
```
"""

import re

from meshlint.api import AuthorizationPolicy, Findings, Severity, at, finding, rule

_URL = r"[a-zA-Z][a-zA-Z+.-]*://[^/?#]*"


@rule("ML445", "unmatchable-path", severity=Severity.WARNING, since="0.1.0")
def check(policy: AuthorizationPolicy) -> Findings:
    for given in policy.rules:
        for operation in given.operations():
            for attribute in ("paths", "not_paths"):
                for index, path in enumerate(getattr(operation, attribute) or ()):
                    meant = _meant(path)
                    if meant != path:
                        yield finding(
                            at(policy, operation, attribute, index),
                            f"no request has the path `{path}`: {_reason(path)}",
                            help=f"write `{meant}`"
                            if meant not in {"", "*"}
                            else "write a path, without what follows it",
                        )


def _meant(path: str) -> str:
    """What a path was probably meant to be: itself where requests may have it."""
    if not path or "{" in path:
        return path
    if path[0] in "/*" and "?" not in path and "#" not in path:
        return path  # nearly always
    bare = re.split("[?#]", re.sub(_URL, "", path, count=1), maxsplit=1)[0]
    return bare if bare.startswith(("/", "*")) or (bare != path and not bare) else f"/{bare}"


def _reason(path: str) -> str:
    for mark, name in (("?", "query"), ("#", "fragment")):
        if mark in path:
            return f"paths are compared without the {name}"
    return "paths begin with `/`"
