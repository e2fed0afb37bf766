"""R19: whoever scrapes metrics calls the pods by address and in plain text, which a STRICT port refuses."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from meshlint.findings import Place, at
from meshlint.mesh.answers import Answer
from meshlint.mesh.mtls import Wire
from meshlint.mesh.services import container_port
from meshlint.mesh.workloads import Workload
from meshlint.model.base import UNCONVERTIBLE, Generic
from meshlint.model.kubernetes.common import LabelSelector
from meshlint.model.kubernetes.service import Service
from meshlint.readiness.ground import Found, Ground
from meshlint.readiness.model import Level

_SCRAPE, _PORT, _MERGE = "prometheus.io/scrape", "prometheus.io/port", "prometheus.istio.io/merge-metrics"
_SCRAPERS = frozenset({"prometheus", "prometheus-server", "vmagent", "victoria-metrics", "grafana-agent", "alloy"})
_HELP = (
    "merge the metrics into the proxy's (port 15020), scrape with the mesh's certificates, or leave the port PERMISSIVE"
)


def check(ground: Ground) -> Iterator[Found]:
    """Every port that is scraped, by annotations of the pods, ServiceMonitors and PodMonitors."""
    scraping = _Scraping(ground)
    for workload in ground.servers:
        yield from scraping.annotated(workload)
    for monitor in ground.mesh.all(Generic):
        if monitor.api_version.startswith("monitoring.coreos.com/"):
            yield from scraping.monitored(monitor)


class _Scraping:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._mesh = ground.mesh

    def annotated(self, workload: Workload) -> Iterator[Found]:
        """A pod that asks to be scraped, where the proxy does not serve its metrics."""
        annotations = workload.annotations
        merged = annotations.get(_MERGE, "").lower() != "false" and self._mesh.settings.prometheus_merge
        port = annotations.get(_PORT, "")
        if annotations.get(_SCRAPE) != "true" or merged or not port.isdecimal():
            return
        metadata = workload.template.metadata
        yield from self._scraped(workload, int(port), at(workload.resource, metadata, "annotations", _PORT))

    def monitored(self, monitor: Generic) -> Iterator[Found]:
        """The pods that a monitor of the Prometheus operator has scraped without TLS."""
        spec = _mapping(_mapping(monitor.content).get("spec"))
        key = {"ServiceMonitor": "endpoints", "PodMonitor": "podMetricsEndpoints"}.get(monitor.kind)
        if key is None:
            return
        for number, endpoint in enumerate(_list(spec.get(key))):
            name = _mapping(endpoint).get("port")
            if not isinstance(name, str) or _mapping(endpoint).get("scheme", "http") != "http":
                continue
            place = at(monitor, None, "content", "spec", key, number, "port")
            for workload, port in self._targets(monitor, spec, name):
                yield from self._scraped(workload, port, place)

    def _targets(self, monitor: Generic, spec: Mapping[str, Any], name: str) -> Iterator[tuple[Workload, int]]:
        selector = _selector(spec.get("selector"))
        if selector is None:
            return
        for namespace in self._namespaces(monitor, spec):
            if monitor.kind == "PodMonitor":
                for workload in self._mesh.workloads.of(namespace):
                    if selector.matches(workload.labels):
                        yield from (
                            (workload, port.container_port)
                            for port in workload.ports
                            if port.name == name and port.container_port
                        )
                continue
            for service in self._mesh.services.of(namespace):
                if selector.matches(service.labels):
                    yield from self._behind(service, name)

    def _behind(self, service: Service, name: str) -> Iterator[tuple[Workload, int]]:
        for port in service.ports:
            if port.name == name:
                for workload in self._mesh.services.workloads(service):
                    target = container_port(port, workload)
                    if target is not None:
                        yield workload, target

    def _namespaces(self, monitor: Generic, spec: Mapping[str, Any]) -> Sequence[str]:
        chosen = _mapping(spec.get("namespaceSelector"))
        if chosen.get("any") is True:
            return sorted(self._mesh.workloads.namespaces)
        names = [name for name in _list(chosen.get("matchNames")) if isinstance(name, str)]
        return names or sorted({namespace for namespace, _ in self._mesh.identities(monitor)})

    def _scraped(self, workload: Workload, port: int, place: Place) -> Iterator[Found]:
        if self._ground.takes(workload, port, Wire.PLAIN) is not Answer.NO:
            return
        scraper = self._scraper
        if scraper is not None:
            who = f"Prometheus (`{scraper.name}`), which has no proxy,"
            related: tuple[tuple[Place, str], ...] = ((at(scraper.resource), "Prometheus"),)
        else:
            who, related = "a Prometheus without the mesh's certificates", ()
        text = f"{who} scrapes port {port} in plain text: STRICT refuses it, and its metrics are lost"
        yield Found(workload, "R19", Level.BLOCKER if scraper else Level.WARNING, text, _HELP, place, related)

    @cached_property
    def _scraper(self) -> Workload | None:
        """The pods that scrape, where the files hold them and they surely have no proxy."""
        found = [item for item in self._mesh.workloads.all if item.app in _SCRAPERS]
        outside = [item for item in found if self._mesh.injection.in_mesh(item) is Answer.NO]
        return outside[0] if found and len(outside) == len(found) else None


def _selector(value: object) -> LabelSelector | None:
    try:
        return msgspec.convert(value, LabelSelector) if isinstance(value, dict) else None
    except UNCONVERTIBLE:
        return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
