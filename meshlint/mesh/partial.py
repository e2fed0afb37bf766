"""Which part of the input is overshadowed by something that could not be read, or that is yet to be made.

A template or chart that was skipped may hold any of the resources that are deployed together with
what lies near it. How far that reaches is decided by folders: a chart (or a folder that holds
nothing but templates) reaches the whole folder it lies in, and if nothing readable lies there
besides charts, the next folder above that holds something readable. A template among readable files
reaches its own folder. So `charts/shop/` overshadows `manifests/` beside `charts/`, and
`teams/a/chart/` overshadows `teams/a/manifests/`, but not `teams/b/`. The namespaces of
overshadowed resources are overshadowed wherever they are spoken of.

The same goes for files of a kustomize build that brings more than the input holds, for the
namespaces that a release of a remote chart is installed into, and for those of resources whose
names are still to be filled in.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from meshlint.mesh.placeholders import is_placeholder
from meshlint.model.base import Generic, Resource
from meshlint.model.kinds import GATEWAY_API, group_of

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.model.gateway_api.gateway import Gateway

_CHART_RELEASES = frozenset({"HelmRelease", "HelmChart", "Application"})
"""Of Flux, of k3s, of Argo CD."""
_GROUPS_WITHOUT_SERVICES = (
    "k8s.io",
    "istio.io",
    "monitoring.coreos.com",
    "cert-manager.io",
    "external-secrets.io",
    "bitnami.com",
    "keda.sh",
)
_GOVERNING = frozenset({"prometheus-operated", "alertmanager-operated", "thanos-ruler-operated"})
"""Services that the Prometheus Operator makes, of these names whatever its resources are called."""
_ADD_ONS = frozenset({"kiali", "prometheus", "grafana", "tracing", "zipkin", "jaeger-collector", "loki"})
"""Services beside istiod that its add-ons bring (`samples/addons`), mostly from elsewhere than the mesh's configuration."""

_UNSUFFIXED = frozenset({"istio-waypoint", "istio-east-west"})
"""Classes whose gateways are called like their Gateway (`classinfo.go`, DisableNameSuffix)."""


