"""Every CEL constraint of both projects: a value it takes, one it refuses, and the place of the problem."""

from itertools import product
from typing import Any

import pytest

from meshlint.findings import Path
from meshlint.problems import BrokenConstraint
from meshlint.schemas import Catalog
from meshlint.schemas.cel import canonical, compile_rule
from meshlint.schemas.constraints import ALL, by_name
from meshlint.schemas.gate import Gate
from meshlint.schemas.pool import EMPTY
from meshlint.schemas.user import UserSchema

PARENT = {"group": "g", "kind": "Gateway", "name": "a"}
EXACT = {"type": "Exact", "value": "/a"}
REWRITE = {"type": "URLRewrite", "urlRewrite": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/b"}}}
REDIRECT = {
    "type": "RequestRedirect",
    "requestRedirect": {"path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/b"}},
}
PREFIX = {"path": {"type": "PathPrefix", "value": "/"}}
HOST_TLS = {"name": "a", "port": 443, "protocol": "HTTPS", "hostname": "a", "tls": {"mode": "Terminate"}}


def path(value: str) -> dict[str, str]:
    return {"type": "Exact", "value": value}


def filters(field: str, kind: str) -> list[tuple[str, Any, Any, Path]]:
    return [
        (f"{field}-only-for-its-type", {"type": kind, field: {}}, {"type": "Other", field: {}}, (field,)),
        (f"{field}-for-its-type", {"type": kind, field: {}}, {"type": kind}, ("type",)),
    ]


