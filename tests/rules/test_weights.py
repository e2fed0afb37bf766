"""What the examples of the weight rules cannot show: the option, and the percentages they name."""

import pytest
from support import all_rules

from meshlint.model.kinds import convert
from meshlint.registry import load


def _messages(code: str, weights: list[int | None], **options: bool) -> list[tuple[str, str]]:
    rule = load(all_rules()[code].module)
    route = [
        {"destination": {"host": f"v{number}"}} | ({} if weight is None else {"weight": weight})
        for number, weight in enumerate(weights)
    ]
    resource = convert(
        {"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "spec": {"http": [{"route": route}]}}
    )
    extra = [rule.options(**options)] if rule.options else []
    return [(found.message, found.help or "") for found in rule.check(resource, *extra)]


@pytest.mark.parametrize(
    ("weights", "said", "percentages"),
    [
        (
            [80, 40],
            "the weights 80 and 40 add to 120, not 100: Envoy sends 66.7% and 33.3% of the requests",
            "67 and 33",
        ),
        (
            [90, None],
            "the weights 90 and none add to 90, not 100: Envoy sends 100% and 0% of the requests",
            "100 and 0",
        ),
        (
            [33, 33, 33],
            "the weights 33, 33 and 33 add to 99, not 100: Envoy sends 33.3%, 33.3% and 33.3% of the requests",
            "34, 33 and 33",
        ),
    ],
)
def test_names_the_percentages_that_envoy_uses(weights: list[int | None], said: str, percentages: str) -> None:
    [(message, advice)] = _messages("ML202", weights)
    assert message == said
    assert percentages in advice


def test_many_weights_are_counted() -> None:
    [(message, _)] = _messages("ML202", [30] * 10)
    assert "30, 30, 30, 30 and 6 more add to 300" in message


@pytest.mark.parametrize("weights", [[1, 1], [9, 1], [19, 1]])
def test_ratios_are_reported_when_strict(weights: list[int | None]) -> None:
    assert not _messages("ML202", weights)
    assert len(_messages("ML202", weights, strict=True)) == 1
    assert len(_messages("ML203", weights)) == 1