class PartialInput:
    """What may exist because of input that was not read."""

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh
        self._clouded: dict[str, bool] = {}

    def is_clouded(self, path: str) -> bool:
        """Whether a skipped template or an incomplete build may hold more of what is deployed with this file."""
        if path not in self._clouded:
            builds = self._mesh.context.builds
            self._clouded[path] = (builds is not None and builds.incomplete(path)) or any(
                folder in self._reached for folder in folders(path)
            )
        return self._clouded[path]

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces that may hold more than was read."""
        found: set[str] = set()
        for entry in self._mesh.entries:
            if self.is_clouded(entry.origin.path) or is_placeholder(entry.resource.name):
                found.update(self._mesh.homes(entry.resource))
            if entry.resource.kind in _CHART_RELEASES:
                found.update(_release_namespaces(self._mesh, entry.resource))
        return frozenset(found)

    def may_be_made(self, namespace: str, name: str) -> bool:
        """Whether a controller may make a resource of this name, after a resource of its own kind.

        Operators name what they make after their resource (`orders` gives `orders-kafka-bootstrap`),
        and so does Istio with the Service of a Gateway API Gateway (`web` gives `web-istio`). Some
        names come from the kind alone (`kiali`), or are always the same.
        """
        if name in _GOVERNING or (name in _ADD_ONS and namespace == self._mesh.settings.root_namespace):
            return True
        makers = self._makers.get(namespace)
        if not makers:
            return False
        words = name.split("-")
        return any("-".join(words[:count]) in makers for count in range(1, len(words) + 1))

    def is_made(self, kind: str, namespace: str, name: str) -> bool:
        """Whether istiod makes a Service or ServiceAccount of this name, for a Gateway of the Gateway API.

        It is called after Gateway and class, for a waypoint and an east-west gateway after the Gateway
        alone, or as annotations say (`pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go`).
        """
        return (kind, namespace, name) in self._made

    @cached_property
    def _made(self) -> frozenset[tuple[str, str, str]]:
        made: set[tuple[str, str, str]] = set()
        for gateway in self._managed_gateways():
            chosen, notes = gateway.spec and gateway.spec.gateway_class_name, gateway.annotations
            for namespace, name in self._mesh.identities(gateway):
                default = name if chosen in _UNSUFFIXED else f"{name}-{chosen}"
                made.add(("Service", namespace, notes.get("gateway.istio.io/name-override") or default))
                made.add(("ServiceAccount", namespace, notes.get("gateway.istio.io/service-account") or default))
        return frozenset(made)

    def _managed_gateways(self) -> "Iterator[Gateway]":
        """The Gateways that istiod deploys pods for: none with an address that is the name of a Service.

        IsManaged in `pilot/pkg/config/kube/gatewaycommon/gateway_utils.go`.
        """
        resources = [entry.resource for entry in self._mesh.entries if entry.resource.kind == "Gateway"]
        for resource in resources:
            if (resource.api_version or "").startswith(f"{GATEWAY_API}/"):
                from meshlint.model.gateway_api.gateway import Gateway

                if isinstance(resource, Gateway):
                    addresses = (resource.spec and resource.spec.addresses) or ()
                    if not addresses or (len(addresses) == 1 and addresses[0].type in {None, "IPAddress"}):
                        yield resource

    @cached_property
    def _makers(self) -> dict[str, set[str]]:
        makers: dict[str, set[str]] = {}
        for entry in self._mesh.entries:
            if _makes_others(entry.resource):
                for namespace, name in self._mesh.identities(entry.resource):
                    makers.setdefault(namespace, set()).update((name, _hyphenated(entry.resource.kind)))
        return makers

    @cached_property
    def _reached(self) -> frozenset[str]:
        paths = {entry.origin.path for entry in self._mesh.entries}
        skipped = self._mesh.context.template_folders
        among_plain = {path.rpartition("/")[0] for path in paths}
        loose = {folder for folder in skipped if folder in among_plain and not _is_in_chart(folder)}
        charts = {_chart_root(folder) for folder in skipped if folder not in loose}
        readable = [path for path in paths if not any(folder in charts for folder in folders(path))]
        holding = {folder for path in readable for folder in folders(path)}
        beside = {chart.rpartition("/")[0] for chart in charts}
        return frozenset(_first_holding(folder, holding) for folder in loose | beside)


def folders(path: str) -> Iterator[str]:
    """Every folder that holds a file, from its own up to the root of the input (`""`)."""
    while path:
        path = path.rpartition("/")[0]
        yield path


def _is_in_chart(folder: str) -> bool:
    return "templates" in folder.split("/")


def _chart_root(folder: str) -> str:
    """The folder of the chart that a folder of templates belongs to; itself if it is no such folder."""
    steps = folder.split("/")
    return "/".join(steps[: steps.index("templates")]) if "templates" in steps else folder


def _first_holding(folder: str, holding: set[str]) -> str:
    """The first folder from here upwards that holds something readable, however deep."""
    while folder and folder not in holding:
        folder = folder.rpartition("/")[0]
    return folder


def _hyphenated(kind: str) -> str:
    """The name that a kind gives to what it makes: `ThanosRuler` gives `thanos-ruler`."""
    return re.sub("(?<=[a-z])(?=[A-Z])", "-", kind).lower()


def _makes_others(resource: Resource) -> bool:
    group = group_of(resource.api_version)
    if group == GATEWAY_API:
        return resource.kind == "Gateway"
    return isinstance(resource, Generic) and "." in group and not group.endswith(_GROUPS_WITHOUT_SERVICES)


def _release_namespaces(mesh: "Mesh", resource: Resource) -> Iterator[str]:
    """The namespaces that the release of a chart puts resources into."""
    content = resource.content if isinstance(resource, Generic) else None
    spec = content.get("spec") if isinstance(content, dict) else None
    if not isinstance(spec, dict) or (resource.kind == "Application" and not _has_chart(spec)):
        return
    destination = spec.get("destination")
    for namespace in (
        spec.get("targetNamespace"),
        destination.get("namespace") if isinstance(destination, dict) else None,
        mesh.namespace(resource),
    ):
        if isinstance(namespace, str) and namespace:
            yield namespace
            return


def _has_chart(spec: dict[str, Any]) -> bool:
    sources = spec.get("sources")
    found = [spec.get("source"), *(sources if isinstance(sources, list) else ())]
    return any(isinstance(source, dict) and ("chart" in source or "helm" in source) for source in found)
