"""The full reader: any YAML to plain data, as Kubernetes reads it.

What go-yaml v2 and sigs.k8s.io/yaml do with the nodes: the last of equal keys wins, a merge
(`<<`) counts at the place where it stands (keys below it override it, keys above it do not),
keys become text, and what JSON cannot hold is refused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import msgspec

from meshlint.findings import Part, Path, Region, Spot
from meshlint.problems import DuplicateKey, SyntaxProblem
from meshlint.reading.documents import Document, Piece, Reading
from meshlint.reading.lines import Lines
from meshlint.reading.nodes import MAX_DEPTH, Collection, Node, Reference, ScalarNode, compose
from meshlint.reading.refusal import Refusal
from meshlint.reading.scalars import key_of, value_of, whole

MAX_EXPANSION = 100_000
"""Nodes that aliases may add to a document."""

T = TypeVar("T")

_MERGE_TAG = "tag:yaml.org,2002:merge"


def read_piece(text: str, piece: Piece, reading: Reading) -> None:
    """Read one document and add it, and what is wrong with it, to `reading`."""
    index = len(reading.documents)
    part = text[piece.start : piece.end]
    try:
        data, repeated = _construct(part)
    except Refusal as refusal:
        data = _as_json(part) if refusal.is_syntax else None
        if data is None:
            reading.problems.append(_syntax_problem(text, piece, index, refusal))
        repeated = []
    if repeated:
        lines = Lines(text, piece.start, piece.end, piece.line)
        for path, *nodes in repeated:
            first, later = (Spot(0, index, path, Part.KEY, _region(lines, piece, node)) for node in nodes)
            reading.problems.append(DuplicateKey(spot=later, key=str(path[-1]), first=first))
    if data is not None:
        reading.documents.append(Document(data, piece.start, piece.end, piece.line))


def _region(lines: Lines, piece: Piece, key: ScalarNode | Reference) -> Region:
    event = key.event if isinstance(key, Reference) else key
    return lines.region(piece.start + event.start_mark.index, piece.start + event.end_mark.index)


def _syntax_problem(text: str, piece: Piece, index: int, refusal: Refusal) -> SyntaxProblem:
    lines = Lines(text, piece.start, piece.end, piece.line)
    start = piece.start + min(refusal.offset, piece.end - piece.start)
    spot = Spot(0, index, region=lines.region(start, start + refusal.length))
    return SyntaxProblem(spot=spot, message=refusal.message, help=refusal.help)


def _as_json(part: str) -> Any:
    r"""Read what YAML refuses as JSON, as Kubernetes does with a text in braces (`"\ud83d\ude00"`)."""
    if not part.lstrip().startswith("{"):
        return None
    try:
        return _as_in_yaml(msgspec.json.decode(part), 1)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None


def _as_in_yaml(data: Any, depth: int) -> Any:
    """Make whole floats integers; raises RecursionError where YAML would be refused as too deep."""
    if isinstance(data, float):
        return whole(data)
    if isinstance(data, int):
        return data if isinstance(data, bool) else whole(data)
    if depth > MAX_DEPTH:
        raise RecursionError
    if isinstance(data, dict):
        return {key: _as_in_yaml(value, depth + 1) for key, value in data.items()}
    if isinstance(data, list):
        return [_as_in_yaml(value, depth + 1) for value in data]
    return data


Repeated = tuple[Path, ScalarNode | Reference, ScalarNode | Reference]
"""The path of a key and the nodes of two of its occurrences, the earlier first."""


def _construct(part: str) -> tuple[Any, list[Repeated]]:
    root = compose(part)
    if root is None:
        return None, []
    constructor = _Constructor(part)
    return constructor.build(root, 1), constructor.repeated


class _Shared(msgspec.Struct, frozen=True):
    """What an anchored collection came to: its data, its size in nodes, the levels below it."""

    data: Any
    size: int
    height: int


class _Constructor:
    """Builds the data of one document. Recursion is bounded by `MAX_DEPTH`."""

    def __init__(self, text: str) -> None:
        self.repeated: list[Repeated] = []
        self._text = text
        self._path: list[str | int] = []
        self._shared: dict[int, _Shared] = {}
        self._count = 0
        self._expanded = 0
        self._deepest = 0

    def build(self, node: Node, depth: int) -> Any:
        self._count += 1
        if isinstance(node, Collection):
            if node.event.anchor:
                return self._anchored(node, depth)
            self._deepest = max(self._deepest, depth)
            return self._mapping(node, depth) if node.is_mapping else self._sequence(node, depth)
        if isinstance(node, Reference):
            return self._alias(node, depth)
        return self._scalar(node)

    def _sequence(self, node: Collection, depth: int) -> list[Any]:
        items = []
        for index, child in enumerate(node.children):  # no comprehension: it would cost one more level of the stack
            self._path.append(index)
            items.append(self.build(child, depth + 1))
            self._path.pop()
        return items

    def _mapping(self, node: Collection, depth: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        written: dict[str, ScalarNode | Reference] = {}
        for key_node, value_node in pairs(node):
            if is_merge(key_node):
                for merged in self._merged(key_node, value_node, depth):
                    mapping.update(merged)
                continue
            key = self._key(key_node)
            self._path.append(key)
            if key in written:
                self.repeated.append((tuple(self._path), written[key], key_node))
            written[key] = key_node
            mapping[key] = self.build(value_node, depth + 1)
            self._path.pop()
        return mapping

    def _merged(self, key_node: ScalarNode, node: Node, depth: int) -> list[dict[str, Any]]:
        """Give the mappings that `<<` brings, in the order in which they are to be laid over each other."""
        nodes = merge_sources(node)
        if nodes is None:
            raise Refusal(
                "`<<` merges mappings; this value is none",
                help='write the alias of a mapping (`<<: *name`), or quote the key ("<<") if it is meant as text',
                offset=key_node.start_mark.index,
                length=2,
            )
        return [self.build(source, depth + 1) for source in nodes]

    def _key(self, node: Node) -> str:
        target = node.target if isinstance(node, Reference) else node
        key = None if isinstance(target, Collection) else scalar_key(target)
        if key is None:
            raise self._bad_key(node)
        return key

    def _bad_key(self, node: Node) -> Refusal:
        from meshlint.reading.errors import template_refusal

        event = node.event if isinstance(node, Reference | Collection) else node
        what = "a list or mapping" if isinstance(node, Collection) else "this"
        return template_refusal(self._text, event.start_mark.index) or Refusal(
            f"{what} cannot be a key: Kubernetes allows only text, numbers and booleans",
            help="quote it if it is meant as text",
            offset=event.start_mark.index,
        )

    def _scalar(self, node: ScalarNode) -> Any:
        value = scalar_value(node)
        if isinstance(value, float) and not math.isfinite(value):
            raise Refusal(
                f"Kubernetes cannot hold `{node.value}`: JSON has no such number",
                help="quote it if it is meant as text",
                offset=node.start_mark.index,
                length=len(node.value),
            )
        return value

    def _anchored(self, node: Collection, depth: int) -> Any:
        before, deepest = self._count, self._deepest
        self._deepest = depth
        data = self._mapping(node, depth) if node.is_mapping else self._sequence(node, depth)
        self._shared[id(node)] = _Shared(data, self._count - before, self._deepest - depth)
        self._deepest = max(deepest, self._deepest)
        return data

    def _alias(self, node: Reference, depth: int) -> Any:
        mark = node.event.start_mark
        length = len(node.event.anchor) + 1
        if not isinstance(node.target, Collection):
            self._expand(1, mark.index, length)
            return self._scalar(node.target)
        shared = self._shared.get(id(node.target))
        if shared is None:
            raise Refusal(
                f"`*{node.event.anchor}` stands inside the value that it refers to",
                help="write the value out",
                offset=mark.index,
                length=length,
            )
        self._expand(shared.size + 1, mark.index, length)
        if depth + shared.height > MAX_DEPTH:
            raise Refusal(f"aliases nest this more than {MAX_DEPTH} levels deep", offset=mark.index, length=length)
        self._deepest = max(self._deepest, depth + shared.height)
        return shared.data

    def _expand(self, nodes: int, offset: int, length: int) -> None:
        self._expanded += nodes
        self._count += nodes
        if self._expanded > MAX_EXPANSION:
            raise Refusal(
                f"aliases make this document larger than {MAX_EXPANSION:,} nodes",
                help="write out what is meant",
                offset=offset,
                length=length,
            )


def pairs(node: Collection) -> Iterator[tuple[Node, Node]]:
    """Give the keys and values of a mapping, in the order of the text."""
    children = iter(node.children)
    return zip(children, children, strict=True)


def is_merge(key: Node) -> bool:
    """Whether a key is a merge: `<<`, not quoted."""
    if isinstance(key, Collection | Reference) or key.value != "<<":
        return False
    return bool(key.implicit[0]) or key.tag == _MERGE_TAG


def merge_sources(node: Node) -> list[Node] | None:
    """Give the mappings that a merge value names, last laid on top; None if it names anything else."""
    if _is_mapping(node):
        return [node]
    if isinstance(node, Collection) and not node.is_mapping and all(map(_is_mapping, node.children)):
        return node.children[::-1]
    return None


def _is_mapping(node: Node) -> bool:
    target = node.target if isinstance(node, Reference) else node
    return isinstance(target, Collection) and target.is_mapping


def scalar_value(node: ScalarNode) -> Any:
    """Give the value of a scalar. Raises `Refusal` where text and tag contradict."""
    return _evaluate(value_of, node)


def scalar_key(node: ScalarNode) -> str | None:
    """Give the text of a key, or None where Kubernetes refuses it."""
    return _evaluate(key_of, node)


def _evaluate(function: Callable[[str, str | None, bool], T], node: ScalarNode) -> T:
    try:
        return function(node.value, node.tag, bool(node.implicit[0]))
    except ValueError as error:
        raise Refusal(str(error), offset=node.start_mark.index) from None
