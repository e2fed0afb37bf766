"""Does the sidecar see the traffic of a port?

The injected init container (or the CNI agent) redirects what comes in and goes out, but for what
annotations and Helm values leave out
(`manifests/charts/istio-control/istio-discovery/files/injection-template.yaml`,
`tools/istio-iptables/pkg/capture/run.go`). What the sidecar does not see it neither encrypts nor refuses.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from meshlint.mesh.answers import Answer

if TYPE_CHECKING:
    from meshlint.mesh.mesh import Mesh
    from meshlint.mesh.workloads import Workload

_PREFIX = "traffic.sidecar.istio.io/"
EXCLUDE_INBOUND = f"{_PREFIX}excludeInboundPorts"
INCLUDE_INBOUND = f"{_PREFIX}includeInboundPorts"
EXCLUDE_OUTBOUND = f"{_PREFIX}excludeOutboundPorts"
INCLUDE_OUTBOUND = f"{_PREFIX}includeOutboundPorts"
EXCLUDE_RANGES = f"{_PREFIX}excludeOutboundIPRanges"
INCLUDE_RANGES = f"{_PREFIX}includeOutboundIPRanges"
INTERCEPTION = "sidecar.istio.io/interceptionMode"

PROXY_PORTS = frozenset({15020, 15021, 15090})
"""Metrics and health of the proxy itself: never redirected."""


class Capture:
    """Which ports of injected pods go through the sidecar. Says nothing of pods without one."""

    def __init__(self, mesh: Mesh) -> None:
        self._mesh = mesh

    def inbound(self, workload: Workload, port: int) -> Answer:
        """Whether what comes in on a port of the workload goes through its sidecar."""
        if workload.is_machine:
            return Answer.UNKNOWN
        if port in PROXY_PORTS or port in _ports(self._text(workload, EXCLUDE_INBOUND)):
            return Answer.NO
        included = self._text(workload, INCLUDE_INBOUND)
        if included is not None and included != "*" and port not in _ports(included):
            return Answer.NO
        return self._redirected(workload)

    def outbound(self, workload: Workload, port: int) -> Answer:
        """Whether what the workload sends to a port goes through its sidecar.

        Unknown where ranges of addresses decide: the addresses of services stand in no file.
        """
        if workload.is_machine:
            return Answer.UNKNOWN
        if port in _ports(self._text(workload, EXCLUDE_OUTBOUND)):
            return Answer.NO
        if port in _ports(self._text(workload, INCLUDE_OUTBOUND)):
            return self._redirected(workload)
        included = self._text(workload, INCLUDE_RANGES)
        if included == "":
            return Answer.NO
        if included not in {None, "*"} or self._text(workload, EXCLUDE_RANGES):
            return Answer.UNKNOWN
        return self._redirected(workload)

    def _redirected(self, workload: Workload) -> Answer:
        """Whether traffic is redirected at all: the interception mode NONE leaves it to the application."""
        return Answer.UNKNOWN if workload.annotations.get(INTERCEPTION) == "NONE" else Answer.YES

    def _text(self, workload: Workload, annotation: str) -> str | None:
        """The annotation of the pod, else the value of the installation."""
        text = workload.annotations.get(annotation)
        return self._installed.get(annotation) if text is None else text.strip()

    @cached_property
    def _installed(self) -> Mapping[str, str]:
        names = {
            EXCLUDE_INBOUND: "excludeInboundPorts",
            INCLUDE_INBOUND: "includeInboundPorts",
            EXCLUDE_OUTBOUND: "excludeOutboundPorts",
            INCLUDE_OUTBOUND: "includeOutboundPorts",
            EXCLUDE_RANGES: "excludeIPRanges",
            INCLUDE_RANGES: "includeIPRanges",
        }
        found = {annotation: self._mesh.settings.proxy_value(name) for annotation, name in names.items()}
        return {annotation: text for annotation, text in found.items() if text}


def _ports(text: str | None) -> frozenset[int]:
    return frozenset(int(part) for part in (text or "").split(",") if part.strip().isdecimal())
