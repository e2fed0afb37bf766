"""A number of replicas beside an autoscaler, which does not keep to it.

With `autoscaleEnabled: true` the charts write a HorizontalPodAutoscaler for istiod or for a gateway. It
sets the replicas from then on: `replicaCount` holds for moments after each installation, and pods
come and go. `istioctl install` warns (`checkAutoScaleAndReplicaCount` in `operator/pkg/apis/validation` of
istio/istio); of istiod, one replica is not warned of.

### Bad

```yaml
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: istio
  namespace: istio-system
spec:
  components:
    pilot:
      k8s:
        replicaCount: 3  # ML131
  values:
    pilot: {autoscaleEnabled: true}
```

### Good

```yaml
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: istio
  namespace: istio-system
spec:
  components:
    pilot:
      k8s:
        replicaCount: 3
  values:
    pilot: {autoscaleEnabled: false}
```
"""

from collections.abc import Iterator

from meshlint.api import Findings, IstioOperator, Severity, at, finding, rule
from meshlint.model.mesh_config.istio_operator import IstioOperatorSpec
from meshlint.reading.data import dig

from ._istio_operator import gateways


@rule("ML131", "replicas-with-autoscaling", severity=Severity.WARNING, since="0.1.0")
def check(operator: IstioOperator) -> Findings:
    spec = operator.spec
    if spec is None:
        return
    for what, scaled, count, path in _replicas(spec):
        if dig(spec.values, *scaled, "autoscaleEnabled") is True:
            switch = ".".join(("values", *scaled, "autoscaleEnabled"))
            yield finding(
                at(operator, spec, "components", *path, "k8s", "replicaCount"),
                f"`replicaCount: {count}` of {what} does not last: `{switch}` brings an autoscaler that sets the replicas",
                help=f"remove `replicaCount`, or set `{switch}: false`",
                related=[
                    (at(operator, spec, "values", *scaled, "autoscaleEnabled"), "the autoscaler is switched on here")
                ],
            )


def _replicas(spec: IstioOperatorSpec) -> Iterator[tuple[str, tuple[str, ...], int, tuple[str | int, ...]]]:
    """What has replicas set: what it is, the values that belong to it, how many, and its path among the components."""
    count = dig(spec.components, "pilot", "k8s", "replicaCount")
    if type(count) is int and count > 1:
        yield "istiod", ("pilot",), count, ("pilot",)
    for kind, values, index, gateway in gateways(spec):
        count = dig(gateway, "k8s", "replicaCount")
        if type(count) is int and count > 0:
            yield f"gateway `{gateway.get('name', '')}`", ("gateways", values), count, (kind, index)
