"""What examples in Markdown cannot show: sizes, frames of checks, and that pages name every check."""

import json

import pytest
from support import all_rules, findings

from meshlint.findings import Finding
from meshlint.model.kinds import convert
from meshlint.registry import load
from meshlint.schemas.versions import Target


def _virtual_service(route: object, code: str) -> list[Finding]:
    rule = load(all_rules()[code].module)
    resource = convert(
        {
            "apiVersion": "networking.istio.io/v1",
            "kind": "VirtualService",
            "metadata": {"name": "reviews"},
            "spec": {"hosts": ["reviews"], "http": [route]},
        }
    )
    given = [Target() for parameter in rule.parameters if parameter is Target]
    return list(rule.check(resource, *given))


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"string": "a" * 102_400}, []),
        ({"string": "a" * 102_401}, ["ML222"]),
        ({"string": "a" * 1_048_576}, ["ML222"]),
        ({"string": "a" * 1_048_577}, ["ML110"]),
        ({"string": "é" * 524_289}, ["ML110"]),
        ({"bytes": "A" * 136_534 + "=="}, []),
        ({"bytes": "A" * 136_536}, ["ML222"]),
        ({"bytes": "A" * 1_398_104}, ["ML110"]),
        ({}, []),
    ],
)
def test_bodies_of_direct_responses(body: dict[str, str], codes: list[str]) -> None:
    route = {"directResponse": {"status": 200, "body": body}}
    assert [code for code in ("ML110", "ML222") if _virtual_service(route, code)] == codes


def test_messages_name_value_and_reason() -> None:
    [found] = _virtual_service({"route": [{"destination": {"host": "re_views"}}]}, "ML110")
    assert found.message == (
        "istiod refuses destination host `re_views`: it holds `_`; letters, digits and `-` are allowed"
    )
    [found] = _virtual_service(
        {"retries": {"attempts": 1, "retryOn": "5xx, reset"}, "route": [{"destination": {"host": "a"}}]}, "ML110"
    )
    assert found.help == "write `retryOn: 5xx,reset`"


def test_a_resource_without_spec_has_findings_with_places() -> None:
    for code, kind in (("ML110", "VirtualService"), ("ML111", "DestinationRule")):
        rule = load(all_rules()[code].module)
        resource = convert({"apiVersion": "networking.istio.io/v1", "kind": kind, "metadata": {"name": "a"}})
        assert len(list(rule.check(resource, Target()))) == 1


def _refused(document: dict[str, object], code: str) -> list[int]:
    """The lines of what a rule says of a document in JSON."""
    return [item.region.line for item in findings(json.dumps(document), only=(code,))]


@pytest.mark.parametrize(
    ("code", "refused"),
    [("a" * 65_536, 0), ("a" * 65_537, 1), ("é" * 32_768, 0), ("é" * 32_769, 1), ("a", 0), ("", 1)],
)
def test_lua_of_64_kib(code: str, refused: int) -> None:
    document = {
        "apiVersion": "extensions.istio.io/v1alpha1",
        "kind": "TrafficExtension",
        "metadata": {"name": "a"},
        "spec": {"lua": {"inlineCode": code}},
    }
    assert len(_refused(document, "ML123")) == refused


@pytest.mark.parametrize(
    ("annotations", "refused"),
    [
        ({"a": "b" * (256 * 1024 - 1)}, 0),
        ({"a": "b" * (256 * 1024)}, 1),
        ({"a": "b" * (128 * 1024), "c": "b" * (128 * 1024 - 2)}, 0),
        ({"a": "b" * (128 * 1024), "c": "b" * (128 * 1024 - 1)}, 1),
        ({"a": "é" * (128 * 1024)}, 1),
    ],
)
def test_annotations_of_256_kib(annotations: dict[str, str], refused: int) -> None:
    document = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a", "annotations": annotations}}
    assert len(_refused(document, "ML127")) == refused


_STATUSES = {
    *(100, 103, 200, 208, 226, 300, 305, 307, 308, 400, 418, 421, 426, 428, 429, 431, 451, 500, 508, 510, 511),
    *(404, 503),
}


@pytest.mark.parametrize("status", sorted(_STATUSES | {number + step for number in _STATUSES for step in (-1, 1)}))
def test_statuses_to_retry_on(status: int) -> None:
    """Those that Go's net/http has a text for (`http.StatusText`)."""
    known = {*range(100, 104), *range(200, 209), 226, *range(300, 306), 307, 308, *range(400, 419), *range(421, 427)}
    known |= {428, 429, 431, 451, *range(500, 509), 510, 511}
    route = {"retries": {"attempts": 1, "retryOn": str(status)}, "route": [{"destination": {"host": "a"}}]}
    assert len(_virtual_service(route, "ML110")) == (status not in known)
