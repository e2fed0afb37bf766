"""The fixes of one file: applied to its bytes, and believed only when reading the result confirms them."""

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from functools import cached_property

import msgspec

from meshlint.fixes.data import DataEdit, edited, same
from meshlint.fixes.places import Places, TextEdit
from meshlint.problems import SyntaxProblem
from meshlint.reading import Document, read
from meshlint.report.model import PlannedEdit, PlannedFix
from meshlint.sources import File, Source, sources

_BREAK = re.compile(r"\r\n|\r|\n")
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))

_Key = tuple[int | None, int]
"""A document of a file: its fence, and its number in the source."""


class Fixed(msgspec.Struct, frozen=True):
    """A file before and after, and the fixes that made the difference."""

    before: bytes
    after: bytes
    done: tuple[PlannedFix, ...]


def fixed(file: File, content: bytes, fixes: Sequence[PlannedFix]) -> Fixed:
    """Apply those of the fixes that can be applied together, each wholly or not at all.

    Afterwards every document means what it meant, but for the edits; a fix for which that cannot be
    had is left out. Nothing but the edited places changes: no comment, quote, indent or line end.
    """
    encoding, mark = next(((name, mark) for mark, name in _MARKS if content.startswith(mark)), ("utf-8", b""))
    try:
        text = content[len(mark) :].decode(encoding)
    except UnicodeDecodeError:
        return Fixed(content, content, ())
    fixing = _Fixing(file, text)
    done = fixing.confirmed(_apart(filter(None, map(fixing.planned, fixes))))
    after = mark + fixing.applied(done).encode(encoding)
    return Fixed(content, after, tuple(each.fix for each in done))


class _Planned(msgspec.Struct, frozen=True):
    """A fix as edits of the file's text."""

    fix: PlannedFix
    edits: tuple[TextEdit, ...]


class _Fixing:
    """Works on one file. Offsets are those of the file's text, without a byte order mark."""

    def __init__(self, file: File, text: str) -> None:
        self._file = file
        self._text = text
        self._sources = _by_fence(file, text)
        self._documents = {fence: read(source.text).documents for fence, source in self._sources.items()}
        self._places: dict[_Key, Places] = {}

    @cached_property
    def _lines(self) -> list[int]:
        return _line_starts(self._text)

    def planned(self, fix: PlannedFix) -> _Planned | None:
        """The fix as edits of the text; None where an edit has no safe form, or changes nothing."""
        edits = []
        for edit in fix.edits:
            found = self._text_edit(edit)
            if found is None or self._text[found.start : found.end] == found.text:
                return None
            edits.append(found)
        return _Planned(fix, tuple(edits)) if edits else None

    def _text_edit(self, edit: PlannedEdit) -> TextEdit | None:
        documents = self._documents.get(edit.fence, [])
        if edit.path != self._file.path or not 0 <= edit.document < len(documents) or not edit.steps:
            return None
        key = (edit.fence, edit.document)
        source = self._sources[edit.fence]
        if key not in self._places:
            self._places[key] = Places(source.text, documents[edit.document])
        found = self._places[key].edit(edit.steps, edit.action, edit.value)
        return found and self._outer(found, source)

    def _outer(self, edit: TextEdit, source: Source) -> TextEdit:
        """An edit of a source's text as one of the file's; a fence is indented and begins further down."""
        if not source.line and not source.indents:
            return edit
        starts = _line_starts(source.text)
        whole_lines = not edit.text and edit.start in starts and edit.end in starts
        begin, end = (self._outer_offset(offset, starts, source, whole_lines) for offset in (edit.start, edit.end))
        return TextEdit(begin, end, edit.text)

    def _outer_offset(self, offset: int, starts: list[int], source: Source, whole_lines: bool) -> int:
        line = bisect_right(starts, offset) - 1
        indent = 0 if whole_lines or line >= len(source.indents) else source.indents[line]
        return self._lines[source.line + line] + indent + offset - starts[line]

    def applied(self, planned: Sequence[_Planned]) -> str:
        """The text with the edits of these fixes."""
        parts, at = [], 0
        for edit in sorted({edit for each in planned for edit in each.edits}):
            parts += [self._text[at : edit.start], edit.text]
            at = edit.end
        return "".join((*parts, self._text[at:]))

    def confirmed(self, planned: list[_Planned]) -> list[_Planned]:
        """Those that do what they say and nothing else, found by halves: nearly always all."""
        if not planned or self._is_confirmed(planned):
            return planned
        if len(planned) == 1:
            return []
        middle = len(planned) // 2
        both = self.confirmed(planned[:middle]) + self.confirmed(planned[middle:])
        return both if self._is_confirmed(both) else self.confirmed(planned[:middle])

    def _is_confirmed(self, planned: Sequence[_Planned]) -> bool:
        """Whether the text with these fixes means what the old one with the same edits of its data means."""
        wanted: dict[_Key, list[DataEdit]] = {}
        for each in planned:
            for edit in each.fix.edits:
                known = wanted.setdefault((edit.fence, edit.document), [])
                data_edit = DataEdit(edit.steps, edit.action, edit.value)
                known += [] if data_edit in known else [data_edit]
        changed = _by_fence(self._file, self.applied(planned))
        if changed.keys() != self._sources.keys():
            return False
        for fence, source in changed.items():
            before, reading = self._documents[fence], read(source.text)
            if any(isinstance(problem, SyntaxProblem) for problem in reading.problems) or len(reading.documents) != len(
                before
            ):
                return False
            for number, (old, new) in enumerate(zip(before, reading.documents, strict=True)):
                if not _means(new.data, old, wanted.get((fence, number), [])):
                    return False
        return True


def _means(data: object, before: Document, edits: Sequence[DataEdit]) -> bool:
    try:
        return same(data, edited(before.data, edits) if edits else before.data)
    except (LookupError, TypeError, ValueError):
        return False


def _apart(planned: "filter[_Planned | None] | Sequence[_Planned]") -> list[_Planned]:
    """Those whose edits touch none of an earlier one; an edit that two fixes share is done once."""
    taken: list[TextEdit] = []
    chosen = []
    for each in planned:
        if each is not None and all(_is_free(edit, taken) for edit in each.edits):
            for edit in each.edits:
                insort(taken, edit)
            chosen.append(each)
    return chosen


def _is_free(edit: TextEdit, taken: Sequence[TextEdit]) -> bool:
    """Whether no other edit touches this one; `taken` are sorted and apart from each other."""
    index = bisect_left(taken, edit)
    return all(
        other == edit or other.end < edit.start or edit.end < other.start
        for other in taken[max(0, index - 1) : index + 2]
    )


def _by_fence(file: File, text: str) -> dict[int | None, Source]:
    return {source.fence: source for source in sources(file, text.encode("utf-8", "surrogatepass"))}


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in _BREAK.finditer(text))]
