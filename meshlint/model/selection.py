"""How Istio's policies say which workloads they are about."""

from collections.abc import Mapping
from typing import Any, ClassVar

from meshlint.model.base import Message, Resource

_NOTHING: Mapping[str, str] = {}

Duration = str
"""A Go duration as written (`1.5s`, `300ms`); the API server refuses what Go's parser does not read."""


class WorkloadSelector(Message, frozen=True):
    """Picks workloads of the policy's namespace by their labels (`istio.type.v1beta1.WorkloadSelector`).

    Without a selector, or with an empty one, a policy is about its whole namespace, in the root
    namespace about the whole mesh.
    """

    match_labels: dict[str, str] | None = None
    """All of them have to be on the pod (not on its controller). Neither key nor value may hold `*`."""

    @property
    def wanted(self) -> Mapping[str, str]:
        """The labels a workload must have; empty picks every workload."""
        return self.match_labels or _NOTHING


class LabelsSelector(Message, frozen=True):
    """Picks workloads like `WorkloadSelector`, but its field is called `labels`.

    It is `networking.v1alpha3.WorkloadSelector`: Sidecar, EnvoyFilter and ServiceEntry use it.
    """

    labels: dict[str, str] | None = None
    """All of them have to be on the pod (not on its controller)."""

    @property
    def wanted(self) -> Mapping[str, str]:
        """The labels a workload must have; empty picks every workload."""
        return self.labels or _NOTHING


class Selecting(Resource, frozen=True):
    """A kind of Istio that says by labels which workloads it is about.

    A rule about selectors subscribes to this, and so imports none of the eleven kinds that do not occur.
    """

    selector_field: ClassVar[str] = "selector"
    """The field of `spec` that holds the selector."""

    @property
    def selector(self) -> WorkloadSelector | LabelsSelector | None:
        """The selector as written; without one the resource is about all of its namespace."""
        spec: Any = getattr(self, "spec", None)
        return getattr(spec, self.selector_field, None)


class WorkloadSelecting(Selecting, frozen=True):
    """Those that call the field `workloadSelector`."""

    selector_field: ClassVar[str] = "workload_selector"


class PolicyTargetReference(Message, frozen=True):
    """Attaches a policy to a Gateway, a Service or a ServiceEntry of its own namespace.

    Gateways and waypoints are configured this way; sidecars take no notice of it.
    """

    group: str | None = None
    """`""` for a Service, `gateway.networking.k8s.io` for a Gateway, `networking.istio.io` for a ServiceEntry."""
    kind: str | None = None
    name: str | None = None
    namespace: str | None = None
    """May only be empty: references across namespaces are refused."""


def targets_of(
    single: PolicyTargetReference | None, several: tuple[PolicyTargetReference, ...] | None
) -> tuple[PolicyTargetReference, ...]:
    """`targetRef` and `targetRefs` as one; where nothing is written, a selector or the namespace says who is meant."""
    return (single, *(several or ())) if single else several or ()
