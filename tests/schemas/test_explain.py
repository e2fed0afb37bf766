"""What is said of a document that the API server would refuse: one problem a cause, at its place."""

from typing import Any

import pytest

from meshlint.findings import Part
from meshlint.problems import BrokenConstraint, MissingField, SchemaProblem, UnknownField, WrongValue
from meshlint.schemas import Catalog

CATALOG = Catalog()


def resource(kind: str, spec: Any, metadata: Any = None) -> dict[str, Any]:
    group = {"PeerAuthentication": "security.istio.io/v1", "AuthorizationPolicy": "security.istio.io/v1"}
    if kind in {"HTTPRoute", "GRPCRoute"} or (kind == "Gateway" and "listeners" in spec):
        group[kind] = "gateway.networking.k8s.io/v1"
    group |= {"Telemetry": "telemetry.istio.io/v1", "EnvoyFilter": "networking.istio.io/v1alpha3"}
    group |= {"WasmPlugin": "extensions.istio.io/v1alpha1", "ProxyConfig": "networking.istio.io/v1beta1"}
    version = group.get(kind, "networking.istio.io/v1")
    return {"apiVersion": version, "kind": kind, "metadata": metadata or {"name": "a"}, "spec": spec}


def explain(kind: str, spec: Any, metadata: Any = None) -> list[SchemaProblem]:
    return CATALOG.explain(resource(kind, spec, metadata))


def only(kind: str, spec: Any, metadata: Any = None) -> Any:
    (problem,) = explain(kind, spec, metadata)
    return problem


def route(**fields: Any) -> dict[str, Any]:
    return {"hosts": ["a"], "http": [{"route": [{"destination": {"host": "a"}}], **fields}]}


def test_an_unknown_field_names_the_sibling_that_was_meant() -> None:
    problem = only("VirtualService", route(timout="5s"))
    assert isinstance(problem, UnknownField)
    assert (problem.name, problem.nearest, problem.field) == ("timout", "timeout", "spec.http[0].timout")
    assert problem.spot.path == ("spec", "http", 0, "timout")
    assert problem.spot.part is Part.KEY


def test_an_unknown_field_says_where_else_the_kind_has_it_nearest_first() -> None:
    problem = only("VirtualService", route(retries={"attempts": 3, "timeout": "5s"}))
    assert (problem.nearest, problem.elsewhere) == (None, ("spec.http[].timeout",))
    problem = only("DestinationRule", {"host": "a", "trafficPolicy": {"maxConnections": 5}})
    assert problem.elsewhere[0] == "spec.trafficPolicy.connectionPool.tcp.maxConnections"
    assert len(problem.elsewhere) <= 5


def test_snake_case_of_a_known_field_is_a_near_miss() -> None:
    assert only("VirtualService", route(retries={"per_try_timeout": "5s"})).nearest == "perTryTimeout"


def test_a_misspelt_required_field_is_one_problem() -> None:
    problem = only("VirtualService", {"hosts": ["a"], "http": [{"route": [{"destination": {"hst": "a"}}]}]})
    assert (type(problem), problem.nearest) == (UnknownField, "host")


def test_unknown_fields_at_the_top_and_in_metadata() -> None:
    document = resource("VirtualService", route(), {"name": "a", "lables": {}})
    (problem,) = CATALOG.explain(document)
    assert (problem.field, problem.nearest) == ("metadata.lables", "labels")
    (problem,) = CATALOG.explain(resource("VirtualService", route()) | {"sepc": {}})
    assert problem.field == "sepc"
    (problem,) = CATALOG.explain(resource("VirtualService", route()) | {"hosts": []})
    assert problem.elsewhere == ("spec.hosts",)


def test_status_may_hold_anything_since_the_server_drops_it() -> None:
    assert CATALOG.valid(resource("VirtualService", route()) | {"status": {"anything": [1]}})


