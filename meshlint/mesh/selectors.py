"""Which workloads does a selector pick?

istiod compares the labels of pods (`pkg/config/labels/instance.go` SubsetOf): every pair of the
selector must be on the pod, and no pair at all picks every pod. A Service without selector is the
exception: it picks none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from meshlint.mesh.answers import Answer
from meshlint.mesh.nearness import Nearest
from meshlint.mesh.references import UNKNOWN, Reference, found
from meshlint.mesh.trust import Sought
from meshlint.model.kubernetes.common import LabelSelector
from meshlint.model.selection import LabelsSelector, WorkloadSelector

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload
    from meshlint.model.base import Resource

Labels = Mapping[str, str]

# Labels that are on pods but in no template: controllers, the scheduler's node, the injector and
# istiod's registry add them. Their values cannot be told from files, or only from names.
_ADDED = frozenset(
    {
        "apps.kubernetes.io/pod-index",
        "batch.kubernetes.io/controller-uid",
        "batch.kubernetes.io/job-completion-index",
        "batch.kubernetes.io/job-name",
        "controller-revision-hash",
        "controller-uid",
        "istio.io/rev",
        "istio-locality",
        "job-name",
        "kubernetes.io/hostname",
        "pod-template-generation",
        "pod-template-hash",
        "rollouts-pod-template-hash",
        "security.istio.io/tlsMode",
        "service.istio.io/canonical-name",
        "service.istio.io/canonical-revision",
        "statefulset.kubernetes.io/pod-name",
        "topology.istio.io/cluster",
        "topology.istio.io/network",
        "topology.istio.io/subzone",
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/zone",
    }
)


_ENOUGH = 500
"""How many workloads are looked at for a near miss: it is a courtesy, and must not make a run quadratic."""


def matches(selector: Labels | LabelSelector | WorkloadSelector | LabelsSelector | None, labels: Labels) -> Answer:
    """Whether an object with exactly these labels is picked; an absent or empty selector picks everything.

    Unknown where an expression has an operator that Kubernetes does not know.
    """
    if isinstance(selector, LabelSelector):
        return Answer.of(selector.matches(labels))
    wanted = selector.wanted if isinstance(selector, WorkloadSelector | LabelsSelector) else selector or {}
    return Answer.of(all(labels.get(key) == value for key, value in wanted.items()))


def is_added(key: str) -> bool:
    """Whether pods have a label of this key although no template names it."""
    return key in _ADDED


class Selectors:
    """Selectors, answered by posting lists: a selector costs what its rarest pair costs, never a scan."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._nearest: dict[tuple[str, str], Nearest] = {}

    def picked(self, namespace: str | None, labels: Labels) -> Sequence[Workload]:
        """The workloads of a namespace (None: of the whole mesh) that have all these labels; all for no labels.

        A label that something else puts on pods (`pod-template-hash`, a StatefulSet's pod name)
        does not stand in the way where the workload may have it.
        """
        if len(labels) == 1 and _ADDED.isdisjoint(labels):
            (pair,) = labels.items()
            return [*self._having(namespace).get(pair, ())]
        return [item for item in self._candidates(namespace, labels) if _has(item, labels)]

    def picked_by_policy(self, namespaces: Collection[str], labels: Labels) -> list[Workload]:
        """The workloads that a policy in these namespaces picks: of the whole mesh, if one of them is the root namespace."""
        if self._mesh.settings.root_namespace in namespaces:
            return [*self.picked(None, labels)]
        return [workload for namespace in namespaces for workload in self.picked(namespace, labels)]

    def picks(self, namespace: str, labels: Labels) -> bool:
        """Whether some workload of a namespace has all these labels."""
        if len(labels) == 1 and _ADDED.isdisjoint(labels):
            (pair,) = labels.items()
            return pair in self._having(namespace)
        for item in self._candidates(namespace, labels):  # noqa: SIM110 - a generator costs twice as much here
            if _has(item, labels):
                return True
        return False

    def picks_for(self, referrer: Resource, labels: Labels) -> bool:
        """Whether a selector of `referrer` picks some workload, in a namespace that a build takes the referrer to."""
        for home in self._mesh.homes(referrer):  # noqa: SIM110 - a generator costs twice as much here
            if self.picks(home, labels):
                return True
        return False

    def resolve(self, referrer: Resource, labels: Labels, namespace: str | None = None) -> Reference:
        """What a selector of `referrer` leads to: `found` are the resources of the workloads.

        Looked for in `namespace`, by default in every one that a build takes the referrer to; the
        selector is missing only if it picks nothing in each. *Missing* needs evidence
        (`meshlint.mesh.trust`): all that may run pods in the namespace can be read, and either a
        workload there has the label under a near name or value (`near` is that label,
        `app: reviews`), or the namespace holds workloads of two applications that have a label of the
        selector with another value, so that the input is neither just the one deployment of a shared
        namespace nor a few helpers beside what a chart elsewhere deploys; any two do where another
        namespace has what is selected. Without labels there is nothing to ask.
        """
        if not labels:
            return UNKNOWN
        homes = self._mesh.homes(referrer) if namespace is None else (namespace,)
        picked = [workload.resource for home in homes for workload in self.picked(home, labels)]
        if picked:
            return found(*dict.fromkeys(picked))
        outcomes = [self._absent(referrer, labels, home) for home in homes]
        return next((outcome for outcome in outcomes if not outcome.is_missing), outcomes[0])

    def _absent(self, referrer: Resource, labels: Labels, namespace: str) -> Reference:
        spelled = ", ".join(f"{key}: {value}" for key, value in labels.items())
        sought = Sought("Workload", namespace, spelled, referrer, relative=True)
        if self._may_exist(namespace, labels):
            return self._mesh.trust.unknown(sought)
        return self._mesh.trust.judge(
            sought, lambda: self.near(namespace, labels), lambda: self._is_populated(namespace, labels)
        )

    def _may_exist(self, namespace: str, labels: Labels) -> bool:
        """Whether pods with these labels may run there although no file shows them."""
        return (
            any(key in _ADDED for key in labels)
            or (_is_of_installation(labels) and not self.picked(None, labels))
            or not self._made_by_gateways.get(namespace, set()).isdisjoint(labels.items())
            or not self._mesh.workloads.readable(namespace)
            or self._lives_elsewhere(namespace, labels)
        )

    def _is_populated(self, namespace: str, labels: Labels) -> bool:
        """Whether a namespace shows two applications: with a key of the selector, or any if its pods are seen elsewhere."""
        apps = self._apps_by_key.get(namespace, {})
        if any(len(apps.get(key, ())) > 1 for key in labels):
            return True
        return len(set().union(*apps.values())) > 1 and bool(self.picked(None, labels))

    def near(self, namespace: str, labels: Labels) -> str | None:
        """The label (`key: value`) that was probably meant where a selector picks nothing.

        A workload of the namespace has it, together with all other labels of the selector: the
        value under another key, or a value under that key that differs by a slip of the hand.
        """
        for key, value in labels.items():
            rest = {other: text for other, text in labels.items() if other != key}
            for moved in self._keys_of.get((namespace, value), ()):
                if moved != key and self._any(namespace, (moved, value), rest):
                    return f"{moved}: {value}"
            slip = self._nearest_value(namespace, key).of(value)
            if slip is not None and self._any(namespace, (key, slip), rest):
                return f"{key}: {slip}"
        return None

    def _any(self, namespace: str, pair: tuple[str, str], rest: Labels) -> bool:
        """Whether a workload has a label, and all of the rest."""
        workloads = self._postings.get(namespace, {}).get(pair, ())
        return any(_has(workload, rest) for workload in islice(workloads, _ENOUGH))

    def _nearest_value(self, namespace: str, key: str) -> Nearest:
        if (namespace, key) not in self._nearest:
            pairs = self._postings.get(namespace, {})
            self._nearest[namespace, key] = Nearest(value for name, value in pairs if name == key)
        return self._nearest[namespace, key]

    def _lives_elsewhere(self, namespace: str, labels: Labels) -> bool:
        """Whether a selector without a written namespace would pick something in another one.

        `kubectl -n` may move what has no namespace, the policy or the workload.
        """
        if namespace != self._mesh.context.namespace:
            return any(item.resource.namespace is None for item in self.picked(self._mesh.context.namespace, labels))
        return bool(self.picked(None, labels))

    def _candidates(self, namespace: str | None, labels: Labels) -> Sequence[Workload]:
        """The workloads that have the rarest of the labels which templates show; all where none does."""
        postings = self._having(namespace)
        fewest: Sequence[Workload] | None = None
        for pair in labels.items():
            if pair[0] not in _ADDED:
                having = postings.get(pair, ())
                if fewest is None or len(having) < len(fewest):
                    fewest = having
        if fewest is None:
            return self._mesh.workloads.all if namespace is None else self._mesh.workloads.of(namespace)
        return fewest

    def _having(self, namespace: str | None) -> Mapping[tuple[str, str], list[Workload]]:
        """The workloads of a namespace (None: of the whole mesh) by each of their labels."""
        return self._everywhere if namespace is None else self._postings.get(namespace, {})

    @cached_property
    def _postings(self) -> dict[str, dict[tuple[str, str], list[Workload]]]:
        """The workloads of each namespace by each of their labels."""
        index: dict[str, dict[tuple[str, str], list[Workload]]] = {}
        for workload in self._mesh.workloads.all:
            pairs = index.setdefault(workload.namespace, {})
            for pair in workload.labels.items():
                pairs.setdefault(pair, []).append(workload)
            for key, values in workload.added.items():
                for value in values - {workload.labels.get(key)}:
                    pairs.setdefault((key, value), []).append(workload)
        return index

    @cached_property
    def _apps_by_key(self) -> dict[str, dict[str, set[str]]]:
        """The applications of each namespace whose workloads have a label, by the key of it."""
        index: dict[str, dict[str, set[str]]] = {}
        for workload in self._mesh.workloads.all:
            keys = index.setdefault(workload.namespace, {})
            for key in workload.labels:
                keys.setdefault(key, set()).add(workload.app)
        return index

    @cached_property
    def _made_by_gateways(self) -> dict[str, set[tuple[str, str]]]:
        """The labels of the pods that istiod makes for Gateways of the Gateway API, as far as they are chosen."""
        made: dict[str, set[tuple[str, str]]] = {}
        for gateway in self._mesh.of_gateway_api("Gateway"):
            chosen = gateway.spec.infrastructure.labels if gateway.spec and gateway.spec.infrastructure else None
            for namespace in self._mesh.homes(gateway):
                made.setdefault(namespace, set()).update((chosen or {}).items())
        return made

    @cached_property
    def _keys_of(self) -> dict[tuple[str, str], list[str]]:
        """The keys that a value has in a namespace."""
        index: dict[tuple[str, str], list[str]] = {}
        for namespace, pairs in self._postings.items():
            for key, value in pairs:
                index.setdefault((namespace, value), []).append(key)
        return index

    @cached_property
    def _everywhere(self) -> dict[tuple[str, str], list[Workload]]:
        index: dict[tuple[str, str], list[Workload]] = {}
        for pairs in self._postings.values():
            for pair, workloads in pairs.items():
                index.setdefault(pair, []).extend(workloads)
        return index


