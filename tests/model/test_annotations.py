"""The table of Istio's annotations and labels, and near misses of them."""

import pytest

from meshlint.model.annotations import ANNOTATIONS, LABELS, is_known, nearest_key


def test_counts_are_those_of_the_files() -> None:
    assert len([known for known in ANNOTATIONS.values() if known.until is None]) == 68
    assert len([known for known in LABELS.values() if known.until is None]) == 26 + len(["istio-injection"])


@pytest.mark.parametrize("known", [*ANNOTATIONS.values(), *LABELS.values()], ids=lambda known: known.name)
def test_known_keys_are_slips_of_none(known) -> None:
    assert is_known(known.name)
    assert nearest_key(known.name) is None


def test_a_key_in_the_case_of_another_is_a_slip_of_it() -> None:
    for known in (*ANNOTATIONS.values(), *LABELS.values()):
        prefix, slash, name = known.name.rpartition("/")
        changed = f"{prefix}{slash}{name.swapcase()}"
        if known.until is None and not prefix.endswith(("k8s.io", "kubernetes.io")) and changed != known.name:
            assert nearest_key(changed) == known.name


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("sidecar.istio.io/proxyMemmory", "sidecar.istio.io/proxyMemory"),
        ("sidecar.istio.io/rewriteAppHTTPProbes", "sidecar.istio.io/rewriteAppHTTPProbers"),
        ("istio.io/ingress.class", "kubernetes.io/ingress.class"),
        ("ambient.istio.io/dataplane-mode", "istio.io/dataplane-mode"),
        ("istio_injection", "istio-injection"),
        # Both `includeInboundPorts` and `excludeInboundPorts` are as near.
        ("traffic.sidecar.istio.io/encludeInboundPorts", None),
        ("sidecar.istio.io/cpu", None),
        ("istio.io/name", None),
        ("/", None),
        ("", None),
        ("istio.io/", None),
        ("a/b/c", None),
    ],
)
def test_nearest_key(key: str, meant: str | None) -> None:
    assert nearest_key(key) == meant
