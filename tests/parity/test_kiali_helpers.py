"""Which policies need requests to be seen: the same as Kiali's `IsL7AuthorizationPolicy` says of its own cases."""

from typing import Any

import msgspec
import pytest
from support import shared

from meshlint.mesh.authorization_rules import http_parts
from meshlint.model.kinds import convert


def _calls(function: str) -> list[tuple[Any, bool]]:
    folder = shared()
    if folder is None:
        return []
    calls = msgspec.json.decode((folder / "cases" / "kiali" / "helpers.json").read_bytes())
    return [(call["args"]["spec"], call["result"][0]) for call in calls if call["function"] == function]


@pytest.mark.skipif(shared() is None, reason="the reference material is not part of the project")
@pytest.mark.parametrize(("spec", "expected"), _calls("ambient.IsL7AuthorizationPolicy"))
def test_policies_for_requests(spec: Any, expected: bool) -> None:
    resource: Any = convert(
        {
            "apiVersion": "security.istio.io/v1",
            "kind": "AuthorizationPolicy",
            "metadata": {"name": "p", "namespace": "n"},
            "spec": spec,
        }
    )
    assert any(True for entry in resource.rules for _ in http_parts(entry)) is expected