CASES: list[tuple[str, Any, Any, Path]] = [
    ("duration-1ms", "1ms", "999us", ()),
    ("no-star-value", "v1", "v*", ()),
    ("no-star-key", {"app": "a"}, {"app": "a", "a*": "b"}, ("a*",)),
    ("no-empty-key", {"app": "a"}, {"": "a"}, ("",)),
    ("must-be-empty", "", "shop", ()),
    ("port-range", 65535, 65536, ()),
    ("one-target", {"selector": {}}, {"selector": {}, "targetRefs": []}, ("targetRefs",)),
    ("one-target-2", {"targetRefs": []}, {"selector": {}, "targetRefs": []}, ("targetRefs",)),
    ("selector-or-targetrefs-ef", {}, {"targetRefs": [], "workloadSelector": {}}, ("workloadSelector",)),
    ("selector-or-endpoints", {"endpoints": []}, {"workloadSelector": {}, "endpoints": []}, ("endpoints",)),
    ("one-of-certs-names", {}, {"credentialNames": [], "tlsCertificates": []}, ("tlsCertificates",)),
    ("one-of-name-names", {}, {"credentialName": "a", "credentialNames": ["a"]}, ("credentialNames",)),
    ("one-jwks", {"jwks": ""}, {"jwks": "", "jwks_uri": ""}, ("jwks_uri",)),
    ("jwks-url", "https://a.example.com/keys", "a.example.com/keys", ()),
    ("uds-no-ports", {"address": "10.0.0.1", "ports": {}}, {"address": "unix:///a", "ports": {}}, ("ports",)),
    ("uds-absolute", "unix://@abstract", "unix://relative", ()),
    ("uds-not-dir", "unix:///a", "unix:///a/", ()),
    ("address-or-network", {"network": "n"}, {"labels": {}}, ()),
    ("port-name-keys", {"http-1": 80}, {"http": 80, "-": 81}, ("-",)),
    ("port-keys", {"80": {}}, {"80": {}, "http": {}}, ("http",)),
    (
        "portlevel-needs-selector",
        {"selector": {"matchLabels": {"a": "b"}}, "portLevelMtls": {"80": {}}},
        {"selector": {"matchLabels": {}}, "portLevelMtls": {"80": {}}},
        ("portLevelMtls",),
    ),
    (
        "cidr-resolution",
        {"addresses": ["10.0.0.0/8"], "resolution": "STATIC"},
        {"addresses": ["10.0.0.0/8"], "resolution": "DNS"},
        ("resolution",),
    ),
    ("none-no-endpoints", {"resolution": "DNS", "endpoints": []}, {"resolution": "NONE", "endpoints": []}, ("endpoints",)),
    (
        "dnsrr-endpoints",
        {"resolution": "DNS_ROUND_ROBIN", "endpoints": [{}]},
        {"resolution": "DNS_ROUND_ROBIN", "endpoints": [{}, {}]},
        ("endpoints",),
    ),
    (
        "dnsrr-endpoints-24",
        {"resolution": "DNS_ROUND_ROBIN", "endpoints": [{}]},
        {"resolution": "DNS_ROUND_ROBIN", "endpoints": []},
        ("endpoints",),
    ),
    ("not-star", "*.example.com", "*", ()),
    ("unique-port-number", [{"number": 80}, {"number": 81}], [{"number": 80}, {"number": 81}, {"number": 80}], (2,)),
    ("probe-scheme", "HTTPS", "https", ()),
    ("sa-alone", {"serviceAccounts": ["a/b"]}, {"notServiceAccounts": ["a/b"], "namespaces": ["a"]}, ()),
    ("waypoint-context", {"context": "WAYPOINT", "waypoint": {}}, {"context": "ANY", "waypoint": {}}, ("waypoint",)),
    ("env-value-inline", {"valueFrom": "INLINE", "value": "a"}, {"valueFrom": "HOST", "value": "a"}, ("value",)),
    ("wasm-url", "registry.example.com/a:1.0", "ftp://example.com/a", ()),
    ("upsert-value", {"operation": "UPSERT", "value": "a"}, {"operation": "UPSERT", "value": ""}, ("value",)),
    ("upsert-value", {"value": ""}, {"operation": "UPSERT"}, ()),
    ("remove-no-value", {"operation": "REMOVE"}, {"operation": "REMOVE", "value": "a"}, ("value",)),
    ("wasm-xor-lua", {"wasm": {}}, {"wasm": {}, "lua": {}}, ()),
    ("target-kind-2", {"group": "", "kind": "Service"}, {"group": "networking.istio.io", "kind": "ServiceEntry"}, ("kind",)),
    ("target-kind-3", {"group": "networking.istio.io", "kind": "ServiceEntry"}, {"kind": "Service"}, ("kind",)),
    *filters("requestHeaderModifier", "RequestHeaderModifier"),
    *filters("responseHeaderModifier", "ResponseHeaderModifier"),
    *filters("requestMirror", "RequestMirror"),
    *filters("requestRedirect", "RequestRedirect"),
    *filters("urlRewrite", "URLRewrite"),
    *filters("extensionRef", "ExtensionRef"),
    *filters("cors", "CORS"),
    *filters("externalAuth", "ExternalAuth"),
    ("external-auth-grpc-needed", {"protocol": "GRPC", "grpc": {}}, {"protocol": "GRPC"}, ("protocol",)),
    ("external-auth-grpc-only", {"protocol": "GRPC", "grpc": {}}, {"protocol": "HTTP", "grpc": {}}, ("grpc",)),
    ("external-auth-http-needed", {"protocol": "HTTP", "http": {}}, {"protocol": "HTTP"}, ("protocol",)),
    ("external-auth-http-only", {"protocol": "HTTP", "http": {}}, {"protocol": "GRPC", "http": {}}, ("http",)),
    ("replace-full-path-needed", {"type": "ReplaceFullPath", "replaceFullPath": ""}, {"type": "ReplaceFullPath"}, ("type",)),
    (
        "replace-full-path-only",
        {"type": "ReplacePrefixMatch"},
        {"type": "ReplacePrefixMatch", "replaceFullPath": "/"},
        ("replaceFullPath",),
    ),
    (
        "replace-prefix-match-needed",
        {"type": "ReplacePrefixMatch", "replacePrefixMatch": ""},
        {"type": "ReplacePrefixMatch"},
        ("type",),
    ),
    (
        "replace-prefix-match-only",
        {"type": "ReplaceFullPath"},
        {"type": "ReplaceFullPath", "replacePrefixMatch": "/"},
        ("replacePrefixMatch",),
    ),
    *(
        (f"one-{kind}", [{"type": kind}, {"type": "A"}], [{"type": kind}, {"type": "A"}, {"type": kind}], (2,))
        for kind in ("RequestHeaderModifier", "ResponseHeaderModifier", "RequestRedirect", "URLRewrite", "CORS")
    ),
    ("redirect-or-rewrite", [{"type": "URLRewrite"}], [{"type": "URLRewrite"}, {"type": "RequestRedirect"}], (1,)),
    ("redirect-without-backends", {"filters": [REDIRECT]}, {"filters": [REDIRECT], "backendRefs": [{}]}, ("backendRefs",)),
    *(
        (name, {"filters": [item], "matches": [PREFIX]}, {"filters": [item], "matches": [PREFIX, PREFIX]}, ("matches",))
        for name, item in (("requestRedirect-prefix", REDIRECT), ("urlRewrite-prefix", REWRITE))
    ),
    *(
        (
            f"{name}-in-backend",
            {"backendRefs": [{"filters": [item]}], "matches": [PREFIX]},
            {"backendRefs": [{"filters": [item]}], "matches": [{"path": EXACT}]},
            ("matches",),
        )
        for name, item in (("requestRedirect-prefix", REDIRECT), ("urlRewrite-prefix", REWRITE))
    ),
    ("timeouts-order", {"request": "0s", "backendRequest": "1s"}, {"request": "1s", "backendRequest": "2s"}, ("backendRequest",)),
    ("percent-or-fraction", {"percent": 1}, {"percent": 1, "fraction": {}}, ("fraction",)),
    ("fraction-at-most-one", {"numerator": 1, "denominator": 1}, {"numerator": 2, "denominator": 1}, ("numerator",)),
    ("star-alone", ["*"], ["GET", "*"], (1,)),
    ("backend-port", {"group": "g", "kind": "Service"}, {"group": "", "kind": "Service"}, ()),
    ("path-type", {"type": "RegularExpression"}, {"type": "Prefix"}, ("type",)),
    ("path-slash", path("/a"), path("a"), ("value",)),
    ("path-double-slash", {"type": "RegularExpression", "value": "//"}, path("/a//b"), ("value",)),
    ("path-dot", path("/a"), path("/a/./b"), ("value",)),
    ("path-dot-dot", path("/a"), path("/a/../b"), ("value",)),
    ("path-escaped-slash", path("/a"), path("/a%2f"), ("value",)),
    ("path-escaped-slash-capital", path("/a"), path("/a%2F"), ("value",)),
    ("path-fragment", path("/a"), path("/a#b"), ("value",)),
    ("path-ends-dot-dot", path("/a"), path("/a/.."), ("value",)),
    ("path-ends-dot", path("/a"), path("/a/."), ("value",)),
    ("path-characters", path("/a%20b"), path("/a b"), ("value",)),
    ("grpc-type-needs-method", {"type": "Exact", "method": "A"}, {"type": "Exact"}, ()),
    ("grpc-service-name", {"service": "a.B"}, {"service": "a..B"}, ("service",)),
    ("grpc-method-name", {"type": "RegularExpression", "method": "."}, {"method": "a.b"}, ("method",)),
    ("too-many-matches", [{"matches": [{}] * 64}] * 2, [{"matches": [{}] * 64}] * 3, (2,)),
    ("unique-rule-name", [{"name": "a"}, {}, {}], [{"name": "a"}, {}, {"name": "a"}], (2,)),
    ("cookie-config-type", {"type": "Cookie", "cookieConfig": {}}, {"type": "Header", "cookieConfig": {}}, ("cookieConfig",)),
    (
        "permanent-cookie-timeout",
        {"cookieConfig": {"lifetimeType": "Session"}},
        {"cookieConfig": {"lifetimeType": "Permanent"}},
        ("cookieConfig", "lifetimeType"),
    ),
    ("parent-sections", [PARENT | {"sectionName": "a"}, PARENT | {"sectionName": "b"}], [PARENT, PARENT | {"sectionName": "b"}], (1,)),
    ("parent-sections-or-ports", [PARENT | {"port": 1}, PARENT | {"port": 2}], [PARENT, PARENT | {"port": 2}], (1,)),
    ("unique-parents", [PARENT, PARENT | {"name": "b"}], [PARENT, PARENT | {"name": "b"}, PARENT], (2,)),
    ("host-characters", ["a.example.com"], ["a.example.com", "a_b"], (1,)),
    ("host-wildcard", ["*.example.com"], ["a.*.com"], (0,)),
    ("host-no-ip", ["a.example.com"], ["10.0.0.1"], (0,)),
    ("unique-listener-name", [{"name": "a"}, {"name": "b"}], [{"name": "a"}, {"name": "a"}], (1,)),
    (
        "unique-listener",
        [HOST_TLS, HOST_TLS | {"hostname": "b"}, {"port": 443, "protocol": "HTTPS"}],
        [HOST_TLS, HOST_TLS],
        (1,),
    ),
    ("listener-tls-needed", [HOST_TLS], [{"protocol": "TLS"}], (0,)),
    ("listener-tls-mode-needed", [{"protocol": "TLS", "tls": {"mode": "Passthrough"}}], [{"protocol": "TLS"}], (0,)),
    ("listener-https-terminates", [HOST_TLS], [HOST_TLS, HOST_TLS | {"tls": {"mode": "Passthrough"}}], (1,)),
    ("listener-no-tls", [{"protocol": "TCP"}], [{"protocol": "TCP", "tls": {}}], (0,)),
    ("listener-no-hostname", [{"protocol": "UDP", "hostname": ""}], [{"protocol": "TCP", "hostname": "a"}], (0,)),
    ("terminate-needs-certificate", {"mode": "Terminate", "certificateRefs": [{}]}, {"mode": "Terminate", "certificateRefs": []}, ()),
    ("unique-tls-port", [{"port": 1}, {"port": 2}], [{"port": 1}, {"port": 1}], (1,)),
    ("address-host-name", {"type": "Hostname", "value": "*.a"}, {"type": "Hostname", "value": "A"}, ("value",)),
    (
        "unique-host-addresses",
        [{"type": "Hostname", "value": "a"}, {"type": "IPAddress", "value": "a"}],
        [{"type": "Hostname", "value": "a"}] * 2,
        (1,),
    ),
    ("unique-ip-addresses", [{"type": "IPAddress", "value": "10.0.0.1"}], [{"type": "IPAddress", "value": "10.0.0.1"}] * 2, (1,)),
    ("label-key", {"a.example.com/b": ""}, {"a/b/c": ""}, ("a/b/c",)),
    ("label-prefix-length", {"a/b": ""}, {"a" * 253 + "/b": ""}, ("a" * 253 + "/b",)),
    ("ca-certificates-not-both", {"caCertificateRefs": [{}]}, {"caCertificateRefs": [{}], "wellKnownCACertificates": "System"}, ("wellKnownCACertificates",)),
    ("ca-certificates-needed", {"wellKnownCACertificates": "System"}, {"caCertificateRefs": []}, ()),
    ("ca-certs-not-both", {"caCertRefs": [{}]}, {"caCertRefs": [{}], "wellKnownCACerts": "System"}, ("wellKnownCACerts",)),
    ("ca-certs-needed", {"wellKnownCACerts": "System"}, {"wellKnownCACerts": ""}, ()),
    ("san-hostname-needed", {"type": "Hostname", "hostname": "a"}, {"type": "Hostname", "hostname": ""}, ("type",)),
    ("san-hostname-only", {"type": "URI"}, {"type": "URI", "hostname": "a"}, ("hostname",)),
    ("san-uri-needed", {"type": "URI", "uri": "a:b"}, {"type": "URI"}, ("type",)),
    ("san-uri-only", {"type": "Hostname"}, {"type": "Hostname", "uri": "a:b"}, ("uri",)),
    ("retry-budget-interval", "1h", "61m", ()),
    ("retry-rate-interval", "500ms", "0s", ()),
    ("external-hostname", {"type": "ExternalHostname", "externalHostname": {}}, {"type": "Other", "externalHostname": {}}, ("externalHostname",)),
    ("external-not-local", "a.example.com", "a.b.svc.cluster.local", ()),
    ("port-name-label", "http-1", "http-", ()),
    ("client-certificate", {"mode": "ClientAndServer", "clientCertificateRef": {}}, {"mode": "Server", "clientCertificateRef": {}}, ("clientCertificateRef",)),
]  # fmt: skip


