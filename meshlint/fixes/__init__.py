"""Safe fixes: from what rules propose to the smallest change of a text.

`places.py` finds what to replace, `scalars.py` writes a value as its neighbours are written, `data.py`
does the same edits on plain data, `file.py` changes one file and checks what came of it by reading it
again, `diff.py` shows it.
"""

from meshlint.fixes.diff import unified
from meshlint.fixes.file import Fixed, fixed

__all__ = ["Fixed", "fixed", "unified"]
