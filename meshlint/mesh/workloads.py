"""What runs pods, and what runs on virtual machines: with which labels, ports and account?

A workload is what a selector picks: the pods of one controller, a single pod, or a machine. Its
labels are those of the *pod template* (`pilot/pkg/serviceregistry/kube/controller/pod.go` sees
pods only); the labels of a controller itself play no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.mesh.placeholders import is_placeholder
from meshlint.model.base import Generic, Opaque, Resource

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.kubernetes.pod import Container, ContainerPort, PodSpec
    from meshlint.model.kubernetes.workloads import Workload as Controller
    from meshlint.model.networking.workload_entry import WorkloadEntry
    from meshlint.model.networking.workload_group import WorkloadGroup

_CONTROLLERS = (
    "Pod",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
    "Rollout",
)
KINDS = frozenset((*_CONTROLLERS, "WorkloadEntry", "WorkloadGroup"))
"""The kinds that are workloads."""

_NOTHING: Mapping[str, str] = {}
_NO_LABELS: Mapping[str, frozenset[str]] = {}

# Groups of Kubernetes itself, whose kinds without a model run no pods.
_OWN_GROUPS = frozenset({"", "apps", "batch", "autoscaling", "policy", "extensions"})
# Kinds of operators that run no pods of their own. Any other kind of a third party may.
_PASSIVE_KINDS = frozenset(
    {
        "BackendConfig",
        "Certificate",
        "ClusterIssuer",
        "ClusterPolicy",
        "ClusterSecretStore",
        "Constraint",
        "ExternalSecret",
        "FrontendConfig",
        "GrafanaDashboard",
        "IngressRoute",
        "Issuer",
        "ManagedCertificate",
        "Middleware",
        "PodMonitor",
        "Policy",
        "PrometheusRule",
        "ScaledObject",
        "SealedSecret",
        "SecretProviderClass",
        "SecretStore",
        "ServiceMonitor",
        "TriggerAuthentication",
        "VerticalPodAutoscaler",
    }
)


class Workload(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Pods that are alike, or a machine, in one namespace.

    A kustomize base that several builds take into different namespaces is one workload in each.
    """

    resource: Resource
    """The controller, the pod, or the WorkloadEntry or WorkloadGroup."""
    namespace: str
    name: str
    """The name of the resource; a build may prefix it."""
    template: Any
    """What holds the labels of the pods: the pod template (of another resource for a Rollout with
    `workloadRef`), the pod itself, or a message of the WorkloadEntry or WorkloadGroup."""
    labels: Mapping[str, str]
    """The labels of the pods as written: without those that Kubernetes, the injector and builds add."""
    annotations: Mapping[str, str]
    service_account: str
    """The account it runs as, `default` where it names none; `""` for a machine that has none."""
    pod: PodSpec
    """What the pods run; empty for a machine."""
    is_machine: bool = False
    """Whether it is a WorkloadEntry or WorkloadGroup: no pods, and no injector to see them."""
    added: Mapping[str, frozenset[str]] = _NO_LABELS
    """Labels that kustomize builds add, with the values that they give."""

    @property
    def kind(self) -> str:
        """The kind of its resource."""
        return self.resource.kind

    @property
    def containers(self) -> tuple[Container, ...]:
        """The containers, without init containers."""
        return self.pod.containers or ()

    @property
    def host_network(self) -> bool:
        """Whether its pods share the network of their node."""
        return self.pod.host_network is True

    @cached_property
    def ports(self) -> tuple[ContainerPort, ...]:
        """The ports that its containers list; init containers count that run all the time."""
        containers = self.containers
        if self.pod.init_containers:
            containers += tuple(item for item in self.pod.init_containers if item.restart_policy == "Always")
        return tuple([port for container in containers for port in container.ports or ()])

    @property
    def lists_ports(self) -> bool:
        """Whether every container lists ports, so that a port missing from the lists is one nobody listens on.

        The injected proxy's own container does not count. Kubernetes only informs by these lists;
        whether their silence says anything is for the caller to judge.
        """
        own = [container for container in self.containers if container.name != "istio-proxy"]
        return bool(own) and all(container.ports for container in own)

    @property
    def app(self) -> str:
        """The canonical service name (`pkg/kube/labels/labels.go`, CanonicalService)."""
        for key in ("service.istio.io/canonical-name", "app.kubernetes.io/name", "app"):
            if self.labels.get(key):
                return self.labels[key]
        return self.name