def test_every_constraint_has_a_case() -> None:
    assert {name for name, *_ in CASES} == {constraint.name for constraint in ALL}


@pytest.mark.parametrize(("name", "good", "bad", "place"), CASES, ids=[case[0] for case in CASES])
def test_takes_one_value_and_refuses_the_other_at_its_place(name: str, good: Any, bad: Any, place: Path) -> None:
    texts = by_name()[name].rules
    assert any(not compile_rule(canonical(text))(bad) for text in texts)
    for text in texts:
        rule = canonical(text)
        assert compile_rule(rule)(good)
        if compile_rule(rule)(bad):
            continue  # an older spelling that has no such field
        problem = explained(name, rule, good, bad)
        assert (problem.constraint, problem.spot.path) == (name, ("spec", *place))
        assert "{" not in problem.message
        assert problem.message.strip()


def explained(name: str, rule: str, good: Any, bad: Any) -> BrokenConstraint:
    """The problem for a value, in a kind whose spec carries only this rule."""
    spec: dict[str, Any] = {"x-kubernetes-preserve-unknown-fields": True}
    if isinstance(bad, dict) and "self.all(key" in rule:
        spec = {"type": "object", "additionalProperties": {"x-kubernetes-preserve-unknown-fields": True}}
    spec["x-kubernetes-validations"] = [{"name": name, "rule": rule}]
    schema = {"type": "object", "properties": {"apiVersion": {}, "kind": {}, "spec": spec}}
    for value in (schema["properties"]["apiVersion"], schema["properties"]["kind"]):
        value["type"] = "string"
    catalog = Catalog(user_schemas=[UserSchema("test.dev/v1", "Test", schema, False, "test.yaml")])
    assert catalog.valid({"apiVersion": "test.dev/v1", "kind": "Test", "spec": good})
    (problem,) = catalog.explain({"apiVersion": "test.dev/v1", "kind": "Test", "spec": bad})
    assert isinstance(problem, BrokenConstraint)
    return problem


