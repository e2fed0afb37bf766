"""Is a workload injected, ambient, or a gateway?

The injector is asked twice: the API server calls it where a webhook's selectors match
(`manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml`), then it decides by
itself (`pkg/kube/inject/inject.go`, injectRequired). Both must agree, which gives:

* never: `hostNetwork`, the namespaces of Kubernetes itself, `sidecar.istio.io/inject: "false"` on
  the pod (label, or the older and weaker annotation), `istio-injection` on the namespace with any
  other value than `enabled`: even a pod that asks for the proxy is not given it there
* always: a pod with a proxy in it; else a namespace with `istio-injection: enabled` or an
  `istio.io/rev`; else a pod with the label `sidecar.istio.io/inject: "true"` or an `istio.io/rev`
* else not, unless the mesh was installed with `enableNamespacesByDefault`. But labels of a
  namespace are often set with kubectl, so that a file without them is no evidence: unknown, except
  where the input is the whole mesh (`--scope complete`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from meshlint.mesh.answers import Answer
from meshlint.mesh.context import Scope

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload
    from meshlint.model.base import Resource

INJECT = "sidecar.istio.io/inject"
INJECTION = "istio-injection"
REVISION = "istio.io/rev"
DATAPLANE_MODE = "istio.io/dataplane-mode"
USE_WAYPOINT = "istio.io/use-waypoint"
WAYPOINT_FOR = "istio.io/waypoint-for"
TEMPLATES = "inject.istio.io/templates"
GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name"
REWRITE_PROBES = "sidecar.istio.io/rewriteAppHTTPProbers"
PROXY = "istio-proxy"

IGNORED_NAMESPACES = frozenset({"kube-system", "kube-public", "kube-node-lease", "local-path-storage"})
"""Never injected (`pkg/kube/inject/initializer.go`, IgnoredNamespaces)."""

_OF_AMBIENT = frozenset({DATAPLANE_MODE, USE_WAYPOINT, WAYPOINT_FOR})
_TRUE = frozenset({"y", "yes", "true", "on"})
_ON, _OFF = frozenset({"true", "t", "1"}), frozenset({"false", "f", "0"})
_CONTROL_PLANE = frozenset({"istiod", "ztunnel", "istio-cni-node", "istio-cni", "sidecar-injector"})


class State(msgspec.Struct, frozen=True, eq=False):
    """Whether the pods of a workload get a sidecar, and what decides it."""

    sidecar: Answer
    reason: str
    """What decides it, to be read after *because of*: "`hostNetwork: true`"."""
    decided_by: Resource | None = None
    """The resource that holds what decides: the workload or its Namespace; None where nothing says it."""
    revision: str | None = None
    """The control plane that injects, where it is known: `default` or the value of `istio.io/rev`."""


class Injection:
    """The data plane of each workload: sidecar, ambient, gateway or none."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh
        self._states: dict[Workload, State] = {}
        self._labelled: dict[Resource, State | None] = {}
        self._gateways: dict[Workload, Answer] = {}
        self._taken: dict[Workload, Answer] = {}
        self._ambient: dict[tuple[str, tuple[tuple[str, str], ...]], bool] = {}

    def state(self, workload: Workload) -> State:
        """Whether the pods get a sidecar, with the reason."""
        state = self._states.get(workload)
        if state is None:
            state = self._states[workload] = self._judge(workload)
        return state

    def sidecar(self, workload: Workload) -> Answer:
        """Whether the pods get a sidecar (or are a gateway's, whose only container is the proxy)."""
        return self.state(workload).sidecar

    def ambient(self, workload: Workload) -> Answer:
        """Whether ztunnel takes the traffic of the pods.

        The pod's label wins over the namespace's; pods with a sidecar or on the host's network are
        never taken (`cni/pkg/util/podutil.go` PodRedirectionEnabled).
        """
        answer = self._taken.get(workload)
        if answer is None:
            answer = self._taken[workload] = self._is_taken(workload)
        return answer

    def _is_taken(self, workload: Workload) -> Answer:
        if workload.is_machine or workload.host_network or workload.namespace in IGNORED_NAMESPACES:
            return Answer.NO
        if self.gateway(workload) is Answer.YES or self.sidecar(workload) is Answer.YES:
            return Answer.NO
        own = workload.labels.get(DATAPLANE_MODE)
        if own is not None:
            return Answer.of(own == "ambient")
        return self.ambient_namespace(workload.namespace)

    def ambient_namespace(self, namespace: str) -> Answer:
        """Whether a namespace is labelled for ambient mode."""
        answers = [_label_answer(labels, DATAPLANE_MODE, "ambient") for labels in self.labels_of(namespace)]
        return self._agreed(answers)

    def is_ambient_throughout(self, namespace: str, labels: Mapping[str, str]) -> bool:
        """Whether all pods of a namespace with these labels surely are in ambient mode; asked once for equal labels.

        Where no file shows them, the label of the namespace speaks for all; not for chosen labels, whose
        pods may be gateways or exceptions.
        """
        key = (namespace, tuple(sorted(labels.items())))
        if key not in self._ambient:
            workloads = [item for item in self._mesh.selectors.picked(namespace, labels) if not self.waypoint(item)]
            bare = not labels and self.ambient_namespace(namespace) is Answer.YES
            self._ambient[key] = all(self.ambient(item) is Answer.YES for item in workloads) if workloads else bare
        return self._ambient[key]

    def injecting_namespace(self, namespace: str) -> Answer:
        """Whether the labels of a namespace ask for a sidecar in its pods."""
        if namespace in IGNORED_NAMESPACES:
            return Answer.NO
        return self._agreed([_asks(labels) for labels in self.labels_of(namespace)])

    def in_mesh(self, workload: Workload) -> Answer:
        """Whether the pods speak mTLS at all: by a sidecar, as a gateway, or through ztunnel.

        Pods that surely have no sidecar are outside, unless something of the input speaks of ambient
        mode: then their namespace may be labelled for it as well.
        """
        sidecar = self.state(workload).sidecar
        if sidecar is Answer.YES:
            return Answer.YES
        gateway, ambient = self.gateway(workload), self.ambient(workload)
        if gateway is Answer.YES or ambient is Answer.YES:
            return Answer.YES
        unknown = sidecar is Answer.UNKNOWN or gateway is Answer.UNKNOWN
        if unknown or (ambient is Answer.UNKNOWN and self.uses_ambient):
            return Answer.UNKNOWN
        return Answer.NO

    @cached_property
    def outside(self) -> frozenset[Workload]:
        """The workloads that surely are outside of the mesh: mostly few, which many rules ask for."""
        return frozenset(item for item in self._mesh.workloads.all if self.in_mesh(item) is Answer.NO)

    @cached_property
    def uses_ambient(self) -> bool:
        """Whether anything of the input is about ambient mode: a label of it, ztunnel, the profile."""
        if self._mesh.settings.is_ambient:
            return True
        metadata = [entry.resource.metadata for entry in self._mesh.entries]
        written: list[Mapping[str, str]] = [item.labels for item in metadata if item is not None and item.labels]
        if self._mesh.runs_anything:
            written += [item.labels for item in self._mesh.workloads.all]
        near = [item for item in written if not _OF_AMBIENT.isdisjoint(item) or item.get("app") == "ztunnel"]
        return any(map(_speaks_of_ambient, near))

    def gateway(self, workload: Workload) -> Answer:
        """Whether the pods are an Istio gateway: a proxy of its own, beside no application."""
        answer = self._gateways.get(workload)
        if answer is None:
            answer = self._gateways[workload] = _is_gateway(workload)
        return answer

    def waypoint(self, workload: Workload) -> bool:
        """Whether the pods are a waypoint that istiod made of a Gateway."""
        return workload.labels.get("gateway.istio.io/managed") == "istio.io-mesh-controller"

    def uses_waypoint(self, namespace: str, labels: Mapping[str, str] | None = None) -> Answer:
        """Whether what has these labels (a Service, pods; default: anything) is led through a waypoint in a namespace.

        The label of the object wins over the namespace's; `none` means no waypoint. NO needs a namespace whose
        manifest labels it for ambient mode, but not for a waypoint, and no waypoint in any file that
        `istioctl waypoint apply` may have enrolled it for; or `--scope complete`.
        """
        own = (labels or {}).get(USE_WAYPOINT)
        if own is not None:
            return Answer.of(own not in {"", "none"})
        written = [manifest.get(USE_WAYPOINT) for manifest in self.labels_of(namespace)]
        if written and None not in written:
            return self._agreed([Answer.of(name not in {"", "none"}) for name in written])
        if self._mesh.context.scope is Scope.COMPLETE:
            return Answer.NO if not any(written) else Answer.UNKNOWN
        sure = written and not any(written) and self.ambient_namespace(namespace) is Answer.YES
        return (
            Answer.NO
            if sure and not self._has_waypoints and not self._mesh.context.template_folders
            else Answer.UNKNOWN
        )

    def rewrites_probes(self, workload: Workload) -> bool:
        """Whether the injector, where it is asked, leads the health checks of the pods to the agent (`mesh.probes`)."""
        written = workload.annotations.get(REWRITE_PROBES, "").lower()
        return written in _ON or (written not in _OFF and self._mesh.settings.rewrites_probes)

    def control_plane(self, workload: Workload) -> bool:
        """Whether the pods are Istio's own: istiod, ztunnel, the CNI agent."""
        labels = workload.labels
        return labels.get("app") in _CONTROL_PLANE or labels.get("istio") in {"pilot", "istiod"}

    def _judge(self, workload: Workload) -> State:
        if workload.is_machine:
            return _of_machine(workload)
        resource = workload.resource
        if _has_proxy(workload):
            return State(Answer.YES, f"the container `{PROXY}`", resource, workload.labels.get(REVISION))
        if workload.host_network:
            return State(Answer.NO, "`hostNetwork: true`", resource)
        if workload.namespace in IGNORED_NAMESPACES:
            return State(Answer.NO, f"the namespace `{workload.namespace}`, which Istio never injects")
        refusal = _refusal(workload)
        if refusal:
            return State(Answer.NO, refusal, resource)
        manifests = self._manifests(workload.namespace)
        if not manifests:
            return self._without_labels(workload, None)
        states = [self._in_namespace(workload, namespace) for namespace in manifests]
        if len(states) > 1 and any(state.sidecar is not states[0].sidecar for state in states):
            return State(Answer.UNKNOWN, "variants")
        return states[0]

    def _in_namespace(self, workload: Workload, namespace: Resource) -> State:
        if namespace not in self._labelled:
            self._labelled[namespace] = _by_label(namespace)
        state = self._labelled[namespace]
        if state is None:
            return self._without_labels(workload, namespace)
        is_called = state.sidecar is Answer.YES
        if is_called and not self._mesh.settings.injects_by_default and not _wants(workload):
            return State(Answer.NO, "the injector's policy `disabled`", None)
        return state

    def _without_labels(self, workload: Workload, namespace: Resource | None) -> State:
        """The decision where no label of the namespace is known."""
        if workload.labels.get(INJECT) == "true":
            return State(Answer.YES, f'the label `{INJECT}: "true"`', workload.resource, "default")
        revision = workload.labels.get(REVISION)
        if revision:
            return State(Answer.YES, f"the label `{REVISION}: {revision}`", workload.resource, revision)
        if self._mesh.context.scope is not Scope.COMPLETE:
            return State(Answer.UNKNOWN, "labels of the namespace that no file shows")
        if self._mesh.settings.enable_namespaces_by_default and INJECT not in workload.labels:
            return State(Answer.YES, "`enableNamespacesByDefault`", None, "default")
        return State(Answer.NO, "no label that asks for a sidecar", namespace or workload.resource)

    def labels_of(self, namespace: str) -> Sequence[Mapping[str, str]]:
        """The labels of a namespace, of each manifest of it; none where no file holds one."""
        return [manifest.labels for manifest in self._manifests(namespace)]

    def _agreed(self, answers: Sequence[Answer]) -> Answer:
        """What all manifests of a namespace say; without a label: no in a complete input, else unknown."""
        if len(set(answers)) != 1 or answers[0] is Answer.UNKNOWN:
            complete = self._mesh.context.scope is Scope.COMPLETE and len(set(answers)) < 2
            return Answer.NO if complete else Answer.UNKNOWN
        return answers[0]

    def _manifests(self, namespace: str) -> Sequence[Resource]:
        """The Namespace manifests of this name (several where they are variants)."""
        return self._namespaces.get(namespace, ())

    @cached_property
    def _has_waypoints(self) -> bool:
        """Whether some file holds a waypoint."""
        gateways = self._mesh.of_gateway_api("Gateway")
        classes = (gateway.spec.gateway_class_name or "" for gateway in gateways if gateway.spec)
        return any("waypoint" in name for name in classes) or any(map(self.waypoint, self._mesh.workloads.all))

    @cached_property
    def _namespaces(self) -> dict[str, list[Resource]]:
        index: dict[str, list[Resource]] = {}
        for namespace in self._mesh.of_class("Namespace"):
            for name in {name for _, name in self._mesh.identities(namespace)}:
                index.setdefault(name, []).append(namespace)
        return index


