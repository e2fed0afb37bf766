"""Which ports does Prometheus scrape in plain text, as annotations and monitors say, and has it a proxy itself?

Prometheus calls pods by their addresses. The injector leads a scrape that annotations ask for to the
agent (port 15020, outside of mTLS) unless merging is off
(https://istio.io/latest/docs/ops/integrations/prometheus/); ServiceMonitors and PodMonitors name ports of
their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from meshlint.findings import Place, at
from meshlint.mesh.answers import Answer
from meshlint.mesh.services import container_port
from meshlint.model.base import UNCONVERTIBLE, Generic, Resource
from meshlint.model.kubernetes.common import LabelSelector
from meshlint.model.kubernetes.service import Service
from meshlint.reading.data import mapping

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload

_SCRAPE, _PORT, _MERGE = "prometheus.io/scrape", "prometheus.io/port", "prometheus.istio.io/merge-metrics"
_SCRAPERS = frozenset({"prometheus", "prometheus-server", "vmagent", "victoria-metrics", "grafana-agent", "alloy"})


class Scrape(msgspec.Struct, frozen=True, eq=False):
    """A port of a workload that is scraped in plain text."""

    workload: Workload
    port: int
    place: Place
    """What asks for it."""


class Scrapes:
    """Who scrapes what."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    @cached_property
    def all(self) -> Sequence[Scrape]:
        """Every scrape that is asked for."""
        annotated = [scrape for workload in self._mesh.workloads.all for scrape in self._annotated(workload)]
        monitors = [item for item in self._mesh.all(Generic) if item.api_version.startswith("monitoring.coreos.com/")]
        return (*annotated, *(scrape for monitor in monitors for scrape in self._monitored(monitor)))

    def asked_by(self, resource: Resource) -> Sequence[Scrape]:
        """The scrapes that a resource asks for."""
        return self._by_resource.get(resource, ())

    @cached_property
    def _by_resource(self) -> Mapping[Resource, list[Scrape]]:
        index: dict[Resource, list[Scrape]] = {}
        for scrape in self.all:
            index.setdefault(scrape.place.resource, []).append(scrape)
        return index

    @cached_property
    def bare_scraper(self) -> Workload | None:
        """The pods that scrape, where the files hold them and they surely have no proxy."""
        found = [item for item in self._mesh.workloads.all if item.app in _SCRAPERS]
        bare = [item for item in found if self._mesh.injection.in_mesh(item) is Answer.NO]
        return bare[0] if found and len(bare) == len(found) else None

    def _annotated(self, workload: Workload) -> Iterator[Scrape]:
        """A pod that asks to be scraped, where the proxy does not serve its metrics."""
        annotations = workload.annotations
        merged = annotations.get(_MERGE, "").lower() != "false" and self._mesh.settings.prometheus_merge
        port = annotations.get(_PORT, "")
        if annotations.get(_SCRAPE) != "true" or merged or not port.isdecimal():
            return
        metadata = workload.template.metadata
        yield Scrape(workload, int(port), at(workload.resource, metadata, "annotations", _PORT))

    def _monitored(self, monitor: Generic) -> Iterator[Scrape]:
        """The pods that a monitor of the Prometheus operator has scraped without TLS."""
        spec = mapping(monitor.content, "spec")
        key = {"ServiceMonitor": "endpoints", "PodMonitor": "podMetricsEndpoints"}.get(monitor.kind)
        if key is None:
            return
        for number, endpoint in enumerate(_list(spec.get(key))):
            name = mapping(endpoint).get("port")
            if not isinstance(name, str) or mapping(endpoint).get("scheme", "http") != "http":
                continue
            place = at(monitor, None, "content", "spec", key, number, "port")
            for workload, port in self._targets(monitor, spec, name):
                yield Scrape(workload, port, place)

    def _targets(self, monitor: Generic, spec: Mapping[str, Any], name: str) -> Iterator[tuple[Workload, int]]:
        selector = _selector(spec.get("selector"))
        if selector is None:
            return
        for namespace in self._namespaces(monitor, spec):
            if monitor.kind == "ServiceMonitor":
                for service in self._labelled(namespace, selector):
                    yield from self._behind(service, name)
                continue
            for workload in self._mesh.selectors.picked(namespace, selector.match_labels or {}):
                if selector.matches(workload.labels):
                    ports = (port.container_port for port in workload.ports if port.name == name)
                    yield from ((workload, port) for port in ports if port)

    def _labelled(self, namespace: str, selector: LabelSelector) -> Iterator[Service]:
        """The Services of a namespace that a selector picks by their own labels."""
        pairs = (selector.match_labels or {}).items()
        found: Sequence[Service] = self._mesh.services.of(namespace)
        for key, value in pairs:
            found = min(found, self._by_label.get((namespace, key, value), ()), key=len)
        return (service for service in found if selector.matches(service.labels))

    @cached_property
    def _by_label(self) -> Mapping[tuple[str, str, str], list[Service]]:
        index: dict[tuple[str, str, str], list[Service]] = {}
        for service in self._mesh.all(Service):
            for namespace in self._mesh.homes(service):
                for key, value in service.labels.items():
                    index.setdefault((namespace, key, value), []).append(service)
        return index

    def _behind(self, service: Service, name: str) -> Iterator[tuple[Workload, int]]:
        for port in service.ports:
            if port.name == name:
                for workload in self._mesh.services.workloads(service):
                    target = container_port(port, workload)
                    if target is not None:
                        yield workload, target

    def _namespaces(self, monitor: Generic, spec: Mapping[str, Any]) -> Sequence[str]:
        chosen = mapping(spec, "namespaceSelector")
        if chosen.get("any") is True:
            return sorted(self._mesh.workloads.namespaces)
        names = [name for name in _list(chosen.get("matchNames")) if isinstance(name, str)]
        return names or self._mesh.homes(monitor)


def _selector(value: object) -> LabelSelector | None:
    try:
        return msgspec.convert(value, LabelSelector) if isinstance(value, dict) else None
    except UNCONVERTIBLE:
        return None


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
