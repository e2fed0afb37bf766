"""What depends on the release: versions, newer fields and values, deprecations, kinds that are gone."""

from typing import Any

import pytest

from meshlint.problems import (
    DeprecatedField,
    DeprecatedVersion,
    GoneKind,
    NewerField,
    UnknownField,
    UnknownKind,
    UnservedVersion,
    WrongValue,
)
from meshlint.schemas import Catalog, deprecations, slips
from meshlint.schemas.deprecations import DEPRECATIONS, Deprecation
from meshlint.schemas.versions import NEWEST_GATEWAY_API, NEWEST_ISTIO, RELEASES, Target, known, number


def document(api_version: str, kind: str, spec: Any = None) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}} | ({"spec": spec} if spec else {})


def only(value: dict[str, Any], **target: str) -> Any:
    (problem,) = Catalog(Target(**target)).explain(value)
    return problem


def test_the_supported_releases() -> None:
    assert RELEASES["istio"][0] == "1.20"
    assert RELEASES["gateway-api"][0] == "1.0"
    assert [number(release) for release in RELEASES["istio"]] == [
        (1, minor) for minor in range(20, 20 + len(RELEASES["istio"]))
    ]
    assert Target() == Target(istio=NEWEST_ISTIO, gateway_api=NEWEST_GATEWAY_API)
    assert "1.4-standard" in known("gateway-api")
    for project in RELEASES:
        for release in known(project):
            assert Catalog().release(project, release)


def test_an_api_version_that_came_later() -> None:
    problem = only(document("networking.istio.io/v1", "VirtualService"), istio="1.21")
    assert isinstance(problem, UnservedVersion)
    assert (problem.target, problem.since, problem.until) == ("Istio 1.21", "1.22", None)
    assert problem.served == ("networking.istio.io/v1alpha3", "networking.istio.io/v1beta1")
    assert problem.spot.path == ("apiVersion",)


def test_an_api_version_that_went() -> None:
    problem = only(document("gateway.networking.k8s.io/v1alpha2", "GRPCRoute"), gateway_api="1.2")
    assert (problem.since, problem.until, problem.served) == ("1.0", "1.1", ("gateway.networking.k8s.io/v1",))


def test_an_api_version_that_never_was() -> None:
    problem = only(document("networking.istio.io/v2", "VirtualService"))
    assert (problem.since, problem.until) == (None, None)
    assert len(problem.served) == 3


def test_a_kind_that_came_later_and_one_that_gave_way() -> None:
    problem = only(document("extensions.istio.io/v1alpha1", "TrafficExtension"), istio="1.29")
    assert (problem.since, problem.served, problem.replacement) == ("1.30", (), None)
    problem = only(document("gateway.networking.x-k8s.io/v1alpha1", "XListenerSet"))
    assert (problem.until, problem.replacement) == ("1.4", "gateway.networking.k8s.io/v1 ListenerSet")


@pytest.mark.parametrize("version", ["v1", "v1beta1", "v1alpha3"])
def test_old_versions_of_istio_are_served_and_not_deprecated(version: str) -> None:
    value = document(f"networking.istio.io/{version}", "VirtualService", {"hosts": ["a"]})
    assert Catalog().problems(value) == []


def test_a_deprecated_version_of_the_gateway_api() -> None:
    rules = [{"backendRefs": [{"name": "a", "port": 80}]}]
    value = document("gateway.networking.k8s.io/v1alpha2", "TCPRoute", {"rules": rules})
    (problem,) = Catalog().problems(value)
    assert isinstance(problem, DeprecatedVersion)
    assert problem.replacement == "gateway.networking.k8s.io/v1"
    assert Catalog(Target(gateway_api="1.5")).problems(value) == []


def test_a_field_newer_than_the_target_says_since_when() -> None:
    spec = {"hosts": ["a"], "http": [{"retries": {"backoff": "10s"}, "route": [{"destination": {"host": "a"}}]}]}
    value = document("networking.istio.io/v1", "VirtualService", spec)
    problem = only(value, istio="1.25")
    assert isinstance(problem, NewerField)
    assert (problem.name, problem.target, problem.since) == ("backoff", "Istio 1.25", "1.26")
    assert Catalog(Target(istio="1.26")).valid(value)


def test_a_value_newer_than_the_target_says_since_when() -> None:
    spec = {"hosts": ["a"], "ports": [{"name": "a", "number": 80}], "resolution": "DYNAMIC_DNS"}
    problem = only(document("networking.istio.io/v1", "ServiceEntry", spec), istio="1.27")
    assert isinstance(problem, WrongValue)
    assert problem.since == "1.28"


