"""The table of values: about keys that exist, and about none that the injector or the webhook checks."""

import pytest

from meshlint.model.annotation_values import ANNOTATION_FORMS, LABEL_FORMS
from meshlint.model.annotations import ANNOTATIONS, LABELS

REFUSED_ELSEWHERE = {
    "istio.io/dry-run",
    "istio.io/reroute-virtual-interfaces",
    "prometheus.istio.io/merge-metrics",
    "proxy.istio.io/config",
    "readiness.status.sidecar.istio.io/failureThreshold",
    "readiness.status.sidecar.istio.io/initialDelaySeconds",
    "readiness.status.sidecar.istio.io/periodSeconds",
    "sidecar.istio.io/interceptionMode",
    "sidecar.istio.io/proxyCPU",
    "sidecar.istio.io/proxyCPULimit",
    "sidecar.istio.io/proxyMemory",
    "sidecar.istio.io/proxyMemoryLimit",
    "status.sidecar.istio.io/port",
    "traffic.sidecar.istio.io/excludeInboundPorts",
    "traffic.sidecar.istio.io/excludeInterfaces",
    "traffic.sidecar.istio.io/excludeOutboundIPRanges",
    "traffic.sidecar.istio.io/excludeOutboundPorts",
    "traffic.sidecar.istio.io/includeInboundPorts",
    "traffic.sidecar.istio.io/includeOutboundIPRanges",
    "traffic.sidecar.istio.io/kubevirtInterfaces",
}


def test_every_key_is_a_known_one_of_today() -> None:
    assert all(ANNOTATIONS[name].until is None for name in ANNOTATION_FORMS)
    assert all(LABELS[name].until is None for name in LABEL_FORMS)
    assert not REFUSED_ELSEWHERE & ANNOTATION_FORMS.keys()
    assert ANNOTATIONS.keys() >= REFUSED_ELSEWHERE


@pytest.mark.parametrize("name", ["sidecar.istio.io/inject"])
def test_annotation_and_label_of_one_name_take_the_same(name: str) -> None:
    assert ANNOTATION_FORMS[name] == LABEL_FORMS[name]


@pytest.mark.parametrize("form", [*ANNOTATION_FORMS.values(), *LABEL_FORMS.values()], ids=lambda form: form.expected)
def test_no_form_takes_everything_or_fails_on_anything(form) -> None:
    for value in ("", "ä", "1" * 5000, "{", "[[", "nan", '{"a": [1, "b"]}', "99999999999999999999999", ",", " ", "²"):
        assert form.fits(value) in {True, False}
    assert not form.fits("_ nothing of the kind _!")
