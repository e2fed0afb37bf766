"""Which tries can still start, and what would make them fit."""

import pytest
from support import all_rules

from meshlint.model.kinds import convert
from meshlint.registry import load


def _said(attempts: int, per_try: str, timeout: str) -> tuple[str, str]:
    retries = {"attempts": attempts, "perTryTimeout": per_try, "retryOn": "5xx"}
    route = {"route": [{"destination": {"host": "reviews"}}], "timeout": timeout, "retries": retries}
    resource = convert({"apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "spec": {"http": [route]}})
    [found] = load(all_rules()["ML301"].module).check(resource)
    return found.message.rpartition("whole time, ")[2], found.help or ""


@pytest.mark.parametrize(
    ("attempts", "per_try", "timeout", "outcome"),
    [
        (3, "2s", "5s", "the third gets 1s, the fourth cannot start"),
        (1, "3s", "5s", "the second gets 2s"),
        (3, "2s", "4s", "the third and the fourth cannot start"),
        (11, "100ms", "1s", "the 11th and the 12th cannot start"),
        (22, "1s", "20500ms", "the 21st gets 500ms, the 22nd and the 23rd cannot start"),
        (2147483647, "1ms", "1500ms", "the 1501st to the 2147483648th cannot start"),
    ],
)
def test_says_which_tries_can_start(attempts: int, per_try: str, timeout: str, outcome: str) -> None:
    assert _said(attempts, per_try, timeout)[0] == outcome


@pytest.mark.parametrize(
    ("attempts", "per_try", "timeout", "advice"),
    [
        (3, "2s", "5s", "raise `timeout` to 8s, lower `attempts` to 1 or lower `perTryTimeout` to 1.25s"),
        (1, "3s", "5s", "raise `timeout` to 6s or lower `perTryTimeout` to 2.5s"),
        (2999, "2ms", "2s", "raise `timeout` to 6s or lower `attempts` to 999"),
    ],
)
def test_advises_only_what_is_possible(attempts: int, per_try: str, timeout: str, advice: str) -> None:
    assert _said(attempts, per_try, timeout)[1] == advice
