"""What every comparison comes to: rows of figures, and the cases in which the tools differ."""

import json
from collections import Counter
from pathlib import Path

import msgspec

FOLDER = Path(__file__).resolve().parent
PAGE = FOLDER.parent.parent / "docs" / "parity.md"


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


class Figure(msgspec.Struct, frozen=True):
    """How many cases of a group agreed when they were last recorded."""

    agreed: int
    cases: int


def recorded() -> dict[str, dict[str, Figure]]:
    """Section to group to figure."""
    return msgspec.json.decode((FOLDER / "recorded.json").read_bytes(), type=dict[str, dict[str, Figure]])


def record(sections: list[Section]) -> None:
    """Write the figures down, and the tables of the page that shows them."""
    figures = recorded()
    for section in sections:
        groups = sorted(section.cases)
        figures[section.name] = {group: Figure(section.agreed(group), section.cases[group]) for group in groups}
    (FOLDER / "recorded.json").write_bytes(msgspec.json.format(msgspec.json.encode(figures)) + b"\n")
    PAGE.write_text(page_with(figures, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def page_with(figures: dict[str, dict[str, Figure]], text: str) -> str:
    """The page with fresh tables: each stands between `<!-- section -->` and `<!-- end -->`."""
    for name, groups in figures.items():
        rows = "".join(
            f"| {group} | {figure.cases} | {figure.agreed} | {figure.agreed / figure.cases:.1%} |\n"
            for group, figure in groups.items()
        )
        table = f"| | cases | agree | share |\n|---|---|---|---|\n{rows}"
        before, start, rest = text.partition(f"<!-- {name} -->\n")
        if start:
            text = before + start + table + "<!-- end -->" + rest.partition("<!-- end -->")[2]
    return text
