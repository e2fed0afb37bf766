"""From text to plain data, as Kubernetes reads it, and from a path in the data back to its place in the text.

What every run needs is imported from here, but for the way into plain data (`data.py`). The rest has modules of its
own, which a run without findings never loads: `places.py` (from a path to lines and columns), `comments.py`,
`nested.py` (YAML inside a scalar), `scalars.py` (what a plain word means), `lines.py`, `refusal.py`. The full parser
is imported by the first text that needs it.
"""

from meshlint.reading.documents import Document, Reading
from meshlint.reading.reader import content, read, read_full

__all__ = ["Document", "Reading", "content", "read", "read_full"]
