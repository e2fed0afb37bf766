"""What comes out of the map step."""

import msgspec

from meshlint.findings import Result
from meshlint.mesh.context import Entry
from meshlint.sources import Skipped, Unreadable
from meshlint.spans import Spans


class Mapped(msgspec.Struct):
    """What the map step knows of one source."""

    entries: list[Entry]
    results: list[Result]
    spans: Spans
    skipped: dict[str, int]
    notes: list[str] = []
    is_template: bool = False
    """Whether the text is of a template (Helm, Jinja) and so was not judged."""
    is_marked: bool = False
    """Whether the text may hold something that silences findings."""
    digest: int = 0
    """What tells the text that was judged from a later one of the same file; 0 where there will be none."""
    failure: Unreadable | Skipped | None = None
    """Why there is no text."""
    is_part_lost: bool = False
    """Whether a document of a template did not parse: what it holds may be what another file names."""

    def skip(self, reason: str) -> None:
        """Count something that was not judged."""
        self.skipped[reason] = self.skipped.get(reason, 0) + 1
