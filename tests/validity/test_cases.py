"""Every check of the webhook rules has a case in tests/rules that it refuses, and one that it lets through."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from support import ROOT, report

from examples import examples

FOLDER = ROOT / "rules" / "validity"
OF_SIZES = {"_virtual_service_actions.direct_body_huge", "_metadata._annotations_size"}
"""Of hundreds of KiB: shown in test_rows.py."""
CASES = sorted((ROOT / "tests" / "rules").glob("ML1[123]?.md"))


class Checks:
    """What the functions of rules/validity did while the cases ran: refused something, or let something through."""

    def __init__(self) -> None:
        self.refusing: set[tuple[str, int]] = set()
        """Module and line of the statements that yield, as far as they were reached."""
        self.passing: set[tuple[str, int]] = set()
        """Module and first line of the functions that came to their end without yielding anything."""
        self.callers: dict[tuple[str, int], set[tuple[str, int]]] = {}
        """Functions by those that they call."""
        self._yields: dict[FrameType, bool] = {}

    def __call__(self, frame: FrameType, event: str, argument: Any) -> Any:
        """A trace function: of no interest but for the modules of the rules."""
        if not _is_rule(frame.f_code):
            return None
        self._yields.setdefault(frame, False)
        if frame.f_back is not None and _is_rule(frame.f_back.f_code):
            self.callers.setdefault(_function(frame), set()).add(_function(frame.f_back))
        return self._inside

    def lets_through(self, function: tuple[str, int]) -> bool:
        """Whether it came to its end in silence; or, if it is only called where something is wrong, who calls it."""
        return function in self.passing or not self.passing.isdisjoint(self.callers.get(function, ()))

    def _inside(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            self.refusing.add((_function(frame)[0], frame.f_lineno))
        elif event == "return":
            if argument is not None:
                self._yields[frame] = True
            elif not self._yields.pop(frame, True):
                self.passing.add(_function(frame))
        return self._inside


def _is_rule(code: CodeType) -> bool:
    return "/rules/validity/" in code.co_filename and code.co_filename.endswith(".py")


def _function(frame: FrameType) -> tuple[str, int]:
    """Module and first line."""
    return Path(frame.f_code.co_filename).stem, frame.f_code.co_firstlineno


@cache
def _watched() -> Checks:
    checks = Checks()
    before = sys.gettrace()
    sys.settrace(checks)
    try:
        for path in CASES:
            for example in examples(path.read_text(encoding="utf-8")):
                names = tuple(name or f"file{number}.yaml" for number, name in enumerate(example.names))
                report(*example.texts, only=(path.stem,), options=example.options, names=names)
    finally:
        sys.settrace(before)
    return checks


def _checks() -> Iterator[Any]:
    """Every function that says what is wrong: module, first line, lines of what it says, whether it asks something."""
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                said = [inner.lineno for inner in ast.walk(node) if isinstance(inner, ast.Yield) and _says(inner)]
                asks = any(isinstance(inner, ast.If | ast.For) for inner in ast.walk(node))
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                if said and f"{path.stem}.{node.name}" not in OF_SIZES:
                    yield pytest.param(path.stem, first, tuple(said), asks, id=f"{path.stem}.{node.name}")


def _says(node: ast.Yield) -> bool:
    """Whether a fault or a finding is yielded, and no part of the resource."""
    calls = [inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call)]
    return any(isinstance(call, ast.Name) and call.id in {"fault", "finding"} for call in calls)


@pytest.mark.parametrize(("module", "first", "lines", "asks"), list(_checks()))
def test_every_check_refuses_a_case_and_lets_one_through(
    module: str, first: int, lines: tuple[int, ...], asks: bool
) -> None:
    watched = _watched()
    assert not [line for line in lines if (module, line) not in watched.refusing], "no case is refused here"
    if asks:  # else the question is its caller's
        assert watched.lets_through((module, first)), "no case passes this check"