def _is_gateway(workload: Workload) -> Answer:
    if workload.is_machine:
        return Answer.NO
    labels = workload.labels
    templates = workload.annotations.get(TEMPLATES) or labels.get(TEMPLATES) or ""
    if templates and "gateway" in [name.strip() for name in templates.split(",")]:
        return Answer.YES
    if GATEWAY_NAME in labels or "istio.io/gateway-name" in labels:
        return Answer.YES
    proxies = [container for container in workload.containers if container.name == PROXY]
    if proxies and any("router" in (container.args or ()) for container in proxies):
        return Answer.YES
    if labels.get("istio", "").endswith("gateway"):
        return Answer.YES
    return Answer.NO if len(proxies) < len(workload.containers) else Answer.UNKNOWN


def _of_machine(workload: Workload) -> State:
    """A machine takes mTLS by its label or its account (serviceentry/conversion.go, getTLSModeFromWorkloadEntry)."""
    mode = workload.labels.get("security.istio.io/tlsMode")
    if mode is not None:
        answer = Answer.of(mode == "istio")
        return State(answer, f"the label `security.istio.io/tlsMode: {mode}`", workload.resource)
    if workload.service_account:
        return State(Answer.YES, f"`serviceAccount: {workload.service_account}`", workload.resource)
    return State(Answer.UNKNOWN, "neither `serviceAccount` nor a label `security.istio.io/tlsMode`", workload.resource)


