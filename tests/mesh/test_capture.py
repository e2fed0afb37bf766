"""What the sidecar sees: istio-discovery/files/injection-template.yaml, tools/istio-iptables/pkg/capture/run.go."""

import pytest
from mesh.building import build

from meshlint.mesh.answers import Answer

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


def pod(annotations: str, more: str = ""):
    mesh = build(
        f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p, annotations: {annotations}}}\nspec: {{containers: [{{name: a}}]}}"
        + more
    )
    return mesh.mtls.capture, mesh.workloads.all[0]


@pytest.mark.parametrize(
    ("annotations", "port", "expected"),
    [
        ("{}", 80, YES),
        ("{}", 15090, NO),
        ("{traffic.sidecar.istio.io/excludeInboundPorts: '80'}", 80, NO),
        ("{traffic.sidecar.istio.io/excludeInboundPorts: '80, 81'}", 81, NO),
        ("{traffic.sidecar.istio.io/excludeInboundPorts: '80'}", 8080, YES),
        ("{traffic.sidecar.istio.io/excludeInboundPorts: ''}", 80, YES),
        ("{traffic.sidecar.istio.io/includeInboundPorts: '*'}", 80, YES),
        ("{traffic.sidecar.istio.io/includeInboundPorts: '80'}", 80, YES),
        ("{traffic.sidecar.istio.io/includeInboundPorts: '80'}", 81, NO),
        ("{traffic.sidecar.istio.io/includeInboundPorts: ''}", 80, NO),
        ("{traffic.sidecar.istio.io/includeInboundPorts: '80', traffic.sidecar.istio.io/excludeInboundPorts: '80'}", 80, NO),
        ("{traffic.sidecar.istio.io/excludeOutboundPorts: '80'}", 80, YES),
        ("{sidecar.istio.io/interceptionMode: NONE}", 80, UNKNOWN),
        ("{sidecar.istio.io/interceptionMode: TPROXY}", 80, YES),
    ],
)  # fmt: skip
def test_what_comes_in(annotations, port, expected):
    capture, workload = pod(annotations)
    assert capture.inbound(workload, port) is expected


@pytest.mark.parametrize(
    ("annotations", "port", "expected"),
    [
        ("{}", 80, YES),
        ("{traffic.sidecar.istio.io/excludeOutboundPorts: '80'}", 80, NO),
        ("{traffic.sidecar.istio.io/excludeOutboundPorts: '81'}", 80, YES),
        ("{traffic.sidecar.istio.io/includeOutboundIPRanges: '*'}", 80, YES),
        ("{traffic.sidecar.istio.io/includeOutboundIPRanges: ''}", 80, NO),
        ("{traffic.sidecar.istio.io/includeOutboundIPRanges: 10.0.0.0/8}", 80, UNKNOWN),
        ("{traffic.sidecar.istio.io/excludeOutboundIPRanges: 10.0.0.0/8}", 80, UNKNOWN),
        ("{traffic.sidecar.istio.io/excludeOutboundIPRanges: ''}", 80, YES),
        ("{traffic.sidecar.istio.io/includeOutboundIPRanges: '', traffic.sidecar.istio.io/includeOutboundPorts: '80'}", 80, YES),
        ("{sidecar.istio.io/interceptionMode: NONE}", 80, UNKNOWN),
    ],
)  # fmt: skip
def test_what_goes_out(annotations, port, expected):
    capture, workload = pod(annotations)
    assert capture.outbound(workload, port) is expected


def test_values_of_the_installation_hold_where_the_pod_says_nothing():
    operator = """
---
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: i}
spec: {values: {global: {proxy: {excludeInboundPorts: "80", excludeOutboundPorts: "5432", includeInboundPorts: "*"}}}}
"""
    capture, workload = pod("{}", operator)
    assert capture.inbound(workload, 80) is NO
    assert capture.outbound(workload, 5432) is NO
    capture, workload = pod("{traffic.sidecar.istio.io/excludeInboundPorts: '81'}", operator)
    assert capture.inbound(workload, 80) is YES