def _has(workload: Workload, labels: Labels) -> bool:
    for key, value in labels.items():
        if workload.labels.get(key) != value and not _may_get(workload, key, value):
            return False
    return True


def _is_of_installation(labels: Labels) -> bool:
    """Whether labels are of pods that the installation of Istio brings, or istiod makes for a Gateway."""
    return (
        labels.get("istio") in {"ingressgateway", "egressgateway", "eastwestgateway", "pilot"}
        or labels.get("app") in {"istio-ingressgateway", "istio-egressgateway", "istiod", "ztunnel"}
        or any(key.startswith(("gateway.networking.k8s.io/", "gateway.istio.io/")) for key in labels)
    )


def _may_get(workload: Workload, key: str, value: str) -> bool:
    """Whether a pod of the workload may have a label that its template does not name."""
    if value in workload.added.get(key, ()):
        return True
    if key not in _ADDED or key in workload.labels:
        return False
    match key:
        case "service.istio.io/canonical-name":
            return value == workload.app
        case "statefulset.kubernetes.io/pod-name":
            return workload.kind == "StatefulSet" and value.rpartition("-")[0] == workload.name
        case "job-name" | "batch.kubernetes.io/job-name":
            return workload.kind in {"Job", "CronJob"} and value.startswith(workload.name)
    return not workload.is_machine or key.startswith(("topology.", "istio"))