def _by_label(namespace: Resource) -> State | None:
    """What the labels of a Namespace decide for pods that say nothing themselves; None where it has none."""
    injection, revision = namespace.labels.get(INJECTION), namespace.labels.get(REVISION)
    if injection is not None:
        if injection != "enabled":
            return State(Answer.NO, f"the namespace's label `{INJECTION}: {injection}`", namespace)
        return State(Answer.YES, f"`{INJECTION}: enabled`", namespace, "default")
    return State(Answer.YES, f"`{REVISION}: {revision}`", namespace, revision) if revision else None


def _has_proxy(workload: Workload) -> bool:
    """Whether the proxy is in the template already, by `istioctl kube-inject` or by hand.

    A container of that name without an image, or with `auto`, only customises the injection.
    """
    if "sidecar.istio.io/status" in workload.annotations:
        return True
    proxies = [item for item in workload.pod.all_containers() if item.name == PROXY]
    return bool(proxies) and any((item.image or "auto") != "auto" for item in proxies)


def _refusal(workload: Workload) -> str | None:
    """What of the pod itself refuses the sidecar, whatever its namespace says."""
    label = workload.labels.get(INJECT)
    if label is not None:
        return f'the label `{INJECT}: "{label}"`' if label and label.lower() not in _TRUE else None
    annotation = workload.annotations.get(INJECT)
    if annotation and annotation.lower() not in _TRUE:
        return f'the annotation `{INJECT}: "{annotation}"`'
    return None


def _wants(workload: Workload) -> bool:
    text = workload.labels.get(INJECT, workload.annotations.get(INJECT, ""))
    return text.lower() in _TRUE


def _asks(labels: Mapping[str, str]) -> Answer:
    if INJECTION in labels:
        return Answer.of(labels[INJECTION] == "enabled")
    return Answer.YES if labels.get(REVISION) else Answer.UNKNOWN


def _speaks_of_ambient(labels: Mapping[str, str]) -> bool:
    if not _OF_AMBIENT.isdisjoint(labels) and any(labels.get(key, "none") != "none" for key in _OF_AMBIENT):
        return True
    return labels.get("app") == "ztunnel"


def _label_answer(labels: Mapping[str, str], key: str, value: str) -> Answer:
    return Answer.of(labels[key] == value) if key in labels else Answer.UNKNOWN
