"""Finding the silencers of a source: comments, and annotations of its resources.

    host: reviews  # meshlint: ignore[ML204] the subset is rolled out next week
    # meshlint: ignore[ML204,missing-host] alone on a line: covers the next line that holds anything
    # meshlint: ignore-file[ML401] covers the file (in Markdown: the code block)

    metadata:
      annotations:
        meshlint.dev/ignore: "ML204,ML205: reason; ML301: reason"
        galley.istio.io/analyze-suppress: IST0101

Only sources that hold the text of a marker are looked at (`markers.py`): finding comments costs a parse.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from meshlint.findings import Path, Region, Spot
from meshlint.problems import Problem, UnknownSuppression
from meshlint.reading.comments import Comment, comments
from meshlint.reading.documents import split
from meshlint.reading.lines import split_lines
from meshlint.suppress.markers import ANNOTATION, GALLEY, MARKER
from meshlint.suppress.silencer import Silencer

_BEGIN = re.compile(r"#\s*meshlint:\s*")
_DIRECTIVE = re.compile(r"(?P<form>ignore-file|ignore)\s*\[(?P<words>[^\]]*)\](?P<reason>.*)")
_MEANT = re.compile(r"(?:ign|disa|off\b|skip|supp|noqa|nolint|allow)|[^#]*\[", re.IGNORECASE)
"""What is meant for a suppression, though it is none. Any other comment for meshlint's sake is prose."""
_WORD = re.compile(r"[^\s,]+")


def in_comments(text: str, source: int) -> Iterator[Silencer | Problem]:
    """The silencers in the comments of a source's text, and what is wrong with some."""
    if MARKER not in text:
        return
    for piece in split(text):
        if text.find(MARKER, piece.start, piece.end) >= 0:
            part = text[piece.start : piece.end]
            found = [replace(comment, line=comment.line + piece.line) for comment in comments(part)]
            covered = _Covered(part, piece.line, found)
            for comment in found:
                for begin in _BEGIN.finditer(comment.text):
                    yield from _of_directive(comment, begin.end(), source, covered)


def _of_directive(comment: Comment, start: int, source: int, covered: "_Covered") -> Iterator[Silencer | Problem]:
    directive = _DIRECTIVE.match(comment.text, start)
    words = list(_WORD.finditer(comment.text, *directive.span("words"))) if directive else []
    if directive is None and not _MEANT.match(comment.text, start):
        return
    if directive is None or not words:
        yield UnknownSuppression(spot=_spot(source, comment, 0, len(comment.text)), word="", nearest=None)
        return
    line = covered.by(comment) if directive["form"] == "ignore" else None
    reason = directive["reason"].partition("#")[0].strip()
    for word in words:
        yield Silencer(word.group(), _spot(source, comment, *word.span()), reason, line)


def _spot(source: int, comment: Comment, start: int, end: int) -> Spot:
    region = Region(comment.line, comment.column + start, comment.line, comment.column + end)
    return Spot(source, -1, region=region)


class _Covered:
    """Which line a comment covers: its own, or, alone on a line, the next that holds anything but a comment."""

    def __init__(self, text: str, before: int, found: Sequence[Comment]) -> None:
        """`before` counts the lines before the text; the lines of the comments do so too."""
        alone = {comment.line for comment in found if comment.alone}
        lines = enumerate(split_lines(text), before + 1)
        self._lines = [number for number, line in lines if line.strip() and number not in alone]

    def by(self, comment: Comment) -> int:
        if not comment.alone:
            return comment.line
        index = bisect_right(self._lines, comment.line)
        return self._lines[index] if index < len(self._lines) else comment.line


def in_annotations(data: Any, source: int, document: int) -> Iterator[Silencer | Problem]:
    """The silencers in the annotations of a document's resources."""
    stack: list[tuple[Any, Path]] = [(data, ())]
    while stack:
        item, prefix = stack.pop()
        if not isinstance(item, dict):
            continue
        metadata = item.get("metadata")
        annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
        if isinstance(annotations, dict):
            yield from _of_annotations(annotations, source, document, prefix)
        items = item.get("items")
        if isinstance(items, list) and str(item.get("kind", "")).endswith("List"):
            stack += [(each, (*prefix, "items", number)) for number, each in enumerate(items)]


def _of_annotations(
    annotations: dict[str, Any], source: int, document: int, prefix: Path
) -> Iterator[Silencer | Problem]:
    own, foreign = annotations.get(ANNOTATION), annotations.get(GALLEY)
    spot = Spot(source, document, (*prefix, "metadata", "annotations", ANNOTATION))
    if isinstance(own, str):
        words = list(_parts(own))
        if not words:
            yield UnknownSuppression(spot=spot, word="", nearest=None)
        for word, reason in words:
            yield Silencer(word, spot, reason, document=document, prefix=prefix)
    if isinstance(foreign, str):
        for word in filter(None, map(str.strip, foreign.split(","))):
            yield Silencer(word, spot, "", document=document, prefix=prefix, foreign=True)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The words of `ML204,ML205: reason; ML301: reason`, each with its reason."""
    for part in re.split(r"[;\n]", text):
        words, _, reason = part.partition(":")
        for word in _WORD.findall(words):
            yield word, reason.strip()