class Workloads:
    """Every workload of the input, by namespace."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    @cached_property
    def all(self) -> Sequence[Workload]:
        """Every workload, kind by kind, each in the order of the input."""
        return tuple(self._read())

    def of(self, namespace: str) -> Sequence[Workload]:
        """The workloads of a namespace."""
        return self._by_namespace.get(namespace, ())

    def of_resource(self, resource: Resource) -> Sequence[Workload]:
        """The workloads of one resource: one for each namespace that a build takes it to; none if it is unreadable."""
        return self._by_resource.get(resource, ())

    @property
    def namespaces(self) -> Iterable[str]:
        """The namespaces that hold a workload."""
        return self._by_namespace.keys()

    def readable(self, namespace: str) -> bool:
        """Whether the content of every resource there that may run pods is known.

        False where a controller could not be converted or has no template, where labels or the account
        are yet to be filled in (`${APP}`), and where a resource of a third party (an operator's, Helm's
        or Argo CD's) may bring pods that no file shows.
        """
        return namespace not in self._unreadable

    @cached_property
    def _by_namespace(self) -> dict[str, list[Workload]]:
        index: dict[str, list[Workload]] = {}
        for workload in self.all:
            index.setdefault(workload.namespace, []).append(workload)
        return index

    @cached_property
    def _by_resource(self) -> dict[Resource, list[Workload]]:
        index: dict[Resource, list[Workload]] = {}
        for workload in self.all:
            index.setdefault(workload.resource, []).append(workload)
        return index

    @cached_property
    def _unreadable(self) -> set[str]:
        opaque = [item for item in self._mesh.all(Opaque) if item.kind in KINDS]
        foreign = [item for item in self._mesh.all(Generic) if _may_run_pods(item)]
        bare = [item for kind in _CONTROLLERS for item in self._mesh.of_class(kind) if item not in self._by_resource]
        texts = {text for item in self.all for text in _texts(item)}
        blanks = set(filter(is_placeholder, texts))  # the same few texts stand in all of them
        unfilled = {item.namespace for item in self.all if not blanks.isdisjoint(_texts(item))} if blanks else set()
        if self._mesh.context.builds is not None:  # a patch may add labels or another account
            unfilled |= {item.namespace for item in self.all if self._is_renamed(item)}
        return unfilled | {place for item in (*opaque, *foreign, *bare) for place in self._mesh.homes(item)}

    def _is_renamed(self, workload: Workload) -> bool:
        from meshlint.mesh.patches import is_of_identity

        return any(is_of_identity(workload.kind, field) for field in self._mesh.changes(workload.resource))

    def _read(self) -> Iterator[Workload]:
        for kind in _CONTROLLERS:
            controllers: Sequence[Controller] = self._mesh.of_class(kind)
            for resource in controllers:
                template = resource.pod_template or self._referenced(resource)
                if template is not None:
                    yield from self._placed(resource, template, template.labels, template.annotations, template.spec)
        entries: Sequence[WorkloadEntry] = self._mesh.of_class("WorkloadEntry")
        for entry in entries:
            # The labels of the metadata count too, and win: serviceentry/conversion.go, ConvertWorkloadEntry.
            labels = {**((entry.spec.labels if entry.spec else None) or {}), **entry.labels}
            account = (entry.spec.service_account if entry.spec else None) or ""
            yield from self._machines(entry, entry.spec or entry, labels, entry.annotations, account)
        groups: Sequence[WorkloadGroup] = self._mesh.of_class("WorkloadGroup")
        for group in groups:
            yield from self._group(group)

    def _group(self, group: WorkloadGroup) -> Iterator[Workload]:
        """The machines of a group: labels of `metadata` win over those of `template`.

        Decided by `pilot/pkg/autoregistration/controller.go` (workloadEntryFromGroup).
        """
        metadata = group.spec.metadata if group.spec else None
        entry = group.spec.template if group.spec else None
        labels = {**((entry.labels if entry else None) or {}), **((metadata.labels if metadata else None) or {})}
        annotations = (metadata.annotations if metadata else None) or _NOTHING
        account = (entry.service_account if entry else None) or ""
        yield from self._machines(group, metadata or entry or group, labels, annotations, account)

    def _referenced(self, resource: Controller) -> Any:
        """The pod template that an Argo Rollout takes from a Deployment (`spec.workloadRef`)."""
        from meshlint.model.kubernetes.workloads import Deployment, ReplicaSet, Rollout

        reference = resource.spec.workload_ref if isinstance(resource, Rollout) and resource.spec else None
        if reference is None or not reference.name:
            return None
        targets = self._mesh.find(reference.kind or "Deployment", self._mesh.namespace(resource), reference.name)
        return next((item.pod_template for item in targets if isinstance(item, Deployment | ReplicaSet)), None)

    def _placed(
        self,
        resource: Resource,
        template: Any,
        labels: Mapping[str, str],
        annotations: Mapping[str, str],
        pod: PodSpec | None,
    ) -> Iterator[Workload]:
        spec = pod or _no_pod()
        for namespace, name in self._places(resource):
            added = self._added(resource)
            yield Workload(resource, namespace, name, template, labels, annotations, spec.account, spec, added=added)

    def _machines(
        self, resource: Resource, template: Any, labels: Mapping[str, str], annotations: Mapping[str, str], account: str
    ) -> Iterator[Workload]:
        for namespace, name in self._places(resource):
            added = self._added(resource)
            yield Workload(
                resource,
                namespace,
                name,
                template,
                labels,
                annotations,
                account,
                _no_pod(),
                is_machine=True,
                added=added,
            )

    def _added(self, resource: Resource) -> Mapping[str, frozenset[str]]:
        builds = self._mesh.context.builds
        return _NO_LABELS if builds is None else builds.added_labels(self._mesh.origin(resource).path)

    def _places(self, resource: Resource) -> Iterable[tuple[str, str]]:
        """The (namespace, name) of a resource, one for each namespace."""
        if self._mesh.context.builds is None:
            return ((self._mesh.namespace(resource), resource.name),)
        return dict(sorted(self._mesh.identities(resource), reverse=True)).items()


@cache
def _no_pod() -> PodSpec:
    """The pod of what has none."""
    from meshlint.model.kubernetes.pod import PodSpec

    return PodSpec()


def _texts(workload: Workload) -> tuple[str, ...]:
    """What a template of another kind may have left to be filled in."""
    return (workload.service_account, *workload.labels.values())


def _may_run_pods(item: Generic) -> bool:
    """Whether some controller may make pods of a resource that has no model here."""
    group = item.api_version.rpartition("/")[0]
    own = group in _OWN_GROUPS or group.endswith((".k8s.io", ".istio.io"))
    return not own and item.kind not in _PASSIVE_KINDS
