"""What examples in Markdown cannot show: sizes, frames of checks, and that pages name every check."""

import pytest
from support import all_rules

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
