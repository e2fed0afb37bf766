"""What every comparison comes to: rows of figures, and the cases in which the tools differ."""

import json
from collections import Counter
from pathlib import Path

import msgspec

FOLDER = Path(__file__).resolve().parent


class Difference(msgspec.Struct, frozen=True):
    """A case in which meshlint says something else. `reason` is set where that is meant to be so."""

    case: str
    group: str
    wanted: str
    got: str
    reason: str | None = None


class Section(msgspec.Struct):
    """One comparison: cases by group (a kind, a code), and the differences."""

    name: str
    title: str
    cases: Counter[str]
    differences: list[Difference]

    def agreed(self, group: str) -> int:
        """How many cases of a group agree."""
        return self.cases[group] - sum(difference.group == group for difference in self.differences)

    @property
    def deliberate(self) -> int:
        """How many differences have a reason."""
        return sum(difference.reason is not None for difference in self.differences)

    def table(self) -> str:
        """The figures, a group a line, and the differences below."""
        total, agreed = sum(self.cases.values()), sum(map(self.agreed, self.cases))
        lines = [
            f"{self.title}: {agreed} of {total} agree ({agreed / total:.1%}), {self.deliberate} differ on purpose",
            "",
        ]
        for group in sorted(self.cases):
            share = self.agreed(group) / self.cases[group]
            lines.append(f"  {group:<24}{self.agreed(group):>5} of {self.cases[group]:>4}  {share:>6.1%}")
        lines.append("")
        for difference in self.differences:
            reason = f" (on purpose: {difference.reason})" if difference.reason else ""
            lines.append(
                f"  {difference.case} {difference.group}: {difference.wanted}; meshlint: {difference.got}{reason}"
            )
        return "\n".join(lines)


def deliberate(section: str) -> dict[str, str]:
    """Cases that differ on purpose, with the reason: `deliberate.json` holds classes of them."""
    classes = json.loads((FOLDER / "deliberate.json").read_text(encoding="utf-8")).get(section, [])
    return {case: entry["reason"] for entry in classes for case in entry["cases"]}


def recorded() -> dict[str, dict[str, int]]:
    """Section to group to the number of cases that agreed when it was last recorded."""
    found: dict[str, dict[str, int]] = json.loads((FOLDER / "recorded.json").read_text(encoding="utf-8"))
    return found


def record(sections: list[Section]) -> None:
    """Write the figures down."""
    figures = {section.name: {group: section.agreed(group) for group in sorted(section.cases)} for section in sections}
    text = json.dumps({**recorded(), **figures}, indent=2) + "\n"
    (FOLDER / "recorded.json").write_text(text, encoding="utf-8")
