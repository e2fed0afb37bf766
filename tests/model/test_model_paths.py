"""Places by objects become paths in the spelling of the YAML text."""

from typing import Any

import pytest

from meshlint.model.kinds import convert
from meshlint.model.mesh_config.mesh_config import mesh_config
from meshlint.model.paths import get, spelled


def virtual_service() -> Any:
    return convert(
        {
            "apiVersion": "networking.istio.io/v1",
            "kind": "VirtualService",
            "metadata": {"name": "a", "labels": {"app.kubernetes.io/name": "a"}},
            "spec": {
                "hosts": ["a", "b"],
                "http": [
                    {"route": [{"destination": {"host": "a"}}]},
                    {
                        "match": [{"headers": {"x-user": {"exact": "me"}}}],
                        "route": [{"destination": {"host": "a"}}, {"destination": {"host": "b", "subset": "v1"}}],
                        "retries": {"attempts": 3},
                    },
                ],
            },
        }
    )


TARGETS = {
    "root": lambda resource: None,
    "itself": lambda resource: resource,
    "spec": lambda resource: resource.spec,
    "first route": lambda resource: resource.spec.http[0],
    "second route": lambda resource: resource.spec.http[1],
    "header": lambda resource: resource.spec.http[1].match[0].headers["x-user"],
    "last destination": lambda resource: resource.spec.http[1].route[1].destination,
}

ROUTE = ("spec", "http", 1)


@pytest.mark.parametrize(
    ("target", "path", "expected"),
    [
        ("root", (), ()),
        ("itself", (), ()),
        ("root", ("metadata", "name"), ("metadata", "name")),
        ("root", ("api_version",), ("apiVersion",)),
        ("root", ("metadata", "labels", "app.kubernetes.io/name"), ("metadata", "labels", "app.kubernetes.io/name")),
        ("root", ("metadata", "labels", "missing"), ("metadata", "labels", "missing")),
        ("root", ("spec", "hosts", 1), ("spec", "hosts", 1)),
        ("spec", ("hosts",), ("spec", "hosts")),
        ("spec", ("export_to", 0), ("spec", "exportTo", 0)),
        ("first route", (), ("spec", "http", 0)),
        ("second route", ("retries", "per_try_timeout"), (*ROUTE, "retries", "perTryTimeout")),
        ("second route", ("mirror_percent_snake",), (*ROUTE, "mirror_percent")),
        ("last destination", ("subset",), (*ROUTE, "route", 1, "destination", "subset")),
        ("last destination", ("port", "number"), (*ROUTE, "route", 1, "destination", "port", "number")),
        ("header", ("exact",), (*ROUTE, "match", 0, "headers", "x-user", "exact")),
        # What is absent is spelled by its type.
        (
            "first route",
            ("cors_policy", "allow_origins", 0, "exact"),
            ("spec", "http", 0, "corsPolicy", "allowOrigins", 0, "exact"),
        ),
        ("first route", ("fault", "delay", "fixed_delay"), ("spec", "http", 0, "fault", "delay", "fixedDelay")),
        ("root", ("status", "anything", 3), ("status", "anything", 3)),
        (
            "root",
            ("spec", "http", 1, "match", 0, "query_params", "q", "regex"),
            (*ROUTE, "match", 0, "queryParams", "q", "regex"),
        ),
    ],
)
def test_spelled(target: str, path: tuple[str | int, ...], expected: tuple[str | int, ...]) -> None:
    resource = virtual_service()
    assert spelled(resource, TARGETS[target](resource), path) == expected


@pytest.mark.parametrize(
    ("target", "path", "message"),
    [
        ("root", ("spek",), "VirtualService has no attribute 'spek'"),
        ("root", ("apiVersion",), "VirtualService has no attribute 'apiVersion'"),
        ("second route", ("retries", "perTryTimeout"), "HTTPRetry has no attribute 'perTryTimeout'"),
        ("first route", ("retries", "perTryTimeout"), "HTTPRetry has no attribute 'perTryTimeout'"),
        ("first route", ("cors_policy", "allow_origins", 0, "exakt"), "StringMatch has no attribute 'exakt'"),
        ("first route", (0,), "HTTPRoute has no attribute 0"),
        ("root", ("spec", "hosts", 2), "a list of 2 has no item 2"),
        ("root", ("spec", "hosts", -1), "a list of 2 has no item -1"),
        ("root", ("spec", "hosts", "0"), "a list of 2 has no item '0'"),
        ("root", ("spec", "hosts", 0, "x"), "'a' has nothing inside"),
        ("root", ("kind", "x"), "'VirtualService' has nothing inside"),
        ("first route", ("timeout", "x"), "has nothing inside"),
    ],
)
def test_wrong_paths_are_refused(target: str, path: tuple[str | int, ...], message: str) -> None:
    resource = virtual_service()
    with pytest.raises(LookupError, match=message.replace("(", r"\(")):
        spelled(resource, TARGETS[target](resource), path)