def test_a_clash_names_the_fields_that_are_set_and_points_at_the_last() -> None:
    rule = canonical(by_name()["one-target"].rules[0])
    problem = explained("one-target", rule, {}, {"targetRefs": [], "selector": {}})
    assert problem.names == ("targetRefs", "selector")
    assert problem.message == (
        "a policy picks its workloads in one way only: `targetRefs` and `selector` are set, "
        "but only one of `selector`, `targetRef` or `targetRefs` may be"
    )


@pytest.mark.parametrize(
    "names", [("selector", "targetRef", "targetRefs"), ("credentialName", "credentialNames")], ids=" ".join
)
def test_what_is_counted_without_cel_is_counted_as_cel_counts(names: tuple[str, ...]) -> None:
    rule = " + ".join(f"(has(self.{name}) ? 1 : 0)" for name in names) + " <= 1"
    assert rule in {text for constraint in ALL for text in constraint.rules}
    properties = {name: {"type": "object"} for name in names}
    node = {"type": "object", "properties": properties, "x-kubernetes-validations": [{"rule": rule}]}
    check, by_cel = Gate(EMPTY).check(node), compile_rule(rule)
    for given in product((False, True), repeat=len(names)):
        value: dict[str, Any] = {name: {} for name, is_there in zip(names, given, strict=True) if is_there}
        assert check(value) == by_cel(value) == (sum(given) <= 1)
