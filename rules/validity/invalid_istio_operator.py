"""An IstioOperator that `istioctl install` refuses.

It is the input of `istioctl install`, `istioctl upgrade` and `istioctl manifest generate`, which stop
before they have changed anything, and `istioctl validate` refuses it too. The mesh config inside is
checked by ML125 and ML141, Helm values of any other kind are not.

| field | refused |
|---|---|
| any | a key that is none, outside of `values`, of mesh config and of what Kubernetes defines below `k8s` (1.24) |
| `hub` | k8s-operator: no name of a repository, such as one with capitals |
| `tag` | other than up to 128 letters, digits, `_`, `.` and `-` |
| `revision` | no part of a DNS name: dots, more than 63 characters |
| `components.ingressGateways[].name`, `egressGateways[].name` | capitals, `_` |
| `components.ingressGateways[].k8s.service.ports[]`, `egressGateways[]` | a target port below 1024, or 1024 and less without one, without `values.gateways.istio-ingressgateway.runAsRoot` |
| `values.gateways.istio-ingressgateway.ingressPorts[]` | the same, always |
| `values.global.proxy.includeIPRanges`, `excludeIPRanges` | no ranges |
| `values.global.proxy.includeInboundPorts`, `excludeInboundPorts` | no ports from 0 to 65535 |

### Bad

```yaml
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: istio
  namespace: istio-system
spec:
  revision: "1.31"  # ML130
  global:  # ML130
    proxy: {}
  components:
    ingressGateways:
    - name: istio-ingressgateway
      enabled: true
      k8s:
        service:
          ports:
          - {name: http2, port: 80}  # ML130
```

### Good

```yaml
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: istio
  namespace: istio-system
spec:
  revision: 1-31
  values:
    global:
      proxy: {}
  components:
    ingressGateways:
    - name: istio-ingressgateway
      enabled: true
      k8s:
        service:
          ports:
          - {name: http2, port: 80, targetPort: 8080}
```
"""

from meshlint.api import Findings, IstioOperator, Severity, Target, UnknownSetting, finding, listed, rule
from meshlint.mesh.placeholders import is_placeholder

from ._frame import findings, since
from ._istio_operator import istio_operator

_SHOWN = 6


@rule("ML130", "invalid-istio-operator", severity=Severity.ERROR, since="0.1.0")
def check(operator: IstioOperator | UnknownSetting, target: Target) -> Findings:
    if isinstance(operator, UnknownSetting):
        if operator.kind == "IstioOperator" and since(target, "1.24") and not is_placeholder(operator.name):
            yield from _unknown(operator)
    elif operator.spec is not None:
        yield from findings(operator, istio_operator(operator.spec), refuser="`istioctl install`")


def _unknown(problem: UnknownSetting) -> Findings:
    inside = problem.field.rpartition(".")[0]
    yield finding(
        problem.spot,
        f"`{inside}` has no field `{problem.name}`: `istioctl install` refuses this IstioOperator",
        help=_help(problem),
    )


def _help(problem: UnknownSetting) -> str:
    if problem.elsewhere is not None:
        return f"write it as `{problem.elsewhere}`"
    if problem.nearest is not None:
        return f"did you mean `{problem.nearest}`?"
    more = len(problem.known) - _SHOWN
    return f"remove it; known here are {listed(problem.known[:_SHOWN], 'and')}" + (
        f" and {more} more" if more > 0 else ""
    )
