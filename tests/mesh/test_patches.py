"""What a patch may change of what is said about a resource."""

import pytest

from meshlint.mesh.patches import is_apart, is_idle, is_of_identity, overlap


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("spec", "http"), ("spec", "http", 0, "timeout"), True),
        (("spec", "http", "1"), ("spec", "http", 0, "timeout"), False),
        (("spec", "http", "0"), ("spec", "http", 0, "timeout"), True),
        (("spec", "containers", "*", "image"), ("spec", "containers", 3, "image"), True),
        (("spec", "containers", "*", "image"), ("spec", "containers", 3, "ports"), False),
        ((), ("spec",), True),
        (("spec", "hosts"), ("spec", "http"), False),
    ],
)
def test_overlap(one, other, expected):
    assert overlap(one, other) is expected
    assert overlap(other, one) is expected


@pytest.mark.parametrize(
    ("kind", "field", "expected"),
    [
        ("Deployment", "spec.replicas", True),
        ("Deployment", "spec.strategy.type", True),
        ("Deployment", "spec", False),
        ("Deployment", "spec.template", False),
        ("Deployment", "spec.template.spec.containers.*.resources.limits.cpu", True),
        ("Deployment", "spec.template.spec.containers.0.ports", False),
        ("Deployment", "spec.template.spec.containers", False),
        ("Deployment", "spec.template.spec.nodeSelector.disk", True),
        ("Deployment", "spec.template.spec.hostNetwork", False),
        ("Deployment", "spec.template.metadata.labels.app", False),
        ("Deployment", "spec.template.metadata.annotations.checksum", True),
        ("Deployment", "spec.template.metadata.annotations.sidecar%istio%io/inject", False),
        ("Deployment", "spec.template.metadata.annotations", False),
        ("Deployment", "metadata.labels.team", True),
        ("Deployment", "spec.selector", False),
        ("Service", "spec.replicas", False),
        ("Service", "metadata.annotations.team", True),
        ("Service", "metadata.annotations.networking%istio%io/exportTo", False),
        ("Service", "metadata.labels.team", False),
        ("Namespace", "metadata.labels.team", False),
        ("Pod", "metadata.labels.team", False),
        ("Pod", "spec.tolerations", True),
        ("Pod", "spec.replicas", False),
        ("CronJob", "spec.jobTemplate.spec.template.spec.affinity", True),
        ("CronJob", "spec.jobTemplate", False),
        ("VirtualService", "spec.http", False),
        ("VirtualService", "", False),
    ],
)
def test_idle_fields(kind, field, expected):
    assert is_idle(kind, _path(field)) is expected


@pytest.mark.parametrize(
    ("kind", "field", "place", "expected"),
    [
        ("VirtualService", "spec.hosts.0", "spec.http.0.timeout", (True, False)),
        ("VirtualService", "spec.hosts", "spec.http.0.route.0.destination.subset", (True, True)),
        ("VirtualService", "spec.gateways", "spec.http.0.route.0.destination.subset", (True, False)),
        ("VirtualService", "spec.hosts", "spec.http", (False, False)),
        ("VirtualService", "spec.hosts", "spec.gateways.0", (False, False)),
        ("VirtualService", "spec.tcp", "spec.http.0.timeout", (False, False)),
        ("VirtualService", "spec.http", "spec.http.0.timeout", (False, False)),
        ("VirtualService", "metadata.labels.istio%io/rev", "spec.http.0.timeout", (False, False)),
        ("DestinationRule", "spec.trafficPolicy.tls", "spec.subsets.0.labels", (True, True)),
        ("DestinationRule", "spec.trafficPolicy.tls", "spec.subsets.0.trafficPolicy.tls", (False, False)),
        ("DestinationRule", "spec.trafficPolicy.tls", "spec.host", (False, False)),
        ("DestinationRule", "spec.subsets", "spec.trafficPolicy.tls", (False, False)),
        ("AuthorizationPolicy", "spec.rules", "spec.selector.matchLabels.app", (True, True)),
        ("AuthorizationPolicy", "spec.selector", "spec.rules.0", (False, False)),
        ("PeerAuthentication", "spec.mtls", "spec.selector.matchLabels.app", (False, False)),
        ("Deployment", "spec.template.spec.containers", "spec.template.metadata.labels.app", (True, True)),
        ("Deployment", "spec.template.spec.serviceAccountName", "spec.template.metadata.labels.app", (False, False)),
        (
            "Deployment",
            "spec.template.spec.containers.0.image",
            "spec.template.spec.containers.0.ports.0.name",
            (True, True),
        ),
        (
            "Deployment",
            "spec.template.spec.containers.0.args",
            "spec.template.spec.containers.0.ports.0.name",
            (False, False),
        ),
        ("Service", "spec.type", "spec.ports.0.name", (False, False)),
    ],
)
def test_what_is_said_elsewhere(kind, field, place, expected):
    """For what one resource alone says, and for what follows from several."""
    field, place = _path(field), _path(place)
    assert (is_apart(kind, field, place, of_mesh=False), is_apart(kind, field, place, of_mesh=True)) == expected


@pytest.mark.parametrize(
    ("kind", "field", "expected"),
    [
        ("Deployment", "spec.template.spec.containers", False),
        ("Deployment", "spec.template.metadata.labels.app", True),
        ("Deployment", "spec.template", True),
        ("Deployment", "", True),
        ("Pod", "spec.serviceAccountName", True),
        ("Pod", "metadata.annotations.a", False),
        ("WorkloadGroup", "spec.probe", True),
    ],
)
def test_what_selectors_and_principals_go_by(kind, field, expected):
    assert is_of_identity(kind, _path(field)) is expected


def _path(text):
    return tuple(step.replace("%", ".") for step in text.split(".") if step)
