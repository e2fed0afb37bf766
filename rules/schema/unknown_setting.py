"""A field of mesh config that Istio does not know, and so ignores.

istiod reads mesh config and mesh networks with unknown fields allowed: what is misspelt, or stands one
level too high, is dropped without a word, and the default stays in force. The names of the proto
(`root_namespace`) are known too, and so are fields of later releases than the one that is checked against.

Read are the ConfigMap `istio`; `meshConfig` and `global.meshNetworks` in the values of Istio's chart, in a file
of values, an IstioOperator, the Sail operator's `Istio`, a HelmRelease of Flux, an Application of Argo CD or a
HelmChart of k3s, for a chart that has Istio's as a dependency below `istiod`; and the annotation
`proxy.istio.io/config` of pods.

### Bad

```yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio
  namespace: istio-system
data:
  mesh: |
    accessLogFle: /dev/stdout  # ML141
    holdApplicationUntilProxyStarts: true  # ML141
    defaultConfig:
      concurency: 1  # ML141
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
    accessLogFile: /dev/stdout
    defaultConfig:
      holdApplicationUntilProxyStarts: true
      concurrency: 1
```
"""

from meshlint.api import Findings, Severity, UnknownSetting, finding, listed, rule
from meshlint.mesh.placeholders import is_placeholder

from ._places import holder

_SHOWN = 6
_KINDS = {"ProxyConfig": "a proxy's config"}


@rule("ML141", "unknown-setting", severity=Severity.WARNING, since="0.1.0")
def check(problem: UnknownSetting) -> Findings:
    if is_placeholder(problem.name) or problem.kind == "IstioOperator":
        return  # the second: refused, says invalid-istio-operator
    inside = holder(problem.field)
    place = f"`{inside}`" if inside else _KINDS.get(problem.kind, problem.kind)
    yield finding(
        problem.spot, f"{place} has no field `{problem.name}`: istiod ignores it without a word", help=_help(problem)
    )


def _help(problem: UnknownSetting) -> str:
    if problem.elsewhere is not None and problem.kind == "ProxyConfig":
        return f"remove it: `{problem.elsewhere}` is a setting of the whole mesh"
    if problem.elsewhere is not None:
        return f"write it as `{problem.elsewhere}`"
    if problem.nearest is not None:
        return f"did you mean `{problem.nearest}`?"
    if not problem.known:
        return "remove it: nothing may be written here"
    more = len(problem.known) - _SHOWN
    shown = listed(problem.known[:_SHOWN], "and")
    return f"remove it; known here are {shown}" + (f" and {more} more" if more > 0 else "")