def test_objects_of_other_resources_are_refused() -> None:
    mine, other = virtual_service(), virtual_service()
    with pytest.raises(LookupError, match="this HTTPRoute is not inside the VirtualService"):
        spelled(mine, other.spec.http[0], ())


def test_every_message_is_found_where_it_is() -> None:
    resource = virtual_service()
    for index, destination in enumerate(resource.spec.http[1].route):
        assert spelled(resource, destination, ()) == (*ROUTE, "route", index)
        assert get(resource, spelled(resource, destination)) is destination


def test_untyped_content_keeps_its_keys() -> None:
    patch = {"operation": "MERGE", "value": {"typed_config": {"some_list": [{"deep_key": 1}]}}}
    document = {
        "apiVersion": "networking.istio.io/v1alpha3",
        "kind": "EnvoyFilter",
        "spec": {"configPatches": [{"patch": patch}]},
    }
    resource: Any = convert(document)
    inner = resource.spec.config_patches[0].patch.value["typed_config"]["some_list"][0]
    path = ("spec", "configPatches", 0, "patch", "value", "typed_config", "some_list", 0, "deep_key")
    assert spelled(resource, inner, ("deep_key",)) == path
    assert (
        spelled(resource, resource.spec.config_patches[0].patch, ("value", "typed_config", "some_list", 0, "deep_key"))
        == path
    )
    assert get(resource, path) == 1


def test_the_content_of_a_generic_resource_is_the_document() -> None:
    resource: Any = convert({"apiVersion": "x/v1", "kind": "Y", "metadata": {"name": "n"}, "spec": {"a": [{"b": 1}]}})
    assert spelled(resource, resource.content["spec"]["a"][0], ("b",)) == ("spec", "a", 0, "b")
    assert spelled(resource, None, ("content", "spec")) == ("spec",)
    assert spelled(resource, None, ("metadata", "name")) == ("metadata", "name")
    assert get(resource, ("spec", "a", 0, "b")) == 1


def test_the_spec_of_mesh_config_is_the_document() -> None:
    config: Any = mesh_config({"meshMTLS": {"minProtocolVersion": "TLSV1_3"}})
    assert spelled(config, config.spec.mesh_mtls, ("min_protocol_version",)) == ("meshMTLS", "minProtocolVersion")
    assert spelled(config, None, ("spec", "outbound_traffic_policy", "mode")) == ("outboundTrafficPolicy", "mode")
    assert get(config, ("meshMTLS", "minProtocolVersion")) == "TLSV1_3"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), ...),
        (("metadata", "name"), "a"),
        (("metadata", "labels", "nope"), None),
        (("spec", "http", 1, "retries", "attempts"), 3),
        (("spec", "http", 0, "retries", "attempts"), None),
    ],
)
def test_get(path: tuple[str | int, ...], value: Any) -> None:
    resource = virtual_service()
    assert get(resource, path) == (resource if value is ... else value)


@pytest.mark.parametrize("path", [("spec", "per_try"), ("spec", "hosts", 9), ("kind", 0), ("api_version",)])
def test_get_refuses_what_cannot_be(path: tuple[str | int, ...]) -> None:
    with pytest.raises(LookupError):
        get(virtual_service(), path)


def test_get_works_on_plain_data() -> None:
    assert get({"spec": {"hosts": ["a"]}}, ("spec", "hosts", 0)) == "a"
    assert get({"spec": None}, ("spec", "hosts", 0)) is None


def test_deep_content_does_not_exhaust_the_stack() -> None:
    value: Any = {}
    leaf = value
    for _ in range(5_000):
        value = {"a": value}
    resource: Any = convert({"apiVersion": "x/v1", "kind": "Y", "spec": value})
    assert spelled(resource, leaf, ("b",)) == ("spec", *("a",) * 5_000, "b")
