"""Istio's validating webhook, over the inputs of Istio's own tests with what its code says of them.

Both refuse, or both do not: a cluster refuses a resource when the CRD or the webhook does, meshlint
when it has an error finding. What Istio only warns of, meshlint has to say at some severity.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from meshlint.findings import Severity
from meshlint.report.model import Reported
from tools.agreement.judging import judge
from tools.agreement.section import FOLDER, Difference, Section, deliberate

NAME = "webhook"


class Case(msgspec.Struct):
    """One input and what Istio says of it."""

    id: str
    kind: str
    input: Any
    verdict: str
    errors: list[str]
    warnings: list[str]
    schema_valid: bool

    @property
    def is_refused(self) -> bool:
        """Whether a cluster does not take it."""
        return self.verdict == "error" or not self.schema_valid


class Said(msgspec.Struct):
    """A warning of Istio, by words of it, and the rules that say the same. `unsaid` says why none does."""

    words: str
    rules: tuple[str, ...] = ()
    unsaid: str | None = None


def cases(shared: Path) -> list[Case]:
    """The cases of the reference material."""
    text = (shared / "cases" / "istio-webhook" / "cases.json").read_bytes()
    return msgspec.json.decode(text, type=list[Case])


def measure(shared: Path) -> Section:
    """Compare verdicts and warnings."""
    reasons = deliberate(NAME)
    section = Section(NAME, "Istio's webhook", Counter(), [])
    for case in cases(shared):
        section.cases[case.kind] += 1
        found = judge([case.input])
        difference = _verdicts(case, found) or _warnings(case, found)
        if difference:
            wanted, got = (" ".join(text.split()) for text in difference)
            section.differences.append(Difference(case.id, case.kind, wanted, got, reasons.get(case.id)))
    return section


def _verdicts(case: Case, found: list[Reported]) -> tuple[str, str] | None:
    errors = [f"{item.rule} {item.message}" for item in found if item.severity is Severity.ERROR]
    if case.is_refused == bool(errors):
        return None
    if errors:
        return "accepted", errors[0]
    return f"refused: {case.errors[0] if case.errors else 'by the CRD'}", "accepted"


def _warnings(case: Case, found: list[Reported]) -> tuple[str, str] | None:
    """A warning that is not said; where the case is refused anyway, its warnings do not count."""
    if case.is_refused:
        return None
    codes = {item.rule for item in found}
    for warning in case.warnings:
        said = next((entry for entry in table() if entry.words in warning), None)
        if said is None or not (said.unsaid or codes.intersection(said.rules)):
            return f"warns: {warning}", f"says {', '.join(sorted(codes)) or 'nothing'}"
    return None


def table() -> list[Said]:
    """Which rule says which warning."""
    return msgspec.convert(json.loads((FOLDER / "warnings.json").read_text(encoding="utf-8")), list[Said])
