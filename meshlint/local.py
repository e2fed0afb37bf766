"""The map step: one source at a time, independent of all others.

Text becomes documents, documents become resources; the gate, and the rules that judge one resource
alone, run here. What comes out is plain or typed data that can cross a process border.
"""

from collections.abc import Callable, Iterator
from typing import Any

from meshlint.carriers import carries_values
from meshlint.findings import Path
from meshlint.judging import Item, Judging
from meshlint.mapped import Mapped
from meshlint.problems import SyntaxProblem
from meshlint.reading import Document, Reading, read
from meshlint.ruleset import RuleSet
from meshlint.schemas import Catalog
from meshlint.sources import Source, holds_actions, looks_like_template
from meshlint.spans import Spans
from meshlint.suppress.markers import holds_marker

Reader = Callable[[str], Reading]
"""From the text of a source to its documents."""


def judge(
    source: Source, number: int, rules: RuleSet, catalog: Catalog, reader: Reader = read, *, fragment: bool = False
) -> Mapped:
    """Everything that can be said of one source alone. Never raises for any text.

    `fragment` says that the source is a kustomize patch: no resource of it joins the mesh and no
    rule judges what it leaves out, but its text is still checked.
    """
    if source.chart is not None and holds_actions(source.text):
        return Mapped([], [], Spans(), {"template": 1}, is_template=True)
    reading = reader(source.text)
    spans = Spans(number for d in reading.documents for number in (d.start, d.end, d.line))
    mapped = Mapped([], [], spans, {}, is_marked=holds_marker(source.text))
    broken = next((problem for problem in reading.problems if isinstance(problem, SyntaxProblem)), None)
    if broken is not None and _is_forgiven(source, broken, mapped):
        return mapped
    mapped.is_part_lost = broken is not None and looks_like_template(source.text)
    items: list[Item] = []
    values: list[int] = []
    for index, document in enumerate(reading.documents):
        if carries_values(document.data):
            values.append(index)
        else:
            items += _items(document, index, mapped)
    if fragment:
        mapped.skipped["fragment"] = len(items)
        items = []
    judging = Judging(source, number, reading.documents, items, rules, catalog, mapped)
    for problem in (*source.problems, *reading.problems):
        judging.judge_text(problem)
    for item in items:
        judging.judge_item(item)
    for index in values:
        judging.judge_values(index)
    judging.judge_duplicates()
    return mapped


def _is_forgiven(source: Source, broken: SyntaxProblem, mapped: Mapped) -> bool:
    """Whether broken text is no finding: a template found by walking, or a fence of a Markdown file."""
    region = broken.spot.region
    line = source.outer(region).line if region else source.line + 1
    if source.fence is not None:
        mapped.notes.append(f"{source.path}:{line}: this YAML block was skipped: {broken.message}")
        mapped.skip("template" if looks_like_template(source.text) else "not-kubernetes")
    elif not source.named and looks_like_template(source.text):
        mapped.is_template = True
        mapped.skip("template")
    else:
        return False
    return True


def _items(document: Document, index: int, mapped: Mapped) -> Iterator[Item]:
    """The resources of a document: one, or those of a List; what is no resource is counted."""
    stack: list[tuple[Any, Path]] = [(document.data, ())]
    while stack:
        data, prefix = stack.pop()
        if not isinstance(data, dict) or not _is_resource(data):
            mapped.skip("not-kubernetes")
        elif str(data["kind"]).endswith("List") and isinstance(data.get("items"), list) and "spec" not in data:
            stack += [(item, (*prefix, "items", n)) for n, item in reversed(list(enumerate(data["items"])))]
        else:
            yield Item(data, index, prefix)


def _is_resource(data: dict[str, Any]) -> bool:
    version, kind = data.get("apiVersion"), data.get("kind")
    return bool(version and kind) and isinstance(version, str) and isinstance(kind, str)
