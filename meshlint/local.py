"""The map step: one source at a time, independent of all others.

Text becomes documents, documents become resources, and the gate judges them. Rules that look at one resource
alone run a little later, over those of many sources (`local_rules.py`). What comes out is plain or typed data
that can cross a process border.
"""

from collections.abc import Callable, Sequence
from typing import Any

from meshlint.carriers import carries_values
from meshlint.findings import Path
from meshlint.judging import Item, Judging
from meshlint.local_rules import LocalRules
from meshlint.mapped import Mapped
from meshlint.problems import Problem, SyntaxProblem
from meshlint.reading import Document, Reading, read
from meshlint.schemas import Catalog
from meshlint.sources import Source, holds_actions, looks_like_template
from meshlint.spans import Spans
from meshlint.suppress.markers import holds_marker

Reader = Callable[[str], Reading]
"""From the text of a source to its documents."""


def judge(
    source: Source,
    number: int,
    local: LocalRules,
    catalog: Catalog,
    reader: Reader = read,
    *,
    fragment: bool = False,
) -> Mapped:
    """Everything that can be said of one source alone; what `local` rules say of it comes when they run. Never raises.

    `fragment` says that the source is a kustomize patch: no resource of it joins the mesh and no
    rule judges what it leaves out, but its text is still checked.
    """
    if source.chart is not None and holds_actions(source.text):
        return Mapped([], [], Spans(), {"template": 1}, is_template=True)
    reading = reader(source.text)
    mapped = Mapped([], [], _spans(reading.documents), {}, is_marked=holds_marker(source.text))
    broken = _broken(reading.problems) if reading.problems else None
    if broken is not None and _is_forgiven(source, broken, mapped):
        return mapped
    mapped.is_part_lost = broken is not None and looks_like_template(source.text)
    values = [index for index, document in enumerate(reading.documents) if carries_values(document.data)]
    items = _items(reading.documents, mapped, values)
    if fragment:
        mapped.skipped["fragment"] = len(items)
        items = []
    judging = Judging(source, number, reading.documents, items, local, catalog, mapped)
    for problem in (*source.problems, *reading.problems):
        judging.judge_text(problem)
    for item in items:
        judging.judge_item(item)
    for index in values:
        judging.judge_values(index)
    judging.judge_duplicates()
    return mapped


def _spans(documents: Sequence[Document]) -> Spans:
    numbers: list[int] = []
    for document in documents:
        numbers += (document.start, document.end, document.line)
    return Spans(numbers)


def _broken(problems: Sequence[Problem]) -> SyntaxProblem | None:
    """What the reader could not read, the first of it."""
    return next((problem for problem in problems if isinstance(problem, SyntaxProblem)), None)


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


def _items(documents: Sequence[Document], mapped: Mapped, values: Sequence[int]) -> list[Item]:
    """The resources of documents: of each one, or those of a List; what is no resource, and no `values`, is counted."""
    items: list[Item] = []
    stack: list[tuple[Any, int, Path]] = [(document.data, index, ()) for index, document in enumerate(documents)]
    stack.reverse()
    while stack:
        data, index, prefix = stack.pop()
        if not isinstance(data, dict) or not _is_resource(data):
            if prefix or index not in values:
                mapped.skip("not-kubernetes")
        elif data["kind"].endswith("List") and isinstance(data.get("items"), list) and "spec" not in data:
            stack += [(item, index, (*prefix, "items", n)) for n, item in reversed(list(enumerate(data["items"])))]
        else:
            items.append(Item(data, index, prefix))
    return items


def _is_resource(data: dict[str, Any]) -> bool:
    version, kind = data.get("apiVersion"), data.get("kind")
    return isinstance(version, str) and isinstance(kind, str) and version != "" and kind != ""
