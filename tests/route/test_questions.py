"""docs/route.md answers questions about examples/: every answer is what the command prints."""

import re
import shlex

import pytest
from support import ROOT

from meshlint.cli.main import run

_SESSION = re.compile(r"^## (.+?)\n\n```console\n\$ meshlint (route .+)\n((?:.*\n)*?)```", re.M)
SESSIONS = _SESSION.findall((ROOT / "docs" / "route.md").read_text(encoding="utf-8"))


def test_there_are_ten_questions_for_each_api() -> None:
    assert len(SESSIONS) >= 20


@pytest.mark.parametrize(("command", "answer"), [pytest.param(*rest, id=title) for title, *rest in SESSIONS])
def test_question(
    command: str, answer: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    code = run(shlex.split(command))
    assert capsys.readouterr().out == answer
    assert code == (1 if "404" in answer else 0)


def test_the_example_of_the_gateway_api_is_clean() -> None:
    assert run(["--fail-on", "info", str(ROOT / "examples" / "gateway-api")]) == 0