@pytest.mark.parametrize(
    ("kind", "spec", "expected", "nearest", "advice"),
    [
        ("VirtualService", route(retries={"attempts": "3"}), "a whole number", "3", "remove the quotes"),
        ("VirtualService", route(retries={"attempts": 1.5}), "a whole number", None, None),
        ("VirtualService", route(retries={"attempts": 2**70}), "a whole number of at most 64 bits", None, None),
        ("VirtualService", route(timeout=5), "a duration such as `10s`", "5s", "write the unit"),
        ("VirtualService", route(name=5), "a text", '"5"', "put it into quotes"),
        ("VirtualService", route(name=True), "a text", '"true"', "put it into quotes"),
        ("VirtualService", route(name=["a"]), "a text", "a", "remove the list around it"),
        ("VirtualService", {"hosts": "a"}, "a list", "[a]", "write a list, even of one item"),
        ("VirtualService", route(match={"uri": {}}), "a list", None, "begin the first line of the item with `- `"),
        ("VirtualService", route(retries=[{"attempts": 1}]), "a mapping", None, "remove the `- ` before its fields"),
        ("VirtualService", route(match=[{"ignoreUriCase": "true"}]), "`true` or `false`", "true", "remove the quotes"),
        ("VirtualService", route(match=[{"ignoreUriCase": "yes"}]), "`true` or `false`", "true", None),
        ("VirtualService", {"hosts": ["a", None]}, "a text", None, "the value is missing: give one, or remove the item"),
        ("ProxyConfig", {"concurrency": -1}, "a number from 0 to 2147483647", None, None),
        ("PeerAuthentication", {"mtls": {"mode": "STRCT"}}, "one of `UNSET`, `DISABLE`, `PERMISSIVE` or `STRICT`", "STRICT", None),
        ("PeerAuthentication", {"mtls": {"mode": "strict"}}, "one of `UNSET`, `DISABLE`, `PERMISSIVE` or `STRICT`", "STRICT", None),
        ("PeerAuthentication", {"portLevelMtls": {}, "selector": {"matchLabels": {"a": "b"}}}, "at least 1 entry", None, None),
        ("WasmPlugin", {"url": "oci://a/b", "sha256": "1"}, "a SHA-256 digest: 64 hexadecimal digits in lower case", None, None),
        ("WasmPlugin", {"url": ""}, "a text that is not empty", None, None),
        ("WasmPlugin", {"url": "oci://a/b", "pluginName": "é" * 257}, "1 to 256 characters", None, None),
        ("Telemetry", {"tracing": [{"randomSamplingPercentage": 101}]}, "a number from 0 to 100", None, None),
        ("Telemetry", {"tracing": [{"randomSamplingPercentage": float("nan")}]}, "a number", None, None),
        ("VirtualService", route(directResponse={"status": 200, "body": {"bytes": "?"}}), "base64", None, None),
    ],
)  # fmt: skip
def test_a_wrong_value_says_what_was_expected(
    kind: str, spec: Any, expected: str, nearest: str | None, advice: str | None
) -> None:
    problem = only(kind, spec)
    assert isinstance(problem, WrongValue)
    assert (problem.expected, problem.nearest, problem.help) == (expected, nearest, advice)


def test_label_values_must_be_texts() -> None:
    problem = only("VirtualService", route(), {"name": "a", "labels": {"version": 1}})
    assert (problem.field, problem.nearest) == ("metadata.labels.version", '"1"')


def test_length_counts_code_points() -> None:
    assert CATALOG.valid(resource("WasmPlugin", {"url": "oci://a/b", "pluginName": "é" * 256}))


def test_a_key_with_dots_is_written_in_brackets() -> None:
    assert only("VirtualService", route(), {"name": "a", "labels": {"a.b/c": 1}}).field == 'metadata.labels["a.b/c"]'


def test_a_missing_field_is_at_the_object_that_lacks_it() -> None:
    problem = only("VirtualService", {"hosts": ["a"], "http": [{"route": [{"weight": 1}]}]})
    assert isinstance(problem, MissingField)
    assert (problem.name, problem.spot.path) == ("destination", ("spec", "http", 0, "route", 0))


def test_at_most_one_of_names_the_fields_that_clash() -> None:
    problem = only("VirtualService", route(match=[{"uri": {"exact": "/a", "prefix": "/a"}}]))
    assert isinstance(problem, BrokenConstraint)
    assert (problem.constraint, problem.names) == ("at-most-one", ("exact", "prefix"))
    assert problem.message == "`exact` and `prefix` are set, but only one of `exact`, `prefix` or `regex` may be"
    assert problem.spot.path == ("spec", "http", 0, "match", 0, "uri", "prefix")


def test_duplicates_of_a_list_map_are_at_the_later_item() -> None:
    ports = [{"name": "http", "number": 80}, {"name": "tcp", "number": 81}, {"name": "http", "number": 82}]
    problem = only("ServiceEntry", {"hosts": ["a"], "ports": ports})
    assert problem.constraint == "duplicate-item"
    assert problem.spot.path == ("spec", "ports", 2, "name")
    assert problem.message == "item 2 repeats item 0: `name: http` may occur once in this list"


