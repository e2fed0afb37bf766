"""Envoy's messages: what fits them, and what istiod would refuse or drop."""

from typing import Any

import pytest

from meshlint.schemas import envoy

LUA = "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua"


def said(apply_to: str, value: Any) -> set[tuple[envoy.Path, str | None]]:
    """Where something does not fit, and what is expected there; None for an unknown field."""
    return {(misfit.path, misfit.expected) for misfit in envoy.misfits(apply_to, value)}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"name": None},
        {"connect_timeout": "1m30.5s", "connectTimeout": "5s"},
        {"per_connection_buffer_limit_bytes": 1},
        {"per_connection_buffer_limit_bytes": "1"},
        {"lb_policy": "MAGLEV"},
        {"lb_policy": 5},
        {"respect_dns_ttl": False},
        {"metadata": {"filter_metadata": {"istio": {"anything": [1, "goes"]}}}},
        {"typed_extension_protocol_options": {"a": {"@type": "type.googleapis.com/example.Mine", "b": 1}}},
        {"lrs_report_endpoint_metrics": ["a", None]},
    ],
)
def test_what_fits(value: dict[str, Any]) -> None:
    assert said("CLUSTER", value) == set()


@pytest.mark.parametrize(
    ("value", "path", "expected"),
    [
        ({"name": 1}, ("name",), "a text"),
        ({"connect_timeout": 5}, ("connect_timeout",), "a duration such as `5s`"),
        ({"connect_timeout": "5 s"}, ("connect_timeout",), "a duration such as `5s`"),
        ({"per_connection_buffer_limit_bytes": "many"}, ("per_connection_buffer_limit_bytes",), "a number"),
        ({"per_connection_buffer_limit_bytes": True}, ("per_connection_buffer_limit_bytes",), "a number"),
        ({"respect_dns_ttl": "true"}, ("respect_dns_ttl",), "true or false"),
        ({"lb_policy": False}, ("lb_policy",), "the name of one of its values"),
        ({"dns_resolvers": {}}, ("dns_resolvers",), "a list"),
        ({"dns_resolvers": [[]]}, ("dns_resolvers", 0), "an object"),
        ({"transport_socket": []}, ("transport_socket",), "an object"),
        ({"transport_socket": {"typed_config": {}}}, ("transport_socket", "typed_config"), "an object with `@type`"),
        ({"metadata": {"filter_metadata": []}}, ("metadata", "filter_metadata"), "an object"),
        ([], (), "an object"),
    ],
)
def test_values_of_the_wrong_kind(value: Any, path: envoy.Path, expected: str) -> None:
    assert said("CLUSTER", value) == {(path, expected)}


def test_unknown_fields_at_any_depth_and_in_typed_messages() -> None:
    value = {"nam": "a", "typed_config": {"@type": LUA, "inline_code": "", "source_codes": {"a": {"inline": ""}}}}
    found = {misfit.path: misfit.message for misfit in envoy.misfits("HTTP_FILTER", value)}
    assert found == {
        ("nam",): "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter",
        ("typed_config", "source_codes", "a", "inline"): "envoy.config.core.v3.DataSource",
    }


def test_nothing_is_said_of_objects_that_are_not_known() -> None:
    assert said("SOMETHING_NEW", {"a": 1}) == set()


@pytest.mark.parametrize(
    ("url", "near"),
    [
        ("type.googleapis.com/envoy.config.filter.http.lua.v2.Lua", "envoy.extensions.filters.http.lua.v3.Lua"),
        ("envoy.extensions.filters.http.lua.v3.Lau", "envoy.extensions.filters.http.lua.v3.Lua"),
        ("type.googleapis.com/envoy.api.v2.Cluster", None),
        ("type.googleapis.com/envoy.config.filter.http.jwt_authn.v2alpha.JwtAuthentication", None),
    ],
)
def test_types_that_istiod_cannot_resolve(url: str, near: str | None) -> None:
    assert envoy.unresolvable(url)
    assert near is None or envoy.nearest_type(url) == near


@pytest.mark.parametrize(
    "url",
    [
        LUA,
        "type.googleapis.com/udpa.type.v1.TypedStruct",
        "type.googleapis.com/istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig",
        "type.googleapis.com/example.v2.Mine",
        "type.googleapis.com/envoy.extensions.filters.http.newer_than_this_file.v3.Newer",
        "type.googleapis.com/envoy.extensions.filters.http.lua.v3.SomethingNewer",
    ],
)
def test_types_that_may_exist(url: str) -> None:
    assert not envoy.unresolvable(url)


def test_extensions_without_configuration() -> None:
    value = {"name": "a", "transport_socket": {"name": "b"}, "filters": [{"name": "c"}]}
    assert list(envoy.untyped("CLUSTER", value)) == [("transport_socket",)]
    assert list(envoy.untyped("HTTP_FILTER", {"name": "a"})) == [()]
    assert list(envoy.untyped("HTTP_FILTER", {"configDiscovery": {}})) == []


def test_deep_nesting_is_walked() -> None:
    value: Any = {"name": 1}
    for _ in range(5000):
        value = {"match": {"a": [value]}}
    assert said("HTTP_ROUTE", value)


def test_every_message_that_is_named_is_there() -> None:
    messages = envoy._messages()
    kinds = {kind.lstrip("[{") for fields in messages.values() for kind in fields.values()}
    assert {kind for kind in kinds if len(kind) > 1} <= set(messages)
    assert set(envoy._ROOTS.values()) <= set(messages)
