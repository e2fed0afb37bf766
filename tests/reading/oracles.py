"""What must hold for every text, however damaged. Each check raises AssertionError with the text in hand."""

from __future__ import annotations

import contextlib
import re
from typing import Any

from meshlint.findings import Part, Path
from meshlint.problems import SyntaxProblem
from meshlint.reading import Document, Reading, fast, read_full
from meshlint.reading.comments import _of_nodes, comments
from meshlint.reading.documents import BOM, split
from meshlint.reading.handover import HandOver
from meshlint.reading.linefields import LineFields
from meshlint.reading.lines import Lines, split_lines
from meshlint.reading.nodefields import NodeFields
from meshlint.reading.places import Finder, regions

_DIFFERENT_BREAKS = "\x85\u2028\u2029\ufeff\t\xa0"
"""Characters about which ruamel's parser has other ideas than libyaml and go-yaml (breaks, blanks, byte order marks)."""


def check(text: str) -> None:
    """Check everything that must hold for `text`."""
    reading = read_full(text)
    check_problems(text, reading)
    check_places(text, reading.documents)
    check_structure(text)
    check_fast(text)
    for comment in comments(text):
        line = split_lines(text)[comment.line - 1]
        written = line[comment.column - 1 :].rstrip().removesuffix(BOM)  # at the end it belongs to no document
        assert written.rstrip() == comment.text, comment


def check_fast(text: str) -> bool:
    """Check the contract of the fast reader; say whether it accepted a document."""
    accepted = False
    for piece in split(text):
        part = text[piece.start : piece.end]
        try:
            data = fast.parse(part)
        except HandOver:
            continue
        full = read_full(part)
        assert not full.problems, full.problems
        expected = full.documents[0].data if full.documents else None
        assert repr(data) == repr(expected), (data, expected)
        if full.documents:
            check_fields(part, full.documents[0])
            accepted = True
    return accepted


def check_fields(text: str, document: Document) -> None:
    """Lines and nodes show every field at the same place."""
    line_fields = LineFields(text, document, Lines(text, document.start, document.end, document.line))
    lines = Finder(text, document, line_fields)
    nodes = Finder(text, document, NodeFields(text, document))
    with contextlib.suppress(HandOver):
        found = [text[start:end].rstrip() for start, end in line_fields.comments()]
        assert found == [text[start:end].rstrip() for start, end in _of_nodes(text[document.start : document.end])]
    paths = [(), *(path for path, _ in _fields(document.data, ()))][:200]
    for path in [*paths, *((*path, "nope") for path in paths[:5])]:
        for part in Part:
            assert lines.region(path, part) == nodes.region(path, part), (path, part)
        ours, theirs = lines.find(path), nodes.find(path)
        assert (ours and ours.literal) == (theirs and theirs.literal), path


def check_problems(text: str, reading: Reading) -> None:
    """Problems lie in the text; documents follow each other."""
    lines = split_lines(text)
    for problem in reading.problems:
        region = problem.spot.region
        assert region is not None
        assert 1 <= region.line == region.end_line <= len(lines)
        assert 1 <= region.column < region.end_column
        assert region.end_column <= max(len(lines[region.line - 1]), 1) + 1, region
        if isinstance(problem, SyntaxProblem):
            assert "not readable" not in problem.message, problem.message
    at = 0
    for document in reading.documents:
        assert at <= document.start < document.end <= len(text)
        at = document.end


def check_places(text: str, documents: list[Document]) -> None:
    """Every key is shown by text that reads as that key, every scalar of one line by text that reads as its value."""
    lines = split_lines(text)
    for document in documents:
        fields = list(_fields(document.data, ()))[:200]
        wanted = [(path, part) for path, _ in fields for part in (Part.VALUE, Part.KEY)]
        found = regions(text, document, wanted)
        for number, (path, value) in enumerate(fields):
            value_region, key_region = found[2 * number : 2 * number + 2]
            for region, expected in (
                (value_region, value if value_region != key_region else path[-1]),
                (key_region, path[-1]),
            ):
                assert 1 <= region.line <= len(lines)
                written = lines[region.line - 1][region.column - 1 : region.end_column - 1]
                assert written.strip(" "), (path, region)
                _check_written(written, expected)


def _check_written(written: str, expected: Any) -> None:
    """Where a text is a scalar of one line, it must read as what is expected (or be a key that stands for it)."""
    if isinstance(expected, dict | list | int) or not isinstance(expected, str) or not expected:
        return
    if (
        expected.isalpha()
        and expected.islower()
        and written[0] in "'\""
        and written[-1] == written[0]
        and len(written) > 1
    ):
        assert written[1:-1].replace("''", "'") == expected or "\\" in written, (written, expected)


def _fields(data: Any, path: Path) -> Any:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield (*path, key), value
        yield from _fields(value, (*path, key))


def check_structure(text: str) -> None:
    """The nodes are those of ruamel's own parser, for every document that both accept."""
    for piece in split(text):
        part = text[piece.start : piece.end]
        if any(character in part for character in _DIFFERENT_BREAKS):
            continue
        if re.search(r"[&*]\w+[^\w\s]", part):
            continue  # nor where an anchor ends
        if re.search(r"(^|\s)!\s+&\w+\s*($|[]},#\n])", part):
            continue  # an empty text with `!` and an anchor is text for Go and us, null for ruamel
        if part.lstrip("-# \n\r")[:1] in ("|", ">"):
            continue  # a block scalar without a key: no two parsers agree on its indentation
        ours, theirs = _events_of_libyaml(part), _events_of_ruamel(part)
        if ours is not None and theirs is not None:
            assert ours == theirs


def _events_of_libyaml(part: str) -> list[Any] | None:
    from meshlint.reading.errors import Refusal
    from meshlint.reading.nodes import Collection, Reference, compose

    try:
        root = compose(part)
    except Refusal:
        return None
    found: list[Any] = []
    stack: list[Any] = [] if root is None else [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Collection):
            found.append(("mapping" if node.is_mapping else "sequence", node.event.anchor, len(node.children)))
            stack.extend(reversed(node.children))
        elif isinstance(node, Reference):
            found.append(("alias", node.event.anchor))
        else:
            found.append(_scalar(node))
    return found


def _scalar(event: Any) -> tuple[Any, ...]:
    start = event.start_mark.index if event.end_mark.index > event.start_mark.index else None
    plain = bool(event.implicit[0]) if not event.style and not event.tag else None  # `!` is told in several ways
    return "scalar", event.anchor, event.value, start, plain


def _events_of_ruamel(part: str) -> list[Any] | None:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 1)
    try:
        events = list(yaml.parse(part))
    except Exception:  # noqa: BLE001 - it refuses in many ways
        return None
    found: list[Any] = []
    open_: list[int] = []
    for event in events:
        name = type(event).__name__
        if name in ("MappingStartEvent", "SequenceStartEvent", "AliasEvent", "ScalarEvent") and open_:
            kind, anchor, size = found[open_[-1]]
            found[open_[-1]] = (kind, anchor, size + 1)
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            open_.append(len(found))
            found.append((name[:-10].lower(), event.anchor, 0))
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            open_.pop()
        elif name == "AliasEvent":
            found.append(("alias", event.anchor))
        elif name == "ScalarEvent":
            found.append(_scalar(event))
    return found