def test_duplicates_of_a_set() -> None:
    filters = [{"type": "CORS", "cors": {"allowOrigins": ["https://a", "https://a"]}}]
    problem = only("HTTPRoute", {"rules": [{"filters": filters}]})
    assert (problem.constraint, problem.spot.path[-2:]) == ("duplicate-item", ("allowOrigins", 1))


def test_an_address_of_a_gateway_must_fit_its_type() -> None:
    listeners = [{"name": "a", "port": 80, "protocol": "HTTP"}]
    addresses = [{"type": "IPAddress", "value": "a.example.com"}]
    problem = only("Gateway", {"gatewayClassName": "istio", "listeners": listeners, "addresses": addresses})
    assert problem.constraint == "address-ip"
    assert problem.spot.path == ("spec", "addresses", 0, "value")


def test_cel_is_asked_only_where_the_structure_is_right() -> None:
    problem = only("VirtualService", route(timeout="nonsense", retries={"attempts": "3"}))
    assert problem.field == "spec.http[0].retries.attempts"


@pytest.mark.parametrize(
    "spec",
    [
        {"configPatches": [{"applyTo": "NETWORK_FILTER", "match": None, "patch": {"operation": "REMOVE"}}]},
        {"configPatches": None},
        {"workloadSelector": {"labels": None}, "configPatches": []},
    ],
)
def test_nulls_in_objects_count_as_absent(spec: Any) -> None:
    assert CATALOG.valid(resource("EnvoyFilter", spec))


def test_a_null_does_not_stand_for_a_required_field_or_clash_with_another() -> None:
    assert only("VirtualService", {"hosts": ["a"], "http": [{"route": [{"destination": None}]}]}).name == "destination"
    assert CATALOG.valid(resource("VirtualService", route(match=[{"uri": {"exact": "/a", "prefix": None}}])))
    assert CATALOG.valid(resource("AuthorizationPolicy", {"selector": None, "targetRefs": []}))


def test_a_nullable_field_keeps_its_null() -> None:
    assert CATALOG.valid(resource("ProxyConfig", {"concurrency": None}))


def test_a_null_with_a_default_is_the_default() -> None:
    match = {"path": {"type": None, "value": "/a"}}
    assert CATALOG.valid(resource("HTTPRoute", {"rules": [{"matches": [match]}]}))


def test_defaults_are_filled_in_before_constraints_are_asked() -> None:
    problem = only("HTTPRoute", {"rules": [{"matches": [{"path": {"value": "a"}}]}]})
    assert problem.constraint == "path-slash"
    problem = only("HTTPRoute", {"rules": [{"backendRefs": [{"name": "a"}]}]})
    assert problem.constraint == "backend-port"


def test_the_document_is_never_changed() -> None:
    document = resource("HTTPRoute", {"rules": [{"matches": None, "backendRefs": [{"name": "a"}]}]})
    before = repr(document)
    CATALOG.problems(document)
    assert repr(document) == before


@pytest.mark.parametrize(
    "document", [None, [], 1, {}, {"apiVersion": 1, "kind": []}, {"kind": "A"}, {"apiVersion": "v1"}]
)
def test_what_is_no_resource_is_not_judged(document: Any) -> None:
    assert CATALOG.valid(document)
    assert CATALOG.problems(document) == []


@pytest.mark.parametrize("spec", [None, 1, "a", [], [[]], {1: 2}, {"hosts": {1: 2}}, {"http": [{None: 1}]}])
def test_any_spec_is_explained_without_an_exception(spec: Any) -> None:
    document = resource("VirtualService", {}) | {"spec": spec}
    assert CATALOG.valid(document) == (CATALOG.explain(document) == [])


def test_deep_nesting_is_no_hang_and_no_traceback() -> None:
    value: Any = {}
    for _ in range(100_000):
        value = {"a": value}
    assert CATALOG.valid(resource("WasmPlugin", {"url": "oci://a/b", "pluginConfig": value}))
    assert not CATALOG.valid(resource("VirtualService", value))
    assert len(explain("VirtualService", value)) == 1


def test_where_the_explanation_finds_nothing_a_refused_document_still_has_a_problem(monkeypatch: Any) -> None:
    from meshlint.schemas import keywords

    monkeypatch.setattr(keywords, "errors", lambda *_: [])
    problem = only("VirtualService", {"hosts": "a"})
    assert (problem.constraint, problem.field) == ("schema", "spec")


def test_every_pattern_of_the_crds_has_words() -> None:
    from meshlint.schemas.words import PATTERNS

    used = set()
    for project in ("istio", "gateway-api"):
        pool = CATALOG.pool(project)
        used |= {pattern for name in pool.names() if (pattern := pool.node(name).get("pattern"))}
    assert used <= PATTERNS.keys()