def test_experimental_fields_are_legal_unless_the_target_is_the_standard_channel() -> None:
    spec = {"parentRefs": [{"name": "a"}], "rules": [{"retry": {"attempts": 1}}]}
    value = document("gateway.networking.k8s.io/v1", "HTTPRoute", spec)
    assert Catalog(Target(gateway_api="1.4")).valid(value)
    problem = only(value, gateway_api="1.4-standard")
    assert isinstance(problem, UnknownField)
    assert problem.field == "spec.rules[0].retry"
    for kind in ("gateway.networking.k8s.io/v1alpha2 TCPRoute", "gateway.networking.x-k8s.io/v1alpha1 XMesh"):
        problem = only(document(*kind.split()), gateway_api="1.4-standard")
        assert (type(problem), problem.served, problem.since) == (UnservedVersion, (), None)


def test_upgrading_a_document_that_only_the_old_release_takes_and_one_that_only_the_new_one_does() -> None:
    both = {"selector": {"matchLabels": {"a": "b"}}, "targetRef": {"kind": "Gateway", "name": "a"}}
    old = document("security.istio.io/v1", "AuthorizationPolicy", both)
    assert Catalog(Target(istio="1.20")).valid(old)
    assert only(old).constraint == "one-target"
    accounts = {"rules": [{"from": [{"source": {"serviceAccounts": ["a/b"]}}]}]}
    new = document("security.istio.io/v1", "AuthorizationPolicy", accounts)
    assert only(new, istio="1.20").since == "1.25"
    assert Catalog().valid(new)


@pytest.mark.parametrize(
    ("api_version", "kind", "gone", "replacement"),
    [
        ("rbac.istio.io/v1alpha1", "ServiceRole", "Istio 1.6", "AuthorizationPolicy"),
        ("rbac.istio.io/v1alpha1", "ServiceRoleBinding", "Istio 1.6", "AuthorizationPolicy"),
        ("rbac.istio.io/v1alpha1", "ClusterRbacConfig", "Istio 1.6", "AuthorizationPolicy"),
        ("authentication.istio.io/v1alpha1", "Policy", "Istio 1.6", "PeerAuthentication"),
        ("authentication.istio.io/v1alpha1", "MeshPolicy", "Istio 1.6", "PeerAuthentication"),
        ("config.istio.io/v1alpha2", "rule", "Istio 1.8", "Telemetry"),
        ("config.istio.io/v1alpha2", "handler", "Istio 1.8", "Telemetry"),
        ("config.istio.io/v1alpha2", "attributemanifest", "Istio 1.8", None),
        ("config.istio.io/v1alpha2", "QuotaSpec", "Istio 1.8", "rate limit"),
        ("config.istio.io/v1alpha2", "RouteRule", "Istio 1.0", "VirtualService"),
        ("gateway.networking.k8s.io/v1alpha2", "ReferencePolicy", "Gateway API 0.6", "ReferenceGrant"),
        ("networking.x-k8s.io/v1alpha1", "HTTPRoute", "Gateway API 0.5", "gateway.networking.k8s.io/v1"),
    ],
)
def test_a_kind_that_is_gone_says_since_when_and_what_replaces_it(
    api_version: str, kind: str, gone: str, replacement: str | None
) -> None:
    problem = only(document(api_version, kind))
    assert isinstance(problem, GoneKind)
    assert problem.gone == gone
    assert problem.replacement is None if replacement is None else replacement in problem.replacement


def test_a_misspelt_kind_and_one_in_the_wrong_group() -> None:
    problem = only(document("networking.istio.io/v1", "VirtualServices"))
    assert isinstance(problem, UnknownKind)
    assert problem.nearest == "networking.istio.io/v1 VirtualService"
    assert (
        only(document("networking.istio.io/v1", "PeerAuthentication")).nearest
        == "security.istio.io/v1 PeerAuthentication"
    )
    assert only(document("networking.istio.io/v1", "Banana")).nearest is None


