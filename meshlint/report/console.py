"""The report for a person at a terminal: each finding with its source line, its other ends and a help.

    shop/reviews.yaml
      9:40 error ML204 no DestinationRule for `reviews` defines subset `v3`
       9 |     - destination: {host: reviews, subset: v3}
         |                                            ^^
         : shop/subsets.yaml:14:3 the subset list is here
      14 |   subsets:
         |   -------
         = help: define `v3` there, or did you mean `v2`?

Nothing is said twice: the path heads its findings, a source line that several places share is
shown once.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, TextIO

import msgspec

from meshlint.findings import Region
from meshlint.report.cells import visible, width, wrap
from meshlint.report.model import RelatedPlace, Report, Reported, Settings, resource_text, shown
from meshlint.report.terminal import Palette
from meshlint.report.text import write_lines

if TYPE_CHECKING:
    from meshlint.report.snippet import Snippet


def render(report: Report, stream: TextIO, settings: Settings) -> tuple[str, ...]:
    """Write the findings grouped by file, to a terminal."""
    write_lines(stream, _drawn(report, list(shown(report, settings)), settings))
    return ()


def _drawn(report: Report, findings: Sequence[Reported], settings: Settings) -> Iterator[str]:
    palette = Palette(settings.color)
    lines = lru_cache(maxsize=32)(report.lines)
    path, resource = None, None
    for found in findings:
        if found.path != path:
            path, resource = found.path, None
            yield palette.path(visible(path))
        if found.resource != resource:
            resource = found.resource
            yield f"  {palette.faint(visible(resource_text(resource)) if resource else 'no resource')}"
        yield from _Drawing(found, lines, palette, settings.width, _gutter(found)).lines()
        yield ""


def _gutter(found: Reported) -> int:
    """Columns that the line numbers of a finding need, two blanks before them included."""
    last = max([found.region.line, *(place.region.line for place in found.related)])
    return max(len(str(last)), 3) + 2


class _Drawing(msgspec.Struct, frozen=True):
    """One finding on its way to the terminal."""

    found: Reported
    source: Callable[[str], Sequence[str] | None]
    palette: Palette
    columns: int
    gutter: int

    def lines(self) -> Iterator[str]:
        """Heading, source line with underlines, the other ends, help."""
        found = self.found
        yield from self._heading()
        snippet = self._snippet(found.path, found.region)
        if snippet:
            yield self._source_line(found.region.line, snippet)
            yield self._frame("|", self.palette.severity(found.severity, snippet.underline(found.region, "^")))
        by_line: dict[tuple[str, int], list[RelatedPlace]] = {}
        for place in found.related:
            by_line.setdefault((place.path, place.region.line), []).append(place)
        yield from self._below(snippet, by_line.pop((found.path, found.region.line), []))
        for places in by_line.values():
            yield from self._elsewhere(places)
        if found.help:
            yield from self._note("help", found.help)
        if found.suppressed is not None:
            yield from self._note("suppressed", found.suppressed or "no reason given")

    def _heading(self) -> Iterator[str]:
        found, palette = self.found, self.palette
        position, severity = _position(found.region), found.severity.value
        indent = len(f"  {position} {severity} {found.rule} ")
        first, *rest = wrap(visible(found.message), self.columns - indent)
        code = palette.link(found.url, palette.bold(found.rule))
        yield f"  {palette.faint(position)} {palette.severity(found.severity, severity)} {code} {palette.bold(first)}"
        for line in rest:
            yield " " * indent + palette.bold(line)

    def _below(self, snippet: "Snippet | None", places: Sequence[RelatedPlace]) -> Iterator[str]:
        """Other ends in a source line that was just shown, as far as they are in its visible part."""
        outside: list[RelatedPlace] = []
        for place in places:
            if snippet and snippet.shows(place.region):
                mark = snippet.underline(place.region, "-")
                yield from self._hanging("|", self.palette.bold(mark), len(mark), place.message)
            else:
                outside.append(place)
        for place in outside:
            yield from self._elsewhere([place])

    def _elsewhere(self, places: Sequence[RelatedPlace]) -> Iterator[str]:
        """Other ends that share a source line of their own."""
        place, *more = places
        position = _position(place.region)
        where = position if place.path == self.found.path else f"{visible(place.path)}:{position}"
        yield from self._hanging(":", self.palette.faint(where), width(where), place.message)
        snippet = self._snippet(place.path, place.region)
        if snippet:
            yield self._source_line(place.region.line, snippet)
            yield self._frame("|", self.palette.bold(snippet.underline(place.region, "-")))
        yield from self._below(snippet, more)

    def _note(self, word: str, text: str) -> Iterator[str]:
        yield from self._hanging("=", self.palette.help(f"{word}:"), len(word) + 1, text)

    def _hanging(self, mark: str, start: str, size: int, text: str) -> Iterator[str]:
        """A text after a start of `size` columns; where that leaves little room, below it."""
        room = self._room()
        further = "|" if mark == "|" else " "
        if size > room // 2 and size + 1 + width(visible(text)) > room:
            yield self._frame(mark, start)
            mark, start, size = further, "", 3
        first, *rest = wrap(visible(text), room - size - 1)
        yield self._frame(mark, f"{start or ' ' * size} {first}")
        for line in rest:
            yield self._frame(further, f"{' ' * size} {line}")

    def _snippet(self, path: str, region: Region) -> "Snippet | None":
        """The piece of the source line to show; None where the file is gone or shorter than it was."""
        source = self.source(path)
        if source is None or region.line > len(source):
            return None
        from meshlint.report.snippet import cut

        return cut(source[region.line - 1], region, self._room())

    def _source_line(self, number: int, snippet: "Snippet") -> str:
        return f"{self.palette.faint(f'{number:>{self.gutter}} |')} {snippet.text}".rstrip()

    def _frame(self, mark: str, text: str) -> str:
        return f"{' ' * self.gutter} {self.palette.faint(mark)} {text}"

    def _room(self) -> int:
        return self.columns - self.gutter - 3


def _position(region: Region) -> str:
    return f"{region.line}:{region.column}"