@pytest.mark.parametrize(
    ("api_version", "kind", "nearest"),
    [
        ("networking.isto.io/v1", "VirtualService", "networking.istio.io/v1 VirtualService"),
        ("networking.isto.io/v1beta1", "VirtualService", "networking.istio.io/v1beta1 VirtualService"),
        ("networking.istio.io", "Gateway", "networking.istio.io/v1 Gateway"),
        ("gateway.networking.k8s.oi/v1", "Gateway", "gateway.networking.k8s.io/v1 Gateway"),
        ("networking.isto.io/v1", "PeerAuthentication", "security.istio.io/v1 PeerAuthentication"),
        ("networking.isto.io/v1", "VirtualServices", "networking.istio.io/v1 VirtualService"),
        ("v1", "VirtualService", "networking.istio.io/v1 VirtualService"),
        ("v1alpha3", "VirtualService", "networking.istio.io/v1alpha3 VirtualService"),
        ("istio.io/v1", "DestinationRule", "networking.istio.io/v1 DestinationRule"),
        ("networking.k8s.io/v1", "HTTPRoute", "gateway.networking.k8s.io/v1 HTTPRoute"),
        ("Install.istio.io/v1alpha1", "IstioOperator", "install.istio.io/v1alpha1 IstioOperator"),
    ],
)
def test_a_slip_in_the_group_says_what_was_meant(api_version: str, kind: str, nearest: str) -> None:
    problem = only(document(api_version, kind))
    assert isinstance(problem, UnknownKind)
    assert (problem.field, problem.nearest) == ("apiVersion", nearest)


def test_kinds_with_a_claim_beyond_their_group_are_those_of_the_newest_releases() -> None:
    catalog = Catalog()
    istio, gateway_api = (
        {name.partition("/")[2] for name in catalog.release(project)} for project in ("istio", "gateway-api")
    )
    assert istio - slips.ISTIO == {"Gateway", "ProxyConfig", "Sidecar"}
    assert istio > slips.ISTIO
    assert {kind for kind in gateway_api - slips.GATEWAY_API if not kind.startswith("X")} == {
        "Gateway",
        "ReferenceGrant",
    }


@pytest.mark.parametrize("api_version", ["v1", "apps/v1", "install.istio.io/v1alpha1", "example.com/v1", "istio.io/v1"])
def test_kinds_of_other_groups_are_not_ours_to_judge(api_version: str) -> None:
    assert Catalog().problems(document(api_version, "Banana", {"a": 1})) == []


def using(deprecation: Deprecation, path: str) -> dict[str, Any]:
    """A spec that holds nothing but a deprecated field."""
    value: Any = deprecation.value or "anything"
    for step in reversed(path.replace("[]", ".[]").split(".")):
        value = [value] if step == "[]" else {step: value}
    return value


@pytest.mark.parametrize(
    ("deprecation", "path"),
    [(deprecation, path) for deprecation in DEPRECATIONS for path in deprecation.paths],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_every_deprecation_is_found_where_it_is_used_and_only_from_its_release_on(
    deprecation: Deprecation, path: str
) -> None:
    spec = using(deprecation, path)
    ((place, found),) = deprecations.find(deprecation.kind, spec, NEWEST_ISTIO)
    assert (found.kind, found.paths, found.value) == (deprecation.kind, deprecation.paths, deprecation.value)
    assert [str(step) for step in place] == path.replace("[]", ".0").split(".")
    assert deprecations.find(deprecation.kind, {}, NEWEST_ISTIO) == []
    if deprecation.since is not None and number(deprecation.since) > (1, 20):
        assert deprecations.find(deprecation.kind, spec, "1.20") == []
    if deprecation.value is not None:
        other = using(Deprecation("", (), value="OTHER"), path)
        assert deprecations.find(deprecation.kind, other, NEWEST_ISTIO) == []


@pytest.mark.parametrize(
    ("deprecation", "path"),
    [(d, path) for d in DEPRECATIONS if d.kind != "MeshConfig" for path in d.paths],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_every_deprecated_field_of_a_kind_is_in_its_newest_schema(deprecation: Deprecation, path: str) -> None:
    catalog = Catalog()
    entries = [
        catalog.entry(f"{name.partition('/')[0]}/{next(iter(kind.versions))}", deprecation.kind)
        for name, kind in catalog.release("istio").items()
        if name.endswith(f"/{deprecation.kind}")
    ]
    (entry,) = entries
    node = entry.pool.node(entry.pool.node(entry.ref)["properties"]["spec"])
    for step in path.replace("[]", ".[]").split("."):
        node = entry.pool.node(node["items"] if step == "[]" else node["properties"][step])
    if deprecation.value is not None:
        assert deprecation.value in node["enum"]


def test_a_deprecated_field_of_a_document() -> None:
    spec = {"host": "a", "subsets": [{"name": "v1", "trafficPolicy": {"loadBalancer": {"simple": "LEAST_CONN"}}}]}
    (problem,) = Catalog().problems(document("networking.istio.io/v1", "DestinationRule", spec))
    assert isinstance(problem, DeprecatedField)
    assert problem.field == "spec.subsets[0].trafficPolicy.loadBalancer.simple"
    assert (problem.value, problem.replacement, problem.since, problem.read) == (
        "LEAST_CONN",
        "LEAST_REQUEST",
        "1.14",
        True,
    )
